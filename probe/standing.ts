import { unknownCase } from './cases/catalogue.ts'
import type { Diagnosis } from './cases/diagnose.ts'
import type { Evidence } from './cases/evidence.ts'
import { type Outline, outline, type Report } from './report.ts'
import type { Target } from './target.ts'

/** How a target stands: the verdict that counts, and the rounds that led to it. */
export interface Standing {
  readonly target: Target
  readonly diagnosis: Diagnosis
  /** When the case became what it is: Unix time in seconds. `undefined` before the first verdict. */
  readonly since: number | undefined
  /** What the verdict was made from; `undefined` before the first. */
  readonly evidence: Evidence | undefined
  /** The newest first. */
  readonly rounds: readonly Outline[]
}

const mostRounds = 20

/** What is known before the first verdict. */
const unjudged: Diagnosis = { symptom: 'unknown', state: 'unknown', case: unknownCase, findings: [] }

/** How a target stands before its first round. */
export function newStanding(target: Target): Standing {
  return { target, diagnosis: unjudged, since: undefined, evidence: undefined, rounds: [] }
}

/** How a target stands after a round. A held report is remembered, and changes nothing else. */
export function afterRound(before: Standing, report: Report): Standing {
  const rounds = [outline(report), ...before.rounds.slice(0, mostRounds - 1)]
  if (report.heldBy.length > 0) return { ...before, rounds }
  const { diagnosis, evidence } = report
  const same = before.since !== undefined && before.diagnosis.case.id === diagnosis.case.id
  return { target: before.target, diagnosis, since: same ? before.since : evidence.at, evidence, rounds }
}
