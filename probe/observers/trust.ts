import { constants, X509Certificate } from 'node:crypto'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import type { TlsObservation } from '../facts/observation.ts'

/** Whose signatures count, and which handshakes the probe offers. */
export interface Trust {
  readonly context: SecureContext
  /**
   * Whose authority signed a certificate, or one of those that the server sent along with it.
   *
   * @param leaf the first certificate of a chain that OpenSSL accepts; `undefined` if no known authority signed it
   */
  readonly signerOf: (leaf: X509Certificate) => TrustedBy
}

type TrustedBy = Extract<TlsObservation, { kind: 'established' }>['trustedBy']

/** Kept as text: 170 certificates that OpenSSL has read take 2 MB, and only a certificate that is new to the probe needs one of them. */
interface Authority {
  readonly by: TrustedBy
  readonly pem: string
  readonly subject: string
}

/** OpenSSL knows the group since 3.5, and an older one, as Node 22 has, refuses a list that names it. */
const hybridGroups =
  process.versions.openssl.localeCompare('3.5', undefined, { numeric: true }) >= 0 ? ['X25519MLKEM768'] : []

/**
 * No finite-field Diffie-Hellman, neither as a cipher nor as a group of TLS 1.3: the server chooses the modulus, and
 * one of 10,000 bits takes 1.4 s of CPU. gRPC's C core offers fewer than these, Python and curl offer these first.
 */
const offered = {
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE+AESGCM',
    'ECDHE+CHACHA20',
    'ECDHE+AES'
  ].join(':'),
  ecdhCurve: [...hybridGroups, 'X25519', 'P-256', 'P-384', 'P-521'].join(':'),
  minVersion: 'TLSv1.2',
  // Or a server has hands shaken anew as often as it likes.
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION
} as const

/** Certificates of a chain that are looked at for who signed them. */
const longestChain = 10
const mostRemembered = 1000

/**
 * Trusts what the clients of this system trust: the public authorities, those of the system's own store (there a
 * company has the authority of its proxy), and those that the config adds.
 *
 * @param added certificates in PEM, from the config's `caFile`
 */
export function trustIn(added: string | undefined): Trust {
  const authorities = new Map<string, Authority>()
  const learn = (by: TrustedBy, pems: Iterable<string>) => {
    for (const pem of new Set(pems)) {
      const { fingerprint256, subject = '' } = new X509Certificate(pem)
      if (!authorities.has(fingerprint256)) authorities.set(fingerprint256, { by, pem, subject })
    }
  }
  learn('public', getCACertificates('bundled'))
  learn('system', [...getCACertificates('system'), ...getCACertificates('extra')])
  learn('config', certificatesIn(added ?? ''))
  const bySubject = Map.groupBy(authorities.values(), ({ subject }) => subject)
  const remembered = new Map<string, TrustedBy>()

  const find = (leaf: X509Certificate): TrustedBy => {
    let certificate: X509Certificate | undefined = leaf
    for (let depth = 0; certificate !== undefined && depth < longestChain; depth += 1) {
      const known = authorities.get(certificate.fingerprint256)
      if (known !== undefined) return known.by
      const child: X509Certificate = certificate
      const signer = bySubject.get(child.issuer ?? '')?.find(({ pem }) => {
        const authority = new X509Certificate(pem)
        return child.checkIssued(authority) && child.verify(authority.publicKey)
      })
      if (signer !== undefined) return signer.by
      certificate = child.issuerCertificate
    }
    return undefined
  }
  return {
    context: createSecureContext({ ...offered, ca: Array.from(authorities.values(), ({ pem }) => pem) }),
    signerOf: leaf => {
      const { fingerprint256 } = leaf
      if (!remembered.has(fingerprint256)) {
        if (remembered.size >= mostRemembered) remembered.clear()
        remembered.set(fingerprint256, find(leaf))
      }
      return remembered.get(fingerprint256)
    }
  }
}

/** The certificates in a file in PEM. */
export function certificatesIn(pem: string): readonly string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
}
