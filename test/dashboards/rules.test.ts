import { describe, expect } from 'vitest'
import { alertOfCase, usualSymptom } from '../../dashboards/alerts/alert-of-case.ts'
import { alertName, alertsOf } from '../../dashboards/alerts/rule.ts'
import { generated } from '../../dashboards/generated.ts'
import { ruleGroups } from '../../dashboards/rules.ts'
import { settings } from '../../dashboards/settings.ts'
import type { CaseId } from '../../probe/cases/catalogue.ts'
import { catalogue } from '../../probe/cases/catalogue.ts'
import { type FindingId, findings } from '../../probe/cases/findings.ts'
import { impairments } from '../../probe/impairments.ts'
import { type Series, testRules } from '../support/promtool.ts'
import { testWith } from '../support/test-with.ts'

const test = testWith('promtool')
const rules = generated(settings)['generated/rules.yaml'] ?? ''

/** Every alert that a test has heard, and each that one has seen silent, so that none is left out. */
const heard = new Set<string>()

/** A scrape that fails ends all series at once; then there is nothing for so many steps. */
const gone = (count: number) => `stale _x${count - 2}`
/** So many steps of ten seconds each. */
const steps = (count: number) => count - 1
const minutes = (count: number) => count * 6

interface View {
  readonly instance?: string
  readonly name?: string
  readonly cloud?: 'aws' | 'gcp'
  readonly port?: number
}

/** The labels of a view's series, and those that say what its target is. */
const viewOf = ({ instance = 'probe-a', name = 'prod/search/in01-1' }: View) =>
  `job="privatelink",instance="${instance}",target="${name}"`
const infoOf = ({ cloud = 'aws', port = 19531, ...view }: View) =>
  `privatelink_target_info{${viewOf(view)},environment="prod",cloud="${cloud}",region="us-west-2",host="in01-1.example",port="${port}"}`

/** What a probe exports while a target goes through these cases, each for so many steps; `undefined` where there is no probe. */
function course(
  rounds: readonly (readonly [CaseId | undefined, number])[],
  view: View = {},
  found: Partial<Record<FindingId, string>> = {}
): Series {
  const values = (is: (id: CaseId) => boolean) =>
    rounds.map(([id, times]) => (id === undefined ? gone(times) : `${Number(is(id))}x${steps(times)}`)).join(' ')
  const ids = new Set<CaseId>(['healthy', 'unknown', ...rounds.flatMap(([id]) => (id === undefined ? [] : [id]))])
  const shown = new Set([...ids].map(id => usualSymptom[id]))
  const labels = viewOf(view)
  let begun = 0
  const starts = rounds.map(([id, times]) => {
    const first = begun * settings.evaluationSeconds
    begun += times
    return id === undefined ? gone(times) : `${first}+${settings.evaluationSeconds}x${steps(times)}`
  })
  return {
    [infoOf(view)]: values(() => true),
    [`privatelink_last_round_timestamp_seconds{${labels}}`]: starts.join(' '),
    ...Object.fromEntries(
      [...ids].map(id => [`privatelink_case{${labels},case="${id}"}`, values(each => each === id)])
    ),
    ...Object.fromEntries(
      [...shown].map(symptom => [
        `privatelink_symptom{${labels},symptom="${symptom}"}`,
        values(each => usualSymptom[each] === symptom)
      ])
    ),
    ...Object.fromEntries(
      Object.entries(found).map(([id, given]) => [`privatelink_finding{${labels},finding="${id}"}`, given])
    )
  }
}

/** The probe itself, healthy for so long. */
const probe = (count: number, { instance = 'probe-a' }: View = {}): Series => ({
  [`up{job="privatelink",instance="${instance}"}`]: `1x${steps(count)}`,
  [`privatelink_build_info{job="privatelink",instance="${instance}",version="1"}`]: `1x${steps(count)}`,
  [`privatelink_interval_seconds{job="privatelink",instance="${instance}"}`]: `10x${steps(count)}`,
  [`privatelink_config_last_reload_successful{job="privatelink",instance="${instance}"}`]: `1x${steps(count)}`
})

