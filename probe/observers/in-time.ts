import { setTimeout as sleep } from 'node:timers/promises'
import type { Limit } from './within.ts'

/**
 * What a promise comes to within the limit; `undefined` if it takes longer. The promise is not ended.
 *
 * @throws the reason of the limit's signal if that aborts, and what the promise rejects with
 */
export async function inTime<T>(
  promise: Promise<T>,
  { ms, signal }: Limit
): Promise<{ readonly value: T } | undefined> {
  const over = new AbortController()
  const timer = sleep(ms, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch((error: unknown) => {
    if (over.signal.aborted) return undefined
    signal.throwIfAborted()
    throw error
  })
  try {
    return await Promise.race([promise.then(value => ({ value })), timer])
  } finally {
    over.abort()
  }
}
