import { type LayerOutcome, outcomesOf } from '../cases/failure-reason.ts'
import type { DnsObservation, Layer } from '../facts/observation.ts'
import type { Report } from '../rounds/report.ts'
import type { Standing } from '../rounds/standing.ts'

/** Upper bounds in seconds: from a path inside a zone to one across regions, then a SYN that was sent again once. */
export const bounds = [0.001, 0.005, 0.05, 0.25, 1.5] as const

/** How often a layer took how long. */
interface Histogram {
  /** One for each bound, not cumulative, and one for what is beyond the last. */
  readonly buckets: number[]
  sum: number
}

/** Everything that is counted of one target, from the start of the process or from its coming into the config. */
export interface Tally {
  rounds: number
  heldRounds: number
  overruns: number
  caseChanges: number
  /** By `layer`, then `reason`: those that have occurred. */
  readonly failures: Map<Layer, Map<string, number>>
  /** Of layers that succeeded at least once. */
  readonly durations: Map<Layer, Histogram>
  /** By the resolver's name. */
  readonly queries: Map<string, { sent: number; resent: number }>
}

/** What the series of a target are written from. */
export interface Tallied {
  readonly standing: Standing
  /** The last round that counted; `undefined` before the first. */
  readonly outcomes: readonly LayerOutcome[] | undefined
  readonly last: (Pick<Report, 'seconds' | 'heldBy'> & { readonly at: number }) | undefined
  readonly tally: Tally
}

/** Starts to count for a target, or goes on if it was known; then as another target it has no outcomes yet. */
export function startTally(known: Tallied | undefined, standing: Standing, resolvers: readonly string[]): Tallied {
  const fresh = newTally(resolvers)
  if (known === undefined) return { standing, outcomes: undefined, last: undefined, tally: fresh }
  for (const [name, queries] of known.tally.queries) if (fresh.queries.has(name)) fresh.queries.set(name, queries)
  const outcomes = standing.since === undefined ? undefined : known.outcomes
  return { ...known, standing, outcomes, tally: { ...known.tally, queries: fresh.queries } }
}

/** Counts a round, and the change of the case if it brought one. */
export function tallyRound({ tally, ...before }: Tallied, standing: Standing, report: Report): Tallied {
  const counted = count(tally, report)
  const { since, diagnosis } = before.standing
  if (since !== undefined && diagnosis.case.id !== standing.diagnosis.case.id) tally.caseChanges += 1
  const { seconds, heldBy, evidence } = report
  return {
    standing,
    tally,
    outcomes: heldBy.length > 0 ? before.outcomes : counted,
    last: { seconds, heldBy, at: evidence.at }
  }
}

/** Counts from zero. */
function newTally(resolvers: readonly string[]): Tally {
  return {
    rounds: 0,
    heldRounds: 0,
    overruns: 0,
    caseChanges: 0,
    failures: new Map(),
    durations: new Map(),
    queries: new Map(resolvers.map(name => [name, { sent: 0, resent: 0 }]))
  }
}

/** Counts a round. Of a held one only that it was, and what it sent. */
function count(tally: Tally, report: Report): readonly LayerOutcome[] {
  tally.rounds += 1
  for (const { resolver, ...asked } of report.evidence.resolvers) {
    const queries = tally.queries.get(resolver.name)
    if (queries === undefined) continue
    for (const { queries: sent, resent } of questionsOf(asked)) {
      queries.sent += sent
      queries.resent += resent
    }
  }
  if (report.heldBy.length > 0) {
    tally.heldRounds += 1
    return []
  }
  const outcomes = outcomesOf(report.evidence)
  for (const { layer, seconds, failure } of outcomes) {
    if (failure === undefined) observe(tally.durations, layer, seconds)
    else {
      const reasons = tally.failures.get(layer) ?? new Map<string, number>()
      tally.failures.set(layer, reasons.set(failure, (reasons.get(failure) ?? 0) + 1))
    }
  }
  return outcomes
}

/** All questions that were put to one resolver in a round. */
export function questionsOf({
  a,
  aaaa,
  domain,
  endpoint,
  canaries,
  misspellings
}: Omit<Report['evidence']['resolvers'][number], 'resolver'>) {
  const asked = [a, aaaa, domain, ...endpoint, ...canaries, ...misspellings]
  return asked.flatMap(seen =>
    seen.further === undefined ? withFollowed(seen) : [seen, ...seen.further].flatMap(withFollowed)
  )
}

const withFollowed = (seen: DnsObservation) =>
  seen.kind === 'nodata' && seen.followed !== undefined ? [seen, seen.followed] : [seen]

function observe(durations: Map<Layer, Histogram>, layer: Layer, seconds: number): void {
  const histogram = durations.get(layer) ?? { buckets: [...bounds.map(() => 0), 0], sum: 0 }
  const bound = bounds.findIndex(each => seconds <= each)
  const index = bound === -1 ? bounds.length : bound
  histogram.buckets[index] = (histogram.buckets[index] ?? 0) + 1
  histogram.sum += seconds
  durations.set(layer, histogram)
}
