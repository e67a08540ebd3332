import { createHash } from 'node:crypto'
import fc from 'fast-check'

/** Octets that programs trip over: limits, signs, and what ends a line or a string. */
const telling = [0, 1, 0x7f, 0x80, 0xfe, 0xff, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x3a, 0x3c, 0x5c]
/** Lengths and counts of two and four octets that do. */
const numbers = [0, 1, 0x7f, 0xff, 0x100, 0x3fff, 0x4000, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0xffffffff]

/** Something that happens to bytes; `at` and `to` are shares of the length. */
type Change = (bytes: Buffer) => Buffer

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const place = (bytes: Buffer, at: number) => Math.floor(at * (bytes.length + 1))

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(share, fc.nat(7)).map(
    ([at, bit]): Change =>
      bytes =>
        set(bytes, at, octet => octet ^ (1 << bit))
  ),
  fc.tuple(share, fc.constantFrom(...telling)).map(
    ([at, octet]): Change =>
      bytes =>
        set(bytes, at, () => octet)
  ),
  fc.tuple(share, fc.nat(255)).map(
    ([at, octet]): Change =>
      bytes =>
        set(bytes, at, () => octet)
  ),
  fc.tuple(share, fc.constantFrom(2, 3, 4), fc.constantFrom(...numbers)).map(
    ([at, size, number]): Change =>
      bytes => {
        const offset = place(bytes, at)
        if (offset + size > bytes.length) return bytes
        const changed = Buffer.from(bytes)
        changed.writeUIntBE(number % 256 ** size, offset, size)
        return changed
      }
  ),
  fc.tuple(share, share).map(
    ([at, to]): Change =>
      bytes =>
        cut(bytes, at, to, () => Buffer.alloc(0))
  ),
  fc.tuple(share, share, fc.constantFrom(2, 3, 10, 100)).map(
    ([at, to, times]): Change =>
      bytes =>
        cut(bytes, at, to, part => repeated(part, times))
  ),
  fc.tuple(share, fc.integer({ min: 1, max: 64 }), fc.integer()).map(
    ([at, length, seed]): Change =>
      bytes =>
        cut(bytes, at, at, () => noise(length, seed))
  ),
  share.map(
    (at): Change =>
      bytes =>
        bytes.subarray(0, place(bytes, at))
  )
)

/** The most that mutation makes of anything. */
const mostBytes = 256 * 1024

/**
 * Bytes that something may have happened to: up to eight changes of one example, now and then of two joined, now and
 * then noise.
 */
export function mutated(examples: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const example = fc.constantFrom(...examples)
  return fc.oneof(
    { weight: 20, arbitrary: fc.tuple(example, fc.array(changes, { maxLength: 8 })).map(applied) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(example, example, share, share, fc.array(changes, { maxLength: 3 }))
        .map(([one, other, end, start, made]) =>
          applied([Buffer.concat([one.subarray(0, place(one, end)), other.subarray(place(other, start))]), made])
        )
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.integer({ min: 1, max: 4096 }), fc.integer()).map(([length, seed]) => noise(length, seed))
    }
  )
}

/** The same for text, which need not be UTF-8 any more. */
export function mutatedText(examples: readonly string[]): fc.Arbitrary<Buffer> {
  return mutated(examples.map(text => Buffer.from(text)))
}

function applied([example, made]: readonly [Buffer, readonly Change[]]): Buffer {
  return made.reduce((bytes, change) => change(bytes).subarray(0, mostBytes), example)
}

function set(bytes: Buffer, at: number, change: (octet: number) => number): Buffer {
  const changed = Buffer.from(bytes)
  const index = Math.floor(at * bytes.length)
  const octet = changed[index]
  if (octet !== undefined) changed[index] = change(octet)
  return changed
}

function cut(bytes: Buffer, one: number, other: number, change: (part: Buffer) => Buffer): Buffer {
  const [start = 0, end = 0] = [place(bytes, one), place(bytes, other)].toSorted((a, b) => a - b)
  return Buffer.concat([bytes.subarray(0, start), change(bytes.subarray(start, end)), bytes.subarray(end)])
}

function repeated(part: Buffer, times: number): Buffer {
  const most = Math.max(1, Math.floor(mostBytes / Math.max(1, part.length)))
  return Buffer.concat(Array.from({ length: Math.min(times, most) }, () => part))
}

/** Noise that is the same for the same seed. */
function noise(length: number, seed: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(String(seed)).digest()
}
