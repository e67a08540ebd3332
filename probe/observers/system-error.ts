import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'

/** What the operating system's refusal of a socket call tells. */
export type SystemFailure =
  | { readonly kind: 'refused' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'own-fault'; readonly code: string }

/** What the machine itself has run out of: descriptors, memory, and ports for a socket to send from. */
const ownFaults = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EADDRINUSE', 'EAGAIN'])

/** A port to name, to which nothing is sent. */
const discard = 9

/**
 * Reads the error of a socket that has a peer. What is neither an answer of the peer nor a lack of the machine is a word
 * of the network, whatever its name, and the name is kept: `ENETUNREACH` (no route), `EHOSTUNREACH` (a router says so,
 * or a filter), `EACCES` (a route or a filter prohibits it), `EADDRNOTAVAIL` (no address to send from), `EAFNOSUPPORT`.
 *
 * @throws the error itself if it does not come from the operating system: then it is a bug
 */
export function readSystemError(error: unknown): SystemFailure {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error) || typeof error.code !== 'string') {
    throw error
  }
  switch (error.code) {
    case 'ECONNREFUSED':
      return { kind: 'refused' }
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return { kind: 'reset' }
    case 'ETIMEDOUT':
      return { kind: 'timeout' }
    default:
      return { kind: ownFaults.has(error.code) ? 'own-fault' : 'unreachable', code: error.code }
  }
}

/**
 * Reads the error of a TCP connection to an address, before `settle` is called. Linux gives `EADDRNOTAVAIL` both when it
 * has no address to send from, as on a host without IPv6, and when all ports towards the address are taken; only the
 * latter is a lack of the machine.
 *
 * @throws the error itself if it does not come from the operating system
 */
export function readConnectError(error: unknown, address: string, settle: (failure: SystemFailure) => void): void {
  const failure = readSystemError(error)
  if (failure.kind !== 'unreachable' || failure.code !== 'EADDRNOTAVAIL') settle(failure)
  else void hasSourceFor(address).then(has => settle(has ? { ...failure, kind: 'own-fault' } : failure))
}

/** Whether there is an address to send from: connecting a datagram socket chooses one, and sends nothing. */
function hasSourceFor(address: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
    const end = (has: boolean) => {
      socket.close()
      resolve(has)
    }
    socket.once('connect', () => end(true))
    socket.once('error', error => end('code' in error && ownFaults.has(String(error.code))))
    socket.connect(discard, address)
  })
}
