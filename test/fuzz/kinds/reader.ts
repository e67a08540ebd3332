import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import fc from 'fast-check'
import { buildApp } from '../../../probe/app.ts'
import { createMetrics } from '../../../probe/metrics/metrics.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../../probe/rounds/standing.ts'
import { awsTarget, evidence } from '../../support/evidence.ts'
import type { Kind } from '../kind.ts'
import { mutated } from '../mutated.ts'

const host = 'host: localhost\r\n'
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\n${host}${headers}\r\n`

const examples = [
  get('/healthz'),
  get('/metrics', 'accept: application/openmetrics-text;version=1.0.0;q=0.6,*/*;q=0.1\r\naccept-encoding: gzip\r\n'),
  get('/metrics', 'accept-encoding: identity, *;q=0\r\n'),
  get('/?environment=prod&cloud=aws&case=healthy&text=%e2%82%ac&target=prod/search/in01-1'),
  get('/updates?edition=a-1&revision=0', 'accept: text/event-stream\r\nlast-event-id: 7\r\n'),
  get(`/api/targets/${awsTarget.name}`, 'authorization: Basic cHJvbWV0aGV1czpwYXNz\r\n'),
  get('http://localhost/api/targets'),
  get('/page.js', 'upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: eA==\r\n'),
  get('/', 'connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n'),
  `HEAD /openapi.json HTTP/1.0\r\n\r\n${get('/nothing')}${get('/readyz')}`,
  `POST /metrics HTTP/1.1\r\n${host}content-type: application/json\r\ncontent-length: 7\r\n\r\n{"a":1}${get('/')}`,
  `POST / HTTP/1.1\r\n${host}transfer-encoding: chunked\r\ntrailer: x\r\n\r\n3;a=b\r\nabc\r\n0\r\nx: y\r\n\r\n`,
  `PUT /metrics HTTP/1.1\r\n${host}expect: 100-continue\r\ncontent-length: 2000\r\n\r\n`,
  'CONNECT localhost:443 HTTP/1.1\r\nhost: localhost:443\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nhost: [fe80::1%25eth0]:80\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'
].map(text => Buffer.from(text, 'latin1'))

interface Request {
  readonly bytes: Buffer
  /** Where the bytes are cut in two. */
  readonly cut: number
  /** The last octets of the client's address: none asks often. */
  readonly client: number
  readonly finally: 'end' | 'reset'
}

/** What a client sends to the probe's own HTTP server. */
export const kind: Kind<Request> = {
  batch: 100,
  inputs: fc.record({
    bytes: mutated(examples),
    cut: fc.nat(200),
    client: fc.nat(65_000),
    finally: fc.constantFrom('end', 'reset')
  }),
  start: async () => {
    const bugs: string[] = []
    const standing = afterRound(newStanding(awsTarget), makeReport(evidence(), { seconds: 0.1, heldBy: [] }))
    const metrics = createMetrics({ version: '1', settleMs: 0 })
    metrics.start(standing, ['vpc'])
    const probe = {
      standings: () => [standing],
      standing: () => standing,
      history: () => undefined,
      impairments: () => [],
      stalledBy: () => undefined,
      isReady: () => true,
      onChange: () => {},
      version: '1'
    }
    const app = await buildApp({
      health: probe,
      standings: probe,
      page: probe,
      metrics,
      requestRound: () => {},
      reader: () => undefined,
      // The app logs bugs and its own start, and nothing that clients do.
      logger: { level: 'warn', stream: { write: line => bugs.push(line) } }
    })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    const open = (client: number) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress: `127.7.${client >> 8}.${client & 0xff}` })
      return socket.on('error', () => {})
    }
    return {
      run: async ({ bytes, cut, client, finally: last }) => {
        const socket = open(client)
        await once(socket, 'connect')
        socket.resume()
        socket.write(bytes.subarray(0, cut))
        await new Promise(setImmediate)
        if (last === 'end') socket.end(bytes.subarray(cut))
        else socket.write(bytes.subarray(cut), () => socket.resetAndDestroy())
        const health = open(65_535)
        health.write(get('/healthz', 'connection: close\r\n'))
        const answer = await allOf(health)
        if (!answer.startsWith('HTTP/1.1 200 ')) throw new Error(`health was answered with ${JSON.stringify(answer)}`)
        socket.destroy()
        if (bugs.length > 0) throw new Error(bugs.join(''))
      },
      [Symbol.asyncDispose]: async () => void (await app.close())
    }
  }
}

async function allOf(socket: Socket): Promise<string> {
  let text = ''
  for await (const bytes of socket) text += bytes
  return text
}
