import { constants, createHash, X509Certificate } from 'node:crypto'
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

/** Kept as text: 170 certificates that OpenSSL has read take 4 MB, and only a certificate that is new to the probe needs one of them. */
interface Authority {
  readonly by: TrustedBy
  readonly pem: string
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

/** The most certificates of a chain that are read to find who signed them. */
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
      const fingerprint = fingerprintOf(pem)
      if (!authorities.has(fingerprint)) authorities.set(fingerprint, { by, pem })
    }
  }
  learn('public', getCACertificates('bundled'))
  learn('system', [...getCACertificates('system'), ...getCACertificates('extra')])
  learn('config', certificatesIn(added ?? ''))
  const remembered = new Map<string, TrustedBy>()

  const find = (
    leaf: X509Certificate,
    mayBeIssuer: (authority: Authority, child: X509Certificate) => boolean
  ): TrustedBy => {
    let certificate: X509Certificate | undefined = leaf
    for (let depth = 0; certificate !== undefined && depth < longestChain; depth += 1) {
      const known = authorities.get(certificate.fingerprint256)
      if (known !== undefined) return known.by
      const child: X509Certificate = certificate
      const signer = authorities.values().find(each => {
        if (!mayBeIssuer(each, child)) return false
        const authority = new X509Certificate(each.pem)
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
        remembered.set(fingerprint256, find(leaf, hasNameOfIssuer) ?? find(leaf, () => true))
      }
      return remembered.get(fingerprint256)
    }
  }
}

/** The fingerprint as Node writes it, without reading the certificate. */
function fingerprintOf(pem: string): string {
  const hex = createHash('sha256').update(derOf(pem)).digest('hex').toUpperCase()
  return hex.replaceAll(/..(?!$)/g, '$&:')
}

/**
 * Whether the longest words in the issuer's name are somewhere in an authority's certificate. It is far cheaper than to read the
 * certificate, and wrong where a name is in an encoding of two octets a character.
 */
function hasNameOfIssuer({ pem }: Authority, { issuer = '' }: X509Certificate): boolean {
  const values = issuer.split('\n').map(attribute => attribute.slice(attribute.indexOf('=') + 1))
  const words = values.flatMap(value => value.match(/[A-Za-z0-9 ]+/g) ?? [])
  const longest = words.reduce((most, each) => (each.length > most.length ? each : most), '')
  return derOf(pem).includes(longest, 0, 'latin1')
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64')
}

/** The certificates in a file in PEM. */
export function certificatesIn(pem: string): readonly string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
}
