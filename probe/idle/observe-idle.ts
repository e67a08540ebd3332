import { connect } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { clientPatienceMs } from '../facts/client-patience.ts'
import { mostFrom } from '../observers/flood.ts'
import { bounded } from '../observers/http2.ts'
import { type Destination, observeTcp } from '../observers/tcp.ts'
import { observeTls } from '../observers/tls.ts'
import type { Trust } from '../observers/trust.ts'
import { secondsSince, within } from '../observers/within.ts'

/** Which connection to hold. */
export interface IdleLink extends Destination {
  readonly host: string
  readonly trust: Trust
}

/** How long, and for how long to wait for whatever should come. */
export interface IdleLimit {
  /** Milliseconds of silence. */
  readonly idleMs: number
  /** Milliseconds. @default - as long as a client waits */
  readonly patienceMs?: number
  /** If it aborts, the promise rejects with its reason. */
  readonly signal: AbortSignal
}

/** What became of a connection on which nothing was said for a while. */
export type IdleOutcome =
  /** It still answers. */
  | { readonly kind: 'alive' }
  /** Nothing answers what is sent, though a new connection works: it was dropped without a word. */
  | { readonly kind: 'silent' }
  /** What is sent is answered with a reset, though a new connection works: something on the way no longer knows it. */
  | { readonly kind: 'forgotten' }
  /** The peer ended it while nothing was said. */
  | { readonly kind: 'closed'; readonly by: 'FIN' | 'RST' | 'GOAWAY'; readonly afterSeconds: number }
  /** No connection for HTTP/2 could be made, now or for comparison: this says nothing about silence. */
  | { readonly kind: 'unknown' }

/** An outcome, by address and by time. */
export type IdleObservation = IdleOutcome & {
  readonly address: string
  /** For how long nothing was said; shorter if the peer closed it. */
  readonly idleSeconds: number
}

/**
 * Makes a connection, completes TLS and the settings of HTTP/2, says nothing for a while, and then sends a PING. It sends no
 * keepalive of its own; it answers those of the server, as every client does.
 */
export async function observeIdle(link: IdleLink, limit: IdleLimit): Promise<IdleObservation> {
  const { address } = link
  const { seconds, ...outcome } = await hold(link, limit)
  const isBroken = outcome.kind === 'silent' || outcome.kind === 'forgotten'
  const compared = isBroken ? await hold(link, { ...limit, idleMs: 0 }) : undefined
  const isComparable = compared === undefined || compared.kind === 'alive'
  return { ...(isComparable ? outcome : { kind: 'unknown' }), address, idleSeconds: seconds }
}

type Hold = IdleOutcome & { readonly seconds: number }

async function hold(link: IdleLink, limit: IdleLimit): Promise<Hold> {
  const { patienceMs = clientPatienceMs, signal } = limit
  const eachLimit = { ms: patienceMs, signal }
  const { connection: below } = await observeTcp(link, eachLimit)
  if (below === undefined) return notHeld
  const { connection } = await observeTls({ connection: below, host: link.host, trust: link.trust }, eachLimit)
  if (connection === undefined) return notHeld
  if (connection.alpnProtocol === 'h2') return holdSession(connection, link, limit)
  connection.destroy()
  return notHeld
}

const notHeld: Hold = { kind: 'unknown', seconds: 0 }

/** Often enough that a flood is no load for long, and seldom enough that a hundred connections are none. */
const lookMs = 1000

function holdSession(
  connection: TLSSocket,
  { host, port }: IdleLink,
  { idleMs, patienceMs = clientPatienceMs, signal }: IdleLimit
): Promise<Hold> {
  /** When nothing was left to be said, and when something was said again, by `performance.now()`. */
  let quiet: number | undefined
  let asked: number | undefined
  let hasGoaway = false
  const idleSeconds = () => (quiet === undefined ? 0 : ((asked ?? performance.now()) - quiet) / 1000)
  const seen = (outcome: IdleOutcome): Hold => ({ ...outcome, seconds: idleSeconds() })
  const closed = (by: 'FIN' | 'RST' | 'GOAWAY'): Hold =>
    seen(quiet === undefined ? { kind: 'unknown' } : { kind: 'closed', by, afterSeconds: secondsSince(quiet) })
  return within<Hold>(
    { ms: patienceMs + idleMs + patienceMs, signal },
    () => seen({ kind: asked === undefined ? 'unknown' : 'silent' }),
    (settle, guard) => {
      guard(connection).on('error', () => {})
      const session = guard(connect(`https://${host}:${port}`, { createConnection: () => connection, ...bounded }))
      let due: NodeJS.Timeout | undefined
      const ask = () => {
        asked = performance.now()
        due = setTimeout(
          guard(() => settle(seen({ kind: 'silent' }))),
          patienceMs
        )
        session.ping(guard(error => error === null && settle(seen({ kind: 'alive' }))))
      }
      let settings = 0
      const onSettings = () => {
        settings += 1
        // The server's, and its acknowledgment of ours.
        if (settings !== 2) return
        clearTimeout(due)
        quiet = performance.now()
        due = setTimeout(guard(ask), idleMs)
      }
      due = setTimeout(
        guard(() => settle(notHeld)),
        patienceMs
      )
      session.once('remoteSettings', onSettings)
      session.once('localSettings', onSettings)
      session.on('goaway', () => {
        hasGoaway = true
        settle(closed('GOAWAY'))
      })
      session.on('error', () => settle(asked === undefined ? closed('RST') : seen({ kind: 'forgotten' })))
      session.on('close', () => settle(closed(hasGoaway ? 'GOAWAY' : 'FIN')))
      const look = setInterval(
        guard(() => connection.bytesRead > mostFrom.connectionBytes && settle(notHeld)),
        lookMs
      )
      return () => {
        clearTimeout(due)
        clearInterval(look)
        session.destroy()
      }
    }
  )
}
