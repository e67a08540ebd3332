import type { CaseId } from '../cases/catalogue.ts'
import { type Diagnosis, diagnose } from '../cases/diagnose.ts'
import type { Evidence } from '../cases/evidence.ts'
import type { FindingId } from '../cases/findings.ts'
import type { State } from '../cases/state.ts'
import type { Symptom } from '../cases/symptoms.ts'
import type { ImpairmentId } from '../suspicion/impairments.ts'
import type { Target } from '../target.ts'
import { type Looks, looksOf } from './looks.ts'

/** What came of one round. */
export interface Report {
  readonly evidence: Evidence<Target>
  readonly diagnosis: Diagnosis
  /** Why the diagnosis does not count: what was wrong with the probe meanwhile. Empty if nothing was. */
  readonly heldBy: readonly ImpairmentId[]
  /** How long the round took. */
  readonly seconds: number
}

/** A round in a line of history. */
export interface Outline extends Looks {
  /** When it began: Unix time in seconds. */
  readonly at: number
  readonly seconds: number
  readonly case: CaseId
  readonly symptom: Symptom
  readonly state: State
  readonly findings: readonly FindingId[]
  readonly heldBy: readonly ImpairmentId[]
}

/** Reports a round. */
export function makeReport(
  evidence: Evidence<Target>,
  { seconds, heldBy }: Pick<Report, 'seconds' | 'heldBy'>
): Report {
  return { evidence, diagnosis: diagnose(evidence), heldBy, seconds }
}

/** How a target is now: `unknown` while its verdict is held, whatever the last one was. */
export function stateNow({ diagnosis, heldBy }: Pick<Report, 'diagnosis' | 'heldBy'>): State {
  return heldBy.length > 0 ? 'unknown' : diagnosis.state
}

/** The report without its evidence, to be kept for a while. Lists that are those of the round before are kept once. */
export function outline(report: Report, before?: Outline): Outline {
  const { evidence, diagnosis, heldBy, seconds } = report
  const looks = looksOf(evidence, diagnosis)
  return {
    at: evidence.at,
    seconds,
    case: diagnosis.case.id,
    symptom: diagnosis.symptom,
    state: stateNow(report),
    findings: sameOr(
      before?.findings,
      diagnosis.findings.map(({ finding }) => finding.id)
    ),
    heldBy: sameOr(before?.heldBy, heldBy),
    ...looks,
    certain: sameOr(before?.certain, looks.certain)
  }
}

function sameOr<Id extends string>(before: readonly Id[] | undefined, now: readonly Id[]): readonly Id[] {
  return before?.length === now.length && now.every((id, index) => id === before[index]) ? before : now
}
