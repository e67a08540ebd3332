import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { stringify } from 'yaml'

/** A series by its selector, and its values at every step: numbers, `_` where there is none, `1x9` for ten of them. */
export type Series = Readonly<Record<string, string>>

/** What a query must give at a time, as promtool writes samples: `ALERTS{alertname="…"} 1`. */
export interface Expectation {
  readonly at: string
  readonly query: string
  readonly gives: readonly string[]
}

/** Alerts that must be firing at a time, with exactly these labels and annotations. */
export interface ExpectedAlerts {
  readonly at: string
  readonly alert: string
  readonly alerts: readonly { readonly labels: object; readonly annotations: object }[]
}

interface RulesTest {
  readonly rules: string
  readonly stepSeconds: number
  /** How often the rules are evaluated, whatever their groups say. By default, at every step. */
  readonly evaluationSeconds?: number
  readonly series: Series
  readonly expect?: readonly Expectation[]
  readonly alerts?: readonly ExpectedAlerts[]
}

/** The program that evaluates the rules. PROMTOOL names one of another Prometheus. */
const promtool = process.env.PROMTOOL ?? 'promtool'

/**
 * Lets Prometheus evaluate rules over series.
 *
 * @returns what `promtool test rules` says is wrong; nothing if all is as it must be
 */
export async function testRules({
  rules,
  stepSeconds,
  evaluationSeconds = stepSeconds,
  series,
  expect = [],
  alerts = []
}: RulesTest): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'promtool-'))
  try {
    await writeFile(join(directory, 'rules.yaml'), rules)
    const file = join(directory, 'test.yaml')
    const test = {
      rule_files: ['rules.yaml'],
      evaluation_interval: `${evaluationSeconds}s`,
      tests: [
        {
          interval: `${stepSeconds}s`,
          external_url: 'http://prometheus.example:9090',
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          promql_expr_test: expect.map(({ at, query, gives }) => ({
            eval_time: at,
            expr: query,
            exp_samples: gives.map(sample => {
              const space = sample.lastIndexOf(' ')
              return { labels: sample.slice(0, space), value: Number(sample.slice(space + 1)) }
            })
          })),
          alert_rule_test: alerts.map(({ at, alert, alerts: all }) => ({
            eval_time: at,
            alertname: alert,
            exp_alerts: all.map(({ labels, annotations }) => ({ exp_labels: labels, exp_annotations: annotations }))
          }))
        }
      ]
    }
    await writeFile(file, stringify(test))
    const { exitCode, stdout, stderr } = await execa(promtool, ['test', 'rules', file], { reject: false })
    return exitCode === 0 ? '' : `${stdout}\n${stderr}`
  } finally {
    await rm(directory, { recursive: true })
  }
}
