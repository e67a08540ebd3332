import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import { WrongUse } from './wrong-use.ts'

/**
 * The authorities to trust: those that Node trusts, and those in a file.
 *
 * @throws WrongUse when the file holds no certificate in PEM
 */
export function trustWith(file: string | undefined): SecureContext {
  if (file === undefined) return createSecureContext()
  const authorities = readAuthorities(file)
  return createSecureContext({ ca: [...getCACertificates('default'), authorities] })
}

function readAuthorities(file: string): string {
  try {
    const pem = readFileSync(file, 'utf8')
    new X509Certificate(pem)
    return pem
  } catch (error) {
    const reason = error instanceof Error && 'syscall' in error ? 'cannot be read' : 'holds no certificate in PEM'
    throw new WrongUse(`the file of --ca ${reason}: "${file}"; give the certificates of authorities in PEM`)
  }
}
