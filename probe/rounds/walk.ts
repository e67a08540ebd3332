import type { Socket } from 'node:net'
import type { Path } from '../cases/evidence.ts'
import type { TlsOutcome } from '../observers/tls.ts'
import type { Limit } from '../observers/within.ts'
import type { OutcomesByLayer } from './round-patience.ts'
import type { GuardedWatch } from './watch.ts'

/** Looks at one layer, within a limit that it chooses, and with patience if it has some. */
export type ObserveLayer = <L extends keyof OutcomesByLayer>(
  layer: L,
  observe: (limit: Limit) => Promise<OutcomesByLayer[L]>
) => Promise<OutcomesByLayer[L]>

/** Goes as far as an address lets a client, on a connection of its own. Leaves nothing open. */
export async function walk(
  { target: { host, port }, trust, allowLoopback, begin, observers }: GuardedWatch,
  address: string,
  look: ObserveLayer
): Promise<Path> {
  const { observation: tcp, connection } = await look('tcp', limit =>
    observers.tcp({ address, port, allowLoopback, begin }, limit)
  )
  if (connection === undefined) return { reached: 'nothing', tcp }
  const { observation: tls, connection: secure } = await look('tls', limit =>
    shakeHands(connection, observers.tls({ connection, host, trust }, limit))
  )
  if (secure === undefined) return { reached: 'tcp', tcp, tls }
  const application = await look('application', limit =>
    usingUp(secure, observers.application({ connection: secure, host, port }, limit))
  )
  return { reached: 'tls', tcp, tls, application }
}

/** A handshake that is kept open outlives its round: the connection is its own, and ends with it if it fails. */
async function shakeHands(connection: Socket, handshake: Promise<TlsOutcome>): Promise<TlsOutcome> {
  let look: TlsOutcome | undefined
  try {
    look = await handshake
    return look
  } finally {
    if (look?.connection === undefined) connection.destroy()
  }
}

/** An exchange uses up its connection. */
async function usingUp<T>(connection: Socket, exchange: Promise<T>): Promise<T> {
  try {
    return await exchange
  } finally {
    connection.destroy()
  }
}
