import { stepsFor } from '../cases/case.ts'
import type { Consultation } from './consult.ts'

/** A consultation for programs: one JSON object on a line of its own. */
export function json({ evidence, diagnosis, verdict, impairments, seconds }: Consultation): string {
  const { target, at, ...observations } = evidence
  const { id, layer, symptom, severity, meaning } = diagnosis.case
  return JSON.stringify({
    target,
    at,
    seconds,
    verdict,
    symptom,
    case: id,
    severity,
    layer,
    meaning,
    remedy: stepsFor(diagnosis.case, target),
    findings: diagnosis.findings.map(({ finding, about }) => ({
      finding: finding.id,
      severity: finding.severity,
      layer: finding.layer,
      about,
      meaning: finding.meaning,
      remedy: stepsFor(finding, target)
    })),
    impairments,
    observations
  })
}
