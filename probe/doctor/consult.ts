import { diagnose } from '../cases/diagnose.ts'
import type { State } from '../cases/state.ts'
import { type Report, stateNow } from '../rounds/report.ts'
import { round } from '../rounds/round.ts'
import type { Watch } from '../rounds/watch.ts'
import { siftAlone } from '../suspicion/suspicion.ts'

/** Looks at a target once, and judges it and this machine. */
export async function consult(watch: Watch, signal: AbortSignal): Promise<Report> {
  const start = performance.now()
  const evidence = await round(watch, signal)
  const sifted = siftAlone({ evidence, diagnosis: diagnose(evidence) })
  return { evidence, ...sifted, seconds: (performance.now() - start) / 1000 }
}

/** The code that a program ends with, by the worst state of all: 0 if all targets are healthy. */
export function exitCodeOfReports(reports: Iterable<Pick<Report, 'diagnosis' | 'heldBy'>>): number {
  const seen = new Set(Array.from(reports, stateNow))
  const worst = (['failing', 'degraded', 'unknown', 'healthy'] as const).find(state => seen.has(state))
  return exitCodeOfState[worst ?? 'unknown']
}

/** Of each state. */
export const exitCodeOfState = { healthy: 0, degraded: 1, failing: 1, unknown: 2 } as const satisfies Record<
  State,
  number
>
