import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import type { RuleGroup } from './alerts/rule.ts'
import { managedPrometheusRules } from './managed-prometheus.ts'
import { ruleGroups } from './rules.ts'
import { runbooks } from './runbooks.ts'
import type { Settings } from './settings.ts'

/** The boards of Grafana. No option changes them, so the package has them as `npm run dashboards` made them, and not what makes them. */
const boardFiles = ['generated/overview.json', 'generated/target.json']

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8')

/** Every generated file, by its path in this folder. */
export function generated(settings: Settings): Readonly<Record<string, string>> {
  const groups = ruleGroups(settings)
  return {
    'generated/rules.yaml': yaml({ groups }),
    'generated/prometheus-rule.yaml': yaml(prometheusRule(groups)),
    'generated/managed-prometheus-rules.yaml': yaml(managedPrometheusRules(groups)),
    ...Object.fromEntries(boardFiles.map(name => [name, read(name)])),
    ...runbooks()
  }
}

/** The same rules as a PrometheusRule of the Prometheus Operator (monitoring.coreos.com/v1). */
function prometheusRule(groups: readonly RuleGroup[]) {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'privatelink', labels: { 'app.kubernetes.io/name': 'privatelink-probe' } },
    spec: { groups }
  }
}

function yaml(value: unknown): string {
  return `# Made by the command dashboards of zilliz-privatelink. A change by hand is lost.\n${dump(value, { lineWidth: -1, noRefs: true })}`
}
