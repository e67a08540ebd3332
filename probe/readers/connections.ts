import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server, Socket } from 'node:net'
import { normalizeIP } from '@fastify/rate-limit'
import { readerLimits } from './limits.ts'
import { createPlaces } from './places.ts'

/** The connections to a server, each with the requests on it that are not answered yet. */
export interface Connections {
  /** Closes connections beyond the limits. One on which nothing is being answered makes room for a new one. */
  readonly limit: (server: Server) => void
  /** Whether a request may be answered; if not, its connection has been closed. */
  readonly begin: (request: IncomingMessage, response: ServerResponse) => boolean
}

/** Keeps connections few, in total and for each client address. */
export function createConnections(): Connections {
  const places = createPlaces({ total: readerLimits.connections, perAddress: readerLimits.connectionsPerAddress })
  const unanswered = new Map<string, number>()

  const admit = (socket: Socket) => {
    const { remoteAddress } = socket
    // It has been reset already.
    if (remoteAddress === undefined) return socket.destroy()
    const id = idOf(socket)
    const release = places.take(normalizeIP(remoteAddress), {
      mayLose: () => unanswered.get(id) === 0,
      onLose: () => socket.destroy()
    })
    if (release === undefined) return socket.destroy()
    unanswered.set(id, 0)
    return socket.once('close', () => {
      unanswered.delete(id)
      release()
    })
  }
  return {
    limit: server => server.on('connection', admit),
    begin: (request, response) => {
      const id = idOf(request.socket)
      const before = unanswered.get(id)
      if (before === undefined || before >= readerLimits.pipelinedRequests) {
        request.socket.destroy()
        return false
      }
      unanswered.set(id, before + 1)
      response.once('close', () => {
        const now = unanswered.get(id)
        if (now !== undefined) unanswered.set(id, now - 1)
      })
      return true
    }
  }
}

/** A connection and the TLS in it are two sockets with the same addresses. */
function idOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
