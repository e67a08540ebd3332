import { createSocket, type SocketType, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { type Header, Packet, type Question, type Resource } from 'dns2'
import type { Resolver } from '../../probe/facts/observation.ts'

/** A question that arrived. */
export interface Query {
  readonly id: number
  readonly name: string
  /** `A`, `AAAA`, `SOA`, … */
  readonly type: string
  readonly transport: 'udp' | 'tcp'
  /** Whether it has an OPT record. */
  readonly withOptions: boolean
  readonly packet: Packet
}

/** What to send back: a reply to the query, bytes as they are, or nothing. */
export type Act = Reply | Buffer | 'drop'

/** A reply; what is left out is as it should be. */
export interface Reply {
  readonly header?: Partial<Header>
  readonly questions?: readonly Question[]
  readonly answers?: readonly Resource[]
  readonly authorities?: readonly Resource[]
  readonly additionals?: readonly Resource[]
}

/** Decides what is sent back to a query, as one message or several. */
export type Script = (query: Query) => Act | readonly Act[]

/** A resolver that does as its script says, on UDP and TCP of one port. */
export interface ScriptedResolver extends AsyncDisposable {
  readonly resolver: Resolver
  /** Every query so far. */
  readonly queries: readonly Query[]
}

/**
 * @param options.tcp `answers` as UDP does, is `silent`, or has its port `closed`
 */
export async function startResolver(
  script: Script,
  { name = 'vpc', address = '127.0.0.1', port = 0, tcp = 'answers', delayMs = 0 }: ResolverOptions = {}
): Promise<ScriptedResolver> {
  const queries: Query[] = []
  const delayed = new Set<NodeJS.Timeout>()
  const act = (message: Buffer, transport: Query['transport'], send: (message: Buffer) => void) => {
    const query = readQuery(message, transport)
    queries.push(query)
    const acts = script(query)
    const answer = () => {
      for (const each of Array.isArray(acts) ? acts : [acts]) if (each !== 'drop') send(encode(each, query))
    }
    if (delayMs === 0) answer()
    else delayed.add(setTimeout(answer, delayMs))
  }
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', data => tcp === 'answers' && act(data.subarray(2), 'tcp', bytes => socket.write(prefixed(bytes))))
  })
  const udp = await listen(address.includes(':') ? 'udp6' : 'udp4', tcp === 'closed' ? undefined : server, {
    address,
    port
  })
  udp.on('message', (message, { port, address: from }) => act(message, 'udp', bytes => udp.send(bytes, port, from)))
  return {
    resolver: { name, address, port: udp.address().port },
    queries,
    [Symbol.asyncDispose]: async () => {
      for (const timer of delayed) clearTimeout(timer)
      for (const socket of sockets) socket.destroy()
      server.close()
      udp.close()
    }
  }
}

interface ResolverOptions {
  /** Milliseconds between a query and what is sent back. */
  readonly delayMs?: number
  readonly name?: string
  readonly address?: string
  /** @default - one that is free */
  readonly port?: number
  readonly tcp?: 'answers' | 'silent' | 'closed'
}

/** A record for a scripted reply. */
export function record(
  name: string,
  type: 'A' | 'AAAA' | 'CNAME' | 'SOA',
  data: Partial<Resource>,
  ttl = 60
): Resource {
  return new Packet.Resource({ name, type: Packet.TYPE[type], class: Packet.CLASS.IN, ttl, ...data })
}

export const a = (name: string, address: string, ttl?: number) => record(name, 'A', { address }, ttl)
export const aaaa = (name: string, address: string, ttl?: number) => record(name, 'AAAA', { address }, ttl)
export const cname = (name: string, domain: string, ttl?: number) => record(name, 'CNAME', { domain }, ttl)

/** The SOA that a private zone of the cloud has, unless another primary is given. */
export const soa = (zone: string, primary = 'ns-1536.awsdns-00.co.uk') =>
  record(
    zone,
    'SOA',
    {
      primary,
      admin: 'hostmaster.example',
      serial: 1,
      refresh: 7200,
      retry: 900,
      expiration: 1_209_600,
      minimum: 86_400
    },
    900
  )

/** A reply without the name. */
export const nxdomain = (zone: Resource): Reply => ({ header: { rcode: 3 }, authorities: [zone] })

/** An extended error (RFC 8914). */
export const extendedError = (code: number, text = ''): Resource =>
  Packet.Resource.EDNS([Packet.Resource.EDNS.EDE(code, text)])

/** The bytes of a reply, to be spoilt. */
export function encode(act: Exclude<Act, 'drop'>, query: Query): Buffer {
  if (Buffer.isBuffer(act)) return act
  const packet = Packet.createResponseFromRequest(query.packet)
  Object.assign(packet.header, { ra: 1 }, act.header)
  if (act.questions !== undefined) packet.questions = [...act.questions]
  packet.answers = [...(act.answers ?? [])]
  packet.authorities = [...(act.authorities ?? [])]
  packet.additionals = [...(act.additionals ?? [])]
  return packet.toBuffer()
}

function readQuery(message: Buffer, transport: Query['transport']): Query {
  const packet = Packet.parse(message)
  const [question] = packet.questions
  return {
    id: packet.header.id,
    name: question?.name ?? '',
    type: Packet.typeName(question?.type ?? 0),
    transport,
    withOptions: packet.additionals.length > 0,
    packet
  }
}

function prefixed(message: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

/** Binds both to a port that is free for both: the one that UDP got may be somebody's for TCP. */
async function listen(
  type: SocketType,
  tcp: Server | undefined,
  { address, port }: { address: string; port: number }
): Promise<UdpSocket> {
  for (;;) {
    const udp = createSocket(type)
    udp.bind(port, address)
    await once(udp, 'listening')
    if (tcp === undefined) return udp
    tcp.listen(udp.address().port, address)
    try {
      await once(tcp, 'listening')
      return udp
    } catch (error) {
      udp.close()
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') || port !== 0) throw error
    }
  }
}
