import { isIPv6 } from 'node:net'
import { hasForm } from '../facts/dns-name.ts'
import { embeddedAddresses, judgedAddress } from '../facts/embedded-address.ts'
import type { ApplicationObservation, DnsObservation, Established } from '../facts/observation.ts'
import { isPrivateAddress } from '../facts/private-address.ts'
import type { AddressEvidence, CloudTraits, Evidence, ResolverEvidence } from './evidence.ts'
import { isPrivateZone, zoneOf } from './zone.ts'

/** Whether a resolver says in one round that a name has addresses, and that there is no such name: its servers disagree. */
export function contradicts({ a, aaaa }: ResolverEvidence): boolean {
  return (a.kind === 'answer' && aaaa.kind === 'nxdomain') || (a.kind === 'nxdomain' && aaaa.kind === 'answer')
}

/** Whether the zone that has no such name is a private one: then it is visible here, and the record is missing. */
export function privateZoneAnswers({ a, domain }: ResolverEvidence, { zones }: CloudTraits): boolean {
  const zone = zoneOf(a) ?? zoneOf(domain)
  return zone !== undefined && isPrivateZone(zone, zones)
}

/** Whether a record of that name exists, even if it has no address. */
export function exists(seen: DnsObservation): boolean {
  return seen.kind === 'answer' || ('chain' in seen && seen.chain.length > 0)
}

/** Whether a resolver answers about a name, including that it does not exist. */
export function isReply({ kind }: DnsObservation): boolean {
  return kind === 'answer' || kind === 'zone' || kind === 'nodata' || kind === 'nxdomain'
}

/** Whether a resolver answers for other names than the host's. */
export function answersOthers({ domain, endpoint, canaries }: ResolverEvidence): boolean {
  return [domain, ...endpoint, ...canaries].some(isReply)
}

/**
 * The address that one of the host stands for: itself, or the IPv4 address that DNS64 made it of. A prefix that a network
 * chose itself is known by that: the host, or the endpoint, has the IPv4 address that is behind it.
 */
export function meantAddress({ addresses, expected = [] }: Evidence, address: string): string {
  const judged = judgedAddress(address)
  if (!isIPv6(judged)) return judged
  const embedded = embeddedAddresses(judged)
  const known = (each: string) => expected.includes(each) || addresses.some(seen => seen.address === each)
  return embedded.find(known) ?? judged
}

/**
 * Whether an address is one of the endpoint's; `undefined` if that is not known. An endpoint with a name is queried for IPv4 and
 * for IPv6 addresses, and may have only one answer. An address that DNS64 synthesized counts as its IPv4 address.
 */
export function isExpected(evidence: Evidence, address: string): boolean | undefined {
  const { traits, expected, resolvers } = evidence
  const judged = meantAddress(evidence, address)
  if (expected?.some(each => meantAddress(evidence, each) === judged) === true) return true
  if (traits.endpointBy === 'address') return expected === undefined ? undefined : false
  const type = isIPv6(judged) ? 'AAAA' : 'A'
  const isAnswered = resolvers.some(({ endpoint }) =>
    endpoint.some(seen => seen.question.type === type && (seen.kind === 'answer' || seen.kind === 'nodata'))
  )
  return isAnswered ? false : undefined
}

/**
 * Whether an address is the endpoint's, or private by its range. Where a network's IPv6 addresses are public by their
 * range, they count as inside while the endpoint does not tell its own.
 */
export function isInside(evidence: Evidence, address: string): boolean {
  const meant = meantAddress(evidence, address)
  if (isPrivateAddress(meant) || isNamedByEndpoint(evidence, address)) return true
  const expected = isExpected(evidence, address)
  return expected ?? (evidence.traits.hasGlobalIpv6 && isIPv6(meant))
}

/** Whether an address is known to be none of the endpoint's. */
export function isElsewhere(evidence: Evidence, address: string): boolean {
  return isExpected(evidence, address) === false
}

