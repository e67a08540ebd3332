import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readAuthorities } from '../../../probe/config/authorities.ts'
import { readListening } from '../../../probe/config/listening.ts'
import { trustIn } from '../../../probe/observers/trust.ts'
import { allRead } from '../../../probe/schema/read.ts'
import { filesToRefuse } from '../files-to-refuse.ts'
import type { Kind } from '../kind.ts'
import { mutated } from '../mutated.ts'

const path = (name: string) => join(import.meta.dirname, '../examples', name)
const [authority, leaf, key] = ['authority.pem', 'leaf.pem', 'leaf-key.pem'].map(name => readFileSync(path(name)))
const examples = [authority, leaf, key].flatMap(example => (example === undefined ? [] : [example]))

/** Certificates and keys in PEM: as authorities, as a certificate, as its key. Authorities that are taken must be usable. */
export const kind: Kind<Buffer> = {
  batch: 50,
  inputs: mutated([...examples, Buffer.concat(examples)]),
  start: () =>
    filesToRefuse('file.pem', async file => {
      const listen = { host: '::1', port: 0, names: [] }
      const keyFile = path('leaf-key.pem')
      await allRead([
        readAuthorities(file, 'caFile').then(trustIn),
        readListening({ ...listen, tls: { certFile: file, keyFile } }),
        readListening({ ...listen, tls: { certFile: path('leaf.pem'), keyFile: file } })
      ])
    })
}
