/** What OpenSSL says of a broken exchange, whether during the handshake or after it. */
export type TlsFailure =
  | { readonly kind: 'reset' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'not-tls' }
  | { readonly kind: 'alert'; readonly alert: number }
  | { readonly kind: 'failure'; readonly code: string }

/** How OpenSSL names bytes that are no TLS record: an HTTP reply, an SSH greeting, noise. */
const notTls = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_RECORD_LAYER_FAILURE',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_HTTPS_PROXY_REQUEST',
  'ERR_SSL_UNEXPECTED_MESSAGE',
  'ERR_SSL_BAD_RECORD_TYPE'
])

/**
 * Reads the error of a TLS connection.
 *
 * @throws the error itself if it comes neither from OpenSSL nor from the operating system: then it is a bug
 */
export function readTlsError(error: unknown): TlsFailure {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error
  const { code, message } = error
  if (code.startsWith('ERR_SSL_')) {
    const alert = /SSL alert number (\d+)/.exec(message)?.[1]
    if (alert !== undefined) return { kind: 'alert', alert: Number(alert) }
    return notTls.has(code) ? { kind: 'not-tls' } : { kind: 'failure', code }
  }
  // Node's own error for a server that ended the connection before the handshake was done has no syscall.
  if (code === 'ECONNRESET' && !('syscall' in error)) return { kind: 'closed' }
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED') return { kind: 'reset' }
  if ('syscall' in error) return { kind: 'failure', code }
  throw error
}
