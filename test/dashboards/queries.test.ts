import { describe, expect } from 'vitest'
import { generated } from '../../dashboards/generated.ts'
import { overviewQueries, targetQueries } from '../../dashboards/queries.ts'
import { settings } from '../../dashboards/settings.ts'
import { type Series, testRules } from '../support/promtool.ts'
import { testWith } from '../support/test-with.ts'
import { course, minutes, ofView, probe, stepSeconds, type View } from './course.ts'

const test = testWith('promtool')
const rules = generated(settings)['generated/rules.yaml'] ?? ''
const overview = overviewQueries(settings)

/** Evaluates a query of a board as Grafana sends it, for all environments and one target. */
async function gives(series: Series, at: string, queries: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const output = await testRules({
    rules,
    stepSeconds,
    series,
    expect: Object.entries(queries).map(([query, samples]) => ({
      at,
      query: query
        .replaceAll('$environment', '.*')
        .replaceAll('$target', 'prod/search/in01-1')
        .replaceAll('$__rate_interval', '40s')
        .replaceAll('$__range', '1h'),
      gives: samples
    }))
  })
  expect(output).toBe('')
}

const length = minutes(2)
const of = (cluster: string, instance = 'probe-a'): View => ({ instance, name: `prod/search/${cluster}` })
const always = Array.from({ length }, () => 1)
const healthy = (view: View) => course([['healthy', length]], view)
const failing = (view: View) => course([['no-answer-to-syn', length]], view)
const degraded = (view: View) => course([['healthy', length]], view, { 'address-fails': always })
const held = (view: View) => course([[{ heldBy: 'no-network' }, length]], view)
const b = 'probe-b'

describe('the overview', () => {
  const everything = {
    ...probe(length),
    ...probe(length, { instance: b }),
    ...healthy(of('well')),
    ...held(of('well', b)),
    ...failing(of('fails')),
    ...degraded(of('fails', b)),
    ...degraded(of('half')),
    ...healthy(of('half', b)),
    ...held(of('held')),
    ...held(of('held', b)),
    ...course([['unknown', length]], of('unknown'))
  }

  test('counts each host once: as failing, degraded or unknown, by the worst that a probe knows', () =>
    gives(everything, '100s', {
      [overview.targets]: ['{} 5'],
      [overview.failing]: ['{} 1'],
      [overview.degraded]: ['{} 1'],
      [overview.unknown]: ['{} 2']
    }))

  test('counts none where all hosts are well', () =>
    gives({ ...probe(length), ...healthy(of('well')) }, '100s', {
      [overview.failing]: ['{} 0'],
      [overview.degraded]: ['{} 0'],
      [overview.unknown]: ['{} 0']
    }))

  test('lists each host with its state and case, also one whose verdict is held', () => {
    const row = (cluster: string, state: string, id: string) =>
      `{target="prod/search/${cluster}",environment="prod",cloud="aws",region="us-west-2",host="in01-1.example",port="19531",state="${state}"${id === '' ? '' : `,case="${id}"`}} 1`
    return gives({ ...probe(length), ...degraded(of('half')), ...failing(of('fails')), ...held(of('held')) }, '100s', {
      [overview.cases]: [
        row('half', 'degraded', 'healthy'),
        row('fails', 'failing', 'no-answer-to-syn'),
        row('held', 'unknown', '')
      ]
    })
  })
})

describe('the board of a target', () => {
  const view = of('in01-1')
  const labels = 'job="privatelink",instance="probe-a",target="prod/search/in01-1"'

  test('shows a failure with which its counter begins, and only what a counter rose by later', async () => {
    const failures = `privatelink_failures_total{${labels},layer="tcp",reason="timeout"}`
    const series = { ...probe(length), ...healthy(view), [failures]: '_x5 2 2 2 2 2 2' }
    await gives(series, '70s', { [targetQueries.failures]: ['{layer="tcp",reason="timeout"} 2'] })
    await gives(series, '110s', { [targetQueries.failures]: [] })
  })

  test('adds what succeeded and what failed', async () => {
    const series = {
      ...probe(length),
      ...healthy(view),
      [`privatelink_layer_duration_seconds_count{${labels},layer="tcp"}`]: `0+10x${length}`,
      [`privatelink_failures_total{${labels},layer="tcp",reason="timeout"}`]: `0+5x${length}`
    }
    await gives(series, '100s', { [targetQueries.observations]: ['{layer="tcp"} 1.5'] })
  })

  test('marks a case where it changes, and not where a verdict was held in between', async () => {
    const series = {
      ...probe(length),
      ...course(
        [
          ['healthy', 3],
          ['no-answer-to-syn', 2],
          [{ heldBy: 'no-network' }, 2],
          ['no-answer-to-syn', 5]
        ],
        view
      ),
      ...ofView('privatelink_case_changes_total', '0 0 0 1 1 1 1 1 1 1 1 1', view)
    }
    const marked = `privatelink_case{${labels},case="no-answer-to-syn"} 1`
    await gives(series, '30s', { [targetQueries.newCase]: [marked] })
    await gives(series, '40s', { [targetQueries.newCase]: [] })
    await gives(series, '70s', { [targetQueries.newCase]: [] })
  })

  test('shows its state', () =>
    gives({ ...probe(length), ...degraded(view) }, '100s', { [targetQueries.states]: ['{state="degraded"} 1'] }))

  test('has the availability of the time shown without what was held', () =>
    gives(
      {
        ...probe(minutes(20)),
        ...course(
          [
            ['healthy', minutes(10)],
            [{ heldBy: 'no-network' }, minutes(10)]
          ],
          view
        )
      },
      '20m',
      { [targetQueries.availabilityInRange]: ['{} 1'] }
    ))
})
