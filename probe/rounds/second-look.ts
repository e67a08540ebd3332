import type { ApplicationObservation, TlsObservation } from '../facts/observation.ts'
import type { Observers } from '../observers/boundary.ts'
import type { Begin } from '../observers/tcp.ts'
import type { Trust } from '../observers/trust.ts'
import type { Budget } from './round.ts'

/** An address that was looked at, to be looked at once more on a new connection. */
interface Place {
  readonly address: string
  readonly host: string
  readonly port: number
  readonly trust: Trust
  readonly budget: Budget
  readonly allowLoopback: boolean
  readonly begin?: Begin | undefined
  readonly observers: Observers
}

type Failed = Exclude<TlsObservation, { kind: 'established' }>

/**
 * A failed handshake, with whether the server asked for a certificate before it ended it: in TLS 1.2 it refuses a client
 * that has none with an alert that says nothing of it, or hangs up.
 */
export async function withRequest(seen: Failed, place: Place, signal: AbortSignal): Promise<Failed> {
  if (seen.kind !== 'alert' && seen.kind !== 'reset' && seen.kind !== 'closed') return seen
  const { budget, host, observers } = place
  const { connection } = await observers.tcp(place, { ms: budget.tcp, signal })
  if (connection === undefined) return seen
  const requested = await observers.certificateRequest({ connection, host }, { ms: budget.tls, signal })
  return requested ? { ...seen, certificateRequested: true } : seen
}

/**
 * What a request came to, or, if the server did not take it up, what it comes to on a new connection. Clients ask again
 * then: gRPC once after GOAWAY, curl up to five times after REFUSED_STREAM (measured, grpcio 1.85.3 and curl 7.88).
 */
export async function askedAgain(
  seen: ApplicationObservation,
  place: Place,
  signal: AbortSignal
): Promise<ApplicationObservation> {
  if (seen.kind !== 'goaway' && !(seen.kind === 'stream-reset' && seen.code === 'REFUSED_STREAM')) return seen
  const { budget, host, port, trust, observers } = place
  const { connection } = await observers.tcp(place, { ms: budget.tcp, signal })
  if (connection === undefined) return seen
  try {
    const { connection: secure } = await observers.tls({ connection, host, trust }, { ms: budget.tls, signal })
    if (secure === undefined) return seen
    return await observers.application({ connection: secure, host, port }, { ms: budget.application, signal })
  } finally {
    connection.destroy()
  }
}
