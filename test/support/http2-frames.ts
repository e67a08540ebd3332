/** Frames of HTTP/2 as bytes (RFC 9113 §6), whether a server should send them or not. */

export const frameTypes = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
  altsvc: 10,
  origin: 12
} as const

export const flags = { none: 0, endStream: 1, ack: 1, endHeaders: 4, padded: 8 } as const

export function frame(type: number, flag: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(9)
  header.writeUIntBE(payload.length, 0, 3)
  header.writeUInt8(type, 3)
  header.writeUInt8(flag, 4)
  header.writeUInt32BE(stream, 5)
  return Buffer.concat([header, payload])
}

/** What a server begins with. */
export const settings = frame(frameTypes.settings, 0, 0)
export const settingsAck = frame(frameTypes.settings, flags.ack, 0)

/** A block of fields as literals without indexing (RFC 7541 §6.2.2). */
export function fields(given: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(Object.entries(given).flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]))
}

/** A head, of the request on stream 1. */
export function headers(given: Readonly<Record<string, string>>, { last = false, stream = 1 } = {}): Buffer {
  return frame(frameTypes.headers, flags.endHeaders | (last ? flags.endStream : 0), stream, fields(given))
}

export function reset(code: number, stream = 1): Buffer {
  return frame(frameTypes.reset, 0, stream, word(code))
}

export function goaway(code: number, lastStream: number): Buffer {
  return frame(frameTypes.goaway, 0, 0, Buffer.concat([word(lastStream), word(code)]))
}

/** A promise of stream 2. */
export function push(given: Readonly<Record<string, string>>): Buffer {
  return frame(frameTypes.push, flags.endHeaders, 1, Buffer.concat([word(2), fields(given)]))
}

export function ping(): Buffer {
  return frame(frameTypes.ping, 0, 0, Buffer.alloc(8))
}

function word(number: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return bytes
}

/** A length in seven bits, or with what is beyond them behind it (RFC 7541 §5.1), and the text. */
function text(given: string): Buffer {
  const bytes = Buffer.from(given)
  const length: number[] = []
  if (bytes.length < 127) length.push(bytes.length)
  else {
    length.push(127)
    let rest = bytes.length - 127
    while (rest >= 128) {
      length.push((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    length.push(rest)
  }
  return Buffer.concat([Buffer.from(length), bytes])
}
