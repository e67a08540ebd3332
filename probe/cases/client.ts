import { clientPatienceMs } from '../facts/client-patience.ts'
import type { DnsObservation, Flaw, TcpObservation } from '../facts/observation.ts'
import type { AddressEvidence, Evidence, ResolverEvidence } from './evidence.ts'
import { isForbidden, isHealthy } from './reading.ts'

/** Seconds after which glibc gives up a resolver: two attempts of five seconds (resolv.conf(5)). */
export const patience = clientPatienceMs / 1000

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

/** Whether connecting failed because this machine has no route to the address. */
export function isWithoutRoute(tcp: TcpObservation): boolean {
  return tcp.kind === 'unreachable' && unreachableSymptom(tcp.code) === 'network_is_unreachable'
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

/** What glibc makes of what resolvers replied, asked one after the other as resolv.conf lists them. */
function resolverResolution({ resolvers, addresses }: Evidence): Resolution {
  for (const seen of resolvers) {
    const made = madeByGlibc(seen)
    if (made === 'addresses') return { kind: made, addresses: addresses.filter(({ byResolvers }) => byResolvers) }
    if (made !== 'next') return { kind: made }
  }
  const asked = resolvers.some(({ a }) => !isUnseen(a))
  return { kind: asked ? 'temporary-failure' : 'not-seen' }
}

/** Whether glibc gets an address for the host from a resolver. */
export function resolves(seen: ResolverEvidence): boolean {
  return madeByGlibc(seen) === 'addresses'
}

/**
 * What glibc makes of one resolver's replies for A and AAAA; `next` where it asks the next resolver. Measured with glibc
 * 2.36 and default options: each reply against each, from one resolver and before a second one that is well.
 */
function madeByGlibc({ a, aaaa }: ResolverEvidence): Exclude<Resolution['kind'], 'not-seen'> | 'next' {
  if (a.kind === 'truncated' || aaaa.kind === 'truncated') return 'temporary-failure'
  const [forA, forAaaa] = [weightOf(a), weightOf(aaaa)]
  // Without a reply for A it does not use one for AAAA.
  if (forA === 'silence') return 'next'
  const both = [forA, forAaaa]
  if (both.includes('addresses')) return 'addresses'
  if (both.includes('no-such-name')) return 'not-known'
  return both.includes('nothing') ? 'no-address' : 'next'
}

/** What a reply is to glibc. */
type Weight = 'addresses' | 'no-such-name' | 'nothing' | 'failure' | 'silence'

function weightOf(seen: DnsObservation): Weight {
  switch (seen.kind) {
    case 'answer':
      return 'addresses'
    case 'nxdomain':
    case 'alias-loop':
      return 'no-such-name'
    // An answer without an address is not the same to it as no answer at all.
    case 'nodata':
      return seen.chain.length > 0 ? 'no-such-name' : 'nothing'
    case 'zone':
      return 'nothing'
    case 'rcode':
      return seen.rcode === 'FORMERR' ? 'no-such-name' : 'failure'
    case 'malformed':
      return unrelated.has(seen.flaw) ? 'silence' : 'no-such-name'
    case 'timeout':
    case 'refused':
    case 'unreachable':
    case 'own-fault':
    case 'crashed':
    case 'unaskable':
      return 'silence'
    case 'truncated':
      return 'failure'
  }
}

/** Flaws of messages that glibc takes for no reply to its question, and waits on. */
const unrelated: ReadonlySet<Flaw> = new Set(['too-short', 'not-a-reply', 'other-id', 'other-question'])

const isUnseen = ({ kind }: DnsObservation) => kind === 'own-fault' || kind === 'crashed' || kind === 'unaskable'
