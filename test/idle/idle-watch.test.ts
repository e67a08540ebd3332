import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { Evidence } from '../../probe/cases/evidence.ts'
import type { IdleFound } from '../../probe/idle/idle-found.ts'
import { type IdleWatchOptions, watchIdle } from '../../probe/idle/idle-watch.ts'
import { trustIn } from '../../probe/observers/trust.ts'
import type { Target } from '../../probe/target.ts'
import { makeAuthority } from '../support/certificates.ts'
import { startEndpoint, startTcpServer } from '../support/endpoint.ts'
import { address, evidence, host, onlyTcp } from '../support/evidence.ts'
import { loopbackTarget } from '../support/loopback-target.ts'

const authority = await makeAuthority()
const identity = await authority.issue([host])
const trust = trustIn(authority.cert)

function start(options: Partial<IdleWatchOptions> = {}) {
  const found: (readonly [string, IdleFound])[] = []
  const bugs: unknown[] = []
  const watch = watchIdle({
    most: 100,
    link: { trust, allowLoopback: true },
    onFound: (name, each) => found.push([name, each]),
    onBug: bug => bugs.push(bug),
    times: [0.1, 0.2, 0.3],
    pace: { firstMs: 0, againMs: 60_000 },
    patienceMs: 1000,
    ...options
  })
  onTestFinished(watch.close)
  return { watch, found, bugs }
}

/** A round in which a target works on these addresses of loopback. */
const round = (name: string, port: number, ...addresses: readonly string[]): Evidence<Target> =>
  evidence({ target: loopbackTarget(port, { name }), addresses: addresses.map(each => address(each)) })

test('a target that works is held on three addresses at most for each time, once in a while, and what is found is reported', async () => {
  await using endpoint = await startEndpoint(identity, { place: { address: '0.0.0.0' } })
  const { watch, found, bugs } = start()
  const seen = round('a', endpoint.port, '127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4')
  watch.consider(seen)
  watch.consider(seen)
  await expect.poll(() => found.length, { timeout: 10_000 }).toBe(9)
  watch.consider(seen)
  await sleep(100)
  expect(endpoint.connections).toMatchObject({ made: 9, open: 0 })
  expect([found.at(-1)?.[0], found.at(-1)?.[1].dead, bugs]).toEqual(['a', undefined, []])
})

test('nothing is held to a target that fails, nor before it is time', async () => {
  await using endpoint = await startEndpoint(identity)
  const failing = evidence({
    target: loopbackTarget(endpoint.port),
    addresses: [address('127.0.0.1', onlyTcp({ kind: 'timeout' }))]
  })
  start().watch.consider(failing)
  start({ pace: { firstMs: 60_000, againMs: 0 } }).watch.consider(round('a', endpoint.port, '127.0.0.1'))
  await sleep(200)
  expect(endpoint.connections.made).toBe(0)
})

test('of two hundred targets no more than the limit are held at once, and each has its turn', async () => {
  await using endpoint = await startEndpoint(identity)
  const { watch, found, bugs } = start({ most: 20, times: [0, 0.01], pace: { firstMs: 0, againMs: 600_000 } })
  for (let index = 0; index < 200; index += 1) watch.consider(round(`target-${index}`, endpoint.port, '127.0.0.1'))
  let most = 0
  while (new Set(found.map(([name]) => name)).size < 200) {
    await sleep(5)
    most = Math.max(most, endpoint.connections.open)
  }
  expect(most).toBeLessThanOrEqual(20)
  expect(bugs).toEqual([])
})

test('if fewer are allowed than there are times, the longest are held', async () => {
  await using endpoint = await startEndpoint(identity)
  const { watch, found } = start({ most: 1, times: [0.1, 0.2, 1.2] })
  watch.consider(round('a', endpoint.port, '127.0.0.1', '127.0.0.2'))
  await expect.poll(() => found, { timeout: 10_000 }).toMatchObject([['a', { aliveSeconds: 1 }]])
  expect(endpoint.connections.made).toBe(1)
})

test('a target that is removed is let go at once, and at the end all are', async () => {
  await using endpoint = await startEndpoint(identity)
  const { watch, found, bugs } = start({ times: [60] })
  watch.consider(round('a', endpoint.port, '127.0.0.1'))
  watch.consider(round('b', endpoint.port, '127.0.0.1'))
  await expect.poll(() => endpoint.connections.open).toBe(2)
  watch.forget('a')
  await expect.poll(() => endpoint.connections.open).toBe(1)
  await watch.close()
  await expect.poll(() => endpoint.connections.open).toBe(0)
  watch.consider(round('c', endpoint.port, '127.0.0.1'))
  await sleep(50)
  expect([endpoint.connections.made, found, bugs]).toEqual([2, [], []])
})

test('an address that may not be connected to is not', async () => {
  await using endpoint = await startTcpServer(() => {})
  const { watch, bugs } = start({ link: { trust, allowLoopback: false } })
  watch.consider(round('a', endpoint.port, '127.0.0.1'))
  await sleep(50)
  expect([endpoint.connections.made, bugs]).toEqual([0, []])
})
