import { connect, constants } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { ApplicationObservation } from '../cases/observation.ts'
import { escapeText } from './escape.ts'
import { readTlsError } from './tls-error.ts'
import { type Limit, secondsSince, within } from './within.ts'

/** Not by `import`, for which Node brings fetch and WebSocket along: 12 MB of memory that nobody uses. */
const { request } = process.getBuiltinModule('node:http')

/** What to send a request over. */
export interface Exchange {
  /** An established connection on which nothing was said yet; the exchange uses it up. */
  readonly connection: TLSSocket
  readonly host: string
  readonly port: number
}

type Outcome = ApplicationObservation extends infer Each
  ? Each extends ApplicationObservation
    ? Omit<Each, 'layer' | 'seconds'>
    : never
  : never

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

const userAgent = 'zilliz-privatelink-probe'

/**
 * Sends a plain `GET /` in the protocol that the handshake chose, and reports the head of the reply.
 * Zilliz Cloud's guide tells people to send the same with curl, and to expect 400.
 */
export async function observeApplication(exchange: Exchange, limit: Limit): Promise<ApplicationObservation> {
  const start = performance.now()
  const ask = exchange.connection.alpnProtocol === 'h2' ? askHttp2 : askHttp1
  const outcome = await ask(exchange, limit)
  return { layer: 'application', seconds: secondsSince(start), ...outcome }
}

function askHttp1({ connection, host, port }: Exchange, limit: Limit): Promise<Outcome> {
  return within<Outcome>(
    limit,
    () => ({ kind: 'timeout' }),
    (settle, guard) => {
      guard(connection)
      const call = guard(
        request({
          createConnection: () => connection,
          host,
          port,
          path: '/',
          headers: { host: `${host}:${port}`, 'user-agent': userAgent, connection: 'close' }
        })
      )
      call.on('response', reply => {
        settle({ kind: 'reply', protocol: 'http/1.1', status: reply.statusCode ?? 0, ...readHeaders(reply.headers) })
      })
      // A server may answer 101 or take over as a tunnel without being asked to.
      call.on('upgrade', () => settle({ kind: 'not-http', code: 'UNASKED_UPGRADE' }))
      call.on('error', error => settle(readFailure(error)))
      call.end()
      return () => call.destroy()
    }
  )
}

function askHttp2({ connection, host, port }: Exchange, limit: Limit): Promise<Outcome> {
  return within<Outcome>(
    limit,
    () => ({ kind: 'timeout' }),
    (settle, guard) => {
      guard(connection)
      const session = guard(connect(`https://${host}:${port}`, { createConnection: () => connection }))
      session.on('error', error => settle(readFailure(error)))
      session.on('close', () => settle({ kind: 'closed' }))
      const stream = guard(session.request({ ':path': '/', 'user-agent': userAgent }))
      stream.on('response', headers => {
        settle({ kind: 'reply', protocol: 'h2', status: headers[':status'] ?? 0, ...readHeaders(headers) })
      })
      stream.on('error', error => settle(readFailure(error)))
      stream.on('close', () => {
        // Node gives CANCEL to the streams of a connection that ended in order.
        const ended = stream.rstCode === constants.NGHTTP2_NO_ERROR || stream.rstCode === constants.NGHTTP2_CANCEL
        settle({ kind: ended ? 'closed' : 'reset' })
      })
      return () => {
        // A session that is destroyed while it has a stream makes an error of it first, which is work for nothing.
        stream.destroy()
        session.destroy()
      }
    }
  )
}

function readHeaders(headers: Headers) {
  const { 'content-type': type, 'grpc-status': status, date } = headers
  const milliseconds = typeof date === 'string' ? Date.parse(date) : Number.NaN
  return {
    grpc: status !== undefined || (typeof type === 'string' && type.startsWith('application/grpc')),
    grpcStatus: typeof status === 'string' && /^\d{1,3}$/.test(status) ? Number(status) : undefined,
    date: Number.isNaN(milliseconds) ? undefined : milliseconds / 1000
  }
}

function readFailure(error: unknown): Outcome {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code.startsWith('HPE_') || code.startsWith('ERR_HTTP2_')) return { kind: 'not-http', code: escapeText(code) }
  const failure = readTlsError(error)
  switch (failure.kind) {
    case 'not-tls':
      return { kind: 'not-http', code: 'NOT_TLS' }
    case 'failure':
      return { kind: 'not-http', code: failure.code }
    case 'reset':
    case 'closed':
    case 'alert':
      return failure
  }
}
