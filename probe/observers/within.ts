/** How long an observer may look, and its caller's way out. */
export interface Limit {
  /** Milliseconds after which silence is what was observed. */
  readonly ms: number
  /** Aborting it rejects with its reason: nobody wants to know any more. */
  readonly signal: AbortSignal
}

/**
 * Waits for something that tells by events, for no longer than the limit.
 *
 * @param silence what was observed if nothing settled it in time
 * @param start begins it, and returns what ends it; that is called exactly once, however it went
 */
export function within<T>(
  limit: Limit,
  silence: () => T,
  start: (settle: (seen: T) => void, crash: (bug: unknown) => void) => () => void
): Promise<T> {
  return new Promise((resolve, reject) => {
    limit.signal.throwIfAborted()
    let over = false
    let stop: (() => void) | undefined
    const end = (deliver: () => void) => {
      if (over) return
      over = true
      clearTimeout(timer)
      limit.signal.removeEventListener('abort', abort)
      stop?.()
      deliver()
    }
    const abort = () => end(() => reject(limit.signal.reason))
    const timer = setTimeout(() => end(() => resolve(silence())), limit.ms)
    limit.signal.addEventListener('abort', abort)
    try {
      stop = start(
        seen => end(() => resolve(seen)),
        bug => end(() => reject(bug))
      )
      if (over) stop()
    } catch (bug) {
      end(() => reject(bug))
    }
  })
}

/** Seconds since a reading of `performance.now()`, to the microsecond. */
export function secondsSince(start: number): number {
  return Math.round((performance.now() - start) * 1000) / 1_000_000
}
