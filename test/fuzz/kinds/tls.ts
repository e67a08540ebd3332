import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { observers } from '../../../probe/observers/boundary.ts'
import { trustIn } from '../../../probe/observers/trust.ts'
import { type Act, startHostileServer } from '../../support/hostile.ts'
import { limit } from '../../support/limit.ts'
import type { Kind } from '../kind.ts'
import { mutated } from '../mutated.ts'

const example = (name: string) => readFileSync(join(import.meta.dirname, '../examples', name))

const examples = [
  example('tls13.bin'),
  example('tls12.bin'),
  example('tls12-asks-for-certificate.bin'),
  example('tls13-hello-retry.bin'),
  // An alert, and what is not TLS at all.
  Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28]),
  Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
  Buffer.from('SSH-2.0-OpenSSH_9.6\r\n')
]

const host = 'in01-1.aws-us-west-2.vectordb.example'

/** What a server sends in place of a handshake. */
export const kind: Kind<Act> = {
  batch: 50,
  inputs: fc
    .record({
      bytes: mutated(examples),
      upon: fc.constantFrom('data', 'data', 'data', 'connect'),
      finally: fc.constantFrom('end', 'end', 'reset')
    })
    .map(({ bytes, ...act }): Act => ({ writes: [bytes.toString('base64')], ...act })),
  start: async () => {
    const trust = trustIn(example('authority.pem').toString())
    let act: Act = { writes: [], upon: 'connect', finally: 'end' }
    const server = await startHostileServer({}, () => act)
    return {
      run: async next => {
        act = next
        const { address, port } = server
        const tcp = await observers.tcp({ address, port, allowLoopback: true }, limit(1000))
        if (tcp.connection === undefined) return
        const { connection } = await observers.tls({ connection: tcp.connection, host, trust }, limit(1000))
        connection?.destroy()
        tcp.connection.destroy()
      },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]()
    }
  }
}
