import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { observeApplication } from '../../../probe/observers/application.ts'
import { makeAuthority } from '../../support/certificates.ts'
import { type Endpoint, startEndpoint, startTlsServer } from '../../support/endpoint.ts'
import * as h2 from '../../support/http2-frames.ts'
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

const begun = [h2.settings, h2.settingsAck]
const grpc = { ':status': '200', 'content-type': 'application/grpc' }

/** A server that sends frames once a request has come, and then keeps or ends the connection. */
const frames = (sent: readonly Buffer[], ends = false, acknowledges = true) =>
  startTlsServer(
    good,
    connection =>
      connection.once('data', () => {
        connection.write(Buffer.concat([...(acknowledges ? begun : [h2.settings]), ...sent]))
        if (ends) connection.end()
      }),
    { tls: { ALPNProtocols: ['h2'] } }
  )

describe('over HTTP/2, what the server does with a request is reported as HTTP/2 reports it', () => {
  const rows: readonly {
    when: string
    sent: readonly Buffer[]
    ends?: boolean
    acknowledges?: boolean
    sees: object
  }[] = [
    { when: 'it refuses the stream', sent: [h2.reset(7)], sees: { kind: 'stream-reset', code: 'REFUSED_STREAM' } },
    { when: 'it fails', sent: [h2.reset(2)], sees: { kind: 'stream-reset', code: 'INTERNAL_ERROR' } },
    { when: 'it resets without an error', sent: [h2.reset(0)], sees: { kind: 'stream-reset', code: 'NO_ERROR' } },
    { when: 'it cancels', sent: [h2.reset(8)], sees: { kind: 'stream-reset', code: 'CANCEL' } },
    {
      when: 'it resets with a code that has no name',
      sent: [h2.reset(99)],
      sees: { kind: 'stream-reset', code: '99' }
    },
    {
      when: 'it fails after the head of a gRPC reply',
      sent: [h2.headers(grpc), h2.reset(2)],
      sees: { kind: 'stream-reset', code: 'INTERNAL_ERROR' }
    },
    { when: 'it goes away before the request', sent: [h2.goaway(0, 0)], sees: { kind: 'goaway', code: 'NO_ERROR' } },
    {
      when: 'it goes away in order and never answers',
      sent: [h2.goaway(0, 0x7fffffff)],
      sees: { kind: 'goaway', code: 'NO_ERROR' }
    },
    {
      when: 'it goes away in order and hangs up',
      sent: [h2.goaway(0, 0x7fffffff)],
      ends: true,
      sees: { kind: 'goaway', code: 'NO_ERROR' }
    },
    {
      when: 'it goes away for an error',
      sent: [h2.goaway(11, 1)],
      ends: true,
      sees: { kind: 'goaway', code: 'ENHANCE_YOUR_CALM' }
    },
    {
      when: 'it goes away in order after it has answered',
      sent: [h2.goaway(0, 1), h2.headers({ ':status': '400' }, { last: true })],
      sees: { kind: 'reply', status: 400, grpc: false, grpcStatus: undefined }
    },
    {
      when: 'gRPC refuses at once',
      sent: [h2.headers({ ...grpc, 'grpc-status': '14' }, { last: true })],
      sees: { kind: 'reply', status: 200, grpc: true, grpcStatus: 14 }
    },
    {
      when: 'gRPC has its status in the trailers',
      sent: [h2.headers(grpc), h2.frame(0, 0, 1, Buffer.alloc(5)), h2.headers({ 'grpc-status': '16' }, { last: true })],
      sees: { kind: 'reply', status: 200, grpc: true, grpcStatus: 16 }
    },
    {
      when: 'gRPC has no status',
      sent: [h2.headers(grpc), h2.frame(0, 1, 1, Buffer.alloc(5))],
      sees: { kind: 'reply', status: 200, grpc: true, grpcStatus: undefined }
    },
    { when: 'gRPC never comes to its status', sent: [h2.headers(grpc)], sees: { kind: 'timeout' } },
    {
      when: 'it pushes before it can know that this is switched off, and answers',
      sent: [
        h2.push({ ':method': 'GET', ':path': '/', ':scheme': 'https', ':authority': 'a' }),
        h2.reset(2, 2),
        h2.headers({ ':status': '400' }, { last: true })
      ],
      acknowledges: false,
      sees: { kind: 'reply', status: 400 }
    },
    {
      when: 'it pushes, though that is switched off',
      sent: [h2.push({ ':method': 'GET', ':path': '/', ':scheme': 'https', ':authority': 'a' }), h2.reset(8, 2)],
      sees: { kind: 'not-http', code: 'ERR_HTTP2_ERROR' }
    }
  ]
  test.for(rows)('$when', async ({ sent, ends, acknowledges, sees }) => {
    await using server = await frames(sent, ends, acknowledges)
    expect(await ask(server, 'h2', 500)).toMatchObject({ layer: 'application', ...sees })
    await expect.poll(() => server.connections.open).toBe(0)
  })

  test('the request is a gRPC call without credentials, and no push is wanted', async () => {
    let received = Buffer.alloc(0)
    await using server = await startTlsServer(
      good,
      connection =>
        connection.on('data', data => {
          received = Buffer.concat([received, data])
        }),
      { tls: { ALPNProtocols: ['h2'] } }
    )
    await ask(server, 'h2', 200)
    // SETTINGS_ENABLE_PUSH is 2, and 0 is off (RFC 9113 §6.5.2).
    expect(received.toString('hex')).toContain('000200000000')
    expect(received.includes('authorization')).toBe(false)
  })
})

