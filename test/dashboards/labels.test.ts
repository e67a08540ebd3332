import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect } from 'vitest'
import { alertName, alertsOf } from '../../dashboards/alerts/rule.ts'
import { probeLabels } from '../../dashboards/alerts/series-labels.ts'
import { generated } from '../../dashboards/generated.ts'
import { ruleGroups } from '../../dashboards/rules.ts'
import { settings } from '../../dashboards/settings.ts'
import { type Series, testRules } from '../support/promtool.ts'
import { testWith } from '../support/test-with.ts'
import { course, expects, minutes, type Outcome, ofProbe, ofView, probe, probeUntil, stepSeconds } from './course.ts'
import { mark, renamed } from './scenarios.ts'

const test = testWith('promtool')
const rules = generated(settings)['generated/rules.yaml'] ?? ''

/** Half an hour, after which all that is wrong has raised its alert. */
const length = minutes(30)
const at = '29m'
const always = (outcome: Outcome) => [[outcome, length]] as const
const flaps = Array.from({ length }, (_, round) => [round % 2 === 0 ? 'no-answer-to-syn' : 'healthy', 1] as const)

const [a, b, c, d] = ['probe-a', 'probe-b', 'probe-c', 'probe-d'].map(instance => ({ instance }))
const of = (cluster: string, link = 'search') => ({ name: `prod/${link}/${cluster}` })

/** An environment in which everything that has an alert is wrong at once. */
const ill: Series = {
  ...probe(length, a),
  ...probe(length, b),
  ...probeUntil(minutes(5), length - minutes(5), false, c),
  ...probeUntil(minutes(5), length - minutes(5), true, d),
  ...expects(4, length, a),
  ...course(always('no-answer-to-syn'), { ...a, ...of('silent') }),
  ...course(always('no-answer-to-syn'), { ...b, ...of('silent') }),
  ...course(
    always('healthy'),
    { ...a, ...of('half') },
    {
      'address-fails': Array.from({ length }, () => 1),
      'query-lost': Array.from({ length }, () => 1)
    }
  ),
  ...ofView('privatelink_certificate_not_after_timestamp_seconds', `${2 * 86400}x${length - 1}`, {
    ...a,
    ...of('half')
  }),
  ...ofView('privatelink_last_round_timestamp_seconds', `0x${length - 1}`, { ...a, ...of('half') }),
  ...course(always('unknown'), { ...a, ...of('unknown') }),
  ...course(always({ heldBy: 'no-network' }), { ...a, ...of('held') }),
  ...course(flaps, { ...a, ...of('flaps') }),
  ...ofView('privatelink_case_changes_total', `0+1x${length - 1}`, { ...a, ...of('flaps') }),
  ...course(
    [
      ['healthy', minutes(5)],
      [undefined, length - minutes(5)]
    ],
    { ...c, ...of('gone', 'images') }
  ),
  ...course(
    [
      ['healthy', minutes(5)],
      [undefined, length - minutes(5)]
    ],
    { ...d, ...of('silent') }
  ),
  ...ofProbe('privatelink_impairment', `1x${length - 1}`, a, ',impairment="no-network"'),
  ...ofProbe('privatelink_config_last_reload_successful', `0x${length - 1}`, a)
}

/** The same probes with targets of another environment, all well. */
const well: Series = Object.assign(
  {},
  ...[a, b, c, d].flatMap(view => [
    probe(length, view),
    course(always('healthy'), { ...view, name: 'other/search/well' }),
    ofProbe('privatelink_impairment', `0x${length - 1}`, view, ',impairment="no-network"'),
    ofView('privatelink_case_changes_total', `0x${length - 1}`, { ...view, name: 'other/search/well' })
  ])
)

/** Series as a scrape gives them that adds a label and honors those of the probe. */
const withLabel = (series: Series, label: string, value: string): Series =>
  Object.fromEntries(
    Object.entries(series).map(([name, values]) => [
      new RegExp(`[{,]${label}="`).test(name) ? name : name.replace(/}$/, `,${label}="${value}"}`),
      values
    ])
  )

/** The alerts that fire in each of some scenarios, as lists of labels. */
async function firing(...all: readonly Series[]): Promise<readonly (readonly string[])[]> {
  const output = await testRules({
    rules,
    stepSeconds,
    evaluationSeconds: 60,
    series: Object.assign({}, ...all.map(renamed)),
    expect: [{ at, query: 'ALERTS{alertstate="firing"}', gives: [] }]
  })
  expect(output).not.toMatch(/\berr(?:or)?: /)
  const [, got = ''] = /got: (.*)/.exec(output) ?? []
  const alerts = [...got.matchAll(/\{([^{}]*)\}/g)].map(([, labels = '']) => labels)
  return all.map((_, index) =>
    alerts
      .filter(labels => labels.includes(mark(index)))
      .map(labels => labels.replaceAll(mark(index), ''))
      .toSorted()
  )
}

