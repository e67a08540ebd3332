import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import type { Act, Setup, Word } from './hostile.ts'

/*
 * A server that does as it is told, whatever harm is in it: a program of its own, so that nothing of it is counted as,
 * or mistaken for, what the probe does with it. It asks on each connection what to do.
 */

process.once('message', (setup: Setup) => void serve(setup))
process.once('disconnect', () => process.exit())

async function serve({ tls, address = '127.0.0.1', port = 0 }: Setup): Promise<void> {
  const asked = new Map<number, (act: Act) => void>()
  let connections = 0
  process.on('message', (reply: { readonly connection: number; readonly act: Act }) => {
    asked.get(reply.connection)?.(reply.act)
    asked.delete(reply.connection)
  })
  const ask = (then: (act: Act) => void) => {
    connections += 1
    asked.set(connections, then)
    say({ is: 'connection', connection: connections })
  }
  const play = (connection: Socket | TLSSocket, socket: Socket) => {
    connection.on('error', () => {})
    ask(act => {
      const begin = () => perform(act, connection, socket)
      if (act.upon === 'connect') begin()
      else connection.once('data', begin)
      connection.resume()
    })
  }
  const raw = createServer(socket => {
    socket.on('error', () => {})
    if (tls === undefined) play(socket, socket)
    else ask(act => shakeHands(act, socket))
  })
  const shakeHands = (act: Act, socket: Socket) => {
    const { cert = tls?.cert ?? '', key = tls?.key ?? '' } = act
    let secure: ReturnType<typeof createTlsServer>
    try {
      secure = createTlsServer({ ALPNProtocols: ['h2', 'http/1.1'], ...tls?.options, cert, key })
    } catch {
      // OpenSSL serves no certificate that it cannot read.
      say({ is: 'unusable' })
      socket.destroy()
      return
    }
    secure.on('tlsClientError', () => {})
    secure.on('secureConnection', connection => {
      connection.on('error', () => {})
      if (act.upon === 'connect') perform(act, connection, socket)
      else connection.once('data', () => perform(act, connection, socket))
      connection.resume()
    })
    secure.emit('connection', socket)
  }
  raw.listen(port, address)
  await once(raw, 'listening')
  const bound = raw.address()
  say({ is: 'listening', port: typeof bound === 'object' && bound !== null ? bound.port : 0 })
}

function perform(
  { writes, finally: end, times = 1, whileOpen = false }: Act,
  connection: Socket,
  socket: Socket
): void {
  const bytes = writes.map(each => Buffer.from(each, 'base64'))
  for (let round = 0; round < times; round += 1) for (const each of bytes) connection.write(each)
  if (whileOpen && bytes.length > 0) {
    flood(bytes, connection)
    return
  }
  if (end === 'end') connection.end()
  // What was written last is on its way only after this turn.
  if (end === 'reset') setImmediate(() => socket.resetAndDestroy())
}

/** As fast as the other side reads. */
function flood(bytes: readonly Buffer[], connection: Socket): void {
  const all = Buffer.concat(Array.from({ length: Math.ceil(16_384 / Buffer.concat(bytes).length) }, () => bytes).flat())
  const more = () => {
    while (!connection.destroyed && connection.write(all));
  }
  connection.on('drain', more)
  more()
}

function say(word: Word): void {
  process.send?.(word, () => {})
}
