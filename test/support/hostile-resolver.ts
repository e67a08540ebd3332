import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Packet } from 'dns2'
import type { Resolver } from '../../probe/facts/observation.ts'
import { encode, type Reply } from './resolver.ts'

/** A message that a hostile resolver sends. */
export interface ReplyPart {
  /** In base64. Flags, counts and all behind the question: the query's id and question are put in. */
  readonly bytes: string
  /** Nothing is put in. @default false */
  readonly asTheyAre?: boolean
  /** What it says in a stream that its length is. @default - its length */
  readonly length?: number
}

/** What a hostile resolver sends back to every query, over UDP and over TCP. */
export interface ResolverAct {
  readonly datagrams: readonly ReplyPart[]
  readonly stream: readonly ReplyPart[]
  /** What it does with a stream when all is sent. */
  readonly finally: 'keep' | 'end' | 'reset'
}

/** Where it listens. */
export interface ResolverSetup {
  readonly address?: string
}

/** What the program says. */
export type ResolverWord = { readonly is: 'listening'; readonly port: number } | { readonly is: 'ready' }

/** A hostile resolver in a process of its own. */
export interface HostileResolver extends AsyncDisposable {
  readonly resolver: Resolver
  /** Tells it what to do from now on. */
  readonly act: (act: ResolverAct) => Promise<void>
}

const file = join(import.meta.dirname, 'hostile-resolver-process.ts')

/** Starts a hostile resolver. It sends nothing until it is told to. */
export async function startHostileResolver(setup: ResolverSetup = {}): Promise<HostileResolver> {
  const child = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  child.on('error', () => {})
  const received = async (): Promise<ResolverWord> => (await once(child, 'message'))[0]
  child.send(setup)
  const word = await received()
  const port = word.is === 'listening' ? word.port : 0
  return {
    resolver: { name: 'vpc', address: setup.address ?? '127.0.0.1', port },
    act: async act => {
      child.send(act)
      await received()
    },
    [Symbol.asyncDispose]: async () => {
      const ended = child.exitCode === null ? once(child, 'exit') : Promise.resolve()
      child.kill('SIGKILL')
      await ended
    }
  }
}

/**
 * The bytes of a reply without id and question.
 *
 * @param host the name asked for; where it is longer or shorter, names that are pointers to earlier ones are spoilt
 */
export function bare(host: string, reply: Reply): Buffer {
  const packet = new Packet(new Packet.Header({ id: 0, rd: 1 }))
  packet.questions.push(new Packet.Question(host, Packet.TYPE.A, Packet.CLASS.IN))
  const message = encode(reply, { id: 0, name: host, type: 'A', transport: 'udp', withOptions: true, packet })
  return Buffer.concat([message.subarray(2, 12), message.subarray(12 + host.length + 2 + 4)])
}

/** A message for an act. */
export const part = (bytes: Buffer, more: Omit<ReplyPart, 'bytes'> = {}): ReplyPart => ({
  bytes: bytes.toString('base64'),
  ...more
})

/** The same reply, or what `bare` made of it, to questions about a host, over UDP and over TCP. */
export function always(host: string, reply: Reply | Buffer): ResolverAct {
  const sent = part(Buffer.isBuffer(reply) ? reply : bare(host, reply))
  return { datagrams: [sent], stream: [sent], finally: 'end' }
}
