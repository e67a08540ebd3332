import { once } from 'node:events'
import { createSecureServer, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type IdleLink, observeIdle } from '../../probe/idle/observe-idle.ts'
import { trustIn } from '../../probe/observers/trust.ts'
import { makeAuthority } from '../support/certificates.ts'
import { startEndpoint, startTcpServer, startTlsServer } from '../support/endpoint.ts'
import { host } from '../support/evidence.ts'

const authority = await makeAuthority()
const identity = await authority.issue([host])
const trust = trustIn(authority.cert)
const { signal } = new AbortController()

const hold = (port: number, changes: Partial<{ idleMs: number; patienceMs: number; signal: AbortSignal }> = {}) => {
  const link: IdleLink = { address: '127.0.0.1', port, host, trust, allowLoopback: true }
  return observeIdle(link, { idleMs: 200, patienceMs: 500, signal, ...changes })
}

/** A server of HTTP/2 that does as told with a session, and with the socket below it. */
async function startServer(act: (session: ServerHttp2Session, socket: Socket) => void) {
  const server = createSecureServer(identity)
  const sockets = new Set<Socket>()
  const below = new Map<number | undefined, Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    below.set(socket.remotePort, socket)
    socket.on('error', () => {})
  })
  server.on('session', session => {
    session.on('error', () => {})
    const socket = below.get(session.socket.remotePort)
    // Once the settings of both sides are known.
    session.once('localSettings', () => socket && setTimeout(() => act(session, socket), 50))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** SETTINGS, and the acknowledgment of the client's. */
const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0])

/** A server of HTTP/2 that answers a PING only on the connections that it is told to. */
function startDeaf(hears: (nth: number) => boolean) {
  let connections = 0
  return startTlsServer(
    identity,
    connection => {
      connections += 1
      const nth = connections
      connection.write(settings)
      connection.on('data', (frame: Buffer) => {
        if (frame[3] !== 6 || !hears(nth)) return
        frame[4] = 1
        connection.write(frame)
      })
    },
    { tls: { ALPNProtocols: ['h2'] } }
  )
}

describe('an idle connection', () => {
  test('that answers after a while is alive', async () => {
    await using endpoint = await startEndpoint(identity)
    expect(await hold(endpoint.port)).toMatchObject({ kind: 'alive', address: '127.0.0.1' })
    expect(endpoint.connections.made).toBe(1)
  })

  test.for([
    ['FIN', (_: ServerHttp2Session, socket: Socket) => socket.end()],
    ['RST', (_: ServerHttp2Session, socket: Socket) => socket.resetAndDestroy()],
    ['GOAWAY', (session: ServerHttp2Session) => session.goaway()]
  ] as const)('that the peer ends meanwhile is closed, not dropped: %s', async ([by, act]) => {
    const port = await startServer(act)
    const seen = await hold(port, { idleMs: 2000 })
    expect(seen).toMatchObject({ kind: 'closed', by })
    expect(seen.idleSeconds).toBeLessThan(2)
  })

  test('that does not answer while a new one does is dropped without a word', async () => {
    await using endpoint = await startDeaf(nth => nth > 1)
    expect(await hold(endpoint.port)).toMatchObject({ kind: 'silent' })
    await expect.poll(() => endpoint.connections).toMatchObject({ made: 2, open: 0 })
  })

  test('that does not answer says nothing about silence if a new one does not, either', async () => {
    await using endpoint = await startDeaf(() => false)
    expect(await hold(endpoint.port)).toMatchObject({ kind: 'unknown' })
  })

  test('is none where there is no connection, no TLS or no HTTP/2', async () => {
    await using silent = await startTcpServer(() => {})
    await using http1 = await startTlsServer(identity, () => {})
    await using mute = await startTlsServer(identity, connection => connection.resume(), {
      tls: { ALPNProtocols: ['h2'] }
    })
    const closed = await startTcpServer(() => {})
    await closed[Symbol.asyncDispose]()
    for (const { port } of [silent, http1, mute, closed]) {
      expect(await hold(port)).toEqual({ kind: 'unknown', address: '127.0.0.1', idleSeconds: 0 })
    }
    await expect.poll(() => [silent, http1, mute].map(({ connections }) => connections.open)).toEqual([0, 0, 0])
  })

  test('on which the server sends without end is given up', async () => {
    const filler = Buffer.concat([Buffer.from([0, 0x40, 0, 0xfe, 0, 0, 0, 0, 0]), Buffer.alloc(0x4000)])
    await using endpoint = await startTlsServer(
      identity,
      connection => {
        connection.write(settings)
        const timer = setInterval(() => connection.write(filler), 10)
        connection.on('close', () => clearInterval(timer))
      },
      { tls: { ALPNProtocols: ['h2'] } }
    )
    expect(await hold(endpoint.port, { idleMs: 20_000 })).toMatchObject({ kind: 'unknown' })
  })

  test('ends at once when it is to end', async () => {
    await using endpoint = await startEndpoint(identity)
    const stop = new AbortController()
    const held = hold(endpoint.port, { idleMs: 60_000, signal: stop.signal })
    await expect.poll(() => endpoint.connections.open).toBe(1)
    stop.abort(new Error('enough'))
    await expect(held).rejects.toThrow('enough')
    await expect.poll(() => endpoint.connections.open).toBe(0)
  })
})