/** What fires at each of these times: alerts with how many of them; whatever is not there must be silent. */
async function fires(series: Series, at: Readonly<Record<string, Readonly<Record<string, number>>>>): Promise<void> {
  for (const alerts of Object.values(at)) for (const alert of Object.keys(alerts)) heard.add(alert)
  const said = await testRules({
    rules,
    stepSeconds: settings.evaluationSeconds,
    series,
    expect: Object.entries(at).map(([time, alerts]) => ({
      at: time,
      query: 'count by (alertname) (ALERTS{alertstate="firing"})',
      gives: Object.entries(alerts).map(([alert, count]) => `{alertname="${alert}"} ${count}`)
    }))
  })
  expect(said).toBe('')
}

const critical = catalogue.filter(({ severity }) => severity === 'critical')

test.for(critical)(
  '$id is an alert on both clouds after a while, and none some time after it has healed',
  async ({ id }) => {
    const alert = alertOfCase(id)
    const rounds = [
      ['healthy', 6],
      [id, 12],
      ['healthy', 30]
    ] as const
    const aws = course(rounds)
    const gcp = course(rounds, { name: 'prod/images/in01-2', cloud: 'gcp' })
    await fires(
      { ...probe(60), ...aws, ...gcp },
      { '50s': {}, '60s': {}, '70s': {}, '90s': { [alert]: 2 }, '290s': { [alert]: 2 }, '320s': {} }
    )
  }
)

const timeout = alertName('timeout')

