import type { Evidence } from '../cases/evidence.ts'
import { clockAheadSeconds } from '../cases/own-faults.ts'
import { type ImpairmentId, seenInClocks, seenInRound } from '../impairments.ts'
import { makeReport, type Report } from '../report.ts'
import { round, type Watch } from '../round.ts'

/** What a round comes to, for somebody who wants to know whether the link works. */
export type Verdict = 'healthy' | 'not-healthy' | 'could-not-tell'

/** Looks at a target once, and judges it and this machine. */
export async function consult(watch: Watch, signal: AbortSignal): Promise<Report> {
  const start = performance.now()
  const evidence = await round(watch, signal)
  return makeReport(evidence, { seconds: (performance.now() - start) / 1000, heldBy: impairmentsIn(evidence) })
}

/** The verdict of a report: a machine that is impaired cannot tell. */
export function verdictOf({ diagnosis, heldBy }: Pick<Report, 'diagnosis' | 'heldBy'>): Verdict {
  const { id } = diagnosis.case
  if (id === 'unknown' || heldBy.length > 0) return 'could-not-tell'
  return id === 'healthy' ? 'healthy' : 'not-healthy'
}

/** The code that a program ends with: 0 if all are healthy, 1 if one is not, 2 if that could not be told. */
export function exitCodeOf(reports: Iterable<Pick<Report, 'diagnosis' | 'heldBy'>>): number {
  const verdicts = new Set(Array.from(reports, verdictOf))
  const worst = (['not-healthy', 'could-not-tell', 'healthy'] as const).find(verdict => verdicts.has(verdict))
  return exitCodes[worst ?? 'could-not-tell']
}

/** Of each verdict. */
export const exitCodes = { healthy: 0, 'not-healthy': 1, 'could-not-tell': 2 } as const

function impairmentsIn(evidence: Evidence): readonly ImpairmentId[] {
  const ahead = clockAheadSeconds(evidence)
  return [...seenInRound(evidence), ...seenInClocks(ahead === undefined ? [] : [ahead])]
}
