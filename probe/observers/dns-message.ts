import type { Flaw } from '../facts/observation.ts'
import { dnsLimits } from './dns-limits.ts'

/** The part of a message that tells whether it is a reply, and to what (RFC 1035 §4.1.1). */
export interface Header {
  readonly id: number
  readonly isReply: boolean
  readonly opcode: number
  readonly authoritative: boolean
  readonly truncated: boolean
  readonly recursionAvailable: boolean
  /** The four bits of the header; an OPT record may hold eight more. */
  readonly rcode: number
  readonly questions: number
}

/** What a message is, before anything parses it. */
export interface Inspection {
  /** Octets that were read to find out. */
  readonly steps: number
  readonly flaw: Flaw | undefined
  /** Octets of header and question section. */
  readonly head: number
  /** The TTL field of each record as sent, in the order of the message. */
  readonly ttls: readonly number[]
}

/** Octets of the header of every message (RFC 1035 §4.1.1). */
export const headerSize = 12

/** Reads the header of a message that has at least its twelve octets. */
export function readHeader(message: Buffer): Header {
  const flags = message.readUInt16BE(2)
  return {
    id: message.readUInt16BE(0),
    isReply: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    recursionAvailable: (flags & 0x0080) !== 0,
    rcode: flags & 0xf,
    questions: message.readUInt16BE(4)
  }
}

/**
 * Where in its data a record has names: the offset of the first, and how many follow each other.
 * These are all types whose names dns2 decodes (RFC 1035 §3.3, RFC 2782, RFC 4034 §3.1).
 */
const namesInData = new Map<number, { readonly at: number; readonly count: number }>([
  [2, { at: 0, count: 1 }], // NS
  [5, { at: 0, count: 1 }], // CNAME
  [6, { at: 0, count: 2 }], // SOA
  [12, { at: 0, count: 1 }], // PTR
  [15, { at: 2, count: 1 }], // MX
  [33, { at: 6, count: 1 }], // SRV
  [46, { at: 18, count: 1 }] // RRSIG
])

/**
 * Walks a message by hand, within bounds, and says what is wrong with it. What has no flaw is cheap to parse.
 * A truncated message is walked no further than its question: the rest may be cut anywhere and is not needed.
 */
export function inspectMessage(message: Buffer): Inspection {
  const walk = new Walk(message)
  const flaw = walk.message()
  return { steps: walk.steps, flaw, head: walk.head, ttls: walk.ttls }
}

class Walk {
  steps = 0
  head = headerSize
  readonly ttls: number[] = []
  readonly #bytes: Buffer
  #at = headerSize

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  message(): Flaw | undefined {
    if (this.#bytes.length > dnsLimits.message) return 'too-large'
    if (this.#bytes.length < headerSize) return 'too-short'
    const { questions, truncated } = readHeader(this.#bytes)
    if (questions > 1) return 'other-question'
    if (questions === 1) {
      const flaw = this.#name(this.#bytes.length) ?? this.#skip(4)
      if (flaw !== undefined) return flaw
    }
    this.head = this.#at
    if (truncated) return undefined
    const records = [6, 8, 10].reduce((sum, offset) => sum + this.#bytes.readUInt16BE(offset), 0)
    if (records > dnsLimits.records) return 'too-many-records'
    for (let index = 0; index < records; index++) {
      const flaw = this.#record()
      if (flaw !== undefined) return flaw
    }
    return undefined
  }

  #record(): Flaw | undefined {
    const owner = this.#name(this.#bytes.length)
    if (owner !== undefined) return owner
    const fields = this.#at
    const cut = this.#skip(10)
    if (cut !== undefined) return cut
    this.ttls.push(this.#bytes.readUInt32BE(fields + 4))
    const data = this.#at
    const end = data + this.#bytes.readUInt16BE(fields + 8)
    if (end > this.#bytes.length) return 'cut-short'
    const names = namesInData.get(this.#bytes.readUInt16BE(fields))
    if (names !== undefined) {
      this.#at = data + names.at
      for (let index = 0; index < names.count; index++) {
        const flaw = this.#name(end)
        if (flaw !== undefined) return flaw
      }
    }
    this.#at = data
    return this.#skip(end - data)
  }

  #skip(octets: number): Flaw | undefined {
    this.#at += octets
    this.steps += octets
    if (this.#at > this.#bytes.length) return 'cut-short'
    return this.steps > dnsLimits.steps ? 'too-much-work' : undefined
  }

  /** Reads the name at the cursor, which must end before `end`, and leaves the cursor behind it. */
  #name(end: number): Flaw | undefined {
    let at = this.#at
    let limit = end
    let earliest = at
    let behind: number | undefined
    let hops = 0
    let length = 1
    for (;;) {
      if (at >= limit) return 'cut-short'
      const octet = this.#bytes.readUInt8(at)
      this.steps += 1
      if (octet >= 0xc0) {
        if (at + 2 > limit) return 'cut-short'
        this.steps += 1
        behind ??= at + 2
        at = ((octet & 0x3f) << 8) | this.#bytes.readUInt8(at + 1)
        // A pointer leads to a prior occurrence (RFC 1035 §4.1.4): so no two of them can make a circle.
        if (at < headerSize || at >= earliest || ++hops > dnsLimits.pointers) return 'bad-pointer'
        earliest = at
        limit = this.#bytes.length
        continue
      }
      if (octet >= 0x40) return 'bad-name'
      if (octet === 0) break
      length += octet + 1
      this.steps += octet
      if (length > 255) return 'bad-name'
      if (at + 1 + octet > limit) return 'cut-short'
      // dns2 joins labels by dots, so one inside a label would make another name of it.
      if (this.#bytes.subarray(at + 1, at + 1 + octet).includes(0x2e)) return 'bad-name'
      at += octet + 1
    }
    this.#at = behind ?? at + 1
    return this.steps > dnsLimits.steps ? 'too-much-work' : undefined
  }
}
