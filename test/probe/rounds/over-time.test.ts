import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, type TestContext, test } from 'vitest'
import { Config } from '../../../probe/config/config.ts'
import type { Loaded } from '../../../probe/config/source.ts'
import { createDaemon } from '../../../probe/daemon.ts'
import { createMetrics } from '../../../probe/metrics/metrics.ts'
import { observers } from '../../../probe/observers/boundary.ts'
import { trustIn } from '../../../probe/observers/trust.ts'
import type { Target } from '../../../probe/target.ts'
import { makeAuthority } from '../../support/certificates.ts'
import { startEndpoint } from '../../support/endpoint.ts'
import { host } from '../../support/evidence.ts'
import { loopbackTarget } from '../../support/loopback-target.ts'
import { a, nxdomain, type Script, soa, startResolver } from '../../support/resolver.ts'
import { startSlowProxy } from '../../support/slow-proxy.ts'

const authority = await makeAuthority()
const other = 'in01-0f1e2d3c4b5a697.gcp-us-west1.vectordb.zillizcloud.com'
const identity = await authority.issue([host, other])
const patience = { timeout: 60_000, interval: 20 }

const found: Script = ({ name, type }) =>
  type === 'A' && (name === host || name === other)
    ? { answers: [a(name, '127.0.0.1')] }
    : name === host || name === other
      ? {}
      : nxdomain(soa('zillizcloud.com', 'ns.example'))
const missing: Script = () => nxdomain(soa('vectordb.zillizcloud.com', 'ns-gcp-private.googledomains.com'))

/** Watches targets, a round a second, as patiently as a client. */
async function watch(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  targets: readonly Target[],
  resolver: Loaded['resolvers'][number],
  options: Partial<Parameters<typeof createDaemon>[0]> = {}
) {
  const daemon = createDaemon({
    metrics: createMetrics({ version: '0.0.0' }),
    onCaseChange: () => {},
    onImpairment: () => {},
    onBug: bug => {
      throw bug
    },
    ...options
  })
  onTestFinished(daemon.close)
  await daemon.apply({
    config: Config.parse({ targets, intervalSeconds: 1, libcIntervalSeconds: 0, allowLoopback: true }),
    resolvers: [resolver],
    trust: trustIn(authority.cert),
    authorities: authority.cert,
    files: []
  })
  const standing = (name = 'prod/images/in01-1') => daemon.standing(name)
  const findings = () => standing()?.diagnosis.findings.map(({ finding, about }) => [finding.id, about] as const) ?? []
  return { daemon, standing, findings, rounds: () => standing()?.rounds ?? [] }
}

describe.concurrent('slow, and never silent, is', () => {
  /** Longer than a round gives any layer at this interval, and less than a client waits. */
  const slow = 1300

  test('a resolver', async context => {
    const { expect } = context
    await using endpoint = await startEndpoint(identity)
    await using resolver = await startResolver(found, { delayMs: slow })
    const { rounds, standing } = await watch(context, [loopbackTarget(endpoint.port)], resolver.resolver)
    await expect.poll(() => rounds().length, patience).toBeGreaterThanOrEqual(3)
    expect(new Set(rounds().map(({ state }) => state))).toEqual(new Set(['healthy']))
    for (const { findings } of rounds()) expect(findings).toContain('resolver-slow')
    expect(standing()?.evidence?.resolvers[0]?.a).toMatchObject({ kind: 'answer', answered: { query: 1 } })
    expect(standing()?.evidence?.resolvers[0]?.a.seconds).toBeGreaterThan(slow / 1000 - 0.1)
  })

  for (const { what, slowness, finding } of [
    { what: 'a TLS handshake', slowness: { first: slow }, finding: 'handshake-slow' },
    { what: 'a reply', slowness: { later: slow }, finding: 'reply-slow' }
  ]) {
    test(what, async context => {
      const { expect } = context
      await using endpoint = await startEndpoint(identity)
      await using proxy = await startSlowProxy(endpoint, () => slowness)
      await using resolver = await startResolver(found)
      const { rounds } = await watch(context, [loopbackTarget(proxy.port)], resolver.resolver)
      await expect.poll(() => rounds().length, patience).toBeGreaterThanOrEqual(3)
      expect(new Set(rounds().map(({ state }) => state))).toEqual(new Set(['healthy']))
      for (const { findings } of rounds()) expect(findings).toContain(finding)
    })
  }

  test('what was silent for longer than a client waits, and is slow now', async context => {
    const { expect } = context
    let isSilent = true
    await using endpoint = await startEndpoint(identity)
    await using resolver = await startResolver(query => (isSilent ? 'drop' : found(query)), { delayMs: slow })
    const { rounds, standing } = await watch(context, [loopbackTarget(endpoint.port)], resolver.resolver, {
      patienceMs: 3000
    })
    await expect.poll(() => rounds().length, patience).toBeGreaterThanOrEqual(3)
    expect(standing()?.diagnosis.case.id).toBe('resolver-silent')
    isSilent = false
    await expect.poll(() => standing()?.diagnosis.case.id, patience).toBe('healthy')
    const seen = rounds().length
    await expect.poll(() => rounds().length, patience).toBeGreaterThanOrEqual(Math.min(20, seen + 3))
    expect(
      rounds()
        .slice(0, 3)
        .map(({ state }) => state)
    ).toEqual(['healthy', 'healthy', 'healthy'])
  })
})

