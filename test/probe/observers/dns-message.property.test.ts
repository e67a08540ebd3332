import { createHash } from 'node:crypto'
import { Packet } from 'dns2'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flaws } from '../../../probe/facts/observation.ts'
import { dnsLimits } from '../../../probe/observers/dns-limits.ts'
import { inspectMessage } from '../../../probe/observers/dns-message.ts'
import { encodeQuestion, readReply } from '../../../probe/observers/dns-reply.ts'
import { a, cname, extendedError, record, soa } from '../../support/resolver.ts'

const question = { name: 'db.zone.example', type: 'A' } as const

const query = encodeQuestion(question)?.query(7, true) ?? Buffer.alloc(0)

/** A reply with something of everything, to which bytes then happen. */
const sound = (() => {
  const reply = Packet.createResponseFromRequest(Packet.parse(query))
  reply.answers = [cname('db.zone.example', 'end.example'), a('end.example', '10.0.0.7')]
  reply.authorities = [soa('zone.example'), record('zone.example', 'A', { type: 2, ns: 'ns.zone.example' })]
  reply.additionals = [extendedError(22, 'why')]
  return reply.toBuffer()
})()

/** Noise of any length: long arrays are slow to generate octet by octet. */
const bytes = fc
  .tuple(fc.integer({ min: 1, max: 65_535 }), fc.integer())
  .map(([outputLength, seed]) => createHash('shake256', { outputLength }).update(String(seed)).digest())

/** Noise that begins like a reply, so that the walk gets beyond the header. */
const replyLike = bytes.map(tail => Buffer.concat([sound.subarray(0, 12), tail]))

const mutated = fc
  .array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 12 })
  .map(changes => changes.reduce((message, [at, octet]) => message.fill(octet, at, at + 1), Buffer.from(sound)))

/** A record whose data are compression pointers, each to the one before, and records whose owner is the last of them. */
function pointers(links: number, records: number): Buffer {
  const to = (offset: number) => [0xc0 | (offset >> 8), offset & 0xff]
  const header = [0, 7, 0x80, 0, 0, 0, (records + 1) >> 8, (records + 1) & 0xff, 0, 0, 0, 0]
  const carrier = [0, 0xff, 0, 0, 1, 0, 0, 0, 0, (2 * links) >> 8, (2 * links) & 0xff]
  const start = header.length + carrier.length
  // The first leads to the root, which is the carrier's owner.
  const chain = Array.from({ length: links }, (_, index) => to(index === 0 ? header.length : start + 2 * (index - 1)))
  const emptyText = [...to(start + 2 * (links - 1)), 0, 16, 0, 1, 0, 0, 0, 0, 0, 0]
  const owned = Array.from({ length: records }, () => emptyText)
  return Buffer.from([...header, ...carrier, ...chain.flat(), ...owned.flat()])
}

const pointerChain = fc
  .tuple(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 1, max: 600 }))
  .map(([links, records]) => pointers(links, records))

const messages = fc.oneof(bytes, replyLike, mutated, pointerChain)

/** The reply with a count of the octets that dns2 reads of it, each once for every bit. */
function counted(message: Buffer): { readonly message: Buffer; readonly reads: () => number } {
  let reads = 0
  const proxy = new Proxy(message, {
    get: (target, key) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
  return { message: proxy, reads: () => reads }
}

describe('whatever bytes a resolver sends', () => {
  test('they are a reply or have a flaw, and nothing throws', () => {
    fc.assert(
      fc.property(messages, message => {
        const read = readReply(message, new Set([7]), question)
        expect(typeof read === 'object' || flaws.includes(read)).toBe(true)
      }),
      { numRuns: 2000 }
    )
  })

  test('the walk over them ends within its bounds', () => {
    fc.assert(
      fc.property(messages, message => {
        // The last step may be a record's data, which is no longer than a message.
        expect(inspectMessage(message).steps).toBeLessThanOrEqual(dnsLimits.steps + dnsLimits.message)
      }),
      { numRuns: 2000 }
    )
  })

  test('dns2 reads no more of them than the walk foresaw', () => {
    let sounds = 0
    fc.assert(
      fc.property(fc.oneof(mutated, pointerChain), bytes => {
        const { flaw, steps } = inspectMessage(bytes)
        if (flaw !== undefined || (bytes.readUInt16BE(2) & 0x0200) !== 0) return
        sounds += 1
        const { message, reads } = counted(bytes)
        Packet.parse(message)
        expect(reads()).toBeLessThanOrEqual(8 * (12 + steps))
      }),
      { numRuns: 1000 }
    )
    expect(sounds).toBeGreaterThan(100)
  })
})

test('a chain of pointers, on which dns2 alone spends seconds, is refused at its seventeenth', () => {
  expect(inspectMessage(pointers(15, 1)).flaw).toBe(undefined)
  expect(inspectMessage(pointers(16, 1)).flaw).toBe('bad-pointer')
  const { flaw, steps } = inspectMessage(pointers(7000, 180))
  expect(flaw).toBe('bad-pointer')
  expect(steps).toBe(1 + 10 + 2 * 7000 + 2 * 17)
})

/** So many records whose owner is the question's name, of 255 octets in all. */
function owned(records: number, name: Buffer): Buffer {
  const counts = Buffer.from([0, 7, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0])
  counts.writeUInt16BE(records, 6)
  const record = [0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0]
  return Buffer.concat([counts, name, Buffer.from([0, 1, 0, 1]), Buffer.alloc(12 * records, Buffer.from(record))])
}

test('a message of more than 512 records is refused', () => {
  const root = Buffer.from([0])
  expect(inspectMessage(owned(512, root)).flaw).toBe(undefined)
  expect(inspectMessage(owned(513, root)).flaw).toBe('too-many-records')
})

test('a message of long names is refused before they are read for the hundredth time', () => {
  const label = Buffer.concat([Buffer.from([63]), Buffer.alloc(63, 'a')])
  const longest = Buffer.concat([label, label, label, Buffer.from([61]), Buffer.alloc(61, 'a'), Buffer.from([0])])
  expect(inspectMessage(owned(99, longest)).flaw).toBe(undefined)
  const { flaw, steps } = inspectMessage(owned(200, longest))
  expect(flaw).toBe('too-much-work')
  expect(steps).toBeLessThan(dnsLimits.steps + 255 + 10)
})

const octet = fc.integer({ min: 0, max: 255 }).filter(code => code !== 0x2e)
const label = fc.array(octet, { minLength: 1, maxLength: 63 }).map(codes => String.fromCharCode(...codes))

test('a query is written as dns2 writes it, with and without options, whatever octets its name has', () => {
  const asked = fc.record({
    name: fc
      .array(label, { minLength: 1, maxLength: 8 })
      .map(labels => labels.join('.'))
      .filter(name => name.length <= 253),
    type: fc.constantFrom('A' as const, 'AAAA' as const, 'SOA' as const),
    id: fc.integer({ min: 0, max: 0xffff }),
    withOptions: fc.boolean()
  })
  fc.assert(
    fc.property(asked, ({ name, type, id, withOptions }) => {
      const packet = new Packet(new Packet.Header({ id, rd: 1 }))
      packet.questions.push(new Packet.Question(name, Packet.TYPE[type], Packet.CLASS.IN))
      if (withOptions) packet.additionals.push(Packet.Resource.EDNS([], { udpPayloadSize: 1232 }))
      expect(encodeQuestion({ name, type })?.query(id, withOptions)).toEqual(packet.toBuffer())
    })
  )
})
