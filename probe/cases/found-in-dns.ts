import { hasForm } from '../facts/dns-name.ts'
import { duration } from '../facts/duration.ts'
import { escapeName } from '../facts/escape.ts'
import type { Alias, DnsObservation } from '../facts/observation.ts'
import { subnets } from '../facts/subnets.ts'
import { clientResolves, resolves } from './client.ts'
import type { AddressEvidence, Evidence, ResolverEvidence } from './evidence.ts'
import { isRebindProtected } from './no-address.ts'
import { isElsewhere, isExpected, isHealthy, isInside, isReply, isResolved, meantAddress } from './reading.ts'
import { isPrivateZone, zoneOf } from './zone.ts'

/** Seconds for which an answer may be cached before a changed record is a long time in coming. */
const longTtl = 3600

/** Seconds after which an answer from the resolver of one's own network is slow. */
const slowAnswer = 0.5

/** Seconds that libc may take where its resolvers are quick. */
const slowLookup = 1

/** Class E (RFC 1112 §4). */
const isExperimental = subnets(['240.0.0.0/4'])

const distinct = (texts: readonly string[]) => [...new Set(texts)]

/** The names of the resolvers that pass a test. */
export const atResolvers =
  (test: (seen: ResolverEvidence) => boolean) =>
  ({ resolvers }: Evidence): readonly string[] =>
    resolvers.filter(test).map(({ resolver }) => resolver.name)

/** The same, by a resolver's reply for IPv4 addresses or for IPv6 addresses. */
export const atReplies = (test: (seen: DnsObservation) => boolean) =>
  atResolvers(({ a, aaaa }) => test(a) || test(aaaa))

/** The private zones that answer for the whole domain of the host. */
export function parentZones({ resolvers, traits }: Evidence): readonly string[] {
  return distinct(
    resolvers.flatMap(({ domain }) => {
      const zone = zoneOf(domain)
      return zone !== undefined && isPrivateZone(zone, traits.zones) ? [escapeName(zone.zone)] : []
    })
  )
}

/** The canaries of which a private zone says that they do not exist. */
export function hiddenCanaries(evidence: Evidence): readonly string[] {
  const { zones } = evidence.traits
  return canariesThat(
    evidence,
    seen => seen.kind === 'nxdomain' && seen.soa !== undefined && isPrivateZone(seen.soa, zones)
  )
}

/** The canaries that resolve to nothing but addresses of this link. */
export function misdirectedCanaries(evidence: Evidence): readonly string[] {
  const { expected = [], addresses } = evidence
  const meant = (address: string) => meantAddress(evidence, address)
  const own = [...expected, ...addresses.filter(isResolved).map(({ address }) => address)].map(meant)
  return canariesThat(
    evidence,
    seen => seen.kind === 'answer' && seen.addresses.every(({ address }) => own.includes(meant(address)))
  )
}

function canariesThat({ resolvers }: Evidence, test: (seen: DnsObservation) => boolean): readonly string[] {
  return distinct(resolvers.flatMap(({ canaries }) => canaries.filter(test).map(({ question }) => question.name)))
}

/** Addresses that are not the endpoint's and where clients get through, where the host has some that are the endpoint's. */
export function unexpectedAddresses(evidence: Evidence): readonly string[] {
  return extraAddresses(evidence, address => isHealthy(address, evidence.at))
}

/** Addresses that are not the endpoint's and where clients fail, where the host has some that are the endpoint's. */
export function staleAddresses(evidence: Evidence): readonly string[] {
  return extraAddresses(evidence, address => !isHealthy(address, evidence.at))
}

function extraAddresses(evidence: Evidence, test: (address: AddressEvidence) => boolean): readonly string[] {
  const resolved = evidence.addresses.filter(isResolved)
  if (!resolved.some(({ address }) => isExpected(evidence, address) === true)) return []
  return resolved.filter(seen => isElsewhere(evidence, seen.address) && test(seen)).map(({ address }) => address)
}

/** The addresses of the endpoint that the host does not resolve to, if it resolves to some. */
export function addressesLeftOut(evidence: Evidence): readonly string[] {
  const { addresses, untried, expected = [] } = evidence
  const meant = (address: string) => meantAddress(evidence, address)
  const resolved = [...addresses.filter(isResolved).map(({ address }) => address), ...untried].map(meant)
  const isMissing = (address: string) => !resolved.includes(meant(address))
  return expected.every(isMissing) ? [] : expected.filter(isMissing)
}

