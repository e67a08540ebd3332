import type { Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Evidence } from '../../../probe/cases/evidence.ts'
import { Config } from '../../../probe/config/config.ts'
import type { Loaded } from '../../../probe/config/source.ts'
import { createDaemon } from '../../../probe/daemon.ts'
import { createMetrics } from '../../../probe/metrics/metrics.ts'
import { boundaryAroundLibc, type Observers, observers } from '../../../probe/observers/boundary.ts'
import { beginThere } from '../../../probe/observers/tcp.ts'
import { trustIn } from '../../../probe/observers/trust.ts'
import { round } from '../../../probe/rounds/round.ts'
import type { Watch } from '../../../probe/rounds/watch.ts'
import { makeAuthority } from '../../support/certificates.ts'
import { startEndpoint, startTcpServer } from '../../support/endpoint.ts'
import { limit } from '../../support/limit.ts'
import { loopbackTarget } from '../../support/loopback-target.ts'
import { a, nxdomain, type Script, soa, startResolver } from '../../support/resolver.ts'

const good = 'in01-1.gcp-us-west1.vectordb.example'
const bad = 'in01-2.gcp-us-west1.vectordb.example'
const authority = await makeAuthority()
const trust = trustIn(authority.cert)
const identity = await authority.issue([good, bad])
const patience = { timeout: 60_000, interval: 20 }
const message = 'Cannot read properties of undefined <b>\n'
const error = 'TypeError: Cannot read properties of undefined <b>\\u{a}'

const answered: Script = ({ name, type }) =>
  (name === good || name === bad) && type === 'A' ? { answers: [a(name, '127.0.0.1')] } : nxdomain(soa('example'))

const nameOf = (host: string) => `prod/images/${host.split('.', 1)[0]}`

const target = (host: string, port: number) => loopbackTarget(port, { host, name: nameOf(host) })

const fail = (): never => {
  throw new TypeError(message)
}

/** Observers of which one fails on whatever has to do with the bad host, at once or later. */
type Layer = Exclude<keyof Observers, 'certificateRequest'>
const failing: Readonly<Record<Layer, Observers>> = {
  dns: {
    ...observers,
    dns: (query, ...rest) => (query.question.name === bad ? fail() : observers.dns(query, ...rest))
  },
  tcp: { ...observers, tcp: async () => fail() },
  tls: {
    ...observers,
    tls: (handshake, ...rest) => (handshake.host === bad ? fail() : observers.tls(handshake, ...rest))
  },
  application: {
    ...observers,
    application: async (exchange, ...rest) =>
      exchange.host === bad ? fail() : observers.application(exchange, ...rest)
  }
}

