import { constants, crc32, deflateRawSync } from 'node:zlib'

/** A compressed text that can be part of a gzip file, before and after others. The text itself is not kept. */
export interface Piece {
  /** Whole blocks of deflate, none of them the last (RFC 1951 §3.2.3). */
  readonly deflated: Uint8Array
  /** Octets of the text. */
  readonly size: number
  /** CRC-32 of the text. */
  readonly crc: number
  /** What moves the CRC-32 of whatever comes before past this text: x^(8·size). */
  readonly shift: number
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

/** Compresses a text. The array is no part of a larger one, as a Buffer would be: that of Node's pool is kept with it, 64 kB. */
export function compress(lines: string): Piece {
  const text = utf8.encode(lines)
  return {
    deflated: new Uint8Array(deflateRawSync(text, options)),
    size: text.length,
    crc: crc32(text),
    shift: powerOfX(8 * text.length)
  }
}

/** The polynomial of CRC-32, its lowest power in the highest bit, as in all of these numbers (RFC 1952 §8). */
const polynomial = 0xedb88320
const one = 0x80000000

/** The product of two polynomials modulo that of CRC-32. zlib's `crc32_combine` works like this, and Node does not export it. */
function product(left: number, right: number): number {
  let sum = 0
  let factor = right
  for (let rest = left | 0; rest !== 0; rest <<= 1) {
    if (rest < 0) sum ^= factor
    factor = (factor >>> 1) ^ (factor & 1 ? polynomial : 0)
  }
  return sum
}

function powerOfX(exponent: number): number {
  let power = one | 0
  let square = one >>> 1
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = product(power, square)
    square = product(square, square)
  }
  return power
}

/** Deflate, no flags, no time, an unknown file system (RFC 1952 §2.3). */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
/** An empty block that is the last. */
const lastBlock = Buffer.from([0x03, 0x00])

/**
 * Makes one gzip file of pieces (RFC 1952), with nothing compressed or read anew: one member, for not every client reads more. The
 * CRC-32 of the whole is computed from those of the pieces.
 */
export function gzipOf(pieces: readonly Piece[]): Buffer {
  let crc = 0
  let size = 0
  for (const piece of pieces) {
    crc = product(piece.shift, crc) ^ piece.crc
    size += piece.size
  }
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc >>> 0)
  trailer.writeUInt32LE(size % 2 ** 32, 4)
  return Buffer.concat([header, ...pieces.map(({ deflated }) => deflated), lastBlock, trailer])
}
