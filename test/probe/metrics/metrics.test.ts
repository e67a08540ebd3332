import { gunzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { catalogue } from '../../../probe/cases/catalogue.ts'
import type { Evidence } from '../../../probe/cases/evidence.ts'
import { states } from '../../../probe/cases/state.ts'
import { symptoms } from '../../../probe/cases/symptoms.ts'
import { createMetrics, type Metrics } from '../../../probe/metrics/metrics.ts'
import { targetFamilies } from '../../../probe/metrics/target-families.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding, type Standing } from '../../../probe/rounds/standing.ts'
import type { Target } from '../../../probe/target.ts'
import {
  address,
  answer,
  awsTarget,
  evidence,
  gcpTarget,
  nxdomain,
  onlyTcp,
  resolver,
  unresolved
} from '../../support/evidence.ts'

const create = () => createMetrics({ version: '1.2.3', settleMs: 0 })

async function text(metrics: Metrics, format: 'text' | 'openmetrics' = 'text'): Promise<string> {
  return gunzipSync(await metrics.write(format)).toString()
}

/** The samples of a target, without its name. */
async function samplesOf(metrics: Metrics, target: Target = awsTarget): Promise<readonly string[]> {
  const lines = (await text(metrics)).split('\n').filter(line => line.includes(`{target="${target.name}"`))
  return lines.map(line =>
    line
      .replace(/^privatelink_/, '')
      .replace(/target="[^"]*",?/, '')
      .replace('{}', '')
  )
}

function watch(metrics: Metrics, ...rounds: readonly Evidence<Target>[]): Standing {
  const first = newStanding(awsTarget)
  metrics.start(first, ['vpc', 'stub'])
  return rounds.reduce((before, seen) => {
    const report = makeReport(seen, { seconds: 0.025, heldBy: [] })
    const after = afterRound(before, report)
    metrics.round(after, report)
    return after
  }, first)
}

const described = `environment="prod",cloud="aws",region="us-west-2",host="${awsTarget.host}",port="19531"`
const dead = address('10.0.2.7', onlyTcp({ kind: 'timeout' }))
const two = { resolvers: [resolver(), resolver({ name: 'stub' })] }
const withFinding = evidence({ ...two, addresses: [address('10.0.1.7'), dead] })

describe('the metrics of a target', () => {
  test('before its first round are its name, `unknown`, and counters at zero', async () => {
    const metrics = create()
    watch(metrics)
    const samples = await samplesOf(metrics)
    expect(samples).toEqual([
      `target_info{${described}} 1`,
      'case{case="unknown"} 1',
      'symptom{symptom="unknown"} 1',
      'state{state="unknown"} 1',
      'verdict_held 0',
      'case_changes_total 0',
      'rounds_total 0',
      'rounds_held_total 0',
      'rounds_missed_total 0',
      'dns_queries_total{resolver="vpc"} 0',
      'dns_queries_total{resolver="stub"} 0',
      'dns_resends_total{resolver="vpc"} 0',
      'dns_resends_total{resolver="stub"} 0'
    ])
  })

  test('are at most 70 series for a healthy host with two resolvers and two addresses', async () => {
    const metrics = create()
    const standing = watch(metrics, evidence(two))
    const idle = {
      at: 1,
      aliveSeconds: 340,
      dead: { seconds: 360, how: 'silent' },
      closed: { seconds: 600, by: 'FIN' }
    }
    metrics.idle({ ...standing, idle } as Standing)
    const samples = await samplesOf(metrics)
    expect(samples.filter(line => /^(dns_up|address_up)/.test(line))).toHaveLength(4)
    expect(samples.filter(line => line.startsWith('idle'))).toEqual([
      'idle_connection_seconds{outcome="alive"} 340',
      'idle_connection_seconds{outcome="silent"} 360',
      'idle_connection_seconds{outcome="closed"} 600'
    ])
    expect(samples.length).toBeLessThanOrEqual(70)
  })

  test('are these when it is healthy', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 23) })
    onTestFinished(() => void vi.useRealTimers())
    const metrics = create()
    metrics.accepted({ intervalSeconds: 10, probes: 2 })
    watch(metrics, evidence(two))
    await expect(await text(metrics)).toMatchFileSnapshot('healthy.txt')
  })

  test('are these when its name is not known, and nothing was reached', async () => {
    const metrics = create()
    const lost = unresolved(resolver({ a: nxdomain(), aaaa: nxdomain(), endpoint: [] }))
    watch(metrics, evidence(two), { ...lost, addresses: [] })
    const samples = await samplesOf(metrics)
    expect(samples.filter(line => /^(case|symptom|state|up)\{/.test(line))).toEqual([
      'case{case="zone-not-visible"} 1',
      'symptom{symptom="name_or_service_not_known"} 1',
      'state{state="failing"} 1',
      'up{environment="prod",cloud="aws"} 0'
    ])
    expect(samples.filter(line => line.startsWith('failures'))).toEqual([
      'failures_total{layer="dns",reason="nxdomain"} 1'
    ])
    expect(samples).toContain('case_changes_total 1')
    expect(samples.filter(line => line.startsWith('layer_up'))).toEqual(['layer_up{layer="dns"} 0'])
    for (const absent of ['address_up', 'certificate', 'dns_ttl', 'dns_resolvers_agree']) {
      expect(
        samples.filter(line => line.startsWith(absent)),
        absent
      ).toEqual([])
    }
  })

  test('show the address that is dead, by its place', async () => {
    const metrics = create()
    watch(metrics, withFinding)
    const samples = await samplesOf(metrics)
    expect(samples).toContain('address_up{address_slot="0"} 1')
    expect(samples).toContain('address_up{address_slot="1"} 0')
    expect(samples.filter(line => line.startsWith('finding'))).toEqual(['finding{finding="address-fails"} 1'])
    expect(samples.filter(line => /^(state|up)\{/.test(line))).toEqual([
      'state{state="degraded"} 1',
      'up{environment="prod",cloud="aws"} 1'
    ])
    expect(samples).toContain('failures_total{layer="tcp",reason="timeout"} 1')
    expect(samples).toContain('layer_up{layer="tcp"} 1')
  })

  test('have no case, symptom, finding or `up` while the verdict is held, and say by what; the rest stays as it is', async () => {
    const metrics = create()
    const standing = watch(metrics, withFinding)
    const before = await samplesOf(metrics)
    const silent = { ...unresolved(resolver()), at: 1_800_000_010 }
    const report = makeReport(silent, { seconds: 0.05, heldBy: ['event-loop-stall'] })
    const held = afterRound(standing, report)
    metrics.round(held, report)
    const after = await samplesOf(metrics)
    expect(after.filter(line => !before.includes(line))).toEqual([
      'state{state="unknown"} 1',
      'verdict_held 1',
      'verdict_held_by{impairment="event-loop-stall"} 1',
      'rounds_total 2',
      'rounds_held_total 1',
      'last_round_timestamp_seconds 1800000010',
      'last_round_seconds 0.05',
      'dns_queries_total{resolver="vpc"} 8'
    ])
    const gone = before.filter(line => !after.includes(line)).map(line => /^\w+/.exec(line)?.[0])
    for (const family of ['case', 'symptom', 'finding', 'up']) {
      expect(gone).toContain(family)
      expect(after.filter(line => line.startsWith(`${family}{`))).toEqual([])
    }

    const again = makeReport({ ...withFinding, at: 1_800_000_020 }, { seconds: 0.025, heldBy: [] })
    metrics.round(afterRound(held, again), again)
    const verdicts = (lines: readonly string[]) =>
      lines.filter(line => /^(case|symptom|state|finding|up|verdict)/.test(line))
    expect(verdicts(await samplesOf(metrics))).toEqual(verdicts(before))
  })

  test('end with the target, and those of others go on', async () => {
    const metrics = create()
    watch(metrics, evidence())
    metrics.start(newStanding(gcpTarget), ['vpc'])
    const before = await samplesOf(metrics, gcpTarget)
    metrics.end(awsTarget.name)
    expect(await samplesOf(metrics)).toEqual([])
    expect(await samplesOf(metrics, gcpTarget)).toEqual(before)
    expect(await text(metrics)).toContain('privatelink_targets 1\n')
  })
})

