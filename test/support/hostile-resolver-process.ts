import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { ReplyPart, ResolverAct, ResolverSetup, ResolverWord } from './hostile-resolver.ts'

/*
 * A resolver that sends what it is told, whatever harm is in it: a program of its own, so that nothing of it is counted
 * as, or mistaken for, what the probe does with it. It does the same for every query until it is told otherwise.
 */

let act: ResolverAct = { datagrams: [], stream: [], finally: 'end' }

process.once('message', (setup: ResolverSetup) => void serve(setup))
process.once('disconnect', () => process.exit())

async function serve({ address = '127.0.0.1' }: ResolverSetup): Promise<void> {
  const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  const tcp = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', data => {
      const { stream, finally: end } = act
      for (const part of stream) {
        const message = assembled(part, data.subarray(2))
        const length = Buffer.alloc(2)
        length.writeUInt16BE((part.length ?? message.length) & 0xffff)
        socket.write(Buffer.concat([length, message]))
      }
      if (end === 'end') socket.end()
      if (end === 'reset') setImmediate(() => socket.resetAndDestroy())
    })
  })
  udp.on('error', () => {})
  udp.on('message', (query, { port, address: from }) => {
    for (const part of act.datagrams) {
      const message = assembled(part, query)
      // There is no larger datagram.
      udp.send(message.subarray(0, 65_507), port, from)
    }
  })
  await bindBoth()
  process.on('message', (next: ResolverAct) => {
    act = next
    say({ is: 'ready' })
  })
  say({ is: 'listening', port: udp.address().port })

  async function bindBoth(): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      tcp.listen(0, address)
      await once(tcp, 'listening')
      const bound = tcp.address()
      try {
        udp.bind(typeof bound === 'object' && bound !== null ? bound.port : 0, address)
        await once(udp, 'listening')
        return
      } catch (error) {
        if (attempt === 10) throw error
        tcp.close()
        await once(tcp, 'close')
      }
    }
  }
}

/** A reply to a query, with its id and its question, or the bytes as they are. */
function assembled({ bytes, asTheyAre = false }: ReplyPart, query: Buffer): Buffer {
  const given = Buffer.from(bytes, 'base64')
  if (asTheyAre) return given
  const question = query.subarray(12, endOfQuestion(query))
  return Buffer.concat([query.subarray(0, 2), given.subarray(0, 10), question, given.subarray(10)])
}

/** Whoever asks here is the probe: its name has no pointers. */
function endOfQuestion(query: Buffer): number {
  let at = 12
  while (at < query.length && query[at] !== 0) at += (query[at] ?? 0) + 1
  return at + 5
}

function say(word: ResolverWord): void {
  process.send?.(word, () => {})
}
