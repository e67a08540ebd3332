import { isPrivateZone } from '../cases/zone.ts'
import { zoneTraits } from '../clouds/traits.ts'
import { inAddressOrder } from '../facts/address.ts'
import { escapeName } from '../facts/escape.ts'
import type { Alias, Crashed, DnsObservation, LibcObservation, Soa } from '../facts/observation.ts'

/** What a resolver answered to a query. */
export function dnsWords(seen: DnsObservation): string {
  switch (seen.kind) {
    case 'answer':
      return answerWords([seen])
    case 'zone':
      return zoneWords(seen.soa)
    case 'nxdomain':
      return seen.chain.length > 0
        ? 'an alias of a name that does not exist (NXDOMAIN)'
        : `no such name (NXDOMAIN)${seen.soa === undefined ? '' : `, from ${zoneWords(seen.soa)}`}`
    case 'nodata':
      return 'the name exists, but has no address (NODATA)'
    case 'alias-loop':
      return 'its aliases form a loop'
    case 'rcode':
      return `${{ SERVFAIL: 'the resolver failed', REFUSED: 'the resolver refuses the query', FORMERR: 'the resolver does not understand the query', NOTIMP: 'the resolver does not support the query', OTHER: 'the resolver returns an unusual error' }[seen.rcode]} (${seen.rcode})`
    case 'timeout':
      return `no answer to ${times(seen.queries, 'query', 'queries')}`
    case 'refused':
      return 'no service listens on the port'
    case 'unreachable':
      return `the network cannot deliver the query (${seen.code})`
    case 'malformed':
      return `not a valid reply (${seen.flaw})`
    case 'truncated':
      return `the answer does not fit a UDP datagram, and the query over TCP failed (${seen.tcp})`
    case 'unaskable':
      return 'not queried: the name does not fit in a query'
    case 'own-fault':
      return `the probe could not send the query (${seen.code})`
    case 'crashed':
      return crashWords(seen)
  }
}

/** The details of an answer, or of its absence, one per line. */
export function dnsDetails(seen: DnsObservation): readonly string[] {
  return [
    ...('chain' in seen ? seen.chain.map(aliasWords) : []),
    ...('foreignSoa' in seen && seen.foreignSoa !== undefined
      ? [`it names the zone ${escapeName(seen.foreignSoa.zone)}, which does not contain the name`]
      : []),
    ...(seen.kind === 'nodata' && seen.followed !== undefined
      ? [`query for ${escapeName(seen.followed.question.name)} alone: ${dnsWords(seen.followed)}`]
      : []),
    ...('errors' in seen ? seen.errors.map(({ code, text }) => `reason: ${code} ${text}`.trimEnd()) : []),
    ...((seen.kind === 'nxdomain' || seen.kind === 'nodata') && seen.soa !== undefined
      ? [`caches may keep this answer for ${Math.min(seen.soa.ttl, seen.soa.minimum)} s`]
      : [])
  ]
}

/** Addresses, with the seconds that caches may still keep them. */
export function answerWords(replies: readonly DnsObservation[]): string {
  const records = replies.flatMap(seen => (seen.kind === 'answer' ? seen.addresses : []))
  const ttl = Math.min(...records.map(record => record.ttl))
  return `${inAddressOrder(records.map(({ address }) => address)).join(', ')} (TTL ${ttl} s)`
}

/** What getaddrinfo returns to an application, as text. */
export function libcWords(seen: LibcObservation): string {
  switch (seen.kind) {
    case 'answer':
      return seen.addresses.join(', ')
    case 'not-known':
      return 'Name or service not known'
    case 'no-address':
      return 'No address associated with hostname'
    case 'temporary-failure':
      return 'Temporary failure in name resolution'
    case 'failure':
      return `the lookup fails (${seen.code})`
    case 'pending':
      return 'no answer yet'
    case 'crashed':
      return crashWords(seen)
  }
}

/** An observer that failed. */
export function crashWords({ error }: Crashed): string {
  return `the check failed because of a bug in the probe (${error})`
}

const aliasWords = ({ name, target, ttl }: Alias) =>
  `${escapeName(name)} is an alias of ${escapeName(target)} (TTL ${ttl} s)`

const zoneWords = (soa: Soa) =>
  `the ${isPrivateZone(soa, zoneTraits) ? 'private' : 'public'} zone ${escapeName(soa.zone)}`

/** `1 query`, `4 queries`. */
export function times(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
