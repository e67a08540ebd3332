import { diagnose } from '../cases/diagnose.ts'
import type { State } from '../cases/state.ts'
import { ClientsMissing } from '../causes/configuration.ts'
import type { Inquiry } from '../causes/inquiry.ts'
import type { OwnMachine } from '../causes/question.ts'
import { exitStatus } from '../command/exit-status.ts'
import { elsewhereBy } from '../inquiries/elsewhere.ts'
import type { Inquirers } from '../inquiries/inquirers.ts'
import { whereaboutsFor } from '../inquiries/whereabouts.ts'
import { type Report, stateNow } from '../rounds/report.ts'
import { round } from '../rounds/round.ts'
import type { Watch } from '../rounds/watch.ts'
import { siftAlone } from '../suspicion/suspicion.ts'

/** What came of looking at a target, and of asking its cloud. */
export interface Consultation extends Report {
  /** Has no time if the cloud was not asked: then only `elsewhere` is known. */
  readonly inquiry?: Pick<Inquiry, 'elsewhere' | 'causes'> & Partial<Inquiry>
  /** Why the cloud was not asked although it was to be. */
  readonly notAsked?: string
}

/**
 * Looks at a target once, and judges it and this machine.
 *
 * @param inquirers asks its cloud as well
 */
export async function consult(
  watch: Watch,
  signal: AbortSignal,
  { machine, inquirers }: { readonly machine?: OwnMachine | undefined; readonly inquirers?: Inquirers | undefined } = {}
): Promise<Consultation> {
  const start = performance.now()
  const evidence = await round(watch, signal)
  const sifted = siftAlone({ evidence, diagnosis: diagnose(evidence) })
  const report = { evidence, ...sifted, seconds: (performance.now() - start) / 1000 }
  const alone = { elsewhere: elsewhereBy(await whereaboutsFor(evidence, machine), watch.target), causes: [] }
  if (inquirers === undefined) return { ...report, inquiry: alone }
  try {
    return { ...report, inquiry: await inquirers.ask(evidence, report.diagnosis.case.id) }
  } catch (error) {
    if (error instanceof ClientsMissing) return { ...report, inquiry: alone, notAsked: error.message }
    throw error
  }
}

/** The code that a program ends with, by the worst state of all: 0 if all targets are healthy. */
export function exitCodeOfReports(reports: Iterable<Pick<Report, 'diagnosis' | 'heldBy'>>): number {
  const seen = new Set(Array.from(reports, stateNow))
  const worst = (['failing', 'degraded', 'unknown', 'healthy'] as const).find(state => seen.has(state))
  return exitCodeOfState[worst ?? 'unknown']
}

/** Of each state. */
export const exitCodeOfState = {
  healthy: exitStatus.success,
  degraded: exitStatus.failure,
  failing: exitStatus.failure,
  unknown: exitStatus.noResult
} as const satisfies Record<State, number>
