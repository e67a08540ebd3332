import { X509Certificate } from 'node:crypto'
import { certificatesIn } from '../observers/trust.ts'
import { ConfigError } from '../schema/read.ts'
import { placeOf, readText } from './read-text.ts'

/**
 * Reads the certificate authorities in a file, each of which must be a certificate in PEM: Node takes those before a bad one and
 * ignores the rest.
 *
 * @throws ConfigError with one line for each mistake
 */
export async function readAuthorities(file: string, key: string): Promise<string> {
  const text = await readText(file, { key, hasComments: true })
  const refuse = (mistake: string) => `${placeOf(file, key)}: ${mistake}`
  const [, ...certificates] = ` ${text}`.split(/(?=-----BEGIN [A-Z0-9 ]*CERTIFICATE-----)/)
  if (certificates.length === 0) {
    throw new ConfigError([refuse('holds no certificate in PEM. Convert one in DER: openssl x509 -inform der.')])
  }
  const mistakes = certificates.flatMap((certificate, index) =>
    isCertificate(certificate)
      ? []
      : [refuse(`certificate ${index + 1} of ${certificates.length} is malformed. Copy it again, or remove it.`)]
  )
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return text
}

function isCertificate(written: string): boolean {
  const [pem] = certificatesIn(written)
  if (pem === undefined) return false
  try {
    new X509Certificate(pem)
    return true
  } catch (error) {
    // OpenSSL's errors have a code of some libraries and none of others.
    if (error instanceof Error) return false
    throw error
  }
}
