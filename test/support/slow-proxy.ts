import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Endpoint, startTcpServer } from './endpoint.ts'

/** What a way to a server does to a connection. */
export interface Slowness {
  /** Milliseconds before the server's first octets pass, and those before any that come after. */
  readonly first?: number
  readonly later?: number
  /** Whether the connection is reset instead. */
  readonly isReset?: boolean
}

/** A way to a server that is slow, or resets connections; it is asked anew for every connection. */
export function startSlowProxy(to: Endpoint, slowness: () => Slowness): Promise<Endpoint> {
  return startTcpServer(connection => {
    const { first = 0, later = 0, isReset = false } = slowness()
    if (isReset) {
      connection.resetAndDestroy()
      return
    }
    const server = connect(to.port, to.address)
    for (const [one, other] of [
      [connection, server],
      [server, connection]
    ] as const) {
      one.on('error', () => {})
      one.on('close', () => other.destroy())
    }
    connection.on('data', chunk => server.write(chunk))
    void hold(server, connection, first, later)
  })
}

async function hold(from: Socket, to: Socket, first: number, later: number): Promise<void> {
  let wait = first
  try {
    for await (const chunk of from) {
      await sleep(wait)
      to.write(chunk)
      wait = later
    }
  } catch {
    // The other side has gone.
  }
}
