import { constants } from 'node:crypto'
import type { RequestListener, Server, ServerOptions } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import type { Listening } from '../config/listening.ts'
import { createConnections } from './connections.ts'
import { readerLimits } from './limits.ts'

/** Importing the module by name would read all its exports, and with those of WebSocket load undici, which takes 3 MB. */
const { createServer } = process.getBuiltinModule('node:http')

const options: ServerOptions = {
  maxHeaderSize: readerLimits.headerBytes,
  headersTimeout: readerLimits.headersMs,
  requestTimeout: readerLimits.requestMs,
  connectionsCheckingInterval: readerLimits.lateCheckMs,
  // Node waits for both together, and tells the client of the first.
  keepAliveTimeout: readerLimits.idleMs - 1000,
  keepAliveTimeoutBuffer: 1000
}

/** A server of HTTP, or of HTTPS if it is given a certificate, with the same limits on either. */
export function createHttpServer(handler: RequestListener, tls: Listening['tls']): Server | SecureServer {
  const connections = createConnections()
  const answer: RequestListener = (request, response) => {
    if (connections.begin(request, response)) handler(request, response)
  }
  const server =
    tls === undefined
      ? createServer(options, answer)
      : createSecureServer({ ...options, ...secure(tls), handshakeTimeout: readerLimits.handshakeMs }, answer)
  server.timeout = readerLimits.silentMs
  connections.limit(server)
  return server
}

/** A certificate as servers take it. No client needs another handshake in TLS 1.2, which costs the server more than the client. */
export function secure(tls: NonNullable<Listening['tls']>): SecureContextOptions {
  return { ...tls, secureOptions: constants.SSL_OP_NO_RENEGOTIATION }
}
