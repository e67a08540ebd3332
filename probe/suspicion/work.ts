/** Work of the event loop. */
export interface Work {
  /** Whose it was: a target's name, or what else the probe does. */
  readonly of: string
  /** Seconds of processor time. */
  readonly seconds: number
}

/** Charges the work of the event loop to whose it was. */
export interface Ledger {
  /** What was done since the last charge was done for this one. Said at the end of the work: what calls is what worked. */
  readonly charge: (of: string) => void
  /** The one that took the most since this was last asked, if anything did. */
  readonly most: () => Work | undefined
}

/** A ledger by the processor time of the main thread, which does not pass while the probe is not let run. */
export function createLedger(): Ledger {
  const seconds = new Map<string, number>()
  let last = spent()

  return {
    charge: of => {
      const now = spent()
      seconds.set(of, (seconds.get(of) ?? 0) + now - last)
      last = now
    },
    most: () => {
      const [most] = Array.from(seconds, ([of, took]): Work => ({ of, seconds: took })).toSorted(
        (one, other) => other.seconds - one.seconds
      )
      seconds.clear()
      return most
    }
  }
}

/** Node 22 does not know the processor time of a thread; that of the whole process comes close. */
const usage: () => NodeJS.CpuUsage = process.threadCpuUsage ?? process.cpuUsage

/** Seconds of processor time that this thread has used. */
function spent(): number {
  const { user, system } = usage.call(process)
  return (user + system) / 1e6
}
