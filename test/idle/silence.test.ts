import { gunzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { generated } from '../../dashboards/generated.ts'
import { settings } from '../../dashboards/settings.ts'
import { Config } from '../../probe/config/config.ts'
import { createDaemon } from '../../probe/daemon.ts'
import { createMetrics } from '../../probe/metrics/metrics.ts'
import { trustIn } from '../../probe/observers/trust.ts'
import { article } from '../../probe/page/article.ts'
import { stateNow } from '../../probe/rounds/report.ts'
import { makeAuthority } from '../support/certificates.ts'
import { startEndpoint } from '../support/endpoint.ts'
import { host } from '../support/evidence.ts'
import { loopbackTarget } from '../support/loopback-target.ts'
import { a, startResolver } from '../support/resolver.ts'

const authority = await makeAuthority()
const identity = await authority.issue([host])
const trust = trustIn(authority.cert)
const patience = { timeout: 30_000, interval: 50 }

/** A probe of a link that works, of which each round makes one connection. */
async function startProbe(changes: Partial<Config>) {
  const endpoint = await startEndpoint(identity)
  const resolver = await startResolver(({ type, name }) => ({
    answers: type === 'A' && name === host ? [a(host, '127.0.0.1')] : []
  }))
  const told: unknown[] = []
  const metrics = createMetrics({ version: '0.0.0', settleMs: 0 })
  const daemon = createDaemon({
    metrics,
    onCaseChange: ({ from, to }) => told.push([from, to]),
    onImpairment: active => told.push(active),
    onBug: bug => told.push(bug),
    idleOptions: { times: [1, 60], pace: { firstMs: 0, againMs: 60_000 } }
  })
  onTestFinished(async () => {
    await daemon.close()
    await endpoint[Symbol.asyncDispose]()
    await resolver[Symbol.asyncDispose]()
  })
  const target = loopbackTarget(endpoint.port)
  const given = { targets: [target], intervalSeconds: 1, libcIntervalSeconds: 0, allowLoopback: true, ...changes }
  await daemon.apply({
    config: Config.parse(given),
    resolvers: [resolver.resolver],
    trust,
    authorities: authority.cert,
    files: []
  })
  const standing = () => daemon.standing(target.name)
  const scrape = async () => gunzipSync(await metrics.write('text')).toString()
  return { endpoint, told, standing, scrape, target, resolver }
}

test('what idle connections come to is in the metrics and on the page, and changes no state', async () => {
  const { endpoint, told, standing, scrape, target } = await startProbe({})
  await expect.poll(() => standing()?.idle, patience).toMatchObject({ aliveSeconds: 1 })
  // One is still held, until the server ends it.
  expect(endpoint.connections.open).toBeGreaterThanOrEqual(1)
  await endpoint[Symbol.asyncDispose]()
  await expect.poll(() => standing()?.idle?.closed, patience).toBeDefined()
  await using _again = await startEndpoint(identity, { place: { port: endpoint.port } })
  await expect.poll(() => standing()?.diagnosis.case.id, patience).toBe('healthy')
  const now = standing()
  if (now === undefined) throw new Error('there is no standing')
  expect(await scrape()).toMatch(
    new RegExp(
      `privatelink_idle_connection_seconds\\{target="${target.name}",outcome="alive"\\} 1\\n.*outcome="closed"\\} \\d`
    )
  )
  expect(article(now, undefined, false)).toMatch(
    /Idle connections: alive after 1 s; closed by the peer after \d+ s \((?:FIN|RST)\), tested /
  )
  expect(stateNow(now)).toBe('healthy')
  expect(now.diagnosis.findings).toEqual([])
  expect(told).not.toContainEqual(expect.any(Error))
})

test('without idle connections none is held, and nothing is said of them', async () => {
  const { endpoint, told, standing, scrape } = await startProbe({ idleConnections: 0 })
  await expect.poll(() => standing()?.rounds.length, patience).toBeGreaterThanOrEqual(3)
  await expect.poll(() => endpoint.connections.open, patience).toBe(0)
  expect(endpoint.connections.made).toBeLessThanOrEqual((standing()?.rounds.length ?? 0) + 1)
  expect(standing()?.idle).toBeUndefined()
  expect(await scrape()).not.toMatch(/^privatelink_idle_connection_seconds\{/m)
  expect(told).toEqual([['unknown', 'healthy']])
})

test('no rule and no alert knows of idle connections', () => {
  const files = Object.entries(generated(settings)).filter(([file]) => file.endsWith('.yaml'))
  expect(files.length).toBeGreaterThan(0)
  for (const [file, text] of files) expect(text, file).not.toContain('privatelink_idle')
})
