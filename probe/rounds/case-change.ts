import type { Severity } from '../cases/case.ts'
import type { CaseId } from '../cases/catalogue.ts'
import type { Evidence } from '../cases/evidence.ts'
import { outcomeOfResolver, outcomesOfAddress } from '../cases/failure-reason.ts'
import type { State } from '../cases/state.ts'
import type { Symptom } from '../cases/symptoms.ts'
import type { Standing } from './standing.ts'

/** A target's case became another: what an operator wants to read in a log. */
export interface CaseChange {
  readonly target: string
  readonly from: CaseId
  readonly to: CaseId
  readonly symptom: Symptom
  readonly state: State
  readonly severity: Severity
  readonly meaning: string
  /** How resolvers, libc and addresses answered, a word for each layer on each of them. */
  readonly evidence: Readonly<Record<string, string>>
}

/** The log line of a round, only if the case changed. The first verdict is a change from `unknown`. */
export function caseChange(before: Standing, { target, diagnosis, evidence }: Standing): CaseChange | undefined {
  const { id: to, severity, meaning } = diagnosis.case
  const { symptom, state } = diagnosis
  const from = before.diagnosis.case.id
  if (from === to || evidence === undefined) return undefined
  return { target: target.name, from, to, symptom, state, severity, meaning, evidence: summary(evidence) }
}

function summary({ resolvers, libc, addresses, at }: Evidence): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...resolvers.map(seen => [`dns ${seen.resolver.name}`, words(outcomeOfResolver(seen))]),
    ...(libc === undefined ? [] : [['libc', libc.kind]]),
    ...addresses.map(seen => [seen.address, words(outcomesOfAddress(seen, at))])
  ])
}

function words(outcomes: readonly { readonly layer: string; readonly failure: string | undefined }[]): string {
  return outcomes.map(({ layer, failure }) => `${layer} ${failure ?? 'ok'}`).join(', ') || 'not tried'
}
