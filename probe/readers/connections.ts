import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server, Socket } from 'node:net'
import { normalizeIP } from '@fastify/rate-limit'
import { readerLimits } from './limits.ts'
import { createPlaces } from './places.ts'

/** The connections to a server, each with the requests on it that are not answered yet. */
export interface Connections {
  /** Closes connections beyond the limits. One on which nothing is being answered, or a request is still coming, makes room for a new one. */
  readonly limit: (server: Server) => void
  /** Whether a request may be answered; if not, its connection has been closed. */
  readonly begin: (request: IncomingMessage, response: ServerResponse) => boolean
}

/** Keeps connections few, in total and for each client address. */
export function createConnections(): Connections {
  const places = createPlaces({ total: readerLimits.connections, perAddress: readerLimits.connectionsPerAddress })
  const unanswered = new Map<string, Set<IncomingMessage>>()

  const admit = (socket: Socket) => {
    const { remoteAddress } = socket
    // It has been reset already.
    if (remoteAddress === undefined) return socket.destroy()
    const id = idOf(socket)
    const requests = new Set<IncomingMessage>()
    const release = places.take(normalizeIP(remoteAddress), {
      mayLose: () => requests.values().every(({ complete }) => !complete),
      onLose: () => socket.destroy()
    })
    if (release === undefined) return socket.destroy()
    unanswered.set(id, requests)
    return socket.once('close', () => {
      unanswered.delete(id)
      release()
    })
  }
  return {
    limit: server => server.on('connection', admit),
    begin: (request, response) => {
      const requests = unanswered.get(idOf(request.socket))
      if (requests === undefined || requests.size >= readerLimits.pipelinedRequests) {
        request.socket.destroy()
        return false
      }
      requests.add(request)
      response.once('close', () => requests.delete(request))
      return true
    }
  }
}

/** A connection and the TLS in it are two sockets with the same addresses. */
function idOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
