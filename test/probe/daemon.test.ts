import { gunzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, type TestContext, test } from 'vitest'
import { Config } from '../../probe/config/config.ts'
import type { Loaded } from '../../probe/config/source.ts'
import { createDaemon } from '../../probe/daemon.ts'
import { createMetrics } from '../../probe/metrics/metrics.ts'
import { trustIn } from '../../probe/observers/trust.ts'
import type { CaseChange } from '../../probe/rounds/case-change.ts'
import type { ImpairmentId } from '../../probe/suspicion/impairments.ts'
import type { Target } from '../../probe/target.ts'
import { inDays, makeAuthority } from '../support/certificates.ts'
import { startEndpoint } from '../support/endpoint.ts'
import { gcpTarget, host } from '../support/evidence.ts'
import { loopbackTarget } from '../support/loopback-target.ts'
import { a, nxdomain, type Script, soa, startResolver } from '../support/resolver.ts'
import { sentTo } from '../support/sent-to.ts'

const authority = await makeAuthority()
const trust = trustIn(authority.cert)
const identity = await authority.issue([host])
const patience = { timeout: 60_000, interval: 50 }

const { name } = gcpTarget
const here = (port: number) => loopbackTarget(port, { name })
const found: Script = question =>
  question.name === host && question.type === 'A'
    ? { answers: [a(host, '127.0.0.1')] }
    : nxdomain(soa('zillizcloud.com', 'ns.example'))
const missing: Script = () => nxdomain(soa('vectordb.zillizcloud.com', 'ns-gcp-private.googledomains.com'))

const loaded = (targets: readonly Target[], resolvers: Loaded['resolvers'], changes: object = {}): Loaded => ({
  config: Config.parse({ targets, intervalSeconds: 1, libcIntervalSeconds: 0, allowLoopback: true, ...changes }),
  resolvers,
  trust,
  authorities: authority.cert,
  files: []
})

function start(
  options: Partial<Parameters<typeof createDaemon>[0]> = {},
  { onTestFinished: atEnd }: Pick<TestContext, 'onTestFinished'> = { onTestFinished }
) {
  const changes: CaseChange[] = []
  const impairments: (readonly ImpairmentId[])[] = []
  const bugs: unknown[] = []
  const metrics = createMetrics({ version: '0.0.0', settleMs: 0 })
  const daemon = createDaemon({
    metrics,
    onCaseChange: change => changes.push(change),
    onImpairment: active => impairments.push(active),
    onBug: bug => bugs.push(bug),
    // Tests do not wait as long as a client.
    patienceMs: 1000,
    ...options
  })
  atEnd(daemon.close)
  const scrape = async () => gunzipSync(await metrics.write('text')).toString()
  return { daemon, changes, impairments, bugs, scrape }
}

const caseOf = ({ daemon }: ReturnType<typeof start>, target = name) => daemon.standing(target)?.diagnosis.case.id
const roundsOf = ({ daemon }: ReturnType<typeof start>, target = name) => daemon.standing(target)?.rounds.length ?? 0

test('a change of the case is logged once, with its evidence, and nothing is logged while nothing changes', async () => {
  await using endpoint = await startEndpoint(identity)
  let script = found
  await using resolver = await startResolver(query => script(query))
  const probe = start()
  await probe.daemon.apply(loaded([here(endpoint.port)], [resolver.resolver]))
  expect([caseOf(probe), probe.daemon.isReady()]).toEqual(['unknown', false])
  await expect.poll(() => roundsOf(probe), patience).toBeGreaterThanOrEqual(3)
  script = missing
  await expect.poll(() => caseOf(probe), patience).toBe('record-missing')
  const rounds = roundsOf(probe)
  await expect.poll(() => roundsOf(probe), patience).toBeGreaterThanOrEqual(rounds + 2)
  expect(probe.daemon.isReady()).toBe(true)
  expect(probe.impairments).toEqual([])
  expect(probe.changes.map(({ from, to, symptom, evidence }) => ({ from, to, symptom, evidence }))).toEqual([
    {
      from: 'unknown',
      to: 'healthy',
      symptom: 'none',
      evidence: { 'dns vpc': 'dns ok', '127.0.0.1': 'tcp ok, tls ok, application ok' }
    },
    {
      from: 'healthy',
      to: 'record-missing',
      symptom: 'name_or_service_not_known',
      evidence: { 'dns vpc': 'dns nxdomain', '127.0.0.1': 'tcp ok, tls ok, application ok' }
    }
  ])
  expect(await probe.scrape()).toContain(`privatelink_case_changes_total{target="${name}"} 1\n`)
})

