import { randomInt } from 'node:crypto'
import { connect } from 'node:net'
import type { DnsQuestion, Flaw, Resolver } from '../facts/observation.ts'
import { dnsLimits } from './dns-limits.ts'
import { type EncodedQuestion, type Reply, readReply } from './dns-reply.ts'
import { readConnectError, type SystemFailure } from './system-error.ts'
import { type Limit, within } from './within.ts'

/** What became of a question over a stream. */
export type StreamOutcome =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'malformed'; readonly flaw: Flaw }
  /** The connection ended before a message began. */
  | { readonly kind: 'closed' }
  | SystemFailure

/** Asks a resolver over TCP, where each message has its length before it (RFC 1035 §4.2.2). */
export function askInStream(
  question: DnsQuestion,
  encoded: EncodedQuestion,
  resolver: Resolver,
  limit: Limit
): Promise<StreamOutcome> {
  return within<StreamOutcome>(
    limit,
    () => ({ kind: 'timeout' }),
    (settle, guard) => {
      const id = randomInt(0x10000)
      const socket = guard(connect({ host: resolver.address, port: resolver.port, autoSelectFamily: false }))
      let received = Buffer.alloc(0)
      socket.on('connect', () => {
        const query = encoded.query(id, true)
        const length = Buffer.alloc(2)
        length.writeUInt16BE(query.length)
        socket.write(Buffer.concat([length, query]))
      })
      socket.on('data', chunk => {
        received = Buffer.concat([received, chunk])
        if (received.length < 2) return
        const length = received.readUInt16BE(0)
        if (length > dnsLimits.message) return settle({ kind: 'malformed', flaw: 'too-large' })
        if (received.length < 2 + length) return
        const reply = readReply(received.subarray(2, 2 + length), new Set([id]), question)
        if (typeof reply === 'string') return settle({ kind: 'malformed', flaw: reply })
        // Nothing is cut in a stream: who says so would have the probe ask for ever (RFC 2181 §9).
        settle(reply.truncated ? { kind: 'malformed', flaw: 'truncated-in-stream' } : { kind: 'reply', reply })
      })
      socket.on('end', () =>
        settle(received.length === 0 ? { kind: 'closed' } : { kind: 'malformed', flaw: 'cut-short' })
      )
      socket.on('error', error => readConnectError(error, resolver.address, settle))
      return () => socket.destroy()
    }
  )
}
