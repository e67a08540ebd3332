import { spawnSync } from 'node:child_process'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../probe/cases/catalogue.ts'
import type { Evidence } from '../../probe/cases/evidence.ts'
import { symptoms } from '../../probe/cases/symptoms.ts'
import { targetFamilies } from '../../probe/metrics/target-families.ts'
import { createMetrics, type Metrics } from '../../probe/metrics.ts'
import { makeReport } from '../../probe/report.ts'
import { afterRound, newStanding, type Standing } from '../../probe/standing.ts'
import type { Target } from '../../probe/target.ts'
import {
  address,
  awsTarget,
  evidence,
  gcpTarget,
  nxdomain,
  onlyTcp,
  resolver,
  unresolved
} from '../support/evidence.ts'
import { testWith } from '../support/test-with.ts'

const create = () => createMetrics({ version: '1.2.3', intervalSeconds: () => 10, settleMs: 0 })

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

function watch(metrics: Metrics, ...rounds: readonly Evidence[]): Standing {
  const first = newStanding(awsTarget)
  metrics.start(first, ['vpc', 'stub'])
  return rounds.reduce((before, seen) => {
    const report = makeReport(seen, { seconds: 0.025, heldBy: [] })
    const after = afterRound(before, report)
    metrics.round(after, report)
    return after
  }, first)
}

const two = { resolvers: [resolver(), resolver({ name: 'stub' })] }

describe('the metrics of a target', () => {
  test('before its first round are its name, `unknown`, and counters at zero', async () => {
    const metrics = create()
    watch(metrics)
    const samples = await samplesOf(metrics)
    expect(samples.filter(line => !line.endsWith(' 0'))).toEqual([
      `target_info{environment="prod",cloud="aws",region="us-west-2",host="${awsTarget.host}",port="19531"} 1`,
      'case{case="unknown"} 1',
      'symptom{symptom="unknown"} 1',
      'state{state="unknown"} 1'
    ])
    const families = new Set(samples.map(line => /^\w+/.exec(line)?.[0]))
    expect([...families]).toEqual([
      'target_info',
      'case',
      'symptom',
      'state',
      'verdict_held',
      'finding',
      'case_changes_total',
      'rounds_total',
      'rounds_held_total',
      'rounds_missed_total',
      'observations_total',
      'failures_total',
      'dns_queries_total',
      'dns_resends_total'
    ])
  })

  test('are these when it is healthy', async () => {
    const metrics = create()
    watch(metrics, evidence(two))
    await expect(await text(metrics)).toMatchFileSnapshot('golden/metrics-healthy.txt')
  })

  test('are these when its name is not known, and nothing was reached', async () => {
    const metrics = create()
    const lost = unresolved(resolver({ a: nxdomain(), aaaa: nxdomain(), endpoint: [] }))
    watch(metrics, evidence(two), { ...lost, addresses: [] })
    const samples = await samplesOf(metrics)
    expect(samples.filter(line => /^(case|symptom)\{.* 1$/.test(line))).toEqual([
      'case{case="zone-not-visible"} 1',
      'symptom{symptom="name_or_service_not_known"} 1'
    ])
    expect(samples.filter(line => line.startsWith('failures') && !line.endsWith(' 0'))).toEqual([
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
    const dead = address('10.0.2.7', onlyTcp({ kind: 'timeout' }))
    watch(metrics, evidence({ addresses: [address('10.0.1.7'), dead] }))
    const samples = await samplesOf(metrics)
    expect(samples).toContain('address_up{address_slot="0"} 1')
    expect(samples).toContain('address_up{address_slot="1"} 0')
    expect(samples).toContain('finding{finding="address-fails"} 1')
    expect(samples).toContain('failures_total{layer="tcp",reason="timeout"} 1')
    expect(samples).toContain('layer_up{layer="tcp"} 1')
  })

  test('have no case, symptom or finding while the verdict is held, and say by what; the rest stays as it is', async () => {
    const metrics = create()
    const standing = watch(metrics, evidence(two))
    const before = await samplesOf(metrics)
    const silent = { ...unresolved(resolver()), at: 1_800_000_010 }
    const report = makeReport(silent, { seconds: 0.05, heldBy: ['event-loop-stall'] })
    const held = afterRound(standing, report)
    metrics.round(held, report)
    const after = await samplesOf(metrics)
    expect(after.filter(line => !before.includes(line))).toEqual([
      'state{state="healthy"} 0',
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
    for (const family of ['case', 'symptom', 'finding']) {
      expect(gone).toContain(family)
      expect(after.filter(line => line.startsWith(`${family}{`))).toEqual([])
    }

    const again = makeReport({ ...evidence(two), at: 1_800_000_020 }, { seconds: 0.025, heldBy: [] })
    metrics.round(afterRound(held, again), again)
    const verdicts = (lines: readonly string[]) =>
      lines.filter(line => /^(case|symptom|state|finding|verdict)/.test(line))
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

test('exactly one case and one symptom is 1 for every case there is', async () => {
  for (const entry of catalogue) {
    const metrics = create()
    const standing = newStanding(awsTarget)
    metrics.start({ ...standing, diagnosis: { ...standing.diagnosis, case: entry } }, [])
    const ones = (await samplesOf(metrics)).filter(line => /^(case|symptom)\{.* 1$/.test(line))
    expect(ones).toEqual([`case{case="${entry.id}"} 1`, 'symptom{symptom="unknown"} 1'])
    expect((await samplesOf(metrics)).filter(line => /^(case|symptom)\{/.test(line))).toHaveLength(
      catalogue.length + symptoms.length
    )
  }
})

test('histograms add up, and their last bucket is the count', async () => {
  const metrics = create()
  watch(metrics, evidence(two), evidence(two))
  const tcp = (await samplesOf(metrics)).filter(line => /^layer_duration_seconds.*tcp/.test(line))
  expect(tcp).toEqual([
    ...['0.001', '0.0025', '0.005', '0.01', '0.05', '0.25', '1.5', '+Inf'].map(
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

test('every family has a name of the house, a help and labels that are closed sets', () => {
  for (const { name, type, help, labels } of targetFamilies) {
    expect(name).toMatch(/^privatelink_[a-z_]+$/)
    expect(name.endsWith('_total')).toBe(type === 'counter')
    expect(help).toMatch(/\.$/)
    const closed = ['resolver', 'layer', 'reason', 'case', 'finding', 'symptom', 'state', 'address_slot', 'impairment']
    if (name !== 'privatelink_target_info') expect(closed).toEqual(expect.arrayContaining([...labels]))
  }
})

testWith('promtool')('promtool has nothing to say', async () => {
  const metrics = create()
  watch(metrics, evidence(two))
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: await text(metrics) })
  expect([status, `${stdout}${stderr}`]).toEqual([0, ''])
})
