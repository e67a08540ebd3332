import { type Report, stateNow } from '../rounds/report.ts'
import { asciiJson } from '../words/ascii-json.ts'
import { stepsFor } from '../words/remedy.ts'

/** A report for programs: one JSON object on a line of its own. */
export function reportJson(report: Report): string {
  const { evidence, diagnosis, heldBy, seconds } = report
  const { target, at, recent: _, traits: __, ...observations } = evidence
  const { symptom } = diagnosis
  const { id, layer, severity, meaning } = diagnosis.case
  return asciiJson({
    target,
    at,
    seconds,
    state: stateNow(report),
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
    impairments: heldBy,
    observations
  })
}
