import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { observeApplication } from '../../../probe/observers/application.ts'
import { makeAuthority } from '../../support/certificates.ts'
import { type Endpoint, startEndpoint, startTlsServer } from '../../support/endpoint.ts'
import { limit, untimed } from '../../support/limit.ts'

const host = 'in01-1.aws-us-west-2.vectordb.example'
const authority = await makeAuthority()
const secureContext = createSecureContext({ ca: authority.cert })
const good = await authority.issue([host])
const date = 1_795_424_012
const headers = { date: new Date(date * 1000).toUTCString() }

async function ask({ address, port }: Endpoint, protocol: 'h2' | 'http/1.1', ms = 1000) {
  const connection = connectTls({ host: address, port, servername: host, secureContext, ALPNProtocols: [protocol] })
  await once(connection, 'secureConnect')
  try {
    return untimed(await observeApplication({ connection, host, port }, limit(ms)))
  } finally {
    connection.destroy()
  }
}

/** A server that does as told once a request has come. */
const upon = (serve: (connection: TLSSocket, socket: Socket) => void) =>
  startTlsServer(good, (connection, socket) => connection.once('data', () => serve(connection, socket)))

describe.for(['h2', 'http/1.1'] as const)('over %s', protocol => {
  test.for([200, 400, 404, 301, 503])('status %i', async status => {
    await using server = await startEndpoint(good, { status, headers })
    expect(await ask(server, protocol)).toEqual({
      layer: 'application',
      kind: 'reply',
      protocol,
      status,
      grpc: false,
      grpcStatus: undefined,
      date
    })
    await expect.poll(() => server.connections.open).toBe(0)
  })

  test('a gRPC reply', async () => {
    await using server = await startEndpoint(good, {
      status: 200,
      headers: { ...headers, 'content-type': 'application/grpc', 'grpc-status': '16' }
    })
    expect(await ask(server, protocol)).toMatchObject({ kind: 'reply', status: 200, grpc: true, grpcStatus: 16 })
  })

  test('a date that is none', async () => {
    await using server = await startEndpoint(good, { headers: { date: 'today' } })
    expect(await ask(server, protocol)).toMatchObject({ kind: 'reply', date: undefined })
  })
})

describe('a request that gets no reply', () => {
  const rows: readonly { when: string; serve: (connection: TLSSocket, socket: Socket) => void; sees: object }[] = [
    { when: 'silence', serve: () => {}, sees: { kind: 'timeout' } },
    {
      when: 'half a reply',
      serve: connection => connection.write('HTTP/1.1 200 OK\r\nx: '),
      sees: { kind: 'timeout' }
    },
    { when: 'a reset', serve: (_, socket) => socket.resetAndDestroy(), sees: { kind: 'reset' } },
    { when: 'an end in order', serve: connection => connection.end(), sees: { kind: 'closed' } },
    {
      when: 'another protocol',
      serve: connection => connection.write('220 mail.example ESMTP\r\n'),
      sees: { kind: 'not-http', code: 'HPE_INVALID_CONSTANT' }
    },
    {
      when: 'a head without end',
      serve: connection => connection.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}`),
      sees: { kind: 'not-http', code: 'HPE_HEADER_OVERFLOW' }
    },
    {
      when: 'a switch of protocols that nobody asked for',
      serve: connection =>
        connection.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      sees: { kind: 'not-http', code: 'UNASKED_UPGRADE' }
    }
  ]
  test.concurrent.for(rows)('$when', async ({ serve, sees }) => {
    await using server = await upon(serve)
    expect(await ask(server, 'http/1.1', 500)).toEqual({ layer: 'application', ...sees })
  })

  test('silence over HTTP/2', async () => {
    await using server = await startTlsServer(good, () => {}, { tls: { ALPNProtocols: ['h2'] } })
    expect(await ask(server, 'h2', 300)).toEqual({ layer: 'application', kind: 'timeout' })
  })

  test('noise over HTTP/2', async () => {
    await using server = await startTlsServer(good, connection => connection.write('220 mail.example ESMTP\r\n'), {
      tls: { ALPNProtocols: ['h2'] }
    })
    expect(await ask(server, 'h2')).toMatchObject({ kind: 'not-http' })
  })

  test('an end in order over HTTP/2', async () => {
    await using server = await startTlsServer(good, connection => connection.once('data', () => connection.end()), {
      tls: { ALPNProtocols: ['h2'] }
    })
    expect(await ask(server, 'h2')).toEqual({ layer: 'application', kind: 'closed' })
  })

  test('a certificate is wanted of the client', async () => {
    await using server = await startTlsServer(good, () => {}, {
      tls: { requestCert: true, rejectUnauthorized: true }
    })
    expect(await ask(server, 'http/1.1')).toEqual({ layer: 'application', kind: 'alert', alert: 116 })
  })
})
