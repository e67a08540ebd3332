import type { ApplicationObservation } from '../facts/observation.ts'
import type { Exchange } from './http-reply.ts'
import { askHttp1 } from './http1.ts'
import { askHttp2 } from './http2.ts'
import { type Limit, secondsSince } from './within.ts'

/**
 * Sends a request in the protocol that the handshake chose, and reports the reply: over HTTP/2 a gRPC call, as the
 * clients of Milvus make it, over HTTP/1.1 a plain `GET /`, which Zilliz Cloud's guide has people send with curl.
 */
export async function observeApplication(exchange: Exchange, limit: Limit): Promise<ApplicationObservation> {
  const start = performance.now()
  // It may have been cut between the handshake and now, and then has no more to report.
  if (exchange.connection.destroyed) return { layer: 'application', seconds: 0, kind: 'reset' }
  const ask = exchange.connection.alpnProtocol === 'h2' ? askHttp2 : askHttp1
  const outcome = await ask(exchange, limit)
  return { layer: 'application', seconds: secondsSince(start), ...outcome }
}
