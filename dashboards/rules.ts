import { availabilityAlerts, availabilityRules, flappingAlert } from './alerts/availability.ts'
import { caseAlerts } from './alerts/case-alerts.ts'
import { certificateAlert } from './alerts/certificate-alert.ts'
import { findingAlerts } from './alerts/finding-alerts.ts'
import { probeAlerts } from './alerts/probe-alerts.ts'
import type { RuleGroup } from './alerts/rule.ts'
import { sustainedRules } from './alerts/sustained.ts'
import type { Settings } from './settings.ts'

/** Every rule of Prometheus, in the order in which they are evaluated. */
export function ruleGroups(settings: Settings): readonly RuleGroup[] {
  const interval = `${settings.evaluationSeconds}s`
  return [
    {
      name: 'privatelink',
      interval,
      rules: [...sustainedRules(settings), ...caseAlerts(settings), ...findingAlerts(settings)]
    },
    { name: 'privatelink-probe', interval, rules: [...probeAlerts(settings), certificateAlert(settings)] },
    {
      name: 'privatelink-availability',
      interval: '1m',
      rules: [...availabilityRules(), ...availabilityAlerts(settings), flappingAlert(settings)]
    }
  ]
}