/** The names of single availability zones that the host is an alias of. */
export function zonalNames({ resolvers, traits: { endpointNames } }: Evidence): readonly string[] {
  const isZonal = (name: string) => endpointNames.some(({ zonal }) => hasForm(name, zonal))
  return distinct(
    resolvers
      .flatMap(({ a, aaaa }) => [...chainOf(a), ...chainOf(aaaa)])
      .map(({ target }) => target)
      .filter(isZonal)
      .map(escapeName)
  )
}

const chainOf = (seen: DnsObservation): readonly Alias[] => ('chain' in seen ? seen.chain : [])

/** Whether caches may keep an answer for too long. */
export function isCachedLong(seen: DnsObservation): boolean {
  return seen.kind === 'answer' && [...seen.chain, ...seen.addresses].some(({ ttl }) => ttl > longTtl)
}

/**
 * The resolvers that give other addresses than the first one that gives some. One that also gives what DNS64 made of them
 * gives no others.
 */
export function disagreeingResolvers(evidence: Evidence): readonly string[] {
  const meant = (address: string) => meantAddress(evidence, address)
  const answers = evidence.resolvers.filter(resolves).map(seen => ({
    name: seen.resolver.name,
    addresses: distinct(addressesAt(seen).map(meant)).toSorted().join(' ')
  }))
  return answers.filter(({ addresses }) => addresses !== answers[0]?.addresses).map(({ name }) => name)
}

function addressesAt({ a, aaaa }: ResolverEvidence): readonly string[] {
  return [a, aaaa].flatMap(seen => (seen.kind === 'answer' ? seen.addresses.map(({ address }) => address) : []))
}

/** The resolvers that give no address, where clients get one, for another reason than {@link filteringResolvers}. */
export function resolversWithoutAnswer(evidence: Evidence): readonly string[] {
  return clientResolves(evidence) ? atResolvers(seen => !resolves(seen) && !isRebindProtected(seen))(evidence) : []
}

/** The resolvers that remove private addresses, where clients get one. */
export function filteringResolvers(evidence: Evidence): readonly string[] {
  return clientResolves(evidence) ? atResolvers(isRebindProtected)(evidence) : []
}

/** The addresses of the host that DNS64 made of IPv4 addresses that are private. An IPv4-mapped one is not of that kind. */
export function addressesByDns64(evidence: Evidence): readonly string[] {
  return evidence.addresses
    .filter(seen => isResolved(seen) && meantAddress(evidence, seen.address) !== seen.address)
    .map(({ address }) => address)
    .filter(address => !address.startsWith('::ffff:') && isInside(evidence, address))
}

/** The addresses of the host that are in the range that was kept for experiments. */
export function experimentalAddresses({ addresses }: Evidence): readonly string[] {
  return addresses.filter(seen => isResolved(seen) && isExperimental(seen.address)).map(({ address }) => address)
}

/** Whether a query was answered only when it was repeated. */
export function isRepeated({ answered }: DnsObservation): boolean {
  return answered !== undefined && answered.query > 1 && answered.withOptions
}

/**
 * Whether a query was answered only without EDNS options. Without a repetition, the resolver has said that it knows no
 * options, as it may, and was asked again at once.
 */
export function isWithoutOptions({ answered, resent }: DnsObservation): boolean {
  return answered?.withOptions === false && resent > 0
}

/** The resolvers that are slow to answer, with the seconds that they took. */
export function slowResolvers({ resolvers }: Evidence): readonly string[] {
  return resolvers.flatMap(({ resolver, a }) =>
    isReply(a) && a.seconds > slowAnswer && (a.answered === undefined || a.answered.query === 1)
      ? [`${resolver.name} (${duration(a.seconds)})`]
      : []
  )
}

/** Whether nothing came that glibc or musl would take for a reply. */
export function isSilence({ kind }: DnsObservation): boolean {
  return kind === 'timeout' || kind === 'malformed' || kind === 'refused' || kind === 'unreachable'
}

/** The addresses that libc gives and no resolver does, though resolvers give some. */
export function addressesOfLibcAlone({ libc, addresses }: Evidence): readonly string[] {
  if (libc?.kind !== 'answer' || !addresses.some(({ byResolvers }) => byResolvers)) return []
  return addresses.flatMap(({ byLibc, byResolvers, address }) => (byLibc && !byResolvers ? [address] : []))
}

/** libc, with the seconds that it took, if it is slow though a resolver is quick. */
export function slowLibc({ libc, resolvers }: Evidence): readonly string[] {
  return libc !== undefined &&
    (libc.kind === 'answer' || libc.kind === 'pending') &&
    libc.seconds > slowLookup &&
    resolvers.some(({ a }) => isReply(a) && a.seconds <= slowAnswer)
    ? [`libc (${duration(libc.seconds)})`]
    : []
}
