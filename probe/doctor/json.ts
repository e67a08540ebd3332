import { causeOf } from '../causes/inquiry.ts'
import { stateNow } from '../rounds/report.ts'
import { asciiJson } from '../words/ascii-json.ts'
import { stepsFor, stepsForCause, stepsForVerdict } from '../words/remedy.ts'
import type { Consultation } from './consult.ts'
import type { IdleReport } from './idle.ts'

/**
 * A report for programs: one JSON object on a line of its own.
 *
 * @param idle what became of idle connections, if any were held
 */
export function reportJson(report: Consultation, idle?: IdleReport): string {
  const { evidence, diagnosis, heldBy, seconds, inquiry, notAsked } = report
  const { target, at, pod, recent: _, traits: __, ...observations } = evidence
  const { symptom } = diagnosis
  const { id, layer, severity, meaning } = diagnosis.case
  const cause = inquiry && causeOf(inquiry)
  return asciiJson({
    target,
    pod,
    at,
    seconds,
    state: stateNow(report),
    symptom,
    case: id,
    severity,
    layer,
    meaning,
    cause: cause && {
      id: cause.id,
      code: cause.code,
      proof: cause.text,
      about: cause.about,
      remedy: stepsForCause(cause, target)
    },
    remedy: stepsForVerdict(diagnosis.case, target, inquiry, pod),
    elsewhere: inquiry?.elsewhere,
    cloud:
      inquiry?.at === undefined
        ? notAsked && { notAsked }
        : { at: inquiry.at, seconds: inquiry.seconds, causes: inquiry.causes },
    findings: diagnosis.findings.map(({ finding, about }) => ({
      finding: finding.id,
      severity: finding.severity,
      layer: finding.layer,
      about,
      meaning: finding.meaning,
      remedy: stepsFor(finding, target, pod)
    })),
    impairments: heldBy,
    ...(idle === undefined ? {} : { idle: { ...idle.found, seen: idle.seen, interrupted: idle.isCut } }),
    observations
  })
}
