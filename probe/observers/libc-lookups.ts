import { type ChildProcess, fork } from 'node:child_process'
import { extname, join } from 'node:path'
import type { LibcObservation } from '../facts/observation.ts'
import { crash, type OnBug } from './boundary.ts'
import type { LookupReply } from './libc-process.ts'

/** Lookups by libc in a process of its own. */
export interface LibcLookups {
  /**
   * Looks up a host. Returns `undefined` if there is no result: a lookup hung so long that the process was ended, or the system cannot
   * start a process.
   */
  readonly lookUp: (host: string) => Promise<LibcObservation | undefined>
  /** Whether as many lookups are in flight as may be. */
  readonly isFull: () => boolean
  /** Resolves when the process has ended. */
  readonly close: () => Promise<void>
}

/** Half of the threads of the process: libuv gives the other half to other work. */
export const mostLookups = 32

/** When a lookup counts as lost: glibc asks three resolvers twice, for five seconds each, about each of a search list's names. */
const longestMs = 300_000

/** The system refused a process a moment ago: it is not asked for another at once. */
const restMs = 5000

interface LookupProcess {
  readonly child: ChildProcess
  readonly inFlight: Map<number, (observation: LibcObservation | undefined) => void>
  readonly ended: Promise<unknown>
}

/**
 * A lookup that hangs cannot be cancelled, and the process in which it hangs does not end before it; another process
 * can be killed, and has threads of its own, so that a host whose lookups hang holds up no other. It is started when it
 * is needed.
 */
export function createLibcLookups(onBug: OnBug): LibcLookups {
  let running: LookupProcess | undefined
  let restUntil = 0
  let lastId = 0
  let closed = false

  const start = (): LookupProcess => {
    const child = fork(join(import.meta.dirname, `libc-process${extname(import.meta.filename)}`), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc']
    })
    const inFlight: LookupProcess['inFlight'] = new Map()
    const ended = new Promise<void>(resolve => {
      const end = () => {
        if (running?.child === child) running = undefined
        for (const settle of inFlight.values()) settle(undefined)
        inFlight.clear()
        restUntil = performance.now() + restMs
        resolve()
      }
      child.once('exit', end)
      child.once('error', end)
    })
    child.on('message', (reply: LookupReply) => {
      const settle = inFlight.get(reply.id)
      inFlight.delete(reply.id)
      if ('observation' in reply) settle?.(reply.observation)
      else settle?.(crashed(reply.bug))
    })
    return { child, inFlight, ended }
  }

  const crashed = (bug: string): LibcObservation => {
    onBug(new Error(bug))
    return { layer: 'dns', seconds: 0, at: Date.now() / 1000, ...crash(bug) }
  }

  return {
    isFull: () => (running?.inFlight.size ?? 0) >= mostLookups,
    lookUp: async host => {
      if (closed || (running === undefined && performance.now() < restUntil)) return undefined
      running ??= start()
      const { child, inFlight } = running
      lastId += 1
      const id = lastId
      const settled = Promise.withResolvers<LibcObservation | undefined>()
      inFlight.set(id, settled.resolve)
      const timer = setTimeout(() => child.kill('SIGKILL'), longestMs)
      child.send({ id, host }, error => {
        if (error !== null) child.kill('SIGKILL')
      })
      try {
        return await settled.promise
      } finally {
        clearTimeout(timer)
      }
    },
    close: async () => {
      closed = true
      const before = running
      before?.child.kill('SIGKILL')
      await before?.ended
    }
  }
}
