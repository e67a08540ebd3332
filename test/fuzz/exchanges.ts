import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { reportJson } from '../../probe/doctor/json.ts'
import { printedReport } from '../../probe/doctor/print.ts'
import { observers } from '../../probe/observers/boundary.ts'
import { trustIn } from '../../probe/observers/trust.ts'
import { makeReport } from '../../probe/rounds/report.ts'
import { alike, whole } from '../support/evidence.ts'
import { type Act, startHostileServer } from '../support/hostile.ts'
import { limit } from '../support/limit.ts'
import type { Kind } from './kind.ts'

const example = (name: string) => readFileSync(join(import.meta.dirname, 'examples', name), 'utf8')

/** What the certificate of the examples is for, until 2126. */
const host = 'in01-1.aws-us-west-2.vectordb.example'

/** A kind of which the inputs are what a server sends, in whole or in parts, over TLS in place of a reply. */
export function exchanges(alpn: 'h2' | 'http/1.1', bytes: fc.Arbitrary<Buffer>): Kind<Act> {
  return {
    batch: 50,
    inputs: fc
      .record({
        bytes,
        parts: fc.constantFrom(1, 1, 1, 2, 7),
        upon: fc.constantFrom('data', 'data', 'data', 'connect'),
        finally: fc.constantFrom('end', 'end', 'end', 'reset')
      })
      .map(({ bytes, parts, ...act }): Act => ({ writes: split(bytes, parts), ...act })),
    start: async () => {
      const trust = trustIn(example('authority.pem'))
      let act: Act = { writes: [], upon: 'connect', finally: 'end' }
      const tls = { cert: example('leaf.pem'), key: example('leaf-key.pem'), options: { ALPNProtocols: [alpn] } }
      const server = await startHostileServer({ tls }, () => act)
      return {
        run: async next => {
          act = next
          const { address, port } = server
          const tcp = await observers.tcp({ address, port, allowLoopback: true }, limit(1000))
          if (tcp.connection === undefined) return
          try {
            const { connection, observation } = await observers.tls(
              { connection: tcp.connection, host, trust },
              limit(1000)
            )
            if (connection === undefined) return
            const application = await observers.application({ connection, host, port }, limit(300))
            connection.destroy()
            // It must be judged and told, too.
            const report = makeReport(alike(whole(application, observation)), { seconds: 0.1, heldBy: [] })
            printedReport(report, 80)
            reportJson(report)
          } finally {
            tcp.connection.destroy()
          }
        },
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]()
      }
    }
  }
}

function split(bytes: Buffer, parts: number): readonly string[] {
  const size = Math.max(1, Math.ceil(bytes.length / parts))
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size).toString('base64')
  )
}
