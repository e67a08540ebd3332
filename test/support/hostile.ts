import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { TlsOptions } from 'node:tls'
import type { Identity } from './certificates.ts'

/** What a hostile server does with one connection. */
export interface Act {
  /** What it sends, in base64. */
  readonly writes: readonly string[]
  /** When it begins: at once, or when the client has sent something. */
  readonly upon: 'connect' | 'data'
  /** What it does when all is sent. */
  readonly finally: 'keep' | 'end' | 'reset'
  /** How often it sends all of it. @default 1 */
  readonly times?: number
  /** Whether it then sends it on and on, for as long as the client reads. @default false */
  readonly whileOpen?: boolean
  /** PEM. @default - what the setup has */
  readonly cert?: string
  readonly key?: string
}

/** What kind of server it is. */
export interface Setup {
  /** Shakes hands before it acts; without it, it acts on the bare connection. */
  readonly tls?: Identity & { readonly options?: TlsOptions }
  readonly address?: string
  readonly port?: number
}

/** What the program says. */
export type Word =
  | { readonly is: 'listening'; readonly port: number }
  | { readonly is: 'connection'; readonly connection: number }
  /** OpenSSL refuses to serve the certificate. */
  | { readonly is: 'unusable' }

/** A hostile server in a process of its own. */
export interface HostileServer extends AsyncDisposable {
  readonly address: string
  readonly port: number
}

const file = join(import.meta.dirname, 'hostile-server.ts')

/**
 * Starts a hostile server.
 *
 * @param act what to do with the next connection
 */
export async function startHostileServer(setup: Setup, act: () => Act): Promise<HostileServer> {
  const child = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const listening = new Promise<number>(resolve => {
    child.on('message', (word: Word) => {
      if (word.is === 'listening') resolve(word.port)
      if (word.is === 'connection') child.send({ connection: word.connection, act: act() }, () => {})
    })
  })
  child.on('error', () => {})
  child.send(setup)
  return {
    address: setup.address ?? '127.0.0.1',
    port: await listening,
    [Symbol.asyncDispose]: async () => {
      const ended = child.exitCode === null ? once(child, 'exit') : Promise.resolve()
      child.kill('SIGKILL')
      await ended
    }
  }
}
