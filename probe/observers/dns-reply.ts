import { type EdeOption, type EdnsOption, Packet, type Resource } from 'dns2'
import type { DnsQuestion, ExtendedError, Flaw, Soa } from '../cases/observation.ts'
import { inspectMessage, readHeader } from './dns-message.ts'
import { escapeName, escapeProse } from './escape.ts'

/** What of a record the probe reads. Names are lower-case and as sent: not yet escaped. */
export type ReplyRecord = { readonly name: string; readonly ttl: number } & (
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly type: 'CNAME'; readonly target: string }
  | { readonly type: 'SOA'; readonly soa: Soa }
)

/** A message that answers the question. */
export interface Reply {
  readonly rcode: number
  /** Did not fit: the records are left out. */
  readonly truncated: boolean
  readonly answers: readonly ReplyRecord[]
  readonly authorities: readonly ReplyRecord[]
  readonly errors: readonly ExtendedError[]
}

/** Octets of a datagram that arrives in one piece nearly everywhere (DNS flag day 2020). */
const payloadSize = 1232

/**
 * Writes a question about an absolute name, with recursion desired.
 *
 * @param withOptions whether to add an OPT record, without which a resolver cannot send extended errors (RFC 6891)
 */
export function encodeQuery(id: number, question: DnsQuestion, withOptions: boolean): Buffer {
  const packet = new Packet(new Packet.Header({ id, rd: 1 }))
  packet.questions.push(new Packet.Question(question.name, Packet.TYPE[question.type], Packet.CLASS.IN))
  if (withOptions) packet.additionals.push(Packet.Resource.EDNS([], { udpPayloadSize: payloadSize }))
  return packet.toBuffer()
}

/** Reads a message that claims to answer a question sent under one of these ids; any bytes will do. */
export function readReply(message: Buffer, ids: ReadonlySet<number>, question: DnsQuestion): Reply | Flaw {
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
    rcode: packet.header.rcode,
    truncated: header.truncated,
    answers: records(packet.answers, 0),
    authorities: records(packet.authorities, packet.answers.length),
    errors: packet.additionals.flatMap(readExtendedErrors)
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
    asked.name.toLowerCase() === question.name.toLowerCase() &&
    asked.type === Packet.TYPE[question.type] &&
    asked.class === Packet.CLASS.IN
  )
}

function readRecord(record: Resource, sentTtl: number): ReplyRecord[] {
  if (record.class !== Packet.CLASS.IN) return []
  // RFC 2181 §8: a TTL with its highest bit set means zero. dns2 makes the largest TTL of it.
  const ttl = sentTtl > 0x7fffffff ? 0 : sentTtl
  const name = record.name.toLowerCase()
  if (record.type === Packet.TYPE.A && record.address !== undefined) {
    return [{ name, ttl, type: 'A', address: record.address }]
  }
  if (record.type === Packet.TYPE.AAAA && record.address !== undefined) {
    return [{ name, ttl, type: 'AAAA', address: record.address }]
  }
  if (record.type === Packet.TYPE.CNAME && record.domain !== undefined) {
    return [{ name, ttl, type: 'CNAME', target: record.domain.toLowerCase() }]
  }
  if (record.type === Packet.TYPE.SOA && record.primary !== undefined) {
    const soa = {
      zone: escapeName(name),
      primary: escapeName(record.primary.toLowerCase()),
      serial: record.serial ?? 0,
      ttl,
      minimum: record.minimum ?? 0
    }
    return [{ name, ttl, type: 'SOA', soa }]
  }
  return []
}

function readExtendedErrors(record: Resource): ExtendedError[] {
  if (record.type !== Packet.TYPE.EDNS) return []
  return (record.rdata ?? []).filter(isExtendedError).map(({ infoCode, extraText }) => ({
    code: infoCode,
    text: escapeProse(extraText, 200)
  }))
}

function isExtendedError(option: EdnsOption): option is EdeOption {
  return option.ednsCode === Packet.EDNS_OPTION_CODE.EDE
}
