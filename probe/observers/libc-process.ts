import { inspect } from 'node:util'
import type { LibcObservation } from '../facts/observation.ts'
import { lookUp } from './libc.ts'

/** What the probe asks this process. */
export interface LookupCall {
  readonly id: number
  readonly host: string
}

/** What it gets. */
export type LookupReply = { readonly id: number } & (
  | { readonly observation: LibcObservation }
  /** The observer has a bug, in words. */
  | { readonly bug: string }
)

// libuv gives half of its threads to lookups, and reads their number when the first one is needed.
process.env.UV_THREADPOOL_SIZE = '64'

process.on('message', async ({ id, host }: LookupCall) => {
  const reply = await lookUp(host).then(
    observation => ({ id, observation }),
    (bug: unknown) => ({ id, bug: inspect(bug) })
  )
  process.send?.(reply satisfies LookupReply)
})
// A process with a lookup in flight does not end by itself before that.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
// A terminal sends it to the whole group; the probe ends this process itself.
process.on('SIGINT', () => {})
