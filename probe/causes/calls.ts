import { setTimeout as sleep } from 'node:timers/promises'
import type { Asked, Unanswered } from './asked.ts'

/** Read-only calls to a cloud's API: each with a deadline, asked once for all who ask at about the same time. */
export interface Calls {
  /**
   * Makes a call, or takes the answer of the same call that is under way or was answered a short while ago. An answer that failed is
   * kept as well, so that a denied call is not repeated for each target.
   *
   * @param about what is asked for: calls of one action are the same if this is the same as JSON
   */
  readonly ask: <Answer>(
    action: string,
    about: unknown,
    call: (signal: AbortSignal) => Promise<Answer>
  ) => Promise<Asked<Answer>>
  /** How many calls were made. */
  readonly made: () => number
}

interface CallsOptions {
  /** For one call. */
  readonly deadlineMs: number
  /** For how long an answer is kept. */
  readonly keptMs: number
  /** Why a call that threw has no answer. What it does not know is a bug, and `undefined`. */
  readonly explain: (error: unknown) => Pick<Unanswered, 'because' | 'detail'> | undefined
  /** Milliseconds between two calls of one service, for APIs that a whole account shares. @default - no pause */
  readonly pauseMs?: (action: string) => { readonly service: string; readonly ms: number } | undefined
  /** Ends every call. */
  readonly signal: AbortSignal
}

/** How long a call waits for its turn: those that would wait longer are not made. */
const longestTurnMs = 30_000

/** The most answers that are kept; the oldest go first. */
const mostKept = 2000

/** Calls to one cloud's API, with the same credentials. */
export function createCalls({ deadlineMs, keptMs, explain, pauseMs, signal }: CallsOptions): Calls {
  const kept = new Map<string, { readonly until: number; readonly asked: Promise<Asked<unknown>> }>()
  /** When the next call of a service may begin, by `performance.now()`. */
  const free = new Map<string, number>()
  let made = 0

  /** Waits for the turn of a call. @returns whether it has one in time */
  const turn = async (action: string): Promise<boolean> => {
    const pause = pauseMs?.(action)
    if (pause === undefined) return true
    const now = performance.now()
    const at = Math.max(now, free.get(pause.service) ?? 0)
    if (at - now > longestTurnMs) return false
    free.set(pause.service, at + pause.ms)
    if (at > now) await sleep(at - now, undefined, { signal })
    return true
  }
  const attempt = async <Answer>(
    action: string,
    call: (signal: AbortSignal) => Promise<Answer>
  ): Promise<Asked<Answer>> => {
    const mayBegin = await turn(action).catch((error: unknown) => {
      signal.throwIfAborted()
      throw error
    })
    if (!mayBegin) return { kind: 'unanswered', because: 'throttled', action }
    const deadline = AbortSignal.timeout(deadlineMs)
    const over = AbortSignal.any([deadline, signal])
    made += 1
    try {
      // A client may keep its socket open after the deadline.
      return { kind: 'answered', answer: await Promise.race([call(over), rejected(over)]) }
    } catch (error) {
      signal.throwIfAborted()
      if (deadline.aborted) return { kind: 'unanswered', because: 'too-slow', action }
      const explained = explain(error)
      if (explained === undefined) throw error
      return { kind: 'unanswered', action, ...explained }
    }
  }

  return {
    ask: <Answer>(action: string, about: unknown, call: (signal: AbortSignal) => Promise<Answer>) => {
      const key = `${action} ${JSON.stringify(about)}`
      const before = kept.get(key)
      const now = performance.now()
      // The same action asked for the same has the same form of answer.
      if (before !== undefined && before.until > now) return before.asked as Promise<Asked<Answer>>
      const asked = attempt(action, call)
      kept.delete(key)
      kept.set(key, { until: now + keptMs, asked })
      for (const [oldest] of kept) {
        if (kept.size <= mostKept) break
        kept.delete(oldest)
      }
      // A bug is not kept. Who asked hears of it.
      asked.catch(() => kept.delete(key))
      return asked
    },
    made: () => made
  }
}

function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
