import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import type { Identity } from '../support/certificates.ts'
import { type Endpoint, startEndpoint, startTcpServer, startTlsServer } from '../support/endpoint.ts'

/** What stands behind an address of the endpoint. */
export type Service =
  /** Zilliz Cloud, if the status is 400: it answers calls of gRPC then, with status 0 unless another is given. */
  | { readonly kind: 'http'; readonly identity: Identity; readonly status: number; readonly grpcStatus?: number }
  /** Answers HTTP/1.1 as Zilliz Cloud does, and does that with every request of HTTP/2. */
  | {
      readonly kind: 'http2'
      readonly identity: Identity
      readonly request: 'refused-stream' | 'internal-error' | 'goaway'
    }
  /** Answers as Zilliz Cloud does, but offers no HTTP/2. */
  | { readonly kind: 'http1'; readonly identity: Identity }
  /** Shakes hands, and then does that with a request. */
  | { readonly kind: 'tls'; readonly identity: Identity; readonly request: 'silence' | 'reset' | 'noise' }
  | { readonly kind: 'wants-certificate'; readonly identity: Identity; readonly version?: 'TLSv1.2' }
  | { readonly kind: 'old-tls'; readonly identity: Identity }
  /** Takes connections, and then does that. */
  | { readonly kind: 'tcp'; readonly greeting: 'silence' | 'reset' | 'plain-http' | 'unknown-name' }
  | { readonly kind: 'none' }

/** Alert unrecognized_name, fatal (RFC 8446 §6). */
const unrecognizedName = Buffer.from([21, 3, 3, 0, 2, 2, 112])

/** Starts a service; `undefined` if nothing listens. */
export async function startService(
  service: Service,
  place: { address: string; port: number }
): Promise<Endpoint | undefined> {
  switch (service.kind) {
    case 'none':
      return undefined
    case 'http': {
      const { identity, status, grpcStatus = 0 } = service
      return startEndpoint(identity, { status, place, answer: status === 400 ? callsWith(grpcStatus) : undefined })
    }
    case 'http1':
      return startTlsServer(
        service.identity,
        connection => {
          connection.once('data', () => connection.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n'))
        },
        { place, tls: { ALPNProtocols: ['http/1.1'] } }
      )
    case 'http2':
      return startEndpoint(service.identity, { place, answer: streams[service.request] })
    case 'wants-certificate':
      return startTlsServer(service.identity, () => {}, {
        place,
        tls: { ALPNProtocols, requestCert: true, rejectUnauthorized: true, maxVersion: service.version }
      })
    case 'old-tls':
      return startTlsServer(service.identity, () => {}, {
        place,
        tls: { ALPNProtocols, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' }
      })
    case 'tls':
      return startTlsServer(
        service.identity,
        (connection, socket) => {
          connection.once('data', () => {
            if (service.request === 'reset') socket.resetAndDestroy()
            if (service.request === 'noise') connection.write('220 mail.example ESMTP\r\n')
          })
        },
        { place, tls: { ALPNProtocols } }
      )
    case 'tcp':
      return startTcpServer(connection => {
        connection.once('data', () => {
          if (service.greeting === 'reset') connection.resetAndDestroy()
          if (service.greeting === 'plain-http') connection.end('HTTP/1.1 400 Bad Request\r\n\r\n')
          if (service.greeting === 'unknown-name') connection.end(unrecognizedName)
        })
      }, place)
  }
}

/** What Zilliz Cloud offers: without h2, gRPC hangs up. */
const ALPNProtocols = ['h2', 'http/1.1']

type Answer = (request: Http2ServerRequest, response: Http2ServerResponse) => boolean

/** Answers calls of gRPC: an empty message, or none but a status that is not 0. */
function callsWith(status: number): Answer {
  return ({ headers, httpVersionMajor }, response) => {
    if (httpVersionMajor !== 2 || (headers['content-type'] !== 'application/grpc' && status === 0)) return false
    const type = { 'content-type': 'application/grpc' }
    if (status === 0) {
      response.writeHead(200, type)
      response.addTrailers({ 'grpc-status': '0' })
      response.end(Buffer.alloc(5))
    } else {
      response.stream.respond({ ':status': 200, ...type, 'grpc-status': `${status}` }, { endStream: true })
    }
    return true
  }
}

const onHttp2 =
  (act: (response: Http2ServerResponse) => void): Answer =>
  ({ httpVersionMajor }, response) => {
    if (httpVersionMajor !== 2) return false
    act(response)
    return true
  }
const streams: Readonly<Record<Extract<Service, { kind: 'http2' }>['request'], Answer>> = {
  'refused-stream': onHttp2(({ stream }) => stream.close(constants.NGHTTP2_REFUSED_STREAM)),
  'internal-error': onHttp2(({ stream }) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)),
  // Nothing was looked at, says the last stream, which is none.
  goaway: onHttp2(({ stream }) => {
    stream.session?.goaway(constants.NGHTTP2_NO_ERROR, 0)
    stream.session?.close()
    setTimeout(() => stream.session?.destroy(), 50)
  })
}
