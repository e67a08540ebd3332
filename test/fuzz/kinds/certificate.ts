import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Act } from '../../support/hostile.ts'
import { exchanges } from '../exchanges.ts'
import type { Kind } from '../kind.ts'
import { mutated } from '../mutated.ts'

const leaf = new X509Certificate(readFileSync(join(import.meta.dirname, '../examples/leaf.pem'))).raw

/** Certificates that a server shows: what OpenSSL still serves of a mutated one, which is most of what it still reads. */
export const kind: Kind<Act> = (() => {
  const { inputs, ...rest } = exchanges('h2', fc.constant(Buffer.alloc(0)))
  return {
    ...rest,
    inputs: fc.tuple(inputs, mutated([leaf])).map(([act, der]) => ({ ...act, cert: pem(der) }))
  }
})()

function pem(der: Buffer): string {
  const lines = der
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}
