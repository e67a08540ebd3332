import { setTimeout as sleep } from 'node:timers/promises'
import type { Limit } from './within.ts'

/**
 * Milliseconds that a client waits for one step before it gives up. glibc waits five seconds for a resolver, and asks it
 * twice (resolv.conf(5)): an answer after 9.8 s is taken, one after 11 s is not (measured, glibc 2.36). pymilvus gives a
 * connection ten seconds (`timeout` of `MilvusClient`).
 */
export const clientPatienceMs = 10_000

/** Exchanges that are kept open for a place beyond the end of a look. */
export const mostKept = 1

/** Looks at places as long as a client would, so that what is slow is not taken for silent. */
export interface Patience<T> {
  /**
   * Looks at a place: waits as long as a client does. A place that is known to say nothing for so long gets the limit
   * alone: then it counts as silent still, and the exchange is kept open for a client's patience. If there is a late
   * answer after all, the next look waits for it again.
   *
   * @param begin begins an exchange; a limit that it is given may be longer than the look's
   */
  readonly look: (place: string, limit: Limit, begin: (limit: Limit) => Promise<T>) => Promise<T>
  /** Begins a round: forgets places that the last one did not look at. */
  readonly turn: () => void
  /** Ends exchanges that are kept open; resolves when none is left. */
  readonly close: () => Promise<void>
}

/** What there is to know of observations of a kind. */
interface Kind<T> {
  /** Whether nothing came until the limit was over. */
  readonly isSilent: (seen: T) => boolean
  /** Closes what an unused observation holds open. */
  readonly discard?: (seen: T) => void
}

/**
 * Patience with places of one kind. Each place has at most one exchange open, in addition to the exchange of the current round.
 *
 * @param patienceMs @default - as long as a client waits
 */
export function createPatience<T>(
  { isSilent, discard = () => {} }: Kind<T>,
  patienceMs: number = clientPatienceMs
): Patience<T> {
  /** Places that said nothing for a client's whole patience, and what was observed then. */
  const silent = new Map<string, T>()
  /** {@link mostKept} a place. */
  const kept = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>()
  let looked = new Set<string>()

  const remember = (place: string, seen: T) => {
    if (isSilent(seen)) silent.set(place, seen)
    else silent.delete(place)
  }
  const drop = (place: string) => kept.get(place)?.stop.abort(new Error('not wanted any more'))
  const keep = (place: string, exchange: Promise<T>, stop: AbortController) => {
    const ended = exchange
      .then(
        seen => {
          if (!isSilent(seen)) discard(seen)
          if (!stop.signal.aborted) remember(place, seen)
        },
        (error: unknown) => {
          if (!stop.signal.aborted) throw error
        }
      )
      .finally(() => kept.delete(place))
    kept.set(place, { stop, ended })
  }

  return {
    look: async (place, limit, begin) => {
      looked.add(place)
      const before = silent.get(place)
      if (before === undefined) {
        const seen = await begin({ ms: Math.max(limit.ms, patienceMs), signal: limit.signal })
        remember(place, seen)
        return seen
      }
      const stop = new AbortController()
      const exchange = begin({ ms: Math.max(limit.ms, patienceMs), signal: stop.signal })
      const inTime = await earlier(exchange, limit).catch(async (reason: unknown) => {
        stop.abort(reason)
        await exchange.then(discard, () => {})
        throw reason
      })
      if (inTime !== undefined) {
        drop(place)
        remember(place, inTime.seen)
        return inTime.seen
      }
      if (kept.has(place)) {
        stop.abort(new Error('another one is kept'))
        await exchange.then(discard, () => {})
      } else keep(place, exchange, stop)
      return before
    },
    turn: () => {
      for (const place of silent.keys()) {
        if (looked.has(place)) continue
        silent.delete(place)
        drop(place)
      }
      looked = new Set()
    },
    close: async () => {
      for (const place of kept.keys()) drop(place)
      await Promise.all(Array.from(kept.values(), ({ ended }) => ended))
    }
  }
}

/** What an exchange gives within the limit; `undefined` if it takes longer. Rejects when that is aborted. */
async function earlier<T>(exchange: Promise<T>, { ms, signal }: Limit): Promise<{ readonly seen: T } | undefined> {
  const over = new AbortController()
  const timer = sleep(ms, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch((error: unknown) => {
    if (over.signal.aborted) return undefined
    signal.throwIfAborted()
    throw error
  })
  try {
    return await Promise.race([exchange.then(seen => ({ seen })), timer])
  } finally {
    over.abort()
  }
}
