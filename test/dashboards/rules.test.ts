import { describe, expect } from 'vitest'
import { alertOfCase } from '../../dashboards/alerts/alert-of-case.ts'
import { availability } from '../../dashboards/alerts/availability.ts'
import { alertName, alertsOf } from '../../dashboards/alerts/rule.ts'
import { generated } from '../../dashboards/generated.ts'
import { ruleGroups } from '../../dashboards/rules.ts'
import { settings } from '../../dashboards/settings.ts'
import { catalogue } from '../../probe/cases/catalogue.ts'
import { type FindingId, findings } from '../../probe/cases/findings.ts'
import { impairments } from '../../probe/suspicion/impairments.ts'
import { type Series, testRules } from '../support/promtool.ts'
import { testWith } from '../support/test-with.ts'
import {
  course,
  expects,
  minutes,
  type Outcome,
  ofProbe,
  ofView,
  probe,
  probeUntil,
  stepSeconds,
  timeout,
  type View
} from './course.ts'
import { scenarios } from './scenarios.ts'

const test = testWith('promtool')
const rules = generated(settings)['generated/rules.yaml'] ?? ''
const scenario = scenarios(rules)

const critical = catalogue.filter(({ severity }) => severity === 'critical')

for (const { id } of critical) {
  const alert = alertOfCase(id)
  const rounds = [
    ['healthy', 6],
    [id, 12],
    ['healthy', 30]
  ] as const
  const aws = course(rounds)
  const gcp = course(rounds, { name: 'prod/images/in01-2', cloud: 'gcp' })
  scenario.test(`${id} is an alert on both clouds after a while, and none some time after it has healed`, [
    { ...probe(60), ...aws, ...gcp },
    { '50s': {}, '60s': {}, '70s': {}, '90s': { [alert]: 2 }, '290s': { [alert]: 2 }, '320s': {} }
  ])
}

