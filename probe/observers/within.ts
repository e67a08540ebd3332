import type { EventEmitter } from 'node:events'

/** How long an observer may look, and its caller's way out. */
export interface Limit {
  /** Milliseconds after which silence is what was observed. */
  readonly ms: number
  /** If it aborts, the promise rejects with its reason. */
  readonly signal: AbortSignal
  /** If it aborts, the limit is over: silence is what was observed. @default - the limit is over after `ms` alone */
  readonly over?: AbortSignal | undefined
}

/** What is left of a limit that began at `start`, by `performance.now()`. Never nothing: silence is still what is observed. */
export function remaining(limit: Limit, start: number): Limit {
  return { ...limit, ms: Math.max(1, limit.ms - (performance.now() - start)) }
}

/**
 * Answers for what runs later: whatever a guarded callback or a listener of a guarded emitter throws rejects the
 * observation, and so does an error that nothing listens for. None of it reaches the process.
 */
export interface Guard {
  <E extends EventEmitter>(emitter: E): E
  <A extends readonly unknown[]>(callback: (...given: A) => void): (...given: A) => void
}

/**
 * Waits for something that reports by events, for no longer than the limit.
 *
 * @param silence what was observed if nothing settled it in time
 * @param start begins it, and returns what ends it; that is called exactly once, however it went. Every emitter and
 *   callback that it makes goes through `guard`
 */
export function within<T>(
  limit: Limit,
  silence: () => T,
  start: (settle: (seen: T) => void, guard: Guard) => () => void
): Promise<T> {
  return new Promise((resolve, reject) => {
    limit.signal.throwIfAborted()
    if (limit.over?.aborted === true) return resolve(silence())
    let over = false
    let stop: (() => void) | undefined
    const end = (deliver: () => void) => {
      if (over) return
      over = true
      clearTimeout(timer)
      limit.signal.removeEventListener('abort', abort)
      limit.over?.removeEventListener('abort', giveUp)
      try {
        stop?.()
        deliver()
      } catch (bug) {
        reject(bug)
      }
    }
    const crash = (bug: unknown) => {
      if (over) warn(bug)
      else end(() => reject(bug))
    }
    const abort = () => end(() => reject(limit.signal.reason))
    const giveUp = () => end(() => resolve(silence()))
    // If the process was stalled until now, data that arrived by then is read first: timers run before sockets are polled.
    const timer = setTimeout(() => setImmediate(giveUp), limit.ms)
    limit.signal.addEventListener('abort', abort)
    limit.over?.addEventListener('abort', giveUp)
    try {
      stop = start(
        seen => end(() => resolve(seen)),
        guardWith(crash, () => over)
      )
      if (over) stop()
    } catch (bug) {
      end(() => reject(bug))
    }
  })
}

function guardWith(crash: (bug: unknown) => void, isOver: () => boolean): Guard {
  const guardEmitter = <E extends EventEmitter>(emitter: E): E => {
    // The method of the class, not one that an earlier observer has put in its place.
    const { emit } = Object.getPrototypeOf(emitter) as EventEmitter
    emitter.emit = (event: string, ...given: readonly unknown[]) => {
      // A connection may break after its last word.
      if (event === 'error' && isOver() && emitter.listenerCount('error') === 0) return false
      try {
        return Reflect.apply(emit, emitter, [event, ...given])
      } catch (bug) {
        // A listener may pass the error on to something that has none: the session of a connection, the socket below TLS.
        if (event === 'error' && isOver() && bug === given[0]) return false
        crash(bug)
        return true
      }
    }
    return emitter
  }
  const guardCallback =
    <A extends readonly unknown[]>(callback: (...given: A) => void) =>
    (...given: A) => {
      try {
        callback(...given)
      } catch (bug) {
        crash(bug)
      }
    }
  return ((given: EventEmitter | ((...given: readonly unknown[]) => void)) =>
    typeof given === 'function' ? guardCallback(given) : guardEmitter(given)) as Guard
}

/** The observation is made; that something threw after it is still a bug. */
function warn(bug: unknown): void {
  process.emitWarning(bug instanceof Error ? bug : String(bug))
}

/** Seconds since a reading of `performance.now()`, to the microsecond. */
export function secondsSince(start: number): number {
  return Math.round((performance.now() - start) * 1000) / 1_000_000
}
