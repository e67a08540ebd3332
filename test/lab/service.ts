import type { Identity } from '../support/certificates.ts'
import { type Endpoint, startEndpoint, startTcpServer, startTlsServer } from '../support/endpoint.ts'

/** What stands behind an address of the endpoint. */
export type Service =
  | { readonly kind: 'http'; readonly identity: Identity; readonly status: number }
  /** Shakes hands, and then does that with a request. */
  | { readonly kind: 'tls'; readonly identity: Identity; readonly request: 'silence' | 'reset' | 'noise' }
  | { readonly kind: 'wants-certificate'; readonly identity: Identity }
  | { readonly kind: 'old-tls'; readonly identity: Identity }
  /** Takes connections, and then does that. */
  | { readonly kind: 'tcp'; readonly greeting: 'silence' | 'reset' | 'plain-http' | 'unknown-name' }
  | { readonly kind: 'none' }

/** Alert unrecognized_name, fatal (RFC 8446 §6). */
const unrecognizedName = Buffer.from([21, 3, 3, 0, 2, 2, 112])

/** Starts a service; `undefined` if nothing listens. */
export async function startService(
  service: Service,
  place: { address: string; port: number }
): Promise<Endpoint | undefined> {
  switch (service.kind) {
    case 'none':
      return undefined
    case 'http':
      return startEndpoint(service.identity, { status: service.status, place })
    case 'wants-certificate':
      return startTlsServer(service.identity, () => {}, { place, tls: { requestCert: true, rejectUnauthorized: true } })
    case 'old-tls':
      return startTlsServer(service.identity, () => {}, {
        place,
        tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' }
      })
    case 'tls':
      return startTlsServer(
        service.identity,
        (connection, socket) => {
          connection.once('data', () => {
            if (service.request === 'reset') socket.resetAndDestroy()
            if (service.request === 'noise') connection.write('220 mail.example ESMTP\r\n')
          })
        },
        { place }
      )
    case 'tcp':
      return startTcpServer(connection => {
        connection.once('data', () => {
          if (service.greeting === 'reset') connection.resetAndDestroy()
          if (service.greeting === 'plain-http') connection.end('HTTP/1.1 400 Bad Request\r\n\r\n')
          if (service.greeting === 'unknown-name') connection.end(unrecognizedName)
        })
      }, place)
  }
}
