import { expect } from 'vitest'
import { type Expectation, type Series, testRules } from '../support/promtool.ts'
import { testWith } from '../support/test-with.ts'
import { stepSeconds } from './course.ts'

const test = testWith('promtool')

/** What fires at each time: alerts with how many of them. An alert that is not listed must be silent. */
export type Fires = Readonly<Record<string, Readonly<Record<string, number>>>>

interface Scenario {
  readonly series: Series
  readonly fires: Fires
}

/** Scenarios of about one length are evaluated in one run. In hours, the rules that are evaluated every minute matter. */
const runs = [
  { upToSeconds: 600, evaluationSeconds: stepSeconds },
  { upToSeconds: 3600, evaluationSeconds: stepSeconds },
  { upToSeconds: Number.POSITIVE_INFINITY, evaluationSeconds: 60 }
]

/**
 * Tests of one file. Each has series of its own, and Prometheus evaluates the rules over all of them at once: each scenario is an environment
 * with probes and targets of its own. So no scenario may change what another one raises.
 */
export function scenarios(rules: string) {
  const all: Scenario[] = []
  const notified = new Set<string>()
  let evaluated: Promise<readonly string[]> | undefined

  return {
    /** Every alert that a scenario expects. */
    heard: notified as ReadonlySet<string>,
    /** A test that what fires in each of these scenarios is what is listed. */
    test: (title: string, ...own: readonly (readonly [Series, Fires])[]) => {
      const indices = own.map(([series, fires]) => {
        for (const alerts of Object.values(fires)) for (const alert of Object.keys(alerts)) notified.add(alert)
        return all.push({ series, fires }) - 1
      })
      test(title, async () => {
        evaluated ??= evaluate(rules, all)
        const wrong = await evaluated
        expect(indices.map(index => wrong[index])).toEqual(indices.map(() => ''))
      })
    }
  }
}

/** What is wrong with each scenario, as promtool says it. */
async function evaluate(rules: string, all: readonly Scenario[]): Promise<readonly string[]> {
  const details = all.map(() => '')
  const byRun = Map.groupBy(all.entries(), ([, { fires }]) => {
    const length = Math.max(...Object.keys(fires).map(seconds))
    return runs.find(({ upToSeconds }) => length <= upToSeconds)
  })
  for (const [run, own] of byRun) {
    const output = await testRules({
      rules,
      stepSeconds,
      ...(run === undefined ? {} : { evaluationSeconds: run.evaluationSeconds }),
      series: Object.assign({}, ...own.map(([index, { series }]) => renamed(series, index))),
      expect: own.flatMap(([index, { fires }]) => expectations(fires, index))
    })
    const parts = output.split(/(?=\bexpr: )/)
    const about = (index: number) => parts.filter(part => part.includes(mark(index))).join('')
    // A part of the output that names no scenario is a mistake in the test or in a rule, so all of the run are wrong.
    const others = parts.filter(part => !own.some(([index]) => part.includes(mark(index)))).join('')
    const isStrange = others.replaceAll(/Unit Testing: .*|FAILED:|SUCCESS/g, '').trim() !== ''
    for (const [index] of own) details[index] = isStrange ? others : about(index)
  }
  return details
}

/** What the environments, targets and probes of a scenario are named with. */
export const mark = (index: number) => `s${index}-`

/** Series as those of the environment and the probes of one scenario. */
export function renamed(series: Series, index: number): Series {
  return Object.fromEntries(
    Object.entries(series).map(([name, values]) => [
      name.replaceAll(/(?<=[{,](?:environment|target|instance)=")/g, mark(index)),
      values
    ])
  )
}

function expectations(fires: Fires, index: number): readonly Expectation[] {
  const own = `ALERTS{alertstate="firing",environment=~"${mark(index)}.+"} or ALERTS{alertstate="firing",environment="",instance=~"${mark(index)}.+"}`
  return Object.entries(fires).map(([at, alerts]) => ({
    at,
    query: `count by (alertname) (${own})`,
    gives: Object.entries(alerts).map(([alert, count]) => `{alertname="${alert}"} ${count}`)
  }))
}

function seconds(time: string): number {
  const [, count = '0', unit] = /^(\d+)([sm])$/.exec(time) ?? []
  return Number(count) * (unit === 'm' ? 60 : 1)
}
