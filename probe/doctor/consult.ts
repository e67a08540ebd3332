import type { Evidence } from '../cases/evidence.ts'
import { clockAheadSeconds } from '../cases/own-faults.ts'
import type { State } from '../cases/state.ts'
import { type ImpairmentId, seenInClocks, seenInRound } from '../impairments.ts'
import { makeReport, type Report } from '../report.ts'
import { round, type Watch } from '../round.ts'

/** Looks at a target once, and judges it and this machine. */
export async function consult(watch: Watch, signal: AbortSignal): Promise<Report> {
  const start = performance.now()
  const evidence = await round(watch, signal)
  return makeReport(evidence, { seconds: (performance.now() - start) / 1000, heldBy: impairmentsIn(evidence) })
}

/** The state that a report comes to: a machine that is impaired cannot tell. */
export function stateOfReport({ diagnosis, heldBy }: Pick<Report, 'diagnosis' | 'heldBy'>): State {
  return heldBy.length > 0 ? 'unknown' : diagnosis.state
}

/** The code that a program ends with, by the worst state of all: 0 if all targets are healthy. */
export function exitCodeOf(reports: Iterable<Pick<Report, 'diagnosis' | 'heldBy'>>): number {
  const seen = new Set(Array.from(reports, stateOfReport))
  const worst = (['failing', 'degraded', 'unknown', 'healthy'] as const).find(state => seen.has(state))
  return exitCodes[worst ?? 'unknown']
}

/** Of each state. */
export const exitCodes = { healthy: 0, degraded: 1, failing: 1, unknown: 2 } as const satisfies Record<State, number>

function impairmentsIn(evidence: Evidence): readonly ImpairmentId[] {
  const ahead = clockAheadSeconds(evidence)
  return [...seenInRound(evidence), ...seenInClocks(ahead === undefined ? [] : [ahead])]
}