/** The alerts of one environment, each with its name and all other labels in order. */
const withExtra = (alerts: readonly string[], label: string, value: string) =>
  alerts.map(labels =>
    labels.includes('instance=')
      ? [...labels.split(', '), `${label}="${value}"`].toSorted().join(', ')
      : labels.split(', ').toSorted().join(', ')
  )

let plain: readonly string[] = []
beforeAll(async () => {
  const [alerts = []] = await firing(ill)
  plain = alerts
})

test('an environment in which everything is wrong raises every alert about a link or a probe', () => {
  const raised = new Set(plain.map(labels => /alertname="(\w+)"/.exec(labels)?.[1]))
  const symptoms = ['PrivateLinkTimeout', 'PrivateLinkUnknown', 'PrivateLinkAddressFails', 'PrivateLinkFinding']
  const others = alertsOf(ruleGroups(settings)).filter(alert =>
    /Probe|Verdict|Availability|Flapping|Certificate(?:Ends)/.test(alert)
  )
  expect([...raised].toSorted()).toEqual(
    [...symptoms, ...others].filter(alert => alert !== alertName('no-probe')).toSorted()
  )
})

test('every label that the probe gives to a series is known to the rules', () => {
  const page = readFileSync('test/probe/metrics/healthy.txt', 'utf8')
  const given = new Set([...page.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label))
  expect([...given].filter(label => !probeLabels.some(each => each === label))).toEqual([])
})

describe('a label that a scrape config adds', () => {
  // Labels of the rules as well, and some that name a probe elsewhere.
  const labels = [...probeLabels, 'link', 'severity', 'alertname', 'exported_instance', 'pod', 'namespace', 'service']
  let raised: readonly (readonly string[])[] = []
  beforeAll(async () => {
    raised = await firing(...labels.map(label => withLabel(ill, label, label === 'cloud' ? 'onprem' : 'static')))
  })

  test.for(probeLabels)('%s changes no alert and none of its labels', label => {
    expect(raised[labels.indexOf(label)]).toEqual(plain)
  })

  test.for(['link', 'severity', 'alertname'])('%s changes no alert and none of its labels', label => {
    expect(raised[labels.indexOf(label)]).toEqual(plain)
  })

  test('cloud with the name of the other cloud changes no alert', async () => {
    const [other] = await firing(withLabel(ill, 'cloud', 'gcp'))
    expect(other).toEqual(plain)
  })

  test.for(['exported_instance', 'pod', 'namespace', 'service'])('%s is on the alerts about a probe alone', label => {
    const own = (raised[labels.indexOf(label)] ?? []).map(each => each.split(', ').toSorted().join(', '))
    expect(own.toSorted()).toEqual(withExtra(plain, label, 'static').toSorted())
  })
})

describe('two networks with the same addresses, which a label keeps apart,', () => {
  const sorted = (alerts: readonly string[] = []) =>
    alerts.map(labels => labels.split(', ').toSorted().join(', ')).toSorted()

  test.for([
    ['a', 'b'],
    ['b', 'a']
  ] as const)('raise the alerts of network %s alone, if network %s is well', async ([one, other]) => {
    const [raised] = await firing({ ...withLabel(ill, 'cluster', one), ...withLabel(well, 'cluster', other) })
    expect(sorted(raised)).toEqual(withExtra(plain, 'cluster', one).toSorted())
  })
})

describe('two replicas of Prometheus', () => {
  const sorted = (alerts: readonly string[] = []) =>
    alerts.map(labels => labels.split(', ').toSorted().join(', ')).toSorted()

  test('raise one alert for each target and link, and one each for a probe', async () => {
    const [raised] = await firing({ ...withLabel(ill, 'replica', '1'), ...withLabel(ill, 'replica', '2') })
    const both = ['1', '2'].flatMap(replica => withExtra(plain, 'replica', replica))
    expect(sorted(raised)).toEqual([...new Set(both)].toSorted())
  })

  test('raise no alert if one of them ends', async () => {
    const ended = Object.fromEntries(
      Object.entries(withLabel(well, 'replica', '2')).map(([name]) => [name, `1x${minutes(10) - 1} stale`])
    )
    const [raised] = await firing({ ...withLabel(well, 'replica', '1'), ...ended })
    expect(raised).toEqual([])
  })
})
