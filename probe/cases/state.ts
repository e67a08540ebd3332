import type { Severity } from './case.ts'
import type { Symptom } from './symptoms.ts'

/**
 * How a target is: `healthy`; `degraded`, where clients get through but some fail; `failing`; `unknown`, where nothing
 * tells.
 */
export const states = ['healthy', 'degraded', 'failing', 'unknown'] as const
export type State = (typeof states)[number]

/** What a state is made of: what clients print, and how bad the case and each finding are. */
interface Judged {
  readonly symptom: Symptom
  readonly case: { readonly severity: Severity }
  readonly findings: readonly { readonly finding: { readonly severity: Severity } }[]
}

/** The state that a verdict comes to. */
export function stateOf({ symptom, case: { severity }, findings }: Judged): State {
  if (symptom === 'unknown') return 'unknown'
  if (symptom !== 'none') return 'failing'
  const isCritical = severity === 'critical' || findings.some(({ finding }) => finding.severity === 'critical')
  return isCritical ? 'degraded' : 'healthy'
}
