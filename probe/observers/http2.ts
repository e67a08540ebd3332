import type { EventEmitter } from 'node:events'
import { connect, constants, type IncomingHttpHeaders } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { mostFrom } from './flood.ts'
import { countOn, type Exchange, type ExchangeOutcome, readFailure, readHeaders, userAgent } from './http-reply.ts'
import { type Limit, within } from './within.ts'

/**
 * The call that Milvus clients make to learn the version (milvus-proto, milvus.proto). Without credentials the server
 * refuses it with a gRPC status, and does nothing.
 */
const grpcCall = '/milvus.proto.milvus.MilvusService/GetVersion'
/** An empty message, uncompressed: a flag and a length (gRPC over HTTP/2, Length-Prefixed-Message). */
const emptyMessage = Buffer.alloc(5)

const callHeaders = {
  ':method': 'POST',
  ':path': grpcCall,
  'content-type': 'application/grpc',
  te: 'trailers',
  'user-agent': userAgent
} as const

/** What a session takes from a server. */
export const bounded = {
  settings: { enablePush: false, maxHeaderListSize: mostFrom.headBytes },
  maxHeaderListPairs: mostFrom.headFields,
  maxReservedRemoteStreams: 0,
  maxSessionInvalidFrames: 16,
  maxSessionRejectedStreams: 4,
  // Megabytes.
  maxSessionMemory: 1
} as const

/** Makes a gRPC call. */
export function askHttp2({ connection, host, port }: Exchange, limit: Limit): Promise<ExchangeOutcome> {
  let goaway: string | undefined
  return within<ExchangeOutcome>(
    limit,
    () => (goaway === undefined ? { kind: 'timeout' } : { kind: 'goaway', code: goaway }),
    (settle, guard) => {
      const stopCounting = countOn(connection, settle, guard)
      // The session reports what breaks the connection.
      connection.on('error', () => {})
      const session = guard(connect(`https://${host}:${port}`, { createConnection: () => connection, ...bounded }))
      const stream = guard(session.request(callHeaders))
      let broken: ExchangeOutcome | undefined
      /** A stream ends before Node reports why, if GOAWAY or an error of the whole connection ended it. */
      const settleSoon = (outcome: ExchangeOutcome) =>
        setImmediate(guard(() => settle(goaway === undefined ? (broken ?? outcome) : { kind: 'goaway', code: goaway })))

      countFrames(session, ['ping', 'remoteSettings'], mostFrom.controlFrames, () =>
        settle({ kind: 'flood', of: 'control-frames' })
      )
      countFrames(stream, ['headers'], mostFrom.interimResponses, () =>
        settle({ kind: 'flood', of: 'interim-responses' })
      )
      session.on('goaway', (code, lastStream) => {
        goaway = codeName(code)
        // The server reports that it did not process the request.
        if (lastStream < (stream.id ?? 1)) settle({ kind: 'goaway', code: goaway })
      })
      // None may be pushed; what comes nevertheless is closed.
      session.on('stream', pushed => {
        guard(pushed).on('error', () => {})
        pushed.close(constants.NGHTTP2_REFUSED_STREAM)
      })
      session.on('error', error => {
        broken = readFailure(error)
        settleSoon(broken)
      })
      session.on('close', () => settleSoon({ kind: 'closed' }))

      const reply = (headers: IncomingHttpHeaders, status: number, trailers: IncomingHttpHeaders = headers) =>
        settle({
          kind: 'reply',
          protocol: 'h2',
          status,
          ...readHeaders(headers),
          grpcStatus: readHeaders(trailers).grpcStatus
        })
      stream.on('response', (headers, flags) => {
        const { ':status': status = 0 } = headers
        const isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0
        const { grpc, grpcStatus } = readHeaders(headers)
        if (!grpc || isWhole || grpcStatus !== undefined) return reply(headers, status)
        // The status of a gRPC reply comes after its body.
        let bytes = 0
        stream.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > mostFrom.bodyBytes) settle({ kind: 'flood', of: 'bytes' })
        })
        stream.on('trailers', trailers => reply(headers, status, trailers))
        stream.on('end', () => setImmediate(guard(() => reply(headers, status))))
      })
      stream.on('error', error =>
        settleSoon((session.destroyed ? undefined : readReset(stream.rstCode, connection)) ?? readFailure(error))
      )
      stream.on('close', () => settleSoon(readReset(stream.rstCode, connection) ?? { kind: 'closed' }))
      stream.end(emptyMessage)
      return () => {
        stopCounting()
        // A session that is destroyed while it has a stream makes an error of it first, which is work for nothing.
        stream.destroy()
        session.destroy()
      }
    }
  )
}

function countFrames(emitter: EventEmitter, events: readonly string[], most: number, tooMany: () => void): void {
  let count = 0
  for (const event of events) {
    emitter.on(event, () => {
      count += 1
      if (count > most) tooMany()
    })
  }
}

/** RST_STREAM on a connection that is still there. Node gives CANCEL to the streams of one that ended in order. */
function readReset(code: number | undefined, { destroyed, readableEnded }: TLSSocket): ExchangeOutcome | undefined {
  const ended = code === constants.NGHTTP2_NO_ERROR || code === constants.NGHTTP2_CANCEL
  if (code === undefined || (ended && (destroyed || readableEnded))) return undefined
  return { kind: 'stream-reset', code: codeName(code) }
}

const codeNames = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED'
]

/** The name of an HTTP/2 error code (RFC 9113 §7), or its number. */
function codeName(code: number): string {
  return codeNames[code] ?? String(code)
}
