import { patience, resolves } from '../cases/client.ts'
import type { Evidence, ResolverEvidence } from '../cases/evidence.ts'
import { exists, isReply } from '../cases/reading.ts'
import { cloudOf } from '../clouds.ts'
import { escapeName } from '../facts/escape.ts'
import type { Resolver } from '../facts/observation.ts'
import type { Target } from '../target.ts'
import { misspellings } from '../zilliz/misspellings.ts'
import { answerWords, dnsDetails, dnsWords, libcWords, times } from './dns-words.ts'
import { span } from './moment.ts'
import type { Seen } from './seen.ts'

/** What each resolver, libc and the endpoint's own name returned. */
export function seenInDns(evidence: Evidence<Target>): readonly Seen[] {
  const { resolvers, target } = evidence
  return [
    ...resolvers.map(seen => seenAtResolver(seen, target.host)),
    ...seenInLibc(evidence),
    seenOfEndpoint(evidence)
  ]
}

/** What applications get, with its age if it is the sample of an earlier round. */
function seenInLibc({ libc, at }: Evidence): readonly Seen[] {
  if (libc === undefined) return []
  const age = Math.round(at - libc.at)
  return [
    {
      good: libc.kind === 'pending' && libc.seconds < patience ? undefined : libc.kind === 'answer',
      where: 'libc',
      what: libcWords(libc),
      seconds: libc.seconds,
      more: age < 1 ? [] : [`looked up ${span(age)} before this round`]
    }
  ]
}

function seenAtResolver(seen: ResolverEvidence, host: string): Seen {
  const { resolver, a, aaaa, canaries } = seen
  const main = a.kind !== 'answer' && aaaa.kind === 'answer' ? aaaa : a
  return {
    good: resolves(seen),
    where: resolverWords(resolver),
    what: resolves(seen) ? answerWords([a, aaaa]) : dnsWords(a),
    seconds: main.seconds,
    more: [
      ...dnsDetails(main),
      ...(a.kind === 'answer' && !isReply(aaaa) ? [`query for IPv6 addresses: ${dnsWords(aaaa)}`] : []),
      ...misspelledRecord(seen, host),
      ...canaries.map(each => `${each.question.name}: ${dnsWords(each)}`),
      ...(main.answered !== undefined && main.answered.query > 1
        ? [`answered query ${main.answered.query}, but not the earlier ones`]
        : []),
      ...(main.strays > 0 ? [`${times(main.strays, 'message', 'messages')} arrived that did not answer the query`] : [])
    ]
  }
}

/** `system 10.0.0.2`, and its port if that is not the usual one. */
function resolverWords({ name, address, port }: Resolver): string {
  if (port === 53) return `${name} ${address}`
  return `${name} ${address.includes(':') ? `[${address}]` : address}:${port}`
}

function misspelledRecord({ a, misspellings: asked }: ResolverEvidence, host: string): readonly string[] {
  if (a.kind !== 'nxdomain' || a.soa === undefined) return []
  const slips = misspellings(host, a.soa.zone)
  return asked.flatMap((seen, index) => {
    const slip = slips[index]?.slip
    return exists(seen) && slip !== undefined
      ? [`but ${escapeName(seen.question.name)} answers: the record's name ${slip}`]
      : []
  })
}

function seenOfEndpoint({ target, expected, resolvers }: Evidence<Target>): Seen {
  const name = cloudOf(target.cloud).endpoint.of(target)
  const where = 'endpoint'
  if (expected !== undefined) return { good: undefined, where, what: `it has ${expected.join(', ')}` }
  if (name === undefined) {
    return { good: undefined, where, what: 'its addresses are not known, so those of the host are not compared' }
  }
  const replies = resolvers.flatMap(({ endpoint }) => endpoint)
  return replies.some(isReply)
    ? { good: false, where, what: `${name} does not resolve` }
    : { good: undefined, where, what: `no resolver answers for ${name}, so its addresses are not known` }
}
