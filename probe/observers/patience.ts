import { clientPatienceMs } from '../facts/client-patience.ts'
import { inTime } from './in-time.ts'
import { lookTimes, mostLooks } from './look-times.ts'
import { type Limit, remaining } from './within.ts'

/** Exchanges that are kept open for a place beyond the end of a look. */
export const mostKept = 1

/** Exchanges with a place at once while its first one is silent. */
export const mostAtOnce = mostLooks

/** The result of observing a place. */
export interface Looked<T, Further> {
  /** What a client gets: the first exchange, however many there were. */
  readonly seen: T
  /** The exchanges that began while the first one was silent. What none of them answered either is silent for sure. */
  readonly further: readonly Further[]
}

/** How exchanges begin. */
interface Exchanges<T, Further> {
  /** The limit that it receives can be longer than that of the look. */
  readonly first: (limit: Limit) => Promise<T>
  /**
   * Begins a further exchange. It ends with the first one, by `over` of its limit, and then reports silence. It returns `undefined` if
   * it sent nothing. Default: the first exchange stays alone.
   */
  readonly further?: ((limit: Limit) => Promise<Further | undefined>) | undefined
}

/** Looks at places as long as a client would, so that what is slow is not taken for silent. */
export interface Patience<T, Further = T> {
  /**
   * Looks at a place: waits as long as a client does, and begins further exchanges while the first one is silent. A place that is known
   * to say nothing for so long gets the limit alone: then it counts as silent still, and the exchange is kept open for a client's
   * patience. If there is a late answer after all, the next look waits for it again.
   */
  readonly look: (place: string, limit: Limit, begin: Exchanges<T, Further>) => Promise<Looked<T, Further>>
  /** Begins a round: forgets places that the last one did not look at. */
  readonly turn: () => void
  /** Ends exchanges that are kept open; resolves when none is left. */
  readonly close: () => Promise<void>
}

/** What there is to know of observations of a kind. */
interface ObservationKind<T> {
  /** Whether nothing came until the limit was over. */
  readonly isSilent: (seen: T) => boolean
  /** Closes what an unused observation holds open. */
  readonly discard?: (seen: T) => void
}

/**
 * Patience with places of one kind. Each place has at most one exchange open, in addition to the exchanges of the current round.
 *
 * @param patienceMs @default - as long as a client waits
 */
export function createPatience<T, Further = T>(
  { isSilent, discard = () => {} }: ObservationKind<T>,
  patienceMs: number = clientPatienceMs
): Patience<T, Further> {
  /** Places that were silent for as long as a client waits: the observation, and the last round that checked them. */
  const silent = new Map<string, { readonly seen: T; lookedIn: number }>()
  /** {@link mostKept} a place. */
  const kept = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>()
  let round = 0

  const remember = (place: string, seen: T) => {
    if (isSilent(seen)) silent.set(place, { seen, lookedIn: silent.get(place)?.lookedIn ?? round })
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
      const before = silent.get(place)
      const ms = Math.max(limit.ms, patienceMs)
      if (before === undefined) {
        const looked = await exchangesOf(begin, { ms, signal: limit.signal }, discard)
        remember(place, looked.seen)
        return looked
      }
      before.lookedIn = round
      const stop = new AbortController()
      const exchange = begin.first({ ms, signal: stop.signal })
      const early = await inTime(exchange, limit).catch(async (reason: unknown) => {
        stop.abort(reason)
        await exchange.then(discard, () => {})
        throw reason
      })
      if (early !== undefined) {
        drop(place)
        remember(place, early.value)
        return { seen: early.value, further: [] }
      }
      if (kept.has(place)) {
        stop.abort(new Error('another one is kept'))
        await exchange.then(discard, () => {})
      } else keep(place, exchange, stop)
      return { seen: before.seen, further: [] }
    },
    turn: () => {
      for (const [place, { lookedIn }] of silent) {
        if (lookedIn === round) continue
        silent.delete(place)
        drop(place)
      }
      round += 1
    },
    close: async () => {
      for (const place of kept.keys()) drop(place)
      await Promise.all(Array.from(kept.values(), ({ ended }) => ended))
    }
  }
}

/** Waits for the first exchange, and begins others while it is silent. None of them outlives it. */
async function exchangesOf<T, Further>(
  { first, further }: Exchanges<T, Further>,
  limit: Limit,
  discard: (seen: T) => void
): Promise<Looked<T, Further>> {
  const start = performance.now()
  const over = new AbortController()
  const others: Promise<Further | undefined>[] = []
  let timer: NodeJS.Timeout | undefined
  const beginAfter = ([atMs, ...later]: readonly number[]) => {
    if (atMs === undefined || further === undefined) return
    const begin = () => {
      if (over.signal.aborted || limit.signal.aborted) return
      const other = further({ ...remaining(limit, start), over: over.signal })
      // It is waited for below, and may fail before.
      other.catch(() => {})
      others.push(other)
      beginAfter(later)
    }
    // If the process stood still until now, what had come by then is read first, as at the end of a limit.
    timer = setTimeout(() => setImmediate(begin), Math.max(0, atMs - (performance.now() - start)))
  }
  beginAfter(lookTimes(limit.ms))
  let seen: T
  try {
    seen = await first(limit)
  } finally {
    clearTimeout(timer)
    over.abort()
    await Promise.allSettled(others)
  }
  try {
    return { seen, further: (await Promise.all(others)).filter(each => each !== undefined) }
  } catch (bug) {
    discard(seen)
    throw bug
  }
}
