import type { Case } from '../../probe/cases/case.ts'
import { type CaseId, catalogue } from '../../probe/cases/catalogue.ts'
import { type Symptom, symptomWords } from '../../probe/cases/symptoms.ts'
import { allClouds, type CloudId } from '../../probe/clouds.ts'
import type { Settings } from '../settings.ts'
import { alertOfCase, usualSymptom } from './alert-of-case.ts'
import { annotate, causeOfTarget, seenFrom, stepsOn } from './annotations.ts'
import type { AlertingRule } from './rule.ts'
import { identity } from './views.ts'

/** The cases that an operator must act on. */
export const actionableCases: readonly (Case & { readonly id: CaseId })[] = catalogue.filter(
  ({ severity }) => severity !== 'none'
)

/**
 * What clients print now: the exact words if it is the usual symptom of the case, or if clients have none. Else it is the name of the
 * symptom.
 */
const wordsOfSymptom = (usual: Symptom) =>
  `{{ if eq $labels.symptom "${usual}" }}${symptomWords[usual]}{{ else if eq $labels.symptom "none" }}${symptomWords.none}{{ else }}{{ reReplaceAll "_" " " $labels.symptom }}{{ end }}`

/**
 * An alert for each usual symptom, and under its name a rule for each case and cloud: what a person reads is what that
 * case means, what clients print, and what to do on that cloud. The probe has confirmed the case by several looks, so the
 * alert fires at its first sample. Several probes that see the target make one alert.
 */
export function caseAlerts(settings: Settings): readonly AlertingRule[] {
  return actionableCases.flatMap(entry => allClouds.map(({ id: cloud }) => caseAlert(entry, cloud, settings)))
}

function caseAlert(entry: (typeof actionableCases)[number], cloud: CloudId, settings: Settings): AlertingRule {
  const { id, layer, severity, meaning } = entry
  const alert = alertOfCase(id)
  return {
    alert,
    expr: `max by (${identity}, case, symptom) (privatelink_confirmed_case{case="${id}",cloud="${cloud}"})`,
    ...(severity === 'critical' ? {} : { for: '5m' }),
    keep_firing_for: `${settings.keepFiringSeconds}s`,
    labels: {
      severity: severity === 'critical' ? 'critical' : 'warning',
      case: id,
      cloud,
      ...(layer === undefined ? {} : { layer })
    },
    annotations: annotate(alert, settings, {
      summary: `{{ $labels.target }}: ${wordsOfSymptom(usualSymptom[id])} (case ${id})`,
      meaning,
      steps: stepsOn(cloud, entry),
      // Not a label: one that comes late would make a second alert.
      cause: causeOfTarget(),
      seen_from: seenFrom(target => `privatelink_confirmed_case{${target},case='${id}'}`)
    })
  }
}
