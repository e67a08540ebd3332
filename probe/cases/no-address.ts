import type { DnsObservation } from '../facts/observation.ts'
import type { ResolverEvidence } from './evidence.ts'
import { answersOthers, isReply } from './reading.ts'

/** EDE codes of a resolver that withholds the answer: Blocked, Censored, Filtered (RFC 8914 §4.16-4.18). */
const withheld = new Set([15, 16, 17])

/** Whether a filter answers in place of the host's zone. It reports that, or its SOA is of a zone that the host is not in. */
export function isFiltered(seen: DnsObservation): boolean {
  return (
    ('errors' in seen && seen.errors.some(({ code }) => withheld.has(code))) ||
    ((seen.kind === 'nxdomain' || seen.kind === 'nodata') && seen.foreignSoa !== undefined)
  )
}

/** Whether a resolver removes the private addresses from its answers: those of the host, and of the endpoint's own name. */
export function isRebindProtected(all: ResolverEvidence): boolean {
  return (
    isStripped(all.a) &&
    failsForAddresses(all) &&
    answersOthers(all) &&
    (all.endpoint.length > 0 ? all.endpoint.every(isStripped) : hasZone(all.aaaa))
  )
}

/** Whether a negative answer is a zone's own, which has the zone's SOA (RFC 2308 §3): then an answer without one is not. */
const hasZone = (seen: DnsObservation) => seen.kind === 'nodata' && seen.soa !== undefined

/**
 * Whether an answer looks like one whose private addresses were removed, even behind an alias: Unbound (`private-address`) then leaves an
 * answer without SOA, dnsmasq (`stop-dns-rebind`) refuses, BIND (`deny-answer-addresses`) fails.
 */
function isStripped(seen: DnsObservation): boolean {
  if (seen.kind === 'nodata') {
    // A resolver that does not follow aliases fails for the target of one.
    const isAtEnd = seen.followed === undefined || (seen.followed.kind === 'nodata' && isStripped(seen.followed))
    return seen.soa === undefined && seen.foreignSoa === undefined && isAtEnd
  }
  return seen.kind === 'rcode' && (seen.rcode === 'REFUSED' || seen.rcode === 'SERVFAIL')
}

/** Whether a resolver fails only for A queries: its only answer is that the host has no IPv6 address. */
const failsForAddresses = ({ a, aaaa }: ResolverEvidence) =>
  !(a.kind === 'rcode' && a.rcode === 'SERVFAIL') || aaaa.kind === 'nodata'

/** Whether a resolver gives an alias alone, and does or could not look up its target for its clients. */
export function isUnfollowed({ chain, followed }: Extract<DnsObservation, { kind: 'nodata' }>): boolean {
  return chain.length > 0 && followed !== undefined && (followed.kind === 'answer' || !isReply(followed))
}

/** Whether a resolver could not validate the answer, by its extended errors (RFC 8914 §4.6-4.13). */
export function isBogus(seen: DnsObservation): boolean {
  return seen.kind === 'rcode' && seen.errors.some(({ code }) => code >= 5 && code <= 12)
}

/** Whether a resolver does not answer for the host, or fails, while it answers for other names. */
export function failsForHostAlone(all: ResolverEvidence): boolean {
  return (all.a.kind === 'timeout' || isRcode(all.a, 'SERVFAIL')) && answersOthers(all)
}

/** Whether a resolver answers with one error. */
export function isRcode(seen: DnsObservation, rcode: 'SERVFAIL' | 'REFUSED'): boolean {
  return seen.kind === 'rcode' && seen.rcode === rcode
}
