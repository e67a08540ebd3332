import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { stringify } from 'yaml'
import { withTables } from '../probe/reference/tables.ts'
import { alertTable } from './alert-table.ts'
import type { RuleGroup } from './alerts/rule.ts'
import { overview } from './overview.ts'
import { ruleGroups } from './rules.ts'
import { runbooks } from './runbooks.ts'
import type { Settings } from './settings.ts'
import { target } from './target.ts'

const readme = join(import.meta.dirname, 'README.md')

/** Every generated file, by its path in this folder. */
export function generated(settings: Settings): Readonly<Record<string, string>> {
  const groups = ruleGroups(settings)
  return {
    'generated/rules.yaml': yaml({ groups }),
    'generated/prometheus-rule.yaml': yaml(prometheusRule(groups)),
    'generated/overview.json': board(overview(settings)),
    'generated/target.json': board(target(settings)),
    'README.md': withTables(readFileSync(readme, 'utf8'), { alerts: () => alertTable(groups) }),
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
  return `# Made by \`npm run dashboards\`; change dashboards/, not this.\n${stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })}`
}

/** Grafana identifies panels by their number. The SDK does not set it, so this does. */
function board({ panels = [], ...rest }: Dashboard): string {
  const numbered = panels.map((panel, index) => ({ ...panel, id: index + 1 }))
  return `${JSON.stringify({ ...rest, panels: numbered }, null, 2)}\n`
}
