import type { CloudTraits, ResolverEvidence } from '../cases/evidence.ts'
import { isPrivateZone } from '../cases/zone.ts'
import { cloudOf } from '../clouds.ts'
import type { DnsObservation, DnsQuestion, Resolver } from '../facts/observation.ts'
import { dnsLimits } from '../observers/dns-limits.ts'
import type { Limit } from '../observers/within.ts'
import type { Target } from '../target.ts'
import { misspellings } from '../zilliz/misspellings.ts'
import { lookAt } from './patient-look.ts'
import type { GuardedWatch, Watch } from './watch.ts'

/** The most queries that a round sends while nothing is lost: what a cap on queries counts with. */
export function queriesOf({ target, resolvers }: Pick<Watch, 'target' | 'resolvers'>): number {
  const endpoint = endpointNameOf(target) === undefined ? 0 : 2
  return resolvers.length * (3 + endpoint + (target.canaries?.length ?? 0))
}

/** The endpoint's own name, if it has one that is known. */
function endpointNameOf(target: Target): string | undefined {
  const { endpoint } = cloudOf(target.cloud)
  return endpoint.by === 'name' ? endpoint.of(target) : undefined
}

/** Asks a resolver for all names of a target that it is always asked for. */
export async function askResolver(
  watch: GuardedWatch,
  resolver: Resolver,
  signal: AbortSignal
): Promise<Omit<ResolverEvidence, 'misspellings'>> {
  const { target, budget, patience, observers, takeMore } = watch
  const end = performance.now() + budget.dns
  const ask = async (name: string, type: DnsQuestion['type']) => {
    const observe = (limit: Limit) => observers.dns({ question: { name, type }, resolver }, limit)
    const { seen, further } = await lookAt(
      watch,
      patience?.dns,
      `${resolver.address} ${resolver.port} ${name} ${type}`,
      { ms: Math.max(1, end - performance.now()), signal },
      observe,
      async limit => ((await isTaken(takeMore, limit)) ? observe(limit) : undefined)
    )
    return further.length > 0 ? { ...seen, further } : seen
  }
  const endpointName = endpointNameOf(target)
  const hostAaaa = ask(target.host, 'AAAA')
  const [a, aaaa, domain, endpointA, endpointAaaa, ...canaries] = await Promise.all([
    ask(target.host, 'A'),
    hostAaaa,
    ask(target.host.slice(target.host.indexOf('.') + 1), 'SOA'),
    endpointName === undefined ? undefined : ask(endpointName, 'A'),
    endpointName === undefined
      ? undefined
      : hostAaaa.then(seen => (seen.kind === 'answer' ? ask(endpointName, 'AAAA') : undefined)),
    ...(target.canaries ?? []).map(name => ask(name, 'A'))
  ])
  return {
    resolver,
    a,
    aaaa,
    domain,
    endpoint: [endpointA, endpointAaaa].filter(seen => seen !== undefined),
    canaries
  }
}

/** Whether the queries of a further exchange may be sent. They may not if the limit was over first. */
async function isTaken(takeMore: Watch['takeMore'], { signal, over }: Limit): Promise<boolean> {
  try {
    await takeMore?.(dnsLimits.queries, over === undefined ? signal : AbortSignal.any([signal, over]))
    return true
  } catch (reason) {
    signal.throwIfAborted()
    if (over?.aborted === true) return false
    throw reason
  }
}

/** Only a private zone that lacks the host can hold a misspelled record of it. */
export function askMisspellings(
  { target, budget, observers }: GuardedWatch,
  { zones }: CloudTraits,
  { resolver, a }: Omit<ResolverEvidence, 'misspellings'>,
  signal: AbortSignal
): Promise<DnsObservation[]> {
  if (a.kind !== 'nxdomain' || a.chain.length > 0 || a.soa === undefined || !isPrivateZone(a.soa, zones)) {
    return Promise.resolve([])
  }
  return Promise.all(
    misspellings(target.host, a.soa.zone).map(({ name }) =>
      observers.dns({ question: { name, type: 'A' }, resolver }, { ms: budget.dns, signal })
    )
  )
}
