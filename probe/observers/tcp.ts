import { connect, type Socket } from 'node:net'
import type { TcpObservation } from '../facts/observation.ts'
import { refusedAddress } from './refused-address.ts'
import { readConnectError } from './system-error.ts'
import { type Limit, secondsSince, within } from './within.ts'

/** Where to connect. */
export interface Destination {
  /** A literal, so that nothing is resolved a second time. */
  readonly address: string
  readonly port: number
  /** For tests and the demo. */
  readonly allowLoopback: boolean
  /** @default - the system's way to the address */
  readonly begin?: Begin | undefined
}

/** Begins a connection to an address. The demo has no network in which its addresses are, and leads it elsewhere. */
export type Begin = (to: { readonly address: string; readonly port: number }) => Socket

type Connected = Extract<TcpObservation, { kind: 'connected' }>

/** An observation, and the connection if there is one. The caller must destroy it. */
export type TcpOutcome =
  | { readonly observation: Connected; readonly connection: Socket }
  | { readonly observation: Exclude<TcpObservation, Connected>; readonly connection: undefined }

/**
 * Connects to one address and no other. `seconds` shows a lost SYN: Linux sends it again after one second, and then
 * after each further one (net.ipv4.tcp_syn_linear_timeouts, since 6.5) or after two and four (before).
 */
export function observeTcp(
  { address, port, allowLoopback, begin = beginThere }: Destination,
  limit: Limit
): Promise<TcpOutcome> {
  const start = performance.now()
  const seen = () => ({ layer: 'tcp', seconds: secondsSince(start), address, port }) as const
  const refusal = refusedAddress(address, allowLoopback)
  if (refusal !== undefined) {
    return Promise.resolve({ observation: { ...seen(), kind: 'forbidden', refusal }, connection: undefined })
  }
  return within<TcpOutcome>(
    limit,
    () => ({ observation: { ...seen(), kind: 'timeout' }, connection: undefined }),
    (settle, guard) => {
      let connection: Socket | undefined
      const socket = guard(begin({ address, port }))
      socket.on('connect', () => {
        connection = socket
        settle({ observation: { ...seen(), kind: 'connected' }, connection })
      })
      socket.on('error', error => {
        const failed = seen()
        readConnectError(error, address, failure =>
          settle({ observation: { ...failed, ...failure }, connection: undefined })
        )
      })
      return () => {
        if (connection === undefined) socket.destroy()
      }
    }
  )
}

/** The way to an address that the system has. */
export const beginThere: Begin = ({ address, port }) =>
  connect({ host: address, port, autoSelectFamily: false, noDelay: true })
