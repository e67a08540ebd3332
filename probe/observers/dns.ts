import { isWithin, lowerName } from '../facts/dns-name.ts'
import type { Alias, DnsObservation, DnsQuestion, Rcode, Resolver, Soa } from '../facts/observation.ts'
import { dnsLimits } from './dns-limits.ts'
import { encodeQuestion, type Reply, type ReplyRecord } from './dns-reply.ts'
import { askInStream, type StreamOutcome } from './dns-tcp.ts'
import { askInDatagrams, type DatagramOutcome } from './dns-udp.ts'
import { type Limit, remaining, secondsSince } from './within.ts'

/** The parts of an observation that the resolver's words decide. */
type DnsOutcome = DnsObservation extends infer Each
  ? Each extends DnsObservation
    ? Omit<
        Each,
        | 'layer'
        | 'seconds'
        | 'resolver'
        | 'question'
        | 'queries'
        | 'resent'
        | 'answered'
        | 'strays'
        | 'transport'
        | 'further'
      >
    : never
  : never

const NXDOMAIN = 3
const rcodes = new Map<number, Rcode>([
  [1, 'FORMERR'],
  [2, 'SERVFAIL'],
  [4, 'NOTIMP'],
  [5, 'REFUSED']
])

/** The query, and the resolver that receives it. */
interface DnsQuery {
  readonly question: DnsQuestion
  readonly resolver: Resolver
}

/**
 * Asks one resolver one question about an absolute name: over UDP, and over TCP if the answer does not fit. An answer
 * that is aliases and nothing else is followed by a question about the last one's target, within the same limit, if as
 * much time is left as the answer took.
 */
export async function observeDns(asking: DnsQuery, limit: Limit): Promise<DnsObservation> {
  const start = performance.now()
  const seen = await observe(asking, limit)
  if (seen.kind !== 'nodata' || seen.soa !== undefined) return seen
  const target = seen.chain.at(-1)?.target
  const left = remaining(limit, start)
  if (target === undefined || left.ms < seen.seconds * 1000) return seen
  const { question, resolver } = asking
  return { ...seen, followed: await observe({ question: { ...question, name: target }, resolver }, left) }
}

async function observe({ question, resolver }: DnsQuery, limit: Limit): Promise<DnsObservation> {
  const start = performance.now()
  const encoded = encodeQuestion(question)
  const seen = (outcome: DnsOutcome, datagrams: Omit<DatagramOutcome, 'kind'>, transport: 'udp' | 'tcp') => ({
    layer: 'dns' as const,
    seconds: secondsSince(start),
    resolver: resolver.name,
    question,
    queries: datagrams.queries,
    resent: datagrams.resent,
    answered: datagrams.answered,
    strays: datagrams.strays,
    transport,
    ...outcome
  })
  if (encoded === undefined) {
    return seen({ kind: 'unaskable' }, { queries: 0, resent: 0, answered: undefined, strays: 0 }, 'udp')
  }
  const datagrams = await askInDatagrams(question, encoded, resolver, limit)
  if (datagrams.kind !== 'reply' || !datagrams.reply.truncated) return seen(read(datagrams, question), datagrams, 'udp')
  const stream = await askInStream(question, encoded, resolver, remaining(limit, start))
  return seen(readStream(stream, question), datagrams, 'tcp')
}

function read(outcome: Exclude<StreamOutcome, { kind: 'closed' }>, question: DnsQuestion): DnsOutcome {
  switch (outcome.kind) {
    case 'reply':
      return readWords(outcome.reply, question)
    case 'malformed':
      return { kind: 'malformed', flaw: outcome.flaw }
    case 'unreachable':
    case 'own-fault':
      return { kind: outcome.kind, code: outcome.code }
    case 'reset':
      return { kind: 'refused' }
    case 'refused':
    case 'timeout':
      return { kind: outcome.kind }
  }
}

function readStream(outcome: StreamOutcome, question: DnsQuestion): DnsOutcome {
  switch (outcome.kind) {
    case 'reply':
    case 'malformed':
    case 'own-fault':
      return read(outcome, question)
    default:
      return { kind: 'truncated', tcp: outcome.kind }
  }
}

function readWords(reply: Reply, question: DnsQuestion): DnsOutcome {
  const { errors, authoritative, recursionAvailable } = reply
  const fields = { errors, authoritative, recursionAvailable }
  if (reply.rcode !== 0 && reply.rcode !== NXDOMAIN) {
    return { kind: 'rcode', rcode: rcodes.get(reply.rcode) ?? 'OTHER', ...fields }
  }
  const { aliases, end, isLoop } = followAliases(lowerName(question.name), reply.answers)
  const chain =
    aliases.length > dnsLimits.aliases ? [...aliases.slice(0, dnsLimits.aliases - 1), ...aliases.slice(-1)] : aliases
  if (isLoop) return { kind: 'alias-loop', chain, ...fields }
  // RFC 6604 §2: with aliases before it, NXDOMAIN speaks of the last name.
  if (reply.rcode === NXDOMAIN) return { kind: 'nxdomain', chain, ...readDenial(reply, aliases, end), ...fields }

  const here = reply.answers.filter(record => record.name === end)
  if (question.type === 'SOA') {
    const apex = here.find(record => record.type === 'SOA')
    if (apex !== undefined) return { kind: 'zone', chain, soa: apex.soa, ...fields }
  }
  const addresses = here.flatMap(record =>
    (record.type === 'A' || record.type === 'AAAA') && record.type === question.type
      ? [{ address: record.address, ttl: record.ttl }]
      : []
  )
  if (addresses.length === 0) {
    return { kind: 'nodata', chain, ...readDenial(reply, aliases, end), followed: undefined, ...fields }
  }
  const kept = addresses.slice(0, dnsLimits.addresses)
  return { kind: 'answer', chain, addresses: kept, unlisted: addresses.length - kept.length, ...fields }
}

/** Whose word it is that a name, or the last of its aliases, has no such record. */
function readDenial(
  { authorities, additionals }: Reply,
  aliases: readonly Alias[],
  end: string
): { soa: Soa | undefined; foreignSoa: Soa | undefined } {
  const names = [end, ...aliases.map(({ name }) => name)]
  const soas = (records: readonly ReplyRecord[]) => records.flatMap(record => (record.type === 'SOA' ? record.soa : []))
  return {
    soa: soas(authorities).find(({ zone }) => isWithin(end, zone)),
    // BIND names the filter's zone in the additional section.
    foreignSoa: soas([...authorities, ...additionals]).find(({ zone }) => !names.some(name => isWithin(name, zone)))
  }
}

function followAliases(
  name: string,
  records: readonly ReplyRecord[]
): { aliases: readonly Alias[]; end: string; isLoop: boolean } {
  const targets = new Map<string, Alias>()
  for (const record of records) {
    if (record.type !== 'CNAME' || targets.has(record.name)) continue
    targets.set(record.name, { name: record.name, target: record.target, ttl: record.ttl })
  }
  const aliases = new Map<string, Alias>()
  let end = name
  for (let alias = targets.get(end); alias !== undefined && !aliases.has(end); alias = targets.get(end)) {
    aliases.set(end, alias)
    end = alias.target
  }
  return { aliases: [...aliases.values()], end, isLoop: aliases.has(end) }
}