describe.concurrent('degraded, and says where, is a link', () => {
  test('whose resolver says every fourth time that there is no such name', async context => {
    const { expect } = context
    let asked = 0
    await using endpoint = await startEndpoint(identity)
    await using resolver = await startResolver(query => {
      if (query.name === host && query.type === 'A') asked += 1
      return query.name === host && asked % 4 === 0 ? missing(query) : found(query)
    })
    const { rounds, standing, findings } = await watch(context, [loopbackTarget(endpoint.port)], resolver.resolver)
    const isDegraded = () => findings().some(([id]) => id === 'intermittent')
    await expect.poll(isDegraded, patience).toBe(true)
    expect(findings()).toContainEqual(['intermittent', ['vpc']])
    const { length } = rounds()
    await expect.poll(() => rounds().length, patience).toBeGreaterThanOrEqual(Math.min(20, length + 5))
    expect(
      new Set(
        rounds()
          .slice(0, 5)
          .map(({ state }) => state)
      )
    ).not.toContain('healthy')
    await expect.poll(() => standing()?.diagnosis.state, patience).toBe('degraded')
  })

  test('that resets every second connection to its only address', async context => {
    const { expect } = context
    let made = 0
    await using endpoint = await startEndpoint(identity)
    await using proxy = await startSlowProxy(endpoint, () => ({ isReset: ++made % 2 === 0 }))
    await using resolver = await startResolver(found)
    const { standing, findings } = await watch(context, [loopbackTarget(proxy.port)], resolver.resolver)
    await expect.poll(findings, patience).toContainEqual(['intermittent', ['127.0.0.1']])
    await expect.poll(() => standing()?.diagnosis.state, patience).toBe('degraded')
  })
})

test('a target whose answers take the probe long is named, and costs no other target a verdict', async ({
  onTestFinished
}) => {
  const well = 'prod/images/in01-2'
  await using endpoint = await startEndpoint(identity)
  await using resolver = await startResolver(found)
  let stalls = 0
  const { daemon, standing } = await watch(
    { onTestFinished },
    [loopbackTarget(endpoint.port), loopbackTarget(endpoint.port, { name: well, host: other })],
    resolver.resolver,
    {
      observers: {
        ...observers,
        dns: async (query, limit) => {
          const seen = await observers.dns(query, limit)
          if (
            query.question.name === host &&
            query.question.type === 'A' &&
            stalls < 3 &&
            standing(well)?.evidence !== undefined
          ) {
            stalls += 1
            const { user } = process.threadCpuUsage()
            // To ask the system all the time would take five times as long, most of it in the system.
            while (process.threadCpuUsage().user < user + 1_300_000) for (let spin = 0; spin < 1e6; spin++);
          }
          return seen
        }
      }
    }
  )
  await expect.poll(() => daemon.stalledBy()?.of, patience).toBe('prod/images/in01-1')
  expect(daemon.impairments()).toContain('event-loop-stall')
  await expect.poll(() => stalls, patience).toBeGreaterThanOrEqual(3)
  await sleep(500)
  for (const { heldBy, state, findings } of standing(well)?.rounds ?? []) {
    expect({ heldBy, state, findings }).toEqual({ heldBy: [], state: 'healthy', findings: [] })
  }
})