describe('what pages', () => {
  test('says the case, what it means, what to do on that cloud, who sees it, and where the runbook is', async () => {
    const said = await testRules({
      rules,
      stepSeconds: 10,
      series: {
        ...probe(20),
        ...course(
          [
            ['healthy', 6],
            ['zone-not-visible', 14]
          ],
          { cloud: 'gcp', port: 443 }
        )
      },
      alerts: [
        {
          at: '2m',
          alert: alertName('name_or_service_not_known'),
          alerts: [
            {
              labels: {
                severity: 'critical',
                symptom: 'name_or_service_not_known',
                case: 'zone-not-visible',
                layer: 'dns',
                target: 'prod/search/in01-1',
                environment: 'prod',
                cloud: 'gcp',
                region: 'us-west-2',
                host: 'in01-1.example',
                port: '443'
              },
              annotations: {
                summary: 'prod/search/in01-1: Name or service not known (case zone-not-visible)',
                meaning:
                  'No private zone answers for the host at this resolver, and the public DNS does not know the name. The zone is missing, it is not associated with this network, or the resolver does not use it.',
                remedy: [
                  '1. if this project deployed the link, deploy the environment again: that restores zone and visibility',
                  '   npm run deploy -- prod',
                  '2. list the networks that the private managed zone is visible to',
                  '   gcloud dns managed-zones describe <managed-zone> --project <project> --format "yaml(dnsName,visibility,privateVisibilityConfig)"',
                  '3. make the zone visible to this network; the new list replaces the old one, so name every network that needs it',
                  '   gcloud dns managed-zones update <managed-zone> --project <project> --networks <network>',
                  '4. if the network is peered with the network that has the zone, add a peering zone; VPC peering does not share private zones',
                  '   gcloud dns managed-zones list --project <project>',
                  "5. if clients use a resolver other than the network's own (169.254.169.254), forward the name from there to an inbound server policy",
                  '   gcloud dns policies list --project <project>'
                ].join('\n'),
                seen_from: 'probe-a',
                runbook_url: 'http://prometheus.example:9090/user/runbooks/PrivateLinkNameOrServiceNotKnown.md'
              }
            }
          ]
        }
      ]
    })
    expect(said).toBe('')
  })

  test('has no character in its commands that a shell acts on, whatever the labels hold', async () => {
    const ill = course([
      ['healthy', 6],
      ['no-answer-to-syn', 14]
    ])
    const region = "us-west-2; $(touch done) `touch done` 'x'"
    const series = Object.fromEntries(
      Object.entries(ill).map(([name, values]) => [name.replace('region="us-west-2"', `region="${region}"`), values])
    )
    const said = await testRules({
      rules,
      stepSeconds: 10,
      series,
      alerts: [{ at: '2m', alert: timeout, alerts: [] }]
    })
    expect(said).toContain('aws ec2 describe-network-acls --region us-west-2____touch_done___touch_done___x_ --filters')
    expect(said).not.toMatch(/--region \S*[;$`' ]touch/)
  })

  test('is silent while all is well, and before the first verdict', async () => {
    await fires(
      {
        ...probe(60),
        ...course([
          ['unknown', 2],
          ['healthy', 58]
        ])
      },
      { '10s': {}, '1m': {}, '9m': {} }
    )
  })

  test('is silent when a link fails once', async () => {
    await fires(
      {
        ...probe(30),
        ...course([
          ['healthy', 6],
          ['no-answer-to-syn', 1],
          ['healthy', 23]
        ])
      },
      {
        '60s': {},
        '70s': {},
        '80s': {},
        '2m': {}
      }
    )
  })

  test('goes on when the case becomes another of the same symptom, and then tells that one', async () => {
    const series = {
      ...probe(60),
      ...course([
        ['healthy', 6],
        ['no-answer-to-syn', 12],
        ['tls-silent', 42]
      ])
    }
    const said = await testRules({
      rules,
      stepSeconds: 10,
      series,
      expect: ['3m', '190s', '200s']
        .map(at => ({
          at,
          query: `count by (case) (ALERTS{alertname="${timeout}",alertstate="firing"})`,
          gives:
            at === '3m'
              ? ['{case="no-answer-to-syn"} 1', '{case="tls-silent"} 1']
              : ['{case="no-answer-to-syn"} 1', '{case="tls-silent"} 1']
        }))
        .concat({
          at: '6m',
          query: `count by (case) (ALERTS{alertname="${timeout}",alertstate="firing"})`,
          gives: ['{case="tls-silent"} 1']
        })
    })
    expect(said).toBe('')
  })

  test('is not kept silent by a case that changes all the time', async () => {
    const rounds = Array.from(
      { length: 12 },
      (_, index) => [index % 2 === 0 ? 'no-answer-to-syn' : 'tls-silent', 1] as const
    )
    await fires({ ...probe(18), ...course([['healthy', 6], ...rounds]) }, { '50s': {}, '2m': { [timeout]: 2 } })
  })

  test('goes on while the probe is started again', async () => {
    const rounds = course([
      ['healthy', 6],
      ['no-answer-to-syn', 12],
      [undefined, 3],
      ['unknown', 2],
      ['no-answer-to-syn', 20]
    ])
    const alive = { [timeout]: 1 }
    await fires({ ...probe(43), ...rounds }, { '3m': alive, '200s': alive, '220s': alive, '240s': alive, '5m': alive })
  })

  test('is one alert, whoever sees it: one probe of two, or both', async () => {
    const [a, b] = [{ instance: 'probe-a' }, { instance: 'probe-b' }]
    const ill = [
      ['healthy', 6],
      ['no-answer-to-syn', 20]
    ] as const
    const seen = { ...probe(26, a), ...probe(26, b), ...course(ill, a) }
    await fires({ ...seen, ...course([['healthy', 26]], b) }, { '3m': { [timeout]: 1 } })
    await fires({ ...seen, ...course(ill, b) }, { '3m': { [timeout]: 1 } })
  })

  test('is told of a target that two probes know differently in the middle of a deploy', async () => {
    const [a, b] = [
      { instance: 'probe-a', port: 19531 },
      { instance: 'probe-b', port: 19532 }
    ]
    const ill = [
      ['healthy', 6],
      ['no-answer-to-syn', 20]
    ] as const
    await fires({ ...probe(26, a), ...probe(26, b), ...course(ill, a), ...course(ill, b) }, { '3m': { [timeout]: 2 } })
  })

  test('is one alert for each target of an environment, to be told together', async () => {
    const names = ['prod/search/in01-1', 'prod/search/in01-2', 'prod/images/in01-3']
    const all = names.map(name =>
      course(
        [
          ['healthy', 6],
          ['resolver-silent', 20]
        ],
        { name }
      )
    )
    await fires(Object.assign({}, probe(26), ...all), {
      '3m': { [alertName('temporary_failure_in_name_resolution')]: 3 }
    })
  })
})

test('a link of which nothing is known is a warning after five minutes', async () => {
  const unknown = alertName('unknown')
  await fires(
    {
      ...probe(60),
      ...course([
        ['healthy', 6],
        ['unknown', 54]
      ])
    },
    { '5m': {}, '8m': { [unknown]: 1 } }
  )
})

describe('a finding', () => {
  const finding = alertName('finding')
  const healthy = (count: number, found: Partial<Record<FindingId, string>>) => ({
    ...probe(count),
    ...course([['healthy', count]], {}, found)
  })

  const critical = findings.filter(({ severity }) => severity === 'critical')
  test.for(critical)('$id, which stops some clients, pages as a case does', async ({ id }) => {
    const alert = alertName(id)
    const series = healthy(60, { [id]: '0x5 1x11 0x60' })
    await fires(series, { '50s': {}, '70s': {}, '90s': { [alert]: 1 }, '320s': {} })
  })

  test('that was there once is silent, also when there is nothing before it', async () => {
    await fires(healthy(60, { 'query-lost': '0x5 1 0x60' }), { '60s': {}, '5m': {} })
    await fires(healthy(60, { 'query-lost': '1 0x60' }), { '0s': {}, '60s': {}, '9m': {} })
  })

  for (const { id, severity } of findings.filter(each => each.severity !== 'critical')) {
    const alert = id === 'certificate-ends-soon' ? alertName(id) : finding
    test(`${id} is ${severity === 'info' ? 'nothing to be told' : `a warning, ${alert},`} where it is there in a quarter of the rounds`, async () => {
      const series = healthy(160, { [id]: '0x59 1 0 0 1 0 0 1 0 0 1 0 0 1 0 0 1 0 0 1 0 0 1 0 0 1x100' })
      await fires(series, { '11m': {}, '16m': {}, '24m': severity === 'info' ? {} : { [alert]: 1 } })
    })
  }
})

test('a certificate in its last three days pages', async () => {
  const alert = alertName('certificate-ends-soon')
  const ends = (days: number) => ({
    ...probe(60),
    ...course([['healthy', 60]]),
    [`privatelink_certificate_not_after_timestamp_seconds{${viewOf({})}}`]: `${days * 86400}x59`
  })
  await fires(ends(3.1), { '9m': {} })
  await fires(ends(2.9), { '4m': {}, '6m': { [alert]: 1 } })
})

describe('the probe', () => {
  test('that is gone pages, once for the environment that it watched', async () => {
    const rounds = course([
      ['healthy', 6],
      [undefined, 54]
    ])
    const others = course(
      [
        ['healthy', 6],
        [undefined, 54]
      ],
      { name: 'prod/images/in01-2' }
    )
    const gone = { 'up{job="privatelink",instance="probe-a"}': '1x5 0x54' }
    await fires(
      { ...probe(6), ...rounds, ...others, ...gone },
      {
        '50s': {},
        '110s': {},
        '3m': { [alertName('probe-gone')]: 1 },
        '8m': { [alertName('probe-gone')]: 1, [alertName('probe-down')]: 1 }
      }
    )
  })

  test('is not gone while another watches the same, but is told to be down', async () => {
    const [a, b] = [{ instance: 'probe-a' }, { instance: 'probe-b' }]
    const gone = { 'up{job="privatelink",instance="probe-a"}': '1x5 0x54' }
    const seen = {
      ...probe(6, a),
      ...probe(60, b),
      ...course(
        [
          ['healthy', 6],
          [undefined, 54]
        ],
        a
      ),
      ...course([['healthy', 60]], b)
    }
    await fires({ ...seen, ...gone }, { '3m': {}, '8m': { [alertName('probe-down')]: 1 } })
  })

  test('that was replaced by another is neither', async () => {
    const [a, b] = [{ instance: 'probe-a' }, { instance: 'probe-b' }]
    const seen = {
      ...course(
        [
          ['healthy', 6],
          [undefined, 54]
        ],
        a
      ),
      ...course(
        [
          [undefined, 6],
          ['healthy', 54]
        ],
        b
      )
    }
    const info = { ...probe(6, a), ...probe(60, b) }
    await fires({ ...seen, ...info }, { '3m': {}, '8m': {} })
  })

  test('that was never there is missed', async () => {
    await fires({ 'up{job="other",instance="x"}': '1x60' }, { '4m': {}, '6m': { [alertName('no-probe')]: 1 } })
  })

  const rounds = (values: string) => ({ [`privatelink_last_round_timestamp_seconds{${viewOf({})}}`]: values })
  test('whose rounds do not begin any more pages', async () => {
    const alive = { ...probe(60), ...course([['healthy', 60]]) }
    await fires({ ...alive, ...rounds('0+10x59') }, { '9m': {} })
    await fires(
      { ...alive, ...rounds('0+10x11 110x47') },
      { '3m': {}, '4m': {}, '6m': { [alertName('probe-stale')]: 1 } }
    )
  })

  test('that has begun no round of a target pages', async () => {
    const view = { name: 'prod/images/in01-2' }
    const { [`privatelink_last_round_timestamp_seconds{${viewOf(view)}}`]: _, ...other } = course(
      [['unknown', 60]],
      view
    )
    const alert = { [alertName('probe-stale')]: 1 }
    await fires({ ...probe(60), ...course([['healthy', 60]]), ...other }, { '90s': {}, '4m': alert })
  })

  for (const { id, invalidates } of impairments) {
    const holds = invalidates !== undefined
    test(`that is impaired by ${id} is ${holds ? 'a warning' : 'told by another alert'}`, async () => {
      const series = {
        ...probe(60),
        [`privatelink_impairment{job="privatelink",instance="probe-a",impairment="${id}"}`]: '0x5 1x53'
      }
      await fires(series, { '5m': {}, '8m': holds ? { [alertName('probe-impaired')]: 1 } : {} })
    })
  }

  test('that refuses its config is a warning', async () => {
    const series = {
      ...probe(60),
      'privatelink_config_last_reload_successful{job="privatelink",instance="probe-a"}': '1x5 0x53'
    }
    await fires(series, { '5m': {}, '8m': { [alertName('probe-config-rejected')]: 1 } })
  })
})

describe('a link that comes and goes', () => {
  const flapping = alertName('flapping')
  const fast = alertName('availability-burns-fast')
  const slow = alertName('availability-burns-slowly')
  /** Ten seconds ill, ten well. */
  const flaps = (count: number) =>
    Array.from({ length: count }, (_, index) => [index % 2 === 0 ? 'no-answer-to-syn' : 'healthy', 1] as const)
  const changes = (values: string) => ({ [`privatelink_case_changes_total{${viewOf({})}}`]: values })

  test('does not page, but warns', async () => {
    const series = {
      ...probe(60),
      ...course([['healthy', 6], ...flaps(48), ['healthy', 6]]),
      ...changes('0x5 0+1x47 48x6')
    }
    await fires(series, { '1m': {}, '5m': { [flapping]: 1 }, '9m': { [flapping]: 1 } })
  })

  test('for more than ten minutes pages once, by its objective', async () => {
    const series = { ...probe(200), ...course([['healthy', 60], ...flaps(140)]) }
    await fires(series, { '12m': {}, '19m': {}, '25m': { [fast]: 1 } })
  })

  test('a little, for a day, is a warning', async () => {
    const hour = [
      ['no-answer-to-syn', 2],
      ['healthy', minutes(60) - 2]
    ] as const
    const series = { ...probe(minutes(60) * 6), ...course(Array.from({ length: 6 }, () => hour).flat()) }
    await fires(series, { '355m': { [slow]: 1 } })
  })

  test('is not told beside the alert that tells why it is down, nor when that is over', async () => {
    const series = {
      ...probe(minutes(60)),
      ...course([
        ['healthy', minutes(10)],
        ['no-answer-to-syn', minutes(20)],
        ['healthy', minutes(30)]
      ])
    }
    await fires(series, { '12m': { [timeout]: 1 }, '29m': { [timeout]: 1 }, '34m': {}, '38m': {}, '44m': {} })
  })
})

test('every alert was heard and seen silent', () => {
  expect(alertsOf(ruleGroups(settings)).filter(alert => !heard.has(alert))).toEqual([])
})
