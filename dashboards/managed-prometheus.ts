import type { RuleGroup } from './alerts/rule.ts'

/**
 * The same rules as a Rules of Google Cloud Managed Service for Prometheus (monitoring.googleapis.com/v1). Its rules have no
 * `keep_firing_for`, so the expression of an alert that fires at once looks back for as long itself.
 */
export function managedPrometheusRules(groups: readonly RuleGroup[]) {
  const kept = ({ rules, ...group }: RuleGroup) => ({
    ...group,
    rules: rules.map(rule => {
      if (!('alert' in rule) || rule.keep_firing_for === undefined) return rule
      const { keep_firing_for: seconds, expr, ...others } = rule
      return {
        ...others,
        expr: others.for !== undefined ? expr : `max_over_time((${expr})[${seconds}:${group.interval}])`
      }
    })
  })
  return {
    apiVersion: 'monitoring.googleapis.com/v1',
    kind: 'Rules',
    metadata: { name: 'privatelink', labels: { 'app.kubernetes.io/name': 'privatelink-probe' } },
    spec: { groups: groups.map(kept) }
  }
}
