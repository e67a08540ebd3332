import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, type TestContext, test } from 'vitest'
import { Config } from '../../../probe/config/config.ts'
import type { Loaded } from '../../../probe/config/source.ts'
import { createDaemon } from '../../../probe/daemon.ts'
import { createMetrics } from '../../../probe/metrics/metrics.ts'
import { mostAtOnce } from '../../../probe/observers/patience.ts'
import { beginThere } from '../../../probe/observers/tcp.ts'
import { trustIn } from '../../../probe/observers/trust.ts'
import { queriesOf } from '../../../probe/rounds/ask-resolver.ts'
import { makeAuthority } from '../../support/certificates.ts'
import { startEndpoint } from '../../support/endpoint.ts'
import { host } from '../../support/evidence.ts'
import { loopbackTarget } from '../../support/loopback-target.ts'
import { a, nxdomain, type Script, soa, startResolver } from '../../support/resolver.ts'
import { startSlowProxy } from '../../support/slow-proxy.ts'

const authority = await makeAuthority()
const identity = await authority.issue([host])
const polling = { timeout: 60_000, interval: 20 }
const { name } = loopbackTarget(1)

const found: Script = question =>
  question.name !== host
    ? nxdomain(soa('zillizcloud.com', 'ns.example'))
    : question.type === 'A'
      ? { answers: [a(host, '127.0.0.1')] }
      : {}

/** A link of which one layer can be silenced, and a probe that watches it with less patience than a client. */
async function watch(
  { onTestFinished }: TestContext,
  { silent = [] as readonly string[], queriesPerSecond = 1000, intervalSeconds = 2 } = {}
) {
  const now = new Set(silent)
  const endpoint = await startEndpoint(identity)
  const proxy = await startSlowProxy(endpoint, () => ({
    first: now.has('tls') ? 60_000 : 0,
    later: now.has('application') ? 60_000 : 0
  }))
  const resolver = await startResolver(query => (now.has('dns') ? 'drop' : found(query)))
  let unanswered = 0
  const metrics = createMetrics({ version: '0.0.0' })
  const daemon = createDaemon({
    metrics,
    onCaseChange: () => {},
    onImpairment: () => {},
    onBug: bug => {
      throw bug
    },
    patienceMs: 1000,
    begin: to => {
      if (!now.has('tcp')) return beginThere(to)
      unanswered += 1
      return new Socket()
    }
  })
  onTestFinished(async () => {
    await daemon.close()
    for (const each of [endpoint, proxy, resolver]) await each[Symbol.asyncDispose]()
  })
  const config = { targets: [loopbackTarget(proxy.port)], intervalSeconds, queriesPerSecond }
  const loaded: Loaded = {
    config: Config.parse({ ...config, libcIntervalSeconds: 0, allowLoopback: true }),
    resolvers: [resolver.resolver],
    trust: trustIn(authority.cert),
    authorities: authority.cert,
    files: []
  }
  const standing = () => daemon.standing(name)
  return {
    daemon,
    apply: () => daemon.apply(loaded),
    standing,
    rounds: () => standing()?.rounds ?? [],
    silence: (layer: string) => now.add(layer),
    heal: () => now.clear(),
    proxy,
    resolver,
    unanswered: () => unanswered,
    planned: queriesOf({ target: loopbackTarget(1), resolvers: [resolver.resolver] })
  }
}

