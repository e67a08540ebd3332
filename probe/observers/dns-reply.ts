import { type EdeOption, type EdnsOption, Packet, type Resource } from 'dns2'
import { isEncodable, lowerName } from '../facts/dns-name.ts'
import { escapeProse } from '../facts/escape.ts'
import type { DnsQuestion, ExtendedError, Flaw, Soa } from '../facts/observation.ts'
import { dnsLimits } from './dns-limits.ts'
import { headerSize, inspectMessage, readHeader } from './dns-message.ts'

/** What of a record the probe reads. Names are lower-case and not escaped. */
export type ReplyRecord = { readonly name: string; readonly ttl: number } & (
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly type: 'CNAME'; readonly target: string }
  | { readonly type: 'SOA'; readonly soa: Soa }
)

/** A message that answers the question. */
export interface Reply {
  /** That of the query which it answers. */
  readonly id: number
  readonly rcode: number
  /** Did not fit: the records are left out. */
  readonly truncated: boolean
  readonly authoritative: boolean
  readonly recursionAvailable: boolean
  readonly answers: readonly ReplyRecord[]
  readonly authorities: readonly ReplyRecord[]
  readonly additionals: readonly ReplyRecord[]
  readonly errors: readonly ExtendedError[]
}

/**
 * An OPT record (RFC 6891 §6.1.2) that takes datagrams of 1,232 octets, which arrive in one piece nearly everywhere
 * (DNS flag day 2020).
 */
const optRecord = Packet.Resource.encode(Packet.Resource.EDNS([], { udpPayloadSize: 1232 }))

/** A question, written but for its id. */
export interface EncodedQuestion {
  /** The query under an id, with recursion desired; with an OPT record, or without. */
  readonly query: (id: number, withOptions: boolean) => Buffer
}

/**
 * Writes a question about an absolute name, whole and before anything is opened: what cannot be written never gets as far
 * as a socket's events. Without an OPT record a resolver cannot send extended errors (RFC 6891). Written by hand, since dns2
 * keeps each bit of a message in an array, which took a tenth of a round's processor time.
 *
 * @returns `undefined` if the name cannot be put into a message
 */
export function encodeQuestion({ name, type }: DnsQuestion): EncodedQuestion | undefined {
  if (!isEncodable(name)) return undefined
  const plainSize = headerSize + name.length + 2 + 4
  const written = Buffer.alloc(plainSize + optRecord.length)
  written[2] = 0x01 // RD
  written[5] = 1 // QDCOUNT
  let at = headerSize
  for (const label of name.split('.')) {
    at = written.writeUInt8(label.length, at)
    at += written.write(label, at, 'latin1')
  }
  at = written.writeUInt8(0, at)
  at = written.writeUInt16BE(Packet.TYPE[type], at)
  written.writeUInt16BE(Packet.CLASS.IN, at)
  optRecord.copy(written, plainSize)
  return {
    query: (id, withOptions) => {
      const message = Buffer.from(withOptions ? written : written.subarray(0, plainSize))
      message.writeUInt16BE(id, 0)
      message[11] = Number(withOptions) // ARCOUNT
      return message
    }
  }
}

/** Reads a message that claims to answer a question sent under one of these ids; any bytes will do. */
export function readReply(
  message: Buffer,
  ids: { readonly has: (id: number) => boolean },
  question: DnsQuestion
): Reply | Flaw {
  const { flaw, head, ttls } = inspectMessage(message)
  if (flaw !== undefined) return flaw
  const header = readHeader(message)
  if (!header.isReply || header.opcode !== 0) return 'not-a-reply'
  if (!ids.has(header.id)) return 'other-id'

  const packet = Packet.parse(header.truncated ? headOf(message, head) : message)
  // An OPT record that cannot be read costs its extended errors, not the answer.
  if (packet.errors.some(error => error.section !== 'additionals')) return 'bad-record'
  if (!answers(packet, question)) return 'other-question'

  const records = (section: Resource[], first: number) =>
    section.flatMap((record, index) => readRecord(record, ttls[first + index] ?? 0))
  return {
    id: header.id,
    rcode: packet.header.rcode,
    truncated: header.truncated,
    authoritative: header.authoritative,
    recursionAvailable: header.recursionAvailable,
    answers: records(packet.answers, 0),
    authorities: records(packet.authorities, packet.answers.length),
    additionals: records(packet.additionals, packet.answers.length + packet.authorities.length),
    errors: readExtendedErrors(packet.additionals)
  }
}

/** Header and question, as a message of their own. */
function headOf(message: Buffer, head: number): Buffer {
  const copy = Buffer.from(message.subarray(0, head))
  copy.fill(0, 6, 12)
  return copy
}

function answers(packet: Packet, question: DnsQuestion): boolean {
  const [asked] = packet.questions
  // Servers that do not understand a message may send its header back and nothing else.
  if (asked === undefined) return packet.header.rcode !== 0 && packet.header.rcode !== 3
  return (
    lowerName(asked.name) === lowerName(question.name) &&
    asked.type === Packet.TYPE[question.type] &&
    asked.class === Packet.CLASS.IN
  )
}

function readRecord(record: Resource, sentTtl: number): ReplyRecord[] {
  if (record.class !== Packet.CLASS.IN) return []
  // RFC 2181 §8: a TTL with its highest bit set means zero. dns2 makes the largest TTL of it.
  const ttl = sentTtl > 0x7fffffff ? 0 : sentTtl
  const name = lowerName(record.name)
  if (record.type === Packet.TYPE.A && record.address !== undefined) {
    return [{ name, ttl, type: 'A', address: record.address }]
  }
  if (record.type === Packet.TYPE.AAAA && record.address !== undefined) {
    return [{ name, ttl, type: 'AAAA', address: record.address }]
  }
  if (record.type === Packet.TYPE.CNAME && record.domain !== undefined) {
    return [{ name, ttl, type: 'CNAME', target: lowerName(record.domain) }]
  }
  if (record.type === Packet.TYPE.SOA && record.primary !== undefined) {
    const soa = {
      zone: name,
      primary: lowerName(record.primary),
      serial: record.serial ?? 0,
      ttl,
      minimum: record.minimum ?? 0
    }
    return [{ name, ttl, type: 'SOA', soa }]
  }
  return []
}

/** The first few: what they say is read only then. */
function readExtendedErrors(additionals: readonly Resource[]): ExtendedError[] {
  return additionals
    .flatMap(({ type, rdata = [] }) => (type === Packet.TYPE.EDNS ? rdata : []))
    .filter(isExtendedError)
    .slice(0, dnsLimits.errors)
    .map(({ infoCode, extraText }) => ({ code: infoCode, text: escapeProse(extraText, dnsLimits.errorText) }))
}

function isExtendedError(option: EdnsOption): option is EdeOption {
  return option.ednsCode === Packet.EDNS_OPTION_CODE.EDE
}
