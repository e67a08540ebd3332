import type { Socket } from 'node:net'
import type { Guard } from './within.ts'

/** What a server may send on one connection. A reply of Zilliz Cloud with its handshake is ten kibibytes or so. */
export const mostFrom = {
  /** Octets on the connection altogether. */
  connectionBytes: 256 * 1024,
  /** Octets in the head of a reply. */
  headBytes: 16 * 1024,
  /** Fields in the head of a reply over HTTP/2. */
  headFields: 100,
  /** Interim responses (1xx) before the reply. */
  interimResponses: 4,
  /** Octets in the body of a gRPC reply: what comes before its status. */
  bodyBytes: 16 * 1024,
  /** HTTP/2 frames SETTINGS and PING, each of which is to be acknowledged. */
  controlFrames: 16
} as const

/** Often enough that a flood is a few milliseconds of work. */
const lookMs = 20

/**
 * Looks at how much has come on a connection: neither TLS nor HTTP/2 tell of each octet.
 *
 * @param tooMuch called once there were more than that
 * @returns what ends it
 */
export function countBytes(connection: Socket, most: number, guard: Guard, tooMuch: () => void): () => void {
  const timer = setInterval(
    guard(() => {
      if (connection.bytesRead > most) tooMuch()
    }),
    lookMs
  )
  return () => clearInterval(timer)
}
