import { randomInt } from 'node:crypto'
import { createSocket, type SocketOptions } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { DnsObservation, DnsQuestion, Flaw, Resolver } from '../facts/observation.ts'
import { dnsLimits } from './dns-limits.ts'
import { type EncodedQuestion, type Reply, readReply } from './dns-reply.ts'
import { readSystemError, type SystemFailure } from './system-error.ts'
import { type Limit, within } from './within.ts'

/** What became of a question in datagrams. */
export type DatagramOutcome = Pick<DnsObservation, 'queries' | 'resent' | 'answered' | 'strays'> &
  (
    | { readonly kind: 'reply'; readonly reply: Reply }
    | { readonly kind: 'malformed'; readonly flaw: Flaw }
    | SystemFailure
  )

/** When a query counts as lost and is sent again: after so many milliseconds, or this share of a limit that is shorter. */
const resends = Array.from({ length: dnsLimits.queries - 1 }, (_, index) => ({
  afterMs: 500 * (index + 1),
  share: (index + 1) / (dnsLimits.queries + 1),
  // The last one has no OPT record, for middleboxes that drop those.
  withOptions: index < dnsLimits.queries - 2
}))

/** Addresses are literals: what would look up a name is work for nothing, for each socket twice. */
const asLiteral: SocketOptions['lookup'] = (address, _, callback) => callback(null, address, isIPv6(address) ? 6 : 4)

const FORMERR = 1
const NOTIMP = 4

/**
 * Asks a resolver over UDP, under a new random id each time. The socket is connected: only so does it hear that the
 * port is closed, and nothing from elsewhere. A late answer to an earlier query is as good as one to the last.
 */
export function askInDatagrams(
  question: DnsQuestion,
  encoded: EncodedQuestion,
  resolver: Resolver,
  limit: Limit
): Promise<DatagramOutcome> {
  /** Whether each query had options, by its id, in the order in which they were sent. */
  const sent = new Map<number, boolean>()
  let resent = 0
  let strays = 0
  let lastFlaw: Flaw | undefined
  let misunderstood: Reply | undefined

  const counts = (reply?: Reply) => ({
    queries: sent.size,
    resent,
    answered: reply && { query: [...sent.keys()].indexOf(reply.id) + 1, withOptions: sent.get(reply.id) === true },
    strays
  })
  const replied = (reply: Reply): DatagramOutcome => ({ ...counts(reply), kind: 'reply', reply })
  const silence = (): DatagramOutcome => {
    if (misunderstood !== undefined) return replied(misunderstood)
    return lastFlaw === undefined
      ? { ...counts(), kind: 'timeout' }
      : { ...counts(), kind: 'malformed', flaw: lastFlaw }
  }

  return within(limit, silence, (settle, guard) => {
    const socket = guard(createSocket({ type: isIPv6(resolver.address) ? 'udp6' : 'udp4', lookup: asLiteral }))
    const timers: NodeJS.Timeout[] = []
    const fail = (error: unknown) => {
      settle({ ...counts(), ...readSystemError(error) })
    }
    const send = (withOptions: boolean) => {
      let id = randomInt(0x10000)
      while (sent.has(id)) id = randomInt(0x10000)
      sent.set(id, withOptions)
      socket.send(
        encoded.query(id, withOptions),
        guard((error: Error | null) => error && fail(error))
      )
    }
    socket.on('error', fail)
    socket.on('message', message => {
      const reply = readReply(message, sent, question)
      if (typeof reply === 'string') {
        strays += 1
        lastFlaw = reply
        if (strays === dnsLimits.strays) settle(silence())
        return
      }
      // RFC 6891 §7: a server that knows no OPT record says so, and is asked without.
      if (misunderstood === undefined && (reply.rcode === FORMERR || reply.rcode === NOTIMP)) {
        misunderstood = reply
        send(false)
        return
      }
      settle(replied(reply))
    })
    socket.on('connect', () => {
      send(true)
      for (const { afterMs, share, withOptions } of resends) {
        const again = () => {
          resent += 1
          send(withOptions)
        }
        timers.push(setTimeout(guard(again), Math.min(afterMs, share * limit.ms)))
      }
    })
    socket.connect(resolver.port, resolver.address)
    return () => {
      for (const timer of timers) clearTimeout(timer)
      // Node reports in its next turn that it connected, even of a socket that is closed by then.
      socket.removeAllListeners('connect')
      socket.close()
    }
  })
}
