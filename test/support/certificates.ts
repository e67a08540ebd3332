import 'reflect-metadata'
import { X509Certificate as NodeX509Certificate, webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  type Extension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator
} from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 86_400_000

/** What a TLS server shows and signs with; both in PEM. */
export interface Identity {
  readonly cert: string
  readonly key: string
}

/** Someone who signs certificates. */
export interface Authority {
  /** Its own certificate in PEM: what a client must trust. */
  readonly cert: string
  /** Makes a certificate for the names. */
  readonly issue: (names: readonly string[], valid?: Validity, subject?: string) => Promise<Identity>
  /** Makes a certificate that has its name in the subject only, as they were before RFC 6125. */
  readonly issueByCommonName: (name: string) => Promise<Identity>
}

/** Ninety days, of which one is over, unless told otherwise. */
interface Validity {
  readonly from: Date
  readonly to: Date
}
const usually = (): Validity => ({ from: inDays(-1), to: inDays(89) })

/**
 * Makes an authority that nobody knows yet.
 *
 * @param spelled its name as the certificates that it signs have it. Default: as its own certificate has it
 */
export async function makeAuthority(name = 'Test Authority', spelled = name): Promise<Authority> {
  const keys = await makeKeys()
  const own = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: inDays(-365),
    notAfter: inDays(365),
    keys,
    extensions: [new BasicConstraintsExtension(true, undefined, true)]
  })
  const issue = async (subject: string, extensions: Extension[], { from, to } = usually()) => {
    const leaf = await makeKeys()
    const certificate = await X509CertificateGenerator.create({
      subject,
      issuer: `CN=${spelled}`,
      notBefore: from,
      notAfter: to,
      publicKey: leaf.publicKey,
      signingKey: keys.privateKey,
      extensions
    })
    return identity(certificate, leaf)
  }
  return {
    cert: own.toString('pem'),
    issue: (names, valid, subject = `CN=${names[0]}`) => issue(subject, [alternativeNames(names)], valid),
    issueByCommonName: name => issue(`CN=${name}`, [])
  }
}

/** Makes a certificate that signs itself. */
export async function makeSelfSigned(names: readonly string[], { from, to } = usually()): Promise<Identity> {
  const keys = await makeKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${names[0]}`,
    notBefore: from,
    notAfter: to,
    keys,
    extensions: [alternativeNames(names)]
  })
  return identity(certificate, keys)
}

/**
 * The same certificate with some of its octets changed to as many others. Nobody has signed it then.
 *
 * @param change works on the DER, a character for each octet
 */
export function spoilt({ cert, key }: Identity, change: (der: string) => string): Identity {
  const der = Buffer.from(change(new NodeX509Certificate(cert).raw.toString('latin1')), 'latin1')
  const lines = der
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n')
  return { cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`, key }
}

/** A moment that many days from now, in whole seconds as certificates have them. */
export function inDays(days: number): Date {
  return new Date(Math.floor((Date.now() + days * day) / 1000) * 1000)
}

const alternativeNames = (names: readonly string[]) =>
  new SubjectAlternativeNameExtension(names.map(value => ({ type: 'dns', value })))

const makeKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

async function identity(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair): Promise<Identity> {
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`
  }
}