describe('what pages', () => {
  test('says the case, what it means, what to do on that cloud, who sees it, and where the runbook is', async () => {
    const view = { cloud: 'gcp', port: 443 } as const
    const ill = [
      ['healthy', 6],
      ['zone-not-visible', 14]
    ] as const
    const steps = [
      '1. If zilliz-privatelink deployed the link, deploy its environment again. If the link is in your own stack, run `cdktf deploy`. The deploy restores the zone and its visibility.',
      '   npm run deploy -- prod',
      '2. List the networks that the private managed zone is visible to.',
      '   gcloud dns managed-zones describe <managed-zone> --project <project> --format "yaml(dnsName,visibility,privateVisibilityConfig)"',
      '3. Make the zone visible to this network. The new list replaces the old one, so include every network that needs the zone.',
      '   gcloud dns managed-zones update <managed-zone> --project <project> --networks <network>',
      '4. If the network is peered with the network that has the zone, add a peering zone. VPC peering does not share private zones.',
      '   gcloud dns managed-zones list --project <project>',
      "5. If clients use a resolver other than the network's own (169.254.169.254), forward the name from there to an inbound server policy.",
      '   gcloud dns policies list --project <project>',
      '6. If the probe or the clients run in pods, also follow "In Kubernetes" in the runbook.'
    ]
    const output = await testRules({
      rules,
      stepSeconds: 10,
      series: {
        ...probe(20),
        ...course(ill, view),
        ...course(ill, { ...view, instance: 'probe-b' }),
        ...course([['healthy', 20]], { ...view, instance: 'probe-c' })
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
                description: [
                  'No private zone answers for the host at this resolver, and the public DNS does not know the name. The zone is missing, it is not associated with this network, or the resolver does not use it.',
                  '',
                  ...steps.slice(0, 4)
                ].join('\n'),
                remedy: steps.join('\n'),
                cause: 'not known',
                seen_from: 'probe-a, probe-b',
                runbook_url:
                  'https://app.unpkg.com/zilliz-privatelink@0.1.0/files/dashboards/runbooks/PrivateLinkNameOrServiceNotKnown.md'
              }
            }
          ]
        }
      ]
    })
    expect(output).toBe('')
  })

  test('says in words that clients get through, where a case does not stop them', async () => {
    const ill = course([
      ['healthy', 6],
      ['resolves-partly-public', 14]
    ])
    const series = Object.fromEntries(
      Object.entries(ill).map(([name, values]) => [name.replace('symptom="not_private"', 'symptom="none"'), values])
    )
    const output = await testRules({
      rules,
      stepSeconds: 10,
      series,
      alerts: [{ at: '2m', alert: alertName('not_private'), alerts: [] }]
    })
    expect(output).toContain('summary="prod/search/in01-1: It works (case resolves-partly-public)"')
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
    const output = await testRules({
      rules,
      stepSeconds: 10,
      series,
      alerts: [{ at: '2m', alert: timeout, alerts: [] }]
    })
    expect(output).toContain(
      'aws ec2 describe-network-acls --region us-west-2____touch_done___touch_done___x_ --filters'
    )
    expect(output).not.toMatch(/--region \S*[;$`' ]touch/)
  })

  scenario.test('is silent while all is well, and before the first verdict', [
    {
      ...probe(60),
      ...course([
        ['unknown', 2],
        ['healthy', 58]
      ])
    },
    { '10s': {}, '1m': {}, '9m': {} }
  ])

  scenario.test('is silent when a link fails once', [
    {
      ...probe(30),
      ...course([
        ['healthy', 6],
        ['no-answer-to-syn', 1],
        ['healthy', 23]
      ])
    },
    { '60s': {}, '70s': {}, '80s': {}, '2m': {} }
  ])

  for (const failed of [1, 2]) {
    scenario.test(
      `is silent when the first ${failed === 1 ? 'round fails' : 'two rounds fail'}, and nothing was seen before`,
      [
        {
          ...probe(30),
          ...course([
            ['no-answer-to-syn', failed],
            ['healthy', 30 - failed]
          ])
        },
        { '0s': {}, '10s': {}, '20s': {}, '80s': {}, '2m': {} }
      ]
    )
  }

  test('is silent while a symptom is not confirmed, however samples and evaluations align', async () => {
    const series = {
      ...probe(30),
      ...course([
        ['healthy', 4],
        ['no-answer-to-syn', 2],
        ['healthy', 24]
      ])
    }
    const times = Array.from({ length: 40 }, (_, index) => index * 3)
    const firing = `ALERTS{alertstate="firing"} or ALERTS{alertname="${timeout}"}`
    const output = await testRules({
      rules,
      stepSeconds,
      evaluationSeconds: 3,
      series,
      expect: times.map(at => ({ at: `${at}s`, query: firing, gives: [] }))
    })
    expect(output).toBe('')
  })

  test('fires at the first sample that the probe has confirmed, also where the series begins with it', async () => {
    const confirmed =
      'privatelink_confirmed_case{job="privatelink",instance="probe-a",target="prod/search/in01-1",environment="prod",cloud="aws",region="us-west-2",host="in01-1.example",port="19531",case="tls-silent",symptom="timeout"}'
    const firing = 'count by (alertname) (ALERTS{alertstate="firing"})'
    const output = await testRules({
      rules,
      stepSeconds,
      evaluationSeconds: 1,
      series: { ...probe(6), [confirmed]: '_ _ 1x3' },
      expect: [
        { at: '19s', query: firing, gives: [] },
        { at: '20s', query: firing, gives: [`{alertname="${timeout}"} 1`] }
      ]
    })
    expect(output).toBe('')
  })

  test('names the cause once the cloud has confirmed it, and stays the same alert', async () => {
    const labels = 'job="privatelink",instance="probe-a",target="prod/search/in01-1"'
    const cause = `privatelink_cause{${labels},cause="endpoint-eni-sg-rules-mismatch"}`
    const confirmed = `privatelink_confirmed_case{${labels},environment="prod",cloud="aws",region="us-west-2",host="in01-1.example",port="19531",case="no-answer-to-syn",symptom="timeout"}`
    const output = (at: string) =>
      testRules({
        rules,
        stepSeconds,
        series: { ...probe(12), [confirmed]: '_ _ 1x9', [cause]: '_ _ _ _ _ _ 1x5' },
        expect: [{ at: '100s', query: 'count(ALERTS{alertname="PrivateLinkTimeout"})', gives: ['{} 1'] }],
        alerts: [{ at, alert: timeout, alerts: [] }]
      })
    expect(await output('40s')).toContain('cause="not known"')
    expect(await output('100s')).toContain('cause="endpoint-eni-sg-rules-mismatch"')
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
    const query = `count by (case) (ALERTS{alertname="${timeout}",alertstate="firing"})`
    const both = ['{case="no-answer-to-syn"} 1', '{case="tls-silent"} 1']
    const output = await testRules({
      rules,
      stepSeconds: 10,
      series,
      expect: [
        ...['3m', '190s', '200s'].map(at => ({ at, query, gives: both })),
        { at: '6m', query, gives: ['{case="tls-silent"} 1'] }
      ]
    })
    expect(output).toBe('')
  })

  const alternating = Array.from(
    { length: 12 },
    (_, index) => [index % 2 === 0 ? 'no-answer-to-syn' : 'tls-silent', 1] as const
  )
  scenario.test('is not kept silent by a case that changes all the time', [
    { ...probe(18), ...course([['healthy', 6], ...alternating]) },
    { '50s': {}, '2m': { [timeout]: 2 } }
  ])

  const alive = { [timeout]: 1 }
  scenario.test('goes on while the probe is started again', [
    {
      ...probe(43),
      ...course([
        ['healthy', 6],
        ['no-answer-to-syn', 12],
        [undefined, 3],
        ['unknown', 2],
        ['no-answer-to-syn', 20]
      ])
    },
    { '3m': alive, '200s': alive, '220s': alive, '240s': alive, '5m': alive }
  ])

  const [a, b] = [{ instance: 'probe-a' }, { instance: 'probe-b' }]
  const ill = [
    ['healthy', 6],
    ['no-answer-to-syn', 20]
  ] as const
  const seen = { ...probe(26, a), ...probe(26, b), ...course(ill, a) }
  scenario.test(
    'is one alert, whoever sees it: one probe of two, or both',
    [{ ...seen, ...course([['healthy', 26]], b) }, { '3m': { [timeout]: 1 } }],
    [{ ...seen, ...course(ill, b) }, { '3m': { [timeout]: 1 } }]
  )

  const [before, after] = [
    { ...a, port: 19531 },
    { ...b, port: 19532 }
  ]
  scenario.test('is told of a target that two probes know differently in the middle of a deploy', [
    { ...probe(26, a), ...probe(26, b), ...course(ill, before), ...course(ill, after) },
    { '3m': { [timeout]: 2 } }
  ])

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
  scenario.test('is one alert for each target of an environment, to be told together', [
    Object.assign({}, probe(26), ...all),
    { '3m': { [alertName('temporary_failure_in_name_resolution')]: 3 } }
  ])
})

scenario.test('a link of which nothing is known is a warning after five minutes', [
  {
    ...probe(60),
    ...course([
      ['healthy', 6],
      ['unknown', 54]
    ])
  },
  { '5m': {}, '8m': { [alertName('unknown')]: 1 } }
])

describe('a finding', () => {
  const finding = alertName('finding')
  /** Zeros and ones, each so many times. */
  const times = (...parts: readonly (readonly [0 | 1, number])[]) =>
    parts.flatMap(([value, count]) => Array.from({ length: count }, () => value))
  const healthy = (count: number, found: Partial<Record<FindingId, readonly number[]>>) => ({
    ...probe(count),
    ...course([['healthy', count]], {}, found)
  })

  for (const { id } of findings.filter(({ severity }) => severity === 'critical')) {
    const alert = alertName(id)
    scenario.test(`${id}, which stops some clients, pages as a case does`, [
      healthy(79, { [id]: times([0, 6], [1, 12], [0, 61]) }),
      { '50s': {}, '70s': {}, '90s': { [alert]: 1 }, '320s': {} }
    ])
    scenario.test(`${id} in one round, or in two, is silent`, [
      healthy(60, { [id]: times([0, 6], [1, 1], [0, 6], [1, 2]) }),
      { '60s': {}, '70s': {}, '130s': {}, '140s': {}, '150s': {}, '5m': {} }
    ])
  }

  scenario.test(
    'that was there once is silent, also when there is nothing before it',
    [healthy(68, { 'query-lost': times([0, 6], [1, 1]) }), { '60s': {}, '5m': {} }],
    [healthy(62, { 'query-lost': times([1, 1]) }), { '0s': {}, '60s': {}, '9m': {} }]
  )

  const quarter = [...times([0, 60]), ...Array.from({ length: 8 }, () => [1, 0, 0]).flat(), ...times([1, 101])]
  for (const { id, severity } of findings.filter(each => each.severity !== 'critical')) {
    const alert = id === 'certificate-ends-soon' ? alertName(id) : finding
    const isSilent = severity === 'info'
    scenario.test(
      `${id} is ${isSilent ? 'nothing to be told' : `a warning, ${alert},`} where it is there in a quarter of the rounds`,
      [healthy(quarter.length, { [id]: quarter }), { '11m': {}, '16m': {}, '24m': isSilent ? {} : { [alert]: 1 } }]
    )
  }

  scenario.test('in few of the rounds is silent, also where most of the others have no verdict that counts', [
    {
      ...probe(minutes(25)),
      ...course(
        [
          ['healthy', 30],
          ...Array.from(
            { length: 30 },
            () =>
              [
                [{ heldBy: 'event-loop-stall' }, 3],
                ['healthy', 1]
              ] as const
          ).flat()
        ],
        {},
        {
          'query-lost': Array.from({ length: 150 }, (_, round) => Number(round >= 30 && (round - 30) % 20 === 3))
        }
      )
    },
    { '10m': {}, '20m': {}, '24m': {} }
  ])
})

const ends = (days: number): Series => ({
  ...probe(60),
  ...course([['healthy', 60]]),
  ...ofView('privatelink_certificate_not_after_timestamp_seconds', `${days * 86400}x59`)
})
scenario.test(
  'a certificate in its last three days pages',
  [ends(3.1), { '9m': {} }],
  [ends(2.9), { '4m': {}, '6m': { [alertName('certificate-ends-soon')]: 1 } }]
)

describe('the probe', () => {
  const [a, b]: View[] = [{ instance: 'probe-a' }, { instance: 'probe-b' }]
  const images = { name: 'prod/images/in01-2' }
  const [gone, down, missing, held, impaired] = [
    alertName('probe-gone'),
    alertName('probe-down'),
    alertName('probe-missing'),
    alertName('verdict-held'),
    alertName('probe-impaired')
  ]
  const until = (count: number): readonly (readonly [Outcome, number])[] => [
    ['healthy', count],
    [undefined, 60 - count]
  ]
  const from = (count: number): readonly (readonly [Outcome, number])[] => [
    [undefined, count],
    ['healthy', 60 - count]
  ]

  scenario.test('that is gone pages, once for the environment that it watched', [
    { ...probeUntil(6, 54, true), ...course(until(6)), ...course(until(6), images) },
    { '50s': {}, '110s': {}, '3m': { [gone]: 1 }, '8m': { [gone]: 1, [down]: 1 } }
  ])

  scenario.test(
    'that is gone pages also where discovery forgets it, or where other links of its environment are watched',
    [
      {
        ...probeUntil(6, 54, false),
        ...course(until(6)),
        ...probe(60, b),
        ...course([['healthy', 60]], { ...b, ...images })
      },
      { '50s': {}, '110s': {}, '3m': { [gone]: 1 }, '9m': { [gone]: 1 } }
    ]
  )

  scenario.test('is not gone where it runs and its config no longer has a link', [
    { ...probe(60), ...course([['healthy', 60]]), ...course(until(6), images) },
    { '3m': {}, '9m': {} }
  ])

  scenario.test('is not gone while another watches the same, but is told to be down', [
    { ...probeUntil(6, 54, true, a), ...probe(60, b), ...course(until(6), a), ...course([['healthy', 60]], b) },
    { '3m': {}, '8m': { [down]: 1 } }
  ])

  scenario.test('that was replaced by another is neither', [
    { ...probeUntil(6, 54, false, a), ...probe(60, b), ...course(until(6), a), ...course(from(6), b) },
    { '3m': {}, '8m': {} }
  ])

  test('that was never there is missed', async () => {
    const noProbe = alertName('no-probe')
    const query = 'count by (alertname) (ALERTS{alertstate="firing"})'
    const output = await testRules({
      rules,
      stepSeconds,
      series: { 'up{job="other",instance="x"}': '1x60' },
      expect: [
        { at: '4m', query, gives: [] },
        { at: '6m', query, gives: [`{alertname="${noProbe}"} 1`] }
      ]
    })
    expect(output).toBe('')
  })

  const two = (expected: number) => ({
    ...probe(60, b),
    ...course([['healthy', 60]], b),
    ...course([['healthy', 60]], { ...b, name: 'prod/search/in01-2' }),
    ...expects(expected, 60, b)
  })
  const first = (isListed: boolean) => ({
    ...probeUntil(12, 48, isListed, a),
    ...course(
      [
        ['healthy', 12],
        [undefined, 48]
      ],
      a
    ),
    ...course(
      [
        ['healthy', 12],
        [undefined, 48]
      ],
      { ...a, name: 'prod/search/in01-2' }
    )
  })
  scenario.test('of two that vanishes from discovery is a warning after five minutes, once for the link', [
    { ...first(false), ...two(2) },
    { '1m': {}, '6m': {}, '8m': { [missing]: 1 }, '9m': { [missing]: 1 } }
  ])
  scenario.test('of two that never appeared is missing as well', [two(2), { '4m': {}, '6m': { [missing]: 1 } }])
  scenario.test(
    'is not missing where there are as many as there should be, or more, or where nothing says how many',
    [two(1), { '9m': {} }],
    [{ ...two(1), ...probe(60, a), ...course([['healthy', 60]], a) }, { '9m': {} }],
    [{ ...probe(60, b), ...course([['healthy', 60]], b) }, { '9m': {} }]
  )
  scenario.test('that is down is told once, not to be missing too', [
    { ...first(true), ...two(2) },
    { '6m': {}, '9m': { [down]: 1 } }
  ])

  test('that is missing is named', async () => {
    const output = await testRules({
      rules,
      stepSeconds,
      series: { ...first(false), ...two(2) },
      alerts: [{ at: '9m', alert: missing, alerts: [] }]
    })
    expect(output).toContain('missing="probe-a"')
    expect(output).toContain('link="search"')
    expect(output).toContain('environment="prod"')
    expect(output).toContain('summary="prod/search: 1 of its probes are missing"')
  })

  const begun = (values: string) => ofView('privatelink_last_round_timestamp_seconds', values)
  const running = { ...probe(60), ...course([['healthy', 60]]) }
  const stale = alertName('probe-stale')
  scenario.test(
    'whose rounds do not begin any more pages',
    [{ ...running, ...begun('0+10x59') }, { '9m': {} }],
    [
      { ...running, ...begun('0+10x11 110x47') },
      { '3m': {}, '4m': {}, '6m': { [stale]: 1 } }
    ]
  )

  const never = Object.fromEntries(
    Object.entries(
      course(
        [
          ['unknown', 30],
          ['healthy', 30]
        ],
        images
      )
    ).filter(([name]) => !name.includes('last_round'))
  )
  scenario.test('that has begun no round of a target pages', [
    { ...probe(60), ...course([['healthy', 60]]), ...never },
    { '90s': {}, '4m': { [stale]: 1 } }
  ])

  for (const { id, invalidates } of impairments) {
    const holds = invalidates !== undefined
    scenario.test(`that is impaired by ${id} is ${holds ? 'a warning' : 'told by another alert'}`, [
      { ...probe(60), ...ofProbe('privatelink_impairment', '0x5 1x53', {}, `,impairment="${id}"`) },
      { '5m': {}, '8m': holds ? { [impaired]: 1 } : {} }
    ])
  }

  scenario.test('that refuses its config is a warning', [
    { ...probe(60), ...ofProbe('privatelink_config_last_reload_successful', '1x5 0x53') },
    { '5m': {}, '8m': { [alertName('probe-config-rejected')]: 1 } }
  ])

  const heldFrom = (count: number, rest: number, id: Outcome = { heldBy: 'no-network' }) =>
    [
      ['healthy', count],
      [id, rest]
    ] as const
  scenario.test('that holds its verdicts for five minutes pages', [
    { ...probe(60), ...course(heldFrom(6, 54)) },
    { '1m': {}, '5m': {}, '7m': { [held]: 1 }, '9m': { [held]: 1 } }
  ])
  scenario.test(
    'that holds its verdicts does not page while another has one, nor when a hold ends sooner',
    [
      { ...probe(60, a), ...probe(60, b), ...course(heldFrom(6, 54), a), ...course([['healthy', 60]], b) },
      { '7m': {}, '9m': {} }
    ],
    [
      { ...probe(60), ...course([...heldFrom(6, 24), ['healthy', 30]]) },
      { '5m': {}, '7m': {}, '9m': {} }
    ]
  )
  scenario.test('that holds its verdicts ends the alert of a case, and pages for that later', [
    {
      ...probe(90),
      ...course([
        ['healthy', 6],
        ['no-answer-to-syn', 12],
        [{ heldBy: 'no-network' }, 60]
      ])
    },
    { '3m': { [timeout]: 1 }, '6m': {}, '10m': { [held]: 1 } }
  ])

  test('that holds its verdicts says by what', async () => {
    const output = await testRules({
      rules,
      stepSeconds,
      series: { ...probe(60), ...course(heldFrom(6, 54)) },
      alerts: [{ at: '9m', alert: held, alerts: [] }]
    })
    expect(output).toContain('held_by="no-network"')
    expect(output).toContain('seen_from="probe-a"')
    expect(output).toContain('target="prod/search/in01-1"')
  })
})

describe('a link that comes and goes', () => {
  const flapping = alertName('flapping')
  const fast = alertName('availability-burns-fast')
  const slow = alertName('availability-burns-slowly')
  /** Ten seconds ill, ten well. */
  const flaps = (count: number) =>
    Array.from({ length: count }, (_, index) => [index % 2 === 0 ? 'no-answer-to-syn' : 'healthy', 1] as const)

  scenario.test('does not page, but warns', [
    {
      ...probe(60),
      ...course([['healthy', 6], ...flaps(48), ['healthy', 6]]),
      ...ofView('privatelink_case_changes_total', '0x5 0+1x47 48x6')
    },
    { '1m': {}, '5m': { [flapping]: 1 }, '9m': { [flapping]: 1 } }
  ])

  scenario.test('for more than ten minutes pages once, by its objective', [
    { ...probe(200), ...course([['healthy', 60], ...flaps(140)]) },
    { '12m': {}, '19m': {}, '25m': { [fast]: 1 } }
  ])

  scenario.test('is not told beside the alert that tells why it is down, nor when that is over', [
    {
      ...probe(minutes(60)),
      ...course([
        ['healthy', minutes(10)],
        ['no-answer-to-syn', minutes(20)],
        ['healthy', minutes(30)]
      ])
    },
    { '12m': { [timeout]: 1 }, '29m': { [timeout]: 1 }, '34m': {}, '38m': {}, '44m': {} }
  ])

  const hour = [
    ['no-answer-to-syn', 2],
    ['healthy', minutes(60) - 2]
  ] as const
  scenario.test('a little, for a day, is a warning', [
    { ...probe(minutes(60) * 6), ...course(Array.from({ length: 6 }, () => hour).flat()) },
    { '355m': { [slow]: 1 } }
  ])
})

describe('availability', () => {
  /** A minute is evaluated once, as Prometheus does. */
  const is = async (outcomes: readonly (readonly [Outcome, number])[], at: string, share: number) => {
    const near = (window: string) => ({
      at,
      query: `abs(${availability(window)} - ${share}) < bool 0.005`,
      gives: ['{cloud="aws",environment="prod",target="prod/search/in01-1"} 1']
    })
    const output = await testRules({
      rules,
      stepSeconds,
      evaluationSeconds: 60,
      series: { ...probe(360), ...course(outcomes) },
      expect: [near('1h'), near('2h')]
    })
    expect(output).toBe('')
  }

  test('is the share of the verdicts of a window in which clients got through', () =>
    is(
      [
        ['healthy', minutes(30)],
        ['no-answer-to-syn', minutes(10)]
      ],
      '40m',
      0.75
    ))

  test('has held time neither in what was good nor in what was bad', async () => {
    const held: readonly [Outcome, number] = [{ heldBy: 'no-network' }, minutes(20)]
    await is([['healthy', minutes(20)], held], '40m', 1)
    await is([['healthy', minutes(10)], held, ['no-answer-to-syn', minutes(10)]], '40m', 0.5)
  })

  test('has neither the time of which nothing is known, nor that without a probe', async () => {
    await is(
      [
        ['healthy', minutes(10)],
        ['unknown', minutes(20)],
        ['no-answer-to-syn', minutes(10)]
      ],
      '40m',
      0.5
    )
    await is(
      [
        ['healthy', minutes(10)],
        [undefined, minutes(20)],
        ['no-answer-to-syn', minutes(10)]
      ],
      '40m',
      0.5
    )
  })
})

test('every alert was heard and seen silent', () => {
  const notified = new Set([...scenario.heard, alertName('no-probe')])
  expect(alertsOf(ruleGroups(settings)).filter(alert => !notified.has(alert))).toEqual([])
})
