/** Wakes who sleeps, before the time is over. */
export interface Alarm {
  /**
   * Sleeps. Rejects with the signal's reason when that is aborted.
   *
   * @returns whether it rang: meanwhile, or before and since the last sleep
   */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<boolean>
  readonly ring: () => void
}

/** Creates an alarm for one sleeper. */
export function createAlarm(): Alarm {
  let hasRung = false
  let wake = () => {}
  return {
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const end = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', giveUp)
          wake = () => {}
          resolve(hasRung)
          hasRung = false
        }
        const giveUp = () => {
          clearTimeout(timer)
          reject(signal.reason)
        }
        const timer = setTimeout(end, hasRung ? 0 : ms)
        signal.addEventListener('abort', giveUp, { once: true })
        wake = end
      }),
    ring: () => {
      hasRung = true
      wake()
    }
  }
}
