import { availabilityAlerts, availabilityRules, flappingAlert, longStep, longStepRules } from './alerts/availability.ts'
import { caseAlerts } from './alerts/case-alerts.ts'
import { certificateAlert } from './alerts/certificate-alert.ts'
import { criticalFindingAlerts, findingRules, findingWarnings } from './alerts/finding-alerts.ts'
import { knownProbesRules, probeAlerts, slowProbeAlerts } from './alerts/probe-alerts.ts'
import type { RuleGroup } from './alerts/rule.ts'
import type { Settings } from './settings.ts'

/** Every rule of Prometheus. Those that wait for minutes are evaluated once a minute. */
export function ruleGroups(settings: Settings): readonly RuleGroup[] {
  const interval = `${settings.evaluationSeconds}s`
  return [
    {
      name: 'privatelink',
      interval,
      rules: [...caseAlerts(settings), ...criticalFindingAlerts(settings), ...probeAlerts(settings)]
    },
    {
      name: 'privatelink-minutes',
      interval: '1m',
      rules: [
        ...knownProbesRules(),
        ...slowProbeAlerts(settings),
        certificateAlert(settings),
        ...findingRules(),
        ...findingWarnings(settings)
      ]
    },
    {
      name: 'privatelink-availability',
      interval: '1m',
      rules: [...availabilityRules(), ...availabilityAlerts(settings), flappingAlert(settings)]
    },
    { name: 'privatelink-availability-steps', interval: longStep, rules: longStepRules() }
  ]
}
