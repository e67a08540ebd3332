import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { type Limit, within } from './within.ts'

/** What to ask, and for which name. */
interface Greeting {
  /** A connection on which nothing was said yet; it is used up. */
  readonly connection: Socket
  readonly host: string
}

/** Octets of a server's first flight that are read: beyond them nothing is known. */
export const longestFlight = 32 * 1024

const record = { handshake: 22 } as const
const message = { certificateRequest: 13, serverHelloDone: 14 } as const

/**
 * Whether a server asks clients for a certificate in TLS 1.2 (RFC 5246 §7.4.4), where it does so in the clear. OpenSSL
 * does not report it, so the first flight is read by hand. Only for a handshake that failed: nothing is established.
 */
export function isCertificateRequested({ connection, host }: Greeting, limit: Limit): Promise<boolean> {
  return within(
    limit,
    () => false,
    (settle, guard) => {
      const socket = guard(connection)
      let received = Buffer.alloc(0)
      socket.on('data', chunk => {
        received = Buffer.concat([received, chunk])
        const requested = readFlight(received)
        if (requested !== undefined) settle(requested)
        else if (received.length > longestFlight) settle(false)
      })
      socket.on('end', () => settle(false))
      socket.on('error', () => settle(false))
      socket.write(clientHello(host))
      return () => socket.destroy()
    }
  )
}

/** Whether CertificateRequest is in it; `undefined` if more is to come. */
function readFlight(bytes: Buffer): boolean | undefined {
  const handshake: Buffer[] = []
  for (let at = 0; at + 5 <= bytes.length; ) {
    const type = bytes.readUInt8(at)
    const end = at + 5 + bytes.readUInt16BE(at + 3)
    if (type !== record.handshake) return false
    if (end > bytes.length) break
    handshake.push(bytes.subarray(at + 5, end))
    at = end
  }
  const messages = Buffer.concat(handshake)
  for (let at = 0; at + 4 <= messages.length; at += 4 + messages.readUIntBE(at + 1, 3)) {
    const type = messages.readUInt8(at)
    if (type === message.certificateRequest) return true
    if (type === message.serverHelloDone) return false
  }
  return undefined
}

/** The first message of a client that speaks TLS 1.2, with the ciphers, groups and signatures of today. */
function clientHello(host: string): Buffer {
  const extensions = [
    extension(0, list(2, Buffer.concat([Buffer.from([0]), list(2, Buffer.from(host))]))),
    extension(10, list(2, words([0x001d, 0x0017, 0x0018]))),
    extension(11, list(1, Buffer.from([0]))),
    extension(13, list(2, words([0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601]))),
    extension(16, list(2, Buffer.concat(['h2', 'http/1.1'].map(name => list(1, Buffer.from(name)))))),
    extension(23, Buffer.alloc(0))
  ]
  const ciphers = [0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014, 0x00ff]
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    randomBytes(32),
    list(1, Buffer.alloc(0)),
    list(2, words(ciphers)),
    list(1, Buffer.from([0])),
    list(2, Buffer.concat(extensions))
  ])
  return Buffer.concat([
    Buffer.from([record.handshake, 3, 1]),
    list(2, Buffer.concat([Buffer.from([1]), list(3, body)]))
  ])
}

const extension = (type: number, data: Buffer) => Buffer.concat([words([type]), list(2, data)])

function words(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 2)
  for (const [index, number] of numbers.entries()) bytes.writeUInt16BE(number, index * 2)
  return bytes
}

/** Bytes with their length before them, in so many octets. */
function list(size: number, bytes: Buffer): Buffer {
  const length = Buffer.alloc(size)
  length.writeUIntBE(bytes.length, 0, size)
  return Buffer.concat([length, bytes])
}
