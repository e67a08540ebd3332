import type { AddressEvidence, Evidence, ResolverEvidence } from './evidence.ts'
import type { DnsObservation } from './observation.ts'
import { isForbidden, isHealthy, isResolved, resolves } from './reading.ts'

/** Seconds after which glibc gives up a resolver: two attempts of five seconds (resolv.conf(5)). */
const patience = 10

/** What a client gets that resolves the host. */
export type Resolution =
  /** In the order in which they were tried. */
  | { readonly kind: 'addresses'; readonly addresses: readonly AddressEvidence[] }
  /** EAI_NONAME, "Name or service not known". */
  | { readonly kind: 'not-known' }
  /** EAI_NODATA, "No address associated with hostname". */
  | { readonly kind: 'no-address' }
  /** EAI_AGAIN, "Temporary failure in name resolution". */
  | { readonly kind: 'temporary-failure' }
  /** The probe itself could not ask. */
  | { readonly kind: 'not-seen' }

/**
 * What a client of the link gets for the host: what libc said, if it has a valid sample; else what glibc makes of the
 * resolvers' replies.
 */
export function resolutionOf(evidence: Evidence): Resolution {
  return libcResolution(evidence) ?? resolverResolution(evidence)
}

/** Whether a client gets an address for the host. */
export function clientResolves(evidence: Evidence): boolean {
  return resolutionOf(evidence).kind === 'addresses'
}

/** The addresses that a client goes to, and the probe may too; none if it cannot resolve the host. */
export function clientAddresses(evidence: Evidence): readonly AddressEvidence[] {
  const resolution = resolutionOf(evidence)
  return resolution.kind === 'addresses' ? resolution.addresses.filter(address => !isForbidden(address)) : []
}

/**
 * The resolvers that give the host no address, if a client gets none: each shows why. None, if the one that a client asks
 * first does give some, for then it is libc that is misled.
 */
export function unresolved(evidence: Evidence): readonly ResolverEvidence[] {
  const [first] = evidence.resolvers
  if (clientResolves(evidence) || (first !== undefined && resolves(first))) return []
  return evidence.resolvers.filter(seen => !resolves(seen))
}

/** What a client prints where the network has no way to an address: Linux has a message of its own for ENETUNREACH. */
export function unreachableSymptom(code: string): 'network_is_unreachable' | 'no_route_to_host' {
  return code === 'ENETUNREACH' || code === 'ENETDOWN' || code === 'EADDRNOTAVAIL'
    ? 'network_is_unreachable'
    : 'no_route_to_host'
}

/** The addresses on which a client gets furthest, if it gets all the way on none: what stops it there is the case. */
export function furthest(evidence: Evidence): readonly AddressEvidence[] {
  const resolution = resolutionOf(evidence)
  if (resolution.kind !== 'addresses') return []
  const { addresses } = resolution
  if (addresses.some(address => isHealthy(address, evidence.at))) return []
  const stage = ['tls', 'tcp', 'nothing'].find(reached => addresses.some(({ path }) => path.reached === reached))
  return addresses.filter(({ path }) => path.reached === stage)
}

function libcResolution({ libc, addresses }: Evidence): Resolution | undefined {
  switch (libc?.kind) {
    case undefined:
    case 'crashed':
      return undefined
    case 'pending':
      return libc.seconds < patience ? undefined : { kind: 'temporary-failure' }
    case 'answer':
      return { kind: 'addresses', addresses: addresses.filter(({ byLibc }) => byLibc) }
    case 'not-known':
    case 'no-address':
    case 'temporary-failure':
      return { kind: libc.kind }
    case 'failure':
      return { kind: 'temporary-failure' }
  }
}

/**
 * What glibc makes of what resolvers replied: it goes on to the next one where one failed, and no further where one said
 * that there is nothing.
 */
function resolverResolution({ resolvers, addresses }: Evidence): Resolution {
  for (const seen of resolvers) {
    if (resolves(seen)) return { kind: 'addresses', addresses: addresses.filter(isResolved) }
    const said = nothingFrom(seen)
    if (said !== undefined) return { kind: said }
  }
  const asked = resolvers.some(({ a, aaaa }) => !isUnseen(a) || !isUnseen(aaaa))
  return { kind: asked ? 'temporary-failure' : 'not-seen' }
}

/** What glibc makes of a resolver's words that there is nothing; `undefined` if it did not say so. */
function nothingFrom({ a, aaaa }: ResolverEvidence): 'not-known' | 'no-address' | undefined {
  const said = [negative(a), negative(aaaa)]
  // A reply that there is no such name says it of all types; that there is no address, of one.
  if (said.includes('no-address')) return 'no-address'
  return said.includes('not-known') ? 'not-known' : undefined
}

const isUnseen = ({ kind }: DnsObservation) => kind === 'own-fault' || kind === 'crashed'

/** Aliases without an address behind them are no such name to glibc, whether they end or go in a circle. */
function negative(seen: DnsObservation): 'not-known' | 'no-address' | undefined {
  switch (seen.kind) {
    case 'nxdomain':
    case 'alias-loop':
      return 'not-known'
    case 'nodata':
      return seen.chain.length > 0 ? 'not-known' : 'no-address'
    case 'zone':
      return 'no-address'
    default:
      return undefined
  }
}
