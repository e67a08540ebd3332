import { markdownTable, withTables } from '../probe/reference/tables.ts'
import { type AlertingRule, alertsOf, type RuleGroup } from './alerts/rule.ts'
import { ruleGroups } from './rules.ts'
import { settings } from './settings.ts'

/** The page of the alerts with its table. */
export function withAlertTable(page: string): string {
  return withTables(page, { alerts: () => alertTable(ruleGroups(settings)) })
}

/** Every alert, its severity, and the cases, findings or impairments that it reports, as a Markdown table. */
function alertTable(groups: readonly RuleGroup[]): string {
  const rules = groups.flatMap(group => group.rules.filter((rule): rule is AlertingRule => 'alert' in rule))
  return markdownTable(
    ['alert', 'severity', 'reports'],
    alertsOf(groups).map(alert => {
      const own = rules.filter(rule => rule.alert === alert)
      const severities = new Set(own.map(({ labels }) => labels.severity))
      const reported = new Set(
        own.map(({ labels }) => labels.case ?? labels.finding ?? labels.impairment).filter(isNamed)
      )
      const reports =
        reported.size > 0
          ? [...reported].map(each => `\`${each}\``).join(', ')
          : (own[0]?.annotations.description?.split('\n')[0] ?? '')
      return [`[${alert}](../runbooks/${alert}.md)`, [...severities].join(', '), reports]
    })
  )
}

function isNamed(id: string | undefined): id is string {
  return id !== undefined
}