describe('a server that sends without end is given up', () => {
  const many = (count: number, each: Buffer) => Array.from({ length: count }, () => each)
  const rows: readonly { when: string; sent: readonly Buffer[]; sees: object }[] = [
    {
      when: 'interim responses beyond four',
      sent: many(5, h2.headers({ ':status': '103' })),
      sees: { kind: 'flood', of: 'interim-responses' }
    },
    {
      when: 'control frames beyond sixteen, PING',
      sent: many(17, h2.ping()),
      sees: { kind: 'flood', of: 'control-frames' }
    },
    {
      when: 'control frames beyond sixteen, SETTINGS',
      sent: many(17, h2.settings),
      sees: { kind: 'flood', of: 'control-frames' }
    },
    {
      when: 'a body of more than 16 KiB before its gRPC status',
      sent: [h2.headers(grpc), h2.frame(0, 0, 1, Buffer.alloc(16 * 1024)), h2.frame(0, 0, 1, Buffer.alloc(1))],
      sees: { kind: 'flood', of: 'bytes' }
    },
    {
      when: 'a head of more than 16 KiB over HTTP/2',
      sent: [h2.headers({ ':status': '200', x: 'y'.repeat(16 * 1024) })],
      sees: { kind: 'not-http', code: 'ERR_HTTP2_ERROR' }
    },
    {
      when: 'a head of more than 100 fields over HTTP/2',
      sent: [
        h2.headers(Object.fromEntries([[':status', '200'], ...Array.from({ length: 101 }, (_, n) => [`x${n}`, ''])]))
      ],
      // Node refuses it by a reset of its own.
      sees: { kind: 'stream-reset', code: 'ENHANCE_YOUR_CALM' }
    },
    {
      when: 'CONTINUATION frames',
      sent: [h2.frame(1, 0, 1, h2.fields({ ':status': '200' })), ...many(100, h2.frame(9, 0, 1))],
      sees: { kind: 'not-http', code: 'ERR_HTTP2_ERROR' }
    }
  ]
  test.for(rows)('$when', async ({ sent, sees }) => {
    await using server = await frames(sent)
    expect(await ask(server, 'h2', 2000)).toMatchObject(sees)
    await expect.poll(() => server.connections.open).toBe(0)
  })

  test('interim responses beyond four over HTTP/1.1', async () => {
    await using server = await upon(connection => connection.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(5)))
    expect(await ask(server, 'http/1.1', 2000)).toMatchObject({ kind: 'flood', of: 'interim-responses' })
  })

  test('more than 256 KiB of frames that mean nothing', async () => {
    const unknown = Buffer.concat(many(10, h2.frame(0x77, 0, 0, Buffer.alloc(16 * 1024))))
    await using server = await startTlsServer(
      good,
      connection => {
        const more = () => {
          while (!connection.destroyed && connection.write(unknown));
        }
        connection.once('data', () => {
          connection.write(Buffer.concat(begun))
          connection.on('drain', more)
          more()
        })
      },
      { tls: { ALPNProtocols: ['h2'] } }
    )
    expect(await ask(server, 'h2', 60_000)).toMatchObject({ kind: 'flood', of: 'bytes' })
    await expect.poll(() => server.connections.open).toBe(0)
  })
})
