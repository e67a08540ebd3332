import { constants, crc32, deflateRawSync } from 'node:zlib'

/** A compressed text that can be part of a gzip file, before and after others. */
export interface Piece {
  readonly text: Uint8Array
  /** Whole blocks of deflate, none of them the last (RFC 1951 §3.2.3). */
  readonly deflated: Uint8Array
}

/**
 * A full flush ends a piece on a whole octet, so that others can follow. The lines of a family look so much alike that they
 * need neither a wide window nor much memory.
 */
const options = {
  level: constants.Z_BEST_SPEED,
  finishFlush: constants.Z_FULL_FLUSH,
  chunkSize: 4096,
  windowBits: 12,
  memLevel: 5
} as const

const utf8 = new TextEncoder()

/** Compresses a text. Neither array is a part of a larger one, as a Buffer would be: that of Node's pool is kept with it, 64 kB. */
export function compress(lines: string): Piece {
  const text = utf8.encode(lines)
  return { text, deflated: new Uint8Array(deflateRawSync(text, options)) }
}

/** Deflate, no flags, no time, an unknown file system (RFC 1952 §2.3). */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
/** An empty block that is the last. */
const lastBlock = Buffer.from([0x03, 0x00])

/** Makes one gzip file of pieces (RFC 1952), with nothing compressed anew: one member, for not every client reads more. */
export function gzipOf(pieces: readonly Piece[]): Buffer {
  let crc = 0
  let size = 0
  for (const { text } of pieces) {
    crc = crc32(text, crc)
    size += text.length
  }
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc)
  trailer.writeUInt32LE(size % 2 ** 32, 4)
  return Buffer.concat([header, ...pieces.map(({ deflated }) => deflated), lastBlock, trailer])
}
