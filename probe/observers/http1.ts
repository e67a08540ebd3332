import { mostFrom } from './flood.ts'
import { countOn, type Exchange, type ExchangeOutcome, readFailure, readHeaders, userAgent } from './http-reply.ts'
import { type Limit, within } from './within.ts'

/** Not by `import`, for which Node also loads fetch and WebSocket: 12 MB of unused memory. */
const { request } = process.getBuiltinModule('node:http')

/** Sends a plain `GET /`. */
export function askHttp1({ connection, host, port }: Exchange, limit: Limit): Promise<ExchangeOutcome> {
  return within<ExchangeOutcome>(
    limit,
    () => ({ kind: 'timeout' }),
    (settle, guard) => {
      const stopCounting = countOn(connection, settle, guard)
      let interim = 0
      const call = guard(
        request({
          createConnection: () => connection,
          host,
          port,
          path: '/',
          headers: { host: `${host}:${port}`, 'user-agent': userAgent, connection: 'close' },
          maxHeaderSize: mostFrom.headBytes
        })
      )
      call.on('information', () => {
        interim += 1
        if (interim > mostFrom.interimResponses) settle({ kind: 'flood', of: 'interim-responses' })
      })
      call.on('response', reply => {
        guard(reply)
        settle({ kind: 'reply', protocol: 'http/1.1', status: reply.statusCode ?? 0, ...readHeaders(reply.headers) })
      })
      // A server may answer 101 or take over as a tunnel without being asked to.
      call.on('upgrade', () => settle({ kind: 'not-http', code: 'UNASKED_UPGRADE' }))
      call.on('error', error => settle(readFailure(error)))
      call.end()
      return () => {
        stopCounting()
        call.destroy()
      }
    }
  )
}