describe('of a link that was well and falls silent', () => {
  for (const { layer, is } of [
    { layer: 'dns', is: 'resolver-silent' },
    { layer: 'tcp', is: 'no-answer-to-syn' },
    { layer: 'tls', is: 'tls-silent' },
    { layer: 'application', is: 'application-silent' }
  ]) {
    test.concurrent(`at the layer ${layer}, the first round confirms it by three exchanges, and leaves none of them open`, async context => {
      const { expect } = context
      const { apply, rounds, standing, silence, proxy, unanswered } = await watch(context)
      await apply()
      await expect.poll(() => standing()?.diagnosis.case.id, polling).toBe('healthy')
      const made = proxy.connections.made
      silence(layer)
      await expect.poll(() => standing()?.diagnosis.state, polling).toBe('failing')
      expect(standing()?.diagnosis.case.id).toBe(is)
      const failing = rounds().filter(({ state }) => state === 'failing')
      expect(failing.map(({ looks }) => looks)).toEqual([mostAtOnce])
      expect(standing()?.confirmed.verdict).toBe(true)
      if (layer === 'tcp') expect(unanswered()).toBe(mostAtOnce)
      if (layer === 'tls' || layer === 'application') {
        // The rounds that were well had a connection each.
        const well = rounds().length - failing.length
        expect(proxy.connections.made - made).toBeGreaterThanOrEqual(mostAtOnce)
        expect(proxy.connections.made).toBe(well + mostAtOnce)
        await expect.poll(() => proxy.connections.open, polling).toBe(0)
      }
    })
  }

  test.concurrent('the later rounds are one look each, with one exchange', async context => {
    const { expect } = context
    const { apply, rounds, standing, silence, unanswered } = await watch(context)
    await apply()
    await expect.poll(() => standing()?.diagnosis.case.id, polling).toBe('healthy')
    silence('tcp')
    await expect.poll(() => rounds().filter(({ state }) => state === 'failing').length, polling).toBe(3)
    const looks = rounds().flatMap(each => (each.state === 'failing' ? [each.looks] : []))
    expect(looks).toEqual([1, 1, mostAtOnce])
    expect(unanswered()).toBe(mostAtOnce + 2)
  })

  test.concurrent('a client’s wait is what counts: what is answered later, and at once, confirms nothing', async context => {
    const { expect } = context
    const { apply, rounds, standing, silence, heal, unanswered } = await watch(context, { intervalSeconds: 3 })
    await apply()
    await expect.poll(() => standing()?.diagnosis.case.id, polling).toBe('healthy')
    silence('tcp')
    await expect.poll(unanswered, polling).toBe(1)
    heal()
    await expect.poll(() => standing()?.diagnosis.case.id, polling).toBe('no-answer-to-syn')
    expect(rounds()[0]).toMatchObject({ looks: 1 })
    expect(standing()?.confirmed.verdict).toBe(false)
    expect(standing()?.evidence?.addresses[0]).toMatchObject({
      path: { reached: 'nothing', tcp: { kind: 'timeout' } },
      further: [{ reached: 'tls' }, { reached: 'tls' }]
    })
    await expect.poll(() => standing()?.diagnosis.case.id, polling).toBe('healthy')
  })
})

test.concurrent('a target that is silent at its first look is not confirmed by it: its network may be late', async context => {
  const { expect } = context
  const { apply, rounds, standing } = await watch(context, { silent: ['tcp'] })
  await apply()
  await expect.poll(() => rounds().length, polling).toBe(1)
  expect([rounds()[0]?.looks, standing()?.confirmed.verdict]).toEqual([1, false])
  await expect.poll(() => standing()?.confirmed.verdict, polling).toBe(true)
  expect(rounds().map(({ looks }) => looks)).toEqual([1, 1, 1])
})

test.concurrent('queries of further exchanges are counted, and are not sent beyond the limit on queries', async context => {
  const { expect } = context
  const plenty = await watch(context, { silent: ['dns'], intervalSeconds: 3600 })
  await plenty.apply()
  await expect.poll(() => plenty.rounds().length, polling).toBe(1)
  const sent = plenty.standing()?.evidence?.resolvers.flatMap(({ a, aaaa, domain }) => [a, aaaa, domain]) ?? []
  expect(sent.map(({ further = [] }) => further.length)).toEqual([2, 2, 2])
  const counted = sent.flatMap(seen => [seen, ...(seen.further ?? [])]).reduce((sum, { queries }) => sum + queries, 0)
  expect(counted).toBe(plenty.resolver.queries.length)
  expect(counted).toBeGreaterThan(2 * 3 * sent.length)

  // One a second: the round took three, and those of the further exchanges would come too late.
  const scarce = await watch(context, { silent: ['dns'], intervalSeconds: 3600, queriesPerSecond: 1 })
  await scarce.apply()
  await expect.poll(() => scarce.rounds().length, polling).toBe(1)
  const { a: asked } = scarce.standing()?.evidence?.resolvers[0] ?? {}
  expect([asked?.kind, asked?.further]).toEqual(['timeout', undefined])
  expect(scarce.resolver.queries.length).toBe(3 * scarce.planned)
})

test.concurrent('a link that is well costs one connection and as many queries as planned in each round, however long it is watched', async context => {
  const { expect } = context
  const { apply, rounds, proxy, resolver, planned, daemon } = await watch(context)
  await apply()
  await expect.poll(() => rounds().length, polling).toBe(3)
  await daemon.close()
  await sleep(1000)
  expect([proxy.connections.made, resolver.queries.length]).toEqual([rounds().length, rounds().length * planned])
})

test.concurrent('further exchanges end with the probe', async context => {
  const { expect } = context
  const { apply, daemon, proxy, silence, standing } = await watch(context)
  await apply()
  await expect.poll(() => standing()?.diagnosis.case.id, polling).toBe('healthy')
  silence('tls')
  await expect.poll(() => proxy.connections.open, polling).toBe(mostAtOnce)
  await daemon.close()
  await expect.poll(() => proxy.connections.open, polling).toBe(0)
})