test('while the clock is stepped, a verdict that rests on dates is held, and any other is given', async () => {
  // Valid since half an hour: by the clock before a step of an hour it was not valid yet.
  const young = await authority.issue([host], { from: inDays(-1 / 48), to: inDays(30) })
  await using endpoint = await startEndpoint(young)
  let script = found
  await using resolver = await startResolver(query => script(query))
  let aheadMs = 0
  const probe = start({ clocks: { monotonic: () => performance.now(), wall: () => Date.now() + aheadMs } })
  const heldBy = () => probe.daemon.standing(name)?.heldBy
  await probe.daemon.apply(loaded([here(endpoint.port)], [resolver.resolver]))
  await expect.poll(() => caseOf(probe), patience).toBe('healthy')
  const steps = setInterval(() => {
    aheadMs += 3_600_000
  }, 300)
  onTestFinished(() => clearInterval(steps))
  await expect.poll(heldBy, patience).toEqual(['clock-step'])
  expect(probe.daemon.impairments()).toEqual(['clock-step'])
  const { rounds: [last] = [], diagnosis } = probe.daemon.standing(name) ?? {}
  expect([last, diagnosis?.case.id]).toMatchObject([
    { case: 'healthy', state: 'unknown', heldBy: ['clock-step'] },
    'healthy'
  ])
  const held = await probe.scrape()
  expect(held).toContain('privatelink_impairment{impairment="clock-step"} 1\n')
  expect(held).toContain(`privatelink_verdict_held{target="${name}"} 1\n`)
  expect(held).toContain(`privatelink_state{target="${name}",state="unknown"} 1\n`)
  expect(held).not.toContain('privatelink_case{')

  script = missing
  await expect.poll(() => caseOf(probe), patience).toBe('record-missing')
  expect([probe.daemon.impairments(), heldBy()]).toEqual([['clock-step'], []])
  script = found
  await expect.poll(heldBy, patience).toEqual(['clock-step'])
  expect(caseOf(probe)).toBe('record-missing')

  clearInterval(steps)
  await expect.poll(() => caseOf(probe), patience).toBe('healthy')
  expect([heldBy(), probe.daemon.impairments()]).toEqual([[], []])
  expect(probe.impairments).toEqual([['clock-step'], []])
})

test('a new config leaves the state of targets that stay, starts new ones, and ends the series of others', async () => {
  await using endpoint = await startEndpoint(identity)
  await using resolver = await startResolver(found)
  const probe = start()
  const other: Target = { ...here(endpoint.port), name: 'prod/images/other' }
  await probe.daemon.apply(loaded([here(endpoint.port), other], [resolver.resolver]))
  await expect.poll(() => [caseOf(probe), caseOf(probe, other.name)], patience).toEqual(['healthy', 'healthy'])
  const since = probe.daemon.standing(name)?.since
  const third: Target = { ...other, name: 'prod/images/third' }

  await probe.daemon.apply(loaded([here(endpoint.port), third], [resolver.resolver]))
  expect(caseOf(probe, other.name)).toBeUndefined()
  expect(await probe.scrape()).not.toContain(other.name)
  await expect.poll(() => caseOf(probe, third.name), patience).toBe('healthy')

  // Another interval starts all loops anew, and forgets nothing.
  await probe.daemon.apply(loaded([here(endpoint.port)], [resolver.resolver], { intervalSeconds: 2 }))
  const rounds = roundsOf(probe)
  await expect.poll(() => roundsOf(probe), patience).toBeGreaterThan(rounds)
  expect(probe.daemon.standing(name)?.since).toBe(since)
  expect(probe.changes.filter(({ target }) => target === name)).toHaveLength(1)

  probe.daemon.refuse()
  expect(probe.daemon.impairments()).toEqual(['config-rejected'])
  await expect.poll(() => roundsOf(probe), patience).toBeGreaterThan(rounds + 1)
  expect(probe.daemon.standing(name)?.rounds[0]?.heldBy).toEqual([])
  expect(await probe.scrape()).toContain('privatelink_config_last_reload_successful 0\n')

  await probe.daemon.apply(loaded([], [resolver.resolver]))
  expect([probe.daemon.impairments(), probe.daemon.standings(), probe.daemon.isReady()]).toEqual([[], [], true])
  expect(await probe.scrape()).not.toContain('prod/')
})

test('500 targets that all time out are watched on, none twice at once, and none is left after closing', {
  timeout: 90_000
}, async () => {
  await using resolver = await startResolver(() => 'drop')
  const targets = Array.from({ length: 500 }, (_, index): Target => ({ ...here(1), name: `prod/images/t${index}` }))
  const probe = start()
  await probe.daemon.apply(loaded(targets, [resolver.resolver], { queriesPerSecond: 1000, intervalSeconds: 5 }))
  await expect.poll(() => probe.daemon.isReady(), patience).toBe(true)
  await expect
    .poll(() => new Set(probe.daemon.standings().map(({ diagnosis }) => diagnosis.case.id)), patience)
    .toEqual(new Set(['resolver-silent']))
  for (const { rounds } of probe.daemon.standings()) {
    // The newest first: each begins after the one before has ended.
    rounds.slice(1).forEach((before, index) => {
      expect(rounds[index]?.at).toBeGreaterThanOrEqual(before.at + before.seconds - 0.01)
    })
  }
  await probe.daemon.close()
  const sent = await sentTo(resolver)
  await new Promise(resolve => setTimeout(resolve, 1000))
  expect(await sentTo(resolver)).toBe(sent)
})

