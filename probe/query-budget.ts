import { setTimeout as sleep } from 'node:timers/promises'

/** How many queries may be sent, shared by all that send some. */
export interface QueryBudget {
  /** Waits, first come first served, until so many may be sent, and takes them. Rejects when the signal is aborted. */
  readonly take: (count: number, signal: AbortSignal) => Promise<void>
  /** Subtracts queries that were sent in addition. Those who wait now wait longer. */
  readonly owe: (count: number) => void
}

/** Spreads queries evenly, without bursts: a second's worth is never saved for later. */
export function createQueryBudget(queriesPerSecond: number): QueryBudget {
  let freeAt = 0
  let queue: Promise<void> = Promise.resolve()

  const owe = (count: number) => {
    freeAt = Math.max(freeAt, performance.now()) + (count * 1000) / queriesPerSecond
  }
  const takeAfter = async (before: Promise<void>, count: number, signal: AbortSignal) => {
    await before
    signal.throwIfAborted()
    for (let ms = freeAt - performance.now(); ms > 0; ms = freeAt - performance.now()) {
      await sleep(ms, undefined, { signal })
    }
    owe(count)
  }
  return {
    take: (count, signal) => {
      const taken = takeAfter(queue, count, signal)
      // Whoever gives up leaves the queue, and does not stop it.
      queue = taken.catch(() => {})
      return taken
    },
    owe
  }
}
