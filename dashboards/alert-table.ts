import { table } from '../probe/reference/tables.ts'
import { type AlertingRule, alertsOf, type RuleGroup } from './alerts/rule.ts'

/** Every alert, how bad it is, and which cases, findings or impairments it tells; in Markdown. */
export function alertTable(groups: readonly RuleGroup[]): string {
  const rules = groups.flatMap(group => group.rules.filter((rule): rule is AlertingRule => 'alert' in rule))
  return table(
    ['alert', 'severity', 'tells'],
    alertsOf(groups).map(alert => {
      const own = rules.filter(rule => rule.alert === alert)
      const severities = new Set(own.map(({ labels }) => labels.severity))
      const told = new Set(own.map(({ labels }) => labels.case ?? labels.finding ?? labels.impairment).filter(isNamed))
      const tells =
        told.size > 0 ? [...told].map(each => `\`${each}\``).join(', ') : (own[0]?.annotations.meaning ?? '')
      return [`[${alert}](runbooks/${alert}.md)`, [...severities].join(', '), tells]
    })
  )
}

function isNamed(id: string | undefined): id is string {
  return id !== undefined
}
