/** What the operating system's refusal of a socket call tells. */
export type SystemFailure =
  | { readonly kind: 'refused' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'own-fault'; readonly code: string }

const ownFaults = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EADDRNOTAVAIL', 'EADDRINUSE', 'EAGAIN'])

/**
 * Reads a socket's error.
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
