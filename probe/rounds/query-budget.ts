/** How many queries may be sent, shared by all that send some. */
export interface QueryBudget {
  /**
   * Waits until so many may be sent, and takes them. The earliest `due` is served first; among equals, the first that came. Rejects when
   * the signal is aborted.
   *
   * @param due when it is due, by `performance.now()`. A caller that can wait gives a later time. Default: now
   */
  readonly take: (count: number, signal: AbortSignal, due?: number) => Promise<void>
  /** Subtracts queries that were sent in addition. Those who wait now wait longer. */
  readonly owe: (count: number) => void
}

interface QueuedTake {
  readonly count: number
  readonly due: number
  readonly serve: () => void
}

/** Milliseconds that are made up for where a timer came late: on a busy machine most do. */
const lateMs = 50

/** Spreads queries evenly, without bursts: no more than {@link lateMs} is ever saved for later. */
export function createQueryBudget(queriesPerSecond: number): QueryBudget {
  /** In the order in which they are served. */
  const waiting: QueuedTake[] = []
  let freeAt = 0
  let timer: NodeJS.Timeout | undefined

  const owe = (count: number) => {
    freeAt = Math.max(freeAt, performance.now() - lateMs) + (count * 1000) / queriesPerSecond
  }
  const serve = () => {
    clearTimeout(timer)
    while (waiting.length > 0 && freeAt <= performance.now()) {
      const next = waiting.shift()
      owe(next?.count ?? 0)
      next?.serve()
    }
    if (waiting.length > 0) timer = setTimeout(serve, Math.max(1, freeAt - performance.now()))
  }
  return {
    take: async (count, signal, due = performance.now()) => {
      signal.throwIfAborted()
      const served = Promise.withResolvers<void>()
      const each: QueuedTake = { count, due, serve: served.resolve }
      const leave = () => {
        const index = waiting.indexOf(each)
        if (index !== -1) waiting.splice(index, 1)
        if (waiting.length === 0) clearTimeout(timer)
        served.reject(signal.reason)
      }
      signal.addEventListener('abort', leave)
      waiting.splice(waiting.findLastIndex(other => other.due <= due) + 1, 0, each)
      serve()
      try {
        await served.promise
      } finally {
        signal.removeEventListener('abort', leave)
      }
    },
    owe
  }
}
