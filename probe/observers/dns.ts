import type { Alias, DnsObservation, DnsQuestion, Rcode, Resolver } from '../cases/observation.ts'
import type { Reply, ReplyRecord } from './dns-reply.ts'
import { askInStream, type StreamOutcome } from './dns-tcp.ts'
import { askInDatagrams } from './dns-udp.ts'
import { escapeName } from './escape.ts'
import { type Limit, secondsSince } from './within.ts'

/** The parts of an observation that the resolver's words decide. */
type Outcome = DnsObservation extends infer Each
  ? Each extends DnsObservation
    ? Omit<Each, 'layer' | 'seconds' | 'resolver' | 'question' | 'queries' | 'resent' | 'strays' | 'transport'>
    : never
  : never

const NXDOMAIN = 3
const rcodes = new Map<number, Rcode>([
  [1, 'FORMERR'],
  [2, 'SERVFAIL'],
  [4, 'NOTIMP'],
  [5, 'REFUSED']
])

/** Aliases that are followed; a client's resolver gives up no later. */
const longestChain = 16

/**
 * Asks one resolver one question about an absolute name: over UDP, and over TCP if the answer does not fit.
 */
export async function observeDns(
  { question, resolver }: { readonly question: DnsQuestion; readonly resolver: Resolver },
  limit: Limit
): Promise<DnsObservation> {
  const start = performance.now()
  const datagrams = await askInDatagrams(question, resolver, limit)
  const truncated = datagrams.kind === 'reply' && datagrams.reply.truncated
  const left = { ms: Math.max(1, limit.ms - (performance.now() - start)), signal: limit.signal }
  const outcome = truncated
    ? readStream(await askInStream(question, resolver, left), question)
    : read(datagrams, question)
  return {
    layer: 'dns',
    seconds: secondsSince(start),
    resolver: resolver.name,
    question: { ...question, name: escapeName(question.name) },
    queries: datagrams.queries,
    resent: datagrams.resent,
    strays: datagrams.strays,
    transport: truncated ? 'tcp' : 'udp',
    ...outcome
  }
}

function read(outcome: StreamOutcome, question: DnsQuestion): Outcome {
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

function readStream(outcome: StreamOutcome, question: DnsQuestion): Outcome {
  if (outcome.kind === 'reply' || outcome.kind === 'own-fault') return read(outcome, question)
  return { kind: 'truncated', tcp: outcome.kind }
}

function readWords(reply: Reply, question: DnsQuestion): Outcome {
  const { errors } = reply
  if (reply.rcode !== 0 && reply.rcode !== NXDOMAIN) {
    return { kind: 'rcode', rcode: rcodes.get(reply.rcode) ?? 'OTHER', errors }
  }
  const { chain, end } = followAliases(question.name.toLowerCase(), reply.answers)
  const soa = reply.authorities.find(record => record.type === 'SOA')?.soa
  // RFC 6604 §2: with aliases before it, NXDOMAIN speaks of the last name.
  if (reply.rcode === NXDOMAIN) return { kind: 'nxdomain', chain, soa, errors }

  const here = reply.answers.filter(record => record.name === end)
  if (question.type === 'SOA') {
    const apex = here.find(record => record.type === 'SOA')
    if (apex !== undefined) return { kind: 'zone', chain, soa: apex.soa, errors }
  }
  const addresses = here.flatMap(record =>
    (record.type === 'A' || record.type === 'AAAA') && record.type === question.type
      ? [{ address: record.address, ttl: record.ttl }]
      : []
  )
  return addresses.length > 0 ? { kind: 'answer', chain, addresses, errors } : { kind: 'nodata', chain, soa, errors }
}

function followAliases(name: string, records: readonly ReplyRecord[]): { chain: readonly Alias[]; end: string } {
  const chain: Alias[] = []
  let end = name
  while (chain.length < longestChain) {
    const alias = records.find(record => record.type === 'CNAME' && record.name === end)
    if (alias?.type !== 'CNAME') break
    chain.push({ name: escapeName(end), target: escapeName(alias.target), ttl: alias.ttl })
    end = alias.target
  }
  return { chain, end }
}