describe('what is confirmed', () => {
  const lost = unresolved(resolver({ a: nxdomain(), aaaa: nxdomain(), endpoint: [] }))
  const confirmed = async (metrics: Metrics) => (await samplesOf(metrics)).filter(line => line.startsWith('confirmed_'))

  test('is a case with its symptom once three checks in a row agree, and no longer once one is healthy', async () => {
    const metrics = create()
    watch(metrics, evidence(two), lost, lost)
    expect(await confirmed(metrics)).toEqual([])
    watch(metrics, evidence(two), lost, lost, lost)
    expect(await confirmed(metrics)).toEqual([
      `confirmed_case{${described},case="zone-not-visible",symptom="name_or_service_not_known"} 1`
    ])
    watch(metrics, lost, lost, lost, evidence(two))
    expect(await confirmed(metrics)).toEqual([])
  })

  test('is never a healthy case', async () => {
    const metrics = create()
    watch(metrics, evidence(two), evidence(two), evidence(two), evidence(two))
    expect(await confirmed(metrics)).toEqual([])
  })

  test('is each critical finding once three checks in a row have it, and no other finding', async () => {
    const metrics = create()
    watch(metrics, withFinding, withFinding)
    expect(await confirmed(metrics)).toEqual([])
    const standing = watch(metrics, ...Array.from({ length: 3 }, () => withFinding))
    expect(standing.confirmed.findings).toContain('address-fails')
    expect(await confirmed(metrics)).toEqual([`confirmed_finding{${described},finding="address-fails"} 1`])

    const disagreeing = evidence({ resolvers: [resolver(), resolver({ name: 'stub', a: answer(['10.0.1.7']) })] })
    const other = watch(metrics, disagreeing, disagreeing, disagreeing)
    expect(other.confirmed.findings).toEqual(['resolvers-disagree'])
    expect(await confirmed(metrics)).toEqual([])
  })

  test('is nothing while the verdict is held', async () => {
    const metrics = create()
    const standing = watch(metrics, lost, lost, lost)
    const report = makeReport(lost, { seconds: 0.05, heldBy: ['event-loop-stall'] })
    metrics.round(afterRound(standing, report), report)
    expect(await confirmed(metrics)).toEqual([])
  })
})

