import type { Path } from '../cases/evidence.ts'
import type { ApplicationObservation, Established, TlsObservation } from '../facts/observation.ts'
import { walk } from './walk.ts'
import type { GuardedWatch } from './watch.ts'

/** An observed address that is to be observed again on a new connection. */
interface SecondLook {
  readonly watch: GuardedWatch
  readonly address: string
  readonly signal: AbortSignal
}

/** A path, with what a second look makes of its end. */
export async function withSecondLook(path: Path, second: SecondLook): Promise<Path> {
  switch (path.reached) {
    case 'nothing':
      return path
    case 'tcp':
      return { ...path, tls: await withRequest(path.tls, second) }
    case 'tls':
      return { ...path, application: await askedAgain(path.application, second) }
  }
}

type FailedHandshake = Exclude<TlsObservation, Established>

/**
 * A failed handshake, with whether the server asked for a certificate before it ended it: in TLS 1.2 it refuses a client
 * that has none with an unrelated alert, or closes the connection.
 */
async function withRequest(seen: FailedHandshake, { watch, address, signal }: SecondLook): Promise<FailedHandshake> {
  if (seen.kind !== 'alert' && seen.kind !== 'reset' && seen.kind !== 'closed') return seen
  const { budget, target, allowLoopback, begin, observers } = watch
  const { host, port } = target
  const { connection } = await observers.tcp({ address, port, allowLoopback, begin }, { ms: budget.tcp, signal })
  if (connection === undefined) return seen
  const requested = await observers.certificateRequest({ connection, host }, { ms: budget.tls, signal })
  return requested ? { ...seen, certificateRequested: true } : seen
}

/**
 * The result of a request or, if the server did not process it, its result on a new connection. Clients ask again
 * then: gRPC once after GOAWAY, curl up to five times after REFUSED_STREAM (measured, grpcio 1.85.3 and curl 7.88).
 */
async function askedAgain(
  seen: ApplicationObservation,
  { watch, address, signal }: SecondLook
): Promise<ApplicationObservation> {
  if (seen.kind !== 'goaway' && !(seen.kind === 'stream-reset' && seen.code === 'REFUSED_STREAM')) return seen
  const path = await walk(watch, address, (layer, observe) => observe({ ms: watch.budget[layer], signal }))
  return path.reached === 'tls' ? path.application : seen
}