const crashesIn = (evidence: Evidence) =>
  JSON.stringify(evidence, (_, value) => (value?.kind === 'crashed' ? `crashed ${value.error}` : value)).match(
    /crashed TypeError[^"]*/g
  )

describe('what an observer throws is an observation of that round, and is reported as a bug', () => {
  test.for(Object.keys(failing) as Layer[])('%s', async layer => {
    await using endpoint = await startEndpoint(identity)
    await using resolver = await startResolver(answered)
    const bugs: unknown[] = []
    const watch: Watch = {
      target: target(bad, endpoint.port),
      resolvers: [resolver.resolver],
      observeLibc: undefined,
      trust,
      budget: { dns: 500, tcp: 500, tls: 500, application: 500 },
      allowLoopback: true,
      observers: failing[layer],
      onBug: bug => bugs.push(bug)
    }
    const evidence = await round(watch, new AbortController().signal)
    expect(crashesIn(evidence)?.length).toBe(bugs.length)
    expect(new Set(crashesIn(evidence))).toEqual(new Set([`crashed ${JSON.stringify(error).slice(1, -1)}`]))
    expect(bugs.every(bug => bug instanceof TypeError)).toBe(true)
    await expect.poll(() => endpoint.connections.open, patience).toBe(0)
  })

  test('who asks for a certificate', async () => {
    await using endpoint = await startTcpServer(socket =>
      socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 40])))
    )
    await using resolver = await startResolver(answered)
    const bugs: unknown[] = []
    const watch: Watch = {
      target: target(bad, endpoint.port),
      resolvers: [resolver.resolver],
      observeLibc: undefined,
      trust,
      budget: { dns: 500, tcp: 500, tls: 500, application: 500 },
      allowLoopback: true,
      observers: { ...observers, certificateRequest: async () => fail() },
      onBug: bug => bugs.push(bug)
    }
    const { addresses } = await round(watch, new AbortController().signal)
    expect(addresses.map(({ path }) => path)).toMatchObject([{ reached: 'tcp', tls: { kind: 'alert', alert: 40 } }])
    expect(bugs).toEqual([expect.any(TypeError)])
  })

  test('libc', async () => {
    const bugs: unknown[] = []
    const seen = await boundaryAroundLibc(
      async () => fail(),
      bug => bugs.push(bug)
    )(bad, limit(), Promise.resolve(''))
    expect([seen, bugs.length]).toMatchObject([{ layer: 'dns', kind: 'crashed', error }, 1])
  })

  test('the round itself', async () => {
    await using resolver = await startResolver(answered)
    const bugs: unknown[] = []
    const watch: Watch = {
      target: target(bad, 1),
      resolvers: [resolver.resolver],
      observeLibc: async () => fail(),
      trust,
      budget: { dns: 500, tcp: 500, tls: 500, application: 500 },
      allowLoopback: true,
      onBug: bug => bugs.push(bug)
    }
    const { resolvers, addresses } = await round(watch, new AbortController().signal)
    expect(resolvers).toMatchObject([{ a: { kind: 'crashed', error }, aaaa: { kind: 'crashed' } }])
    expect([addresses, bugs.length]).toEqual([[], 1])
  })

  test('nothing that is thrown after an abort', async () => {
    const over = new AbortController()
    const bugs: unknown[] = []
    const watch: Watch = {
      target: target(bad, 1),
      resolvers: [{ name: 'vpc', address: '127.0.0.1', port: 1 }],
      observeLibc: undefined,
      trust,
      budget: { dns: 500, tcp: 500, tls: 500, application: 500 },
      allowLoopback: true,
      observers: {
        ...observers,
        dns: async () => {
          over.abort(new Error('over'))
          return fail()
        }
      },
      onBug: bug => bugs.push(bug)
    }
    await expect(round(watch, over.signal)).rejects.toThrow('over')
    expect(bugs).toEqual([])
  })
})

describe('a daemon of which an observer fails on one target', () => {
  const begins: Readonly<Record<string, (socket: Socket) => void>> = {
    'a listener of an event': socket => socket.on('connect', fail),
    'an error that is none of a socket': socket =>
      socket.on('connect', () => socket.emit('error', new TypeError(message)))
  }
  const rows: readonly { when: string; observers?: Observers; spoil?: (socket: Socket) => void }[] = [
    ...Object.entries(failing).map(([layer, observers]) => ({ when: `the observer of ${layer}`, observers })),
    ...Object.entries(begins).map(([when, spoil]) => ({ when, spoil }))
  ]
  test.for(rows)('by $when goes on, and gives the other its verdicts', async ({ observers: failing, spoil }) => {
    await using endpoint = await startEndpoint(identity)
    await using other = await startEndpoint(identity)
    await using resolver = await startResolver(answered)
    const bugs: unknown[] = []
    const real = failing ?? observers
    const daemon = createDaemon({
      metrics: createMetrics({ version: '0.0.0', settleMs: 0 }),
      onCaseChange: () => {},
      onImpairment: () => {},
      onBug: bug => bugs.push(bug),
      begin: to => {
        const socket = beginThere(to)
        if (to.port === endpoint.port) spoil?.(socket)
        return socket
      },
      // An observer of TCP does not know the host.
      observers: { ...real, tcp: (to, ...rest) => (to.port === endpoint.port ? real : observers).tcp(to, ...rest) }
    })
    onTestFinished(daemon.close)
    const targets = [target(bad, endpoint.port), target(good, other.port)]
    const loaded: Loaded = {
      config: Config.parse({ targets, intervalSeconds: 1, libcIntervalSeconds: 0, allowLoopback: true }),
      resolvers: [resolver.resolver],
      trust,
      authorities: undefined,
      files: []
    }
    await daemon.apply(loaded)
    await expect.poll(() => daemon.standing(nameOf(bad))?.rounds.length, patience).toBeGreaterThanOrEqual(2)
    await expect.poll(() => daemon.standing(nameOf(good))?.rounds.length, patience).toBeGreaterThanOrEqual(2)
    expect(daemon.standing(nameOf(good))?.diagnosis.case.id).toBe('healthy')
    expect(daemon.standing(nameOf(bad))?.diagnosis.case.id).not.toBe('healthy')
    expect(daemon.impairments()).toEqual([])
    expect(bugs.length).toBeGreaterThanOrEqual(2)
    expect(bugs.every(bug => bug instanceof TypeError)).toBe(true)
  })
})
