/** How bad it is to go on without doing something: `critical` pages, `warning` waits for the day. */
export type AlertSeverity = 'critical' | 'warning'

/** A rule that keeps what a query gives as a series of its own. */
export interface RecordingRule {
  readonly record: string
  readonly expr: string
}

/** A rule that is an alert for each series that a query gives. */
export interface AlertingRule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly keep_firing_for?: string
  readonly labels: { readonly severity: AlertSeverity } & Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** Rules that are evaluated one after the other, as Prometheus' rule files have them. */
export interface RuleGroup {
  readonly name: string
  readonly interval: string
  readonly rules: readonly (RecordingRule | AlertingRule)[]
}

/** The name of the alert of something that has an id in kebab-case or snake_case. */
export function alertName(id: string): string {
  return `PrivateLink${id.replaceAll(/(?:^|[-_])([a-z0-9])/g, (_, first: string) => first.toUpperCase())}`
}

/** All alerts of these groups, each once, in their order. */
export function alertsOf(groups: readonly RuleGroup[]): readonly string[] {
  return [...new Set(groups.flatMap(({ rules }) => rules.flatMap(rule => ('alert' in rule ? [rule.alert] : []))))]
}
