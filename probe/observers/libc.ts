import { lookup } from 'node:dns/promises'
import type { LibcObservation } from '../cases/observation.ts'
import { type Limit, secondsSince, within } from './within.ts'

type Outcome = LibcObservation extends infer Each
  ? Each extends LibcObservation
    ? Omit<Each, 'layer' | 'seconds' | 'at'>
    : never
  : never

/** Asks libc for a host's addresses, as an application would. */
export type ObserveLibc = (host: string, limit: Limit) => Promise<LibcObservation>

/** libuv's numbers (uv/errno.h), by which the two meanings of Node's ENOTFOUND are told apart. */
const EAI_NODATA = -3007
const EAI_NONAME = -3008
const EAI_AGAIN = -3001

/**
 * The observer of getaddrinfo. A lookup cannot be cancelled and holds a thread until it ends, so one is in flight at
 * a time: while it hangs, the same host is told `pending` and another host `busy`. The name is given as applications
 * give it, without its last dot, so that hosts file and search list show.
 */
export function createLibcObserver(): ObserveLibc {
  let inFlight: { readonly host: string; readonly outcome: Promise<Outcome> } | undefined

  return async (host, limit) => {
    const start = performance.now()
    const at = Date.now() / 1000
    const observation = (outcome: Outcome): LibcObservation => ({
      layer: 'dns',
      seconds: secondsSince(start),
      at,
      ...outcome
    })
    if (inFlight !== undefined && inFlight.host !== host) return observation({ kind: 'busy' })
    if (inFlight === undefined) {
      const outcome = ask(host).finally(() => {
        inFlight = undefined
      })
      // Whoever waits is told; that nobody waits is no bug of its own.
      outcome.catch(() => {})
      inFlight = { host, outcome }
    }
    const { outcome } = inFlight
    return observation(
      await within<Outcome>(
        limit,
        () => ({ kind: 'pending' }),
        (settle, guard) => {
          outcome.then(
            guard(settle),
            guard((bug: unknown) => {
              throw bug
            })
          )
          return () => {}
        }
      )
    )
  }
}

async function ask(host: string): Promise<Outcome> {
  try {
    const found = await lookup(host, { all: true, order: 'verbatim' })
    return { kind: 'answer', addresses: found.map(({ address }) => address) }
  } catch (error) {
    return readFailure(error)
  }
}

/** @throws the error itself if it does not come from libc: then it is a bug */
function readFailure(error: unknown): Outcome {
  if (!(error instanceof Error) || !('errno' in error) || !('code' in error)) throw error
  switch (error.errno) {
    case EAI_NONAME:
      return { kind: 'not-known' }
    case EAI_NODATA:
      return { kind: 'no-address' }
    case EAI_AGAIN:
      return { kind: 'temporary-failure' }
    default:
      return { kind: 'failure', code: String(error.code) }
  }
}
