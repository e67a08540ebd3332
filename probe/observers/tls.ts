import type { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import { escapeProse, escapeText } from '../facts/escape.ts'
import type { Certificate, Established, TlsObservation } from '../facts/observation.ts'
import { readTlsError } from './tls-error.ts'
import type { Trust } from './trust.ts'
import { type Limit, secondsSince, within } from './within.ts'

/** What to shake hands over. */
export interface Handshake {
  /** A connection on which nothing was said yet; it ends with the handshake if that fails. */
  readonly connection: Socket
  /** The name to ask for (SNI) and to find in the certificate. */
  readonly host: string
  /** Whose signatures count. */
  readonly trust: Trust
}

/** An observation, and the connection if it was established. The caller must destroy it. */
export type TlsOutcome =
  | { readonly observation: Established; readonly connection: TLSSocket }
  | { readonly observation: Exclude<TlsObservation, Established>; readonly connection: undefined }

/**
 * Completes the handshake with any certificate, and reports the certificate: an expired or foreign one still has its dates.
 * Send nothing secret over such a connection.
 */
export function observeTls({ connection, host, trust }: Handshake, limit: Limit): Promise<TlsOutcome> {
  const start = performance.now()
  const seen = () => ({ layer: 'tls', seconds: secondsSince(start) }) as const
  return within<TlsOutcome>(
    limit,
    () => ({ observation: { ...seen(), kind: 'timeout' }, connection: undefined }),
    (settle, guard) => {
      let established: TLSSocket | undefined
      const socket = guard(
        connect({
          socket: guard(connection),
          servername: host,
          secureContext: trust.context,
          ALPNProtocols: ['h2', 'http/1.1'],
          rejectUnauthorized: false,
          // Names are judged by diagnose, which wants the error of the chain here and nothing else.
          checkServerIdentity: () => undefined
        })
      )
      // Node reads the whole chain for checkServerIdentity, a sixth of what the handshake costs, and it is not wanted.
      socket.getPeerCertificate = () => noCertificate
      socket.on('secureConnect', () => {
        const observation = readHandshake(socket, host, trust, seen())
        if (observation.kind === 'established') {
          established = socket
          settle({ observation, connection: socket })
        } else settle({ observation, connection: undefined })
      })
      socket.on('error', error => {
        settle({ observation: { ...seen(), ...readTlsError(error) }, connection: undefined })
      })
      return () => {
        if (established === undefined) socket.destroy()
      }
    }
  )
}

const noCertificate: DetailedPeerCertificate = Object.create(null)

function readHandshake(
  socket: TLSSocket,
  host: string,
  trust: Trust,
  seen: { layer: 'tls'; seconds: number }
): TlsObservation {
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) return { ...seen, kind: 'failure', code: 'NO_CERTIFICATE' }
  return {
    ...seen,
    kind: 'established',
    protocol: socket.getProtocol() ?? 'unknown',
    alpn: socket.alpnProtocol === 'h2' || socket.alpnProtocol === 'http/1.1' ? socket.alpnProtocol : undefined,
    certificate: { ...readOnce(certificate, trust), coversHost: coverage(certificate, host) },
    ...readChain(socket, certificate, trust)
  }
}

function readChain({ authorizationError }: TLSSocket, leaf: X509Certificate, trust: Trust) {
  // Node documents an Error and gives OpenSSL's word for it.
  const error: unknown = authorizationError
  if (error === null || error === undefined) return { chainError: undefined, trustedBy: trust.signerOf(leaf) }
  return { chainError: escapeText(error instanceof Error ? error.message : String(error)), trustedBy: undefined }
}

/**
 * Certificates that were read, by their fingerprints: all hosts of a region have the same one, and each has it for weeks. It is then
 * read once and kept once.
 */
const alreadyRead = new WeakMap<Trust, Map<string, Omit<Certificate, 'coversHost'>>>()
const mostRead = 1000

function readOnce(certificate: X509Certificate, trust: Trust): Omit<Certificate, 'coversHost'> {
  const known = alreadyRead.get(trust) ?? new Map()
  alreadyRead.set(trust, known)
  const { fingerprint256 } = certificate
  const before = known.get(fingerprint256)
  if (before !== undefined) return before
  if (known.size >= mostRead) known.clear()
  const read = readCertificate(certificate)
  known.set(fingerprint256, read)
  return read
}

const mostNames = 20

function readCertificate(certificate: X509Certificate): Omit<Certificate, 'coversHost'> {
  const names = [...(certificate.subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map(([, name = '']) => name)
  return {
    subject: readName(certificate.subject),
    issuer: readName(certificate.issuer),
    names: names.slice(0, mostNames).map(name => escapeText(name.slice(0, 253))),
    notBefore: readDate(certificate.validFromDate),
    notAfter: readDate(certificate.validToDate),
    selfSigned: certificate.checkIssued(certificate),
    fingerprint: certificate.fingerprint256
  }
}

/** OpenSSL takes the common name into account only where there is no name of the kind that RFC 9525 counts. */
function coverage(certificate: X509Certificate, host: string): Certificate['coversHost'] {
  if (certificate.checkHost(host, { subject: 'never' }) !== undefined) return 'names'
  return certificate.checkHost(host, { subject: 'default' }) === undefined ? false : 'common-name'
}

/** OpenSSL may accept what is no date, such as a thirteenth month; a chain with one is not good. */
function readDate(date: Date): number | undefined {
  const seconds = date.getTime() / 1000
  return Number.isFinite(seconds) ? seconds : undefined
}

/** Node writes an attribute a line, and escapes what is special in RFC 4514 and in control characters. */
function readName(name: string | undefined): string {
  return escapeProse((name ?? '').replaceAll('\n', ', '), 200)
}
