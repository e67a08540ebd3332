import type { Case, Finding } from './case.ts'
import { type CaseId, catalogue, unknownCase } from './catalogue.ts'
import type { Evidence } from './evidence.ts'
import { type FindingId, findings } from './findings.ts'
import { type State, stateOf } from './state.ts'
import { symptomOf } from './symptom.ts'
import type { Symptom } from './symptoms.ts'

/** What a round's evidence comes to. */
export interface Diagnosis {
  /** What a client prints. */
  readonly symptom: Symptom
  readonly state: State
  readonly case: Case<CaseId>
  readonly findings: readonly Found[]
}

/** A finding, and where it was found. */
export interface Found {
  readonly finding: Finding<FindingId>
  /** Addresses, resolvers or names; at least one. */
  readonly about: readonly string[]
}

/**
 * Judges a round: one symptom, one case, one state, and any number of findings. Pure, and total: the last case matches
 * anything.
 */
export function diagnose(evidence: Evidence): Diagnosis {
  const judged = {
    symptom: symptomOf(evidence),
    case: catalogue.find(({ matches }) => matches(evidence)) ?? unknownCase,
    findings: findings.flatMap(finding => {
      const about = finding.about(evidence)
      return about.length > 0 ? [{ finding, about }] : []
    })
  }
  return { ...judged, state: stateOf(judged) }
}
