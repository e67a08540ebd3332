import type { Case } from '../../probe/cases/case.ts'
import { catalogue } from '../../probe/cases/catalogue.ts'
import { symptomWords } from '../../probe/cases/symptom-words.ts'
import type { Settings } from '../settings.ts'
import { annotate, remedyOn, seenFrom } from './annotations.ts'
import { type AlertingRule, alertName } from './rule.ts'
import { sustainedCase } from './sustained.ts'

const clouds = ['aws', 'gcp'] as const

/** The cases that somebody must act on. */
export const actionableCases: readonly Case[] = catalogue.filter(({ severity }) => severity !== 'none')

/**
 * An alert for each symptom, and under its name a rule for each case and cloud: what a person reads is what that case means, and
 * what to do on that cloud.
 */
export function caseAlerts(settings: Settings): readonly AlertingRule[] {
  return actionableCases.flatMap(entry => clouds.map(cloud => caseAlert(entry, cloud, settings)))
}

function caseAlert(entry: Case, cloud: (typeof clouds)[number], settings: Settings): AlertingRule {
  const { id, symptom, layer, severity, meaning } = entry
  const alert = alertName(symptom)
  return {
    alert,
    expr: `${sustainedCase}{case="${id}",cloud="${cloud}"}`,
    // What is not critical has no time to be told in.
    ...(severity === 'critical' ? {} : { for: '5m' }),
    keep_firing_for: `${settings.keepFiringSeconds}s`,
    labels: {
      severity: severity === 'critical' ? 'critical' : 'warning',
      symptom,
      case: id,
      cloud,
      ...(layer === undefined ? {} : { layer })
    },
    annotations: annotate(alert, settings, {
      summary: `{{ $labels.target }}: ${symptomWords[symptom]} (case ${id})`,
      meaning,
      remedy: remedyOn(cloud, entry),
      seen_from: seenFrom('privatelink_case', 'case', id)
    })
  }
}