test('configs that come at once are applied one after the other, and none leaves its loops behind', async () => {
  await using resolver = await startResolver(missing)
  const probe = start()
  const apply = (targets: readonly Target[], intervalSeconds: number) =>
    probe.daemon.apply(loaded(targets, [resolver.resolver], { intervalSeconds }))
  await Promise.all([1, 2, 3, 1].map(seconds => apply([here(1)], seconds)))
  await expect.poll(() => roundsOf(probe), patience).toBeGreaterThanOrEqual(2)
  await apply([], 5)
  const sent = await sentTo(resolver)
  await new Promise(resolve => setTimeout(resolve, 3500))
  expect(await sentTo(resolver)).toBe(sent)
})

test('a config that comes while the daemon closes starts nothing', async () => {
  await using resolver = await startResolver(() => 'drop')
  const probe = start()
  await probe.daemon.apply(loaded([here(1)], [resolver.resolver]))
  await expect.poll(() => resolver.queries.length, patience).toBeGreaterThan(0)
  const applied = probe.daemon.apply(loaded([here(1)], [resolver.resolver], { intervalSeconds: 2 }))
  await probe.daemon.close()
  await applied
  await probe.daemon.apply(loaded([here(1)], [resolver.resolver], { intervalSeconds: 1 }))
  const sent = await sentTo(resolver)
  await new Promise(resolve => setTimeout(resolve, 1500))
  expect(await sentTo(resolver)).toBe(sent)
})

describe.concurrent('a target', () => {
  /** So long that no turn but the first one comes. */
  const intervalSeconds = 3600

  test('whose first look fails is looked at again after two and five seconds, and no more when three agree', async context => {
    const { expect } = context
    await using resolver = await startResolver(missing)
    const probe = start({}, context)
    await probe.daemon.apply(loaded([here(1)], [resolver.resolver], { intervalSeconds }))
    await expect.poll(() => roundsOf(probe), patience).toBe(1)
    expect(probe.daemon.standing(name)?.confirmed.verdict).toBe(false)
    await expect.poll(() => roundsOf(probe), patience).toBe(3)
    const { rounds = [], confirmed, recent } = probe.daemon.standing(name) ?? {}
    const [third = 0, second = 0, first = 0] = rounds.map(({ at }) => at)
    expect(second - first).toBeGreaterThanOrEqual(1.99)
    expect(third - first).toBeGreaterThanOrEqual(4.99)
    expect(confirmed?.verdict).toBe(true)
    expect(recent?.map(({ isEarly }) => isEarly)).toEqual([true, true, undefined])
    await new Promise(resolve => setTimeout(resolve, 2500))
    expect(roundsOf(probe)).toBe(3)
    expect(await probe.scrape()).toContain(`privatelink_rounds_missed_total{target="${name}"} 0\n`)
  })

  test('that is well at its first look is not looked at again before its turn', async context => {
    const { expect } = context
    await using endpoint = await startEndpoint(identity)
    await using resolver = await startResolver(found)
    const probe = start({}, context)
    await probe.daemon.apply(loaded([here(endpoint.port)], [resolver.resolver], { intervalSeconds }))
    await expect.poll(() => caseOf(probe), patience).toBe('healthy')
    await new Promise(resolve => setTimeout(resolve, 2500))
    expect(roundsOf(probe)).toBe(1)
  })

  test('that changes is confirmed before its next turn, and goes on in its rhythm', async context => {
    const { expect } = context
    await using endpoint = await startEndpoint(identity)
    let script = found
    await using resolver = await startResolver(query => script(query))
    const probe = start({}, context)
    await probe.daemon.apply(loaded([here(endpoint.port)], [resolver.resolver], { intervalSeconds: 4 }))
    await expect.poll(() => caseOf(probe), patience).toBe('healthy')
    script = missing
    await expect.poll(() => caseOf(probe), patience).toBe('record-missing')
    await expect.poll(() => probe.daemon.standing(name)?.confirmed.verdict, patience).toBe(true)
    const { rounds = [], recent = [] } = probe.daemon.standing(name) ?? {}
    expect(rounds.map(each => each.case)).toEqual(['record-missing', 'record-missing', 'record-missing', 'healthy'])
    expect(recent.map(({ isEarly }) => isEarly)).toEqual([true, true, undefined, undefined])
    await expect.poll(() => roundsOf(probe), patience).toBe(5)
    expect(probe.daemon.standing(name)?.recent[0]?.isEarly).toBeUndefined()
  })
})