/** Whether the host resolves to an address, for libc or for a resolver. */
export function isResolved({ byLibc, byResolvers }: Pick<AddressEvidence, 'byLibc' | 'byResolvers'>): boolean {
  return byLibc || byResolvers
}

/** Whether the host has an address by an alias of an endpoint's name: a network may have any range. */
function isNamedByEndpoint({ resolvers, traits: { endpointNames } }: Evidence, address: string): boolean {
  const isEndpointName = (name: string) => endpointNames.some(({ regional }) => hasForm(name, regional))
  return resolvers
    .flatMap(({ a, aaaa }) => [a, aaaa])
    .some(
      seen =>
        seen.kind === 'answer' &&
        isEndpointName(seen.chain.at(-1)?.target ?? '') &&
        seen.addresses.some(each => each.address === address)
    )
}

/** The addresses that the host resolved to, for libc or for any resolver, and that were tried. */
export function triedAddresses({ addresses }: Evidence): readonly AddressEvidence[] {
  return addresses.filter(address => isResolved(address) && !isForbidden(address))
}

/** Whether the probe may not connect to an address. */
export function isForbidden({ path }: Pick<AddressEvidence, 'path'>): boolean {
  return path.reached === 'nothing' && path.tcp.kind === 'forbidden'
}

/** Whether the chain that ends in a certificate is good, apart from dates. */
export function isTrusted({ chainError }: Established): boolean {
  return chainError === undefined || chainError === 'CERT_HAS_EXPIRED' || chainError === 'CERT_NOT_YET_VALID'
}

/** Whether a certificate, or one that signed it, is past its time. */
export function isExpired({ certificate, chainError }: Established, at: number): boolean {
  return (certificate.notAfter !== undefined && at > certificate.notAfter) || chainError === 'CERT_HAS_EXPIRED'
}

/** Whether a certificate, or one that signed it, is before its time. */
export function isNotYetValid({ certificate, chainError }: Established, at: number): boolean {
  return (certificate.notBefore !== undefined && at < certificate.notBefore) || chainError === 'CERT_NOT_YET_VALID'
}

/** Whether a client would go on after the handshake. */
export function isAccepted(tls: Established, at: number): boolean {
  return isTrusted(tls) && tls.certificate.coversHost !== false && !isExpired(tls, at) && !isNotYetValid(tls, at)
}

/** DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE and DATA_LOSS: the server failed, whatever it was asked (grpc.io, "Status codes"). */
const failedInGrpc = new Set([4, 13, 14, 15])

/**
 * Whether a reply shows that Zilliz Cloud answered, which is what the link is for: every status of gRPC and of HTTP that
 * speaks about the request. The rest indicates a proxy, another server or a fault. A gRPC client maps an HTTP
 * status other than 200 directly, whatever the content type.
 */
export function isAnswer(seen: ApplicationObservation): boolean {
  if (seen.kind !== 'reply') return false
  return isAnswerStatus(seen.status) && !(seen.grpcStatus !== undefined && failedInGrpc.has(seen.grpcStatus))
}

/**
 * Whether a status is one of a proxy or a portal: redirects, Proxy Authentication Required, Network Authentication
 * Required (RFC 9110, RFC 6585).
 */
export function isOfProxy(status: number): boolean {
  return (status >= 300 && status < 400) || status === 407 || status === 511
}

/** Misdirected Request (RFC 9110 §15.5.20): the server does not serve the host. */
export function isMisdirected(status: number): boolean {
  return status === 421
}

function isAnswerStatus(status: number): boolean {
  return (status >= 200 && status < 300) || (status >= 400 && status < 500 && status !== 407 && !isMisdirected(status))
}

/** Whether a client gets all the way on an address: the SDKs use gRPC, which needs HTTP/2 and its ALPN (RFC 7540 §3.3). */
export function isHealthy({ path }: AddressEvidence, at: number): boolean {
  return path.reached === 'tls' && isAccepted(path.tls, at) && path.tls.alpn === 'h2' && isAnswer(path.application)
}