describe('a target has exactly one case, symptom and state, whose value is 1,', () => {
  const setOf = async (diagnosis: Partial<Standing['diagnosis']>) => {
    const metrics = create()
    const standing = newStanding(awsTarget)
    metrics.start({ ...standing, diagnosis: { ...standing.diagnosis, ...diagnosis } }, [])
    return (await samplesOf(metrics)).filter(line => /^(case|symptom|state)\{/.test(line))
  }

  test('in every case', async () => {
    for (const entry of catalogue) {
      expect(await setOf({ case: entry })).toEqual([
        `case{case="${entry.id}"} 1`,
        'symptom{symptom="unknown"} 1',
        'state{state="unknown"} 1'
      ])
    }
  })

  test('with every symptom', async () => {
    for (const symptom of symptoms) {
      expect(await setOf({ symptom })).toEqual([
        'case{case="unknown"} 1',
        `symptom{symptom="${symptom}"} 1`,
        'state{state="unknown"} 1'
      ])
    }
  })

  test('in every state', async () => {
    for (const state of states) {
      expect(await setOf({ state })).toEqual([
        'case{case="unknown"} 1',
        'symptom{symptom="unknown"} 1',
        `state{state="${state}"} 1`
      ])
    }
  })
})

test('`up` is 1 for the symptom `none`, 0 for every other, and absent while the state is unknown', async () => {
  for (const symptom of symptoms) {
    for (const state of states) {
      const metrics = create()
      const standing = newStanding(awsTarget)
      metrics.start({ ...standing, diagnosis: { ...standing.diagnosis, symptom, state } }, [])
      const up = (await samplesOf(metrics)).filter(line => line.startsWith('up{'))
      const value = symptom === 'none' ? 1 : 0
      expect(up).toEqual(state === 'unknown' ? [] : [`up{environment="prod",cloud="aws"} ${value}`])
    }
  }
})

test('the probes that the config expects are a series, and none if the config does not say', async () => {
  const metrics = create()
  expect(await text(metrics)).not.toMatch(/^privatelink_probes_expected/m)
  metrics.accepted({ intervalSeconds: 10, probes: 3 })
  expect(await text(metrics)).toMatch(/^privatelink_probes_expected 3$/m)
  metrics.accepted({ intervalSeconds: 10 })
  expect(await text(metrics)).not.toMatch(/^privatelink_probes_expected/m)
})

test('histograms add up, and their last bucket is the count', async () => {
  const metrics = create()
  watch(metrics, evidence(two), evidence(two))
  const tcp = (await samplesOf(metrics)).filter(line => /^layer_duration_seconds.*tcp/.test(line))
  expect(tcp).toEqual([
    ...['0.001', '0.005', '0.05', '0.25', '1.5', '+Inf'].map(
      le => `layer_duration_seconds_bucket{layer="tcp",le="${le}"} 4`
    ),
    'layer_duration_seconds_sum{layer="tcp"} 0.004',
    'layer_duration_seconds_count{layer="tcp"} 4'
  ])
})

test('a label cannot break its line', async () => {
  const metrics = create()
  metrics.start(newStanding({ ...awsTarget, region: 'a"b\\c\nd' }), [])
  expect(await text(metrics)).toContain('region="a\\"b\\\\c\\nd"')
})

test('OpenMetrics has the same samples, counters named without _total, and an end', async () => {
  const metrics = create()
  watch(metrics, evidence(two))
  const [plain, open] = [await text(metrics), await text(metrics, 'openmetrics')]
  const samples = (all: string) => all.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  expect(samples(open)).toEqual(samples(plain))
  expect(open).toContain('\n# TYPE privatelink_rounds counter\nprivatelink_rounds_total{')
  expect(open).not.toMatch(/\n\n/)
  expect(open.endsWith('\n# EOF\n')).toBe(true)
  expect(await text(metrics)).toBe(plain)
})

/** Labels that describe the target instead of being a closed set: on as few families as alerts and joins need. */
const identity = ['environment', 'cloud', 'region', 'host', 'port']
const describedBy = new Map([
  ['privatelink_target_info', identity],
  ['privatelink_up', ['environment', 'cloud']],
  ['privatelink_confirmed_case', identity],
  ['privatelink_confirmed_finding', identity]
])

test('every family has a name of the house, a help and labels that are closed sets', () => {
  for (const { name, type, help, labels } of targetFamilies) {
    expect(name).toMatch(/^privatelink_[a-z_]+$/)
    expect(name.endsWith('_total')).toBe(type === 'counter')
    expect(help).toMatch(/\.$/)
    const closed = [
      'resolver',
      'layer',
      'reason',
      'case',
      'cause',
      'finding',
      'symptom',
      'state',
      'address_slot',
      'outcome',
      'impairment'
    ]
    const describing = describedBy.get(name) ?? []
    expect([...closed, ...describing]).toEqual(expect.arrayContaining([...labels]))
    for (const label of describing) expect(labels).toContain(label)
  }
})
