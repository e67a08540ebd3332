import { once } from 'node:events'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls'
import type { Identity } from './certificates.ts'

/** A server on loopback. */
export interface Endpoint extends AsyncDisposable {
  readonly address: string
  readonly port: number
  /** Connections that were made to it, and how many of them are open. */
  readonly connections: { readonly made: number; readonly open: number }
}

interface Place {
  readonly address?: string
  readonly port?: number
}

/** What stands where Zilliz Cloud should: HTTP/1.1 and HTTP/2 over TLS. It answers 400, as Zilliz Cloud does. */
export function startEndpoint(
  identity: Identity,
  { status = 400, headers = {}, answer, place = {}, tls = {} }: EndpointOptions = {}
): Promise<Endpoint> {
  const server = createSecureServer({ ...identity, ...tls, allowHTTP1: true }, (request, response) => {
    if (answer?.(request, response) !== true) response.writeHead(status, headers).end()
  })
  return listen(server, place)
}

interface EndpointOptions {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Answers a request, if it says so. */
  readonly answer?: ((request: Http2ServerRequest, response: Http2ServerResponse) => boolean) | undefined
  readonly place?: Place
  readonly tls?: TlsOptions
}

/** A server that shakes hands and then does as told with the connection, and with the socket below it. */
export function startTlsServer(
  identity: Identity,
  serve: (connection: TLSSocket, socket: Socket) => void,
  { place = {}, tls = {} }: Pick<EndpointOptions, 'place' | 'tls'> = {}
): Promise<Endpoint> {
  const server = createTlsServer({ ALPNProtocols: ['http/1.1'], ...identity, ...tls })
  const sockets = new Map<number | undefined, Socket>()
  server.on('connection', (socket: Socket) => sockets.set(socket.remotePort, socket))
  server.on('secureConnection', connection => {
    const socket = sockets.get(connection.remotePort)
    connection.on('error', () => {})
    if (socket !== undefined) serve(connection, socket)
  })
  return listen(server, place)
}

/** A server that does as told with a connection. */
export function startTcpServer(serve: (connection: Socket) => void, place: Place = {}): Promise<Endpoint> {
  const server = createServer(connection => {
    // What is not read hides that the other side has gone.
    connection.resume()
    serve(connection)
  })
  return listen(server, place)
}

async function listen(server: Server, { address = '127.0.0.1', port = 0 }: Place): Promise<Endpoint> {
  const sockets = new Set<Socket>()
  let made = 0
  server.on('connection', (socket: Socket) => {
    made += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  server.on('tlsClientError', () => {})
  server.listen(port, address)
  await once(server, 'listening')
  return {
    address,
    port: (server.address() as AddressInfo).port,
    connections: {
      get made() {
        return made
      },
      get open() {
        return sockets.size
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    }
  }
}
