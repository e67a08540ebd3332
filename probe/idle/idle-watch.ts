import type { Evidence } from '../cases/evidence.ts'
import { isHealthy } from '../cases/reading.ts'
import type { OnBug } from '../observers/boundary.ts'
import type { Target } from '../target.ts'
import { type IdleFound, idleFound, idleTimes } from './idle-found.ts'
import { type IdleLink, observeIdle } from './observe-idle.ts'

/** Holds idle connections to targets, one target after the other, next to the rounds and never in their way. */
export interface IdleWatch {
  /** Takes in where a target is well. Begins to hold connections if it is time to, and if there is room for them. */
  readonly consider: (evidence: Evidence<Target>) => void
  /** Ends what is held for a target. */
  readonly forget: (target: string) => void
  /** Resolves when no connection is left. */
  readonly close: () => Promise<void>
}

/** How connections are held. */
export interface IdleWatchOptions {
  /** Connections at once, for all targets together; at least one. */
  readonly most: number
  /** How to connect. */
  readonly link: Pick<IdleLink, 'trust' | 'allowLoopback' | 'begin'>
  /** Called when what is known of a target has changed: after each silence that ended. */
  readonly onFound: (target: string, found: IdleFound) => void
  readonly onBug: OnBug
  /** Seconds of silence, each for a connection to each address. */
  readonly times?: readonly number[]
  readonly pace?: IdlePace
  /** @default - as long as a client waits */
  readonly patienceMs?: number
}

/** When connections are held, in milliseconds. */
interface IdlePace {
  /** From the start of the probe to the first target. */
  readonly firstMs: number
  /** From the end of one look at a target to the next one. */
  readonly againMs: number
}

/** Starts are left alone. A network's time-outs change with its configuration: rarely. */
const usualPace: IdlePace = { firstMs: 60_000, againMs: 6 * 3_600_000 }

/** Of one target: an endpoint has an address in each availability zone, of which there are few. */
export const mostIdleAddresses = 3

/** Holds nothing until a target is considered. */
export function watchIdle({
  most,
  link: way,
  onFound,
  onBug,
  times = idleTimes,
  pace = usualPace,
  patienceMs
}: IdleWatchOptions): IdleWatch {
  const start = performance.now()
  /** What waits for room, in the order of asking, with the addresses of the newest round. */
  const waiting = new Map<string, Pick<IdleLink, 'host' | 'port'> & { readonly addresses: readonly string[] }>()
  const running = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>()
  const endedAt = new Map<string, number>()
  let open = 0
  let isClosed = false

  const isDue = (name: string) => {
    const last = endedAt.get(name)
    const now = performance.now()
    return last === undefined ? now - start >= pace.firstMs : now - last >= pace.againMs
  }

  const look = async (
    name: string,
    { addresses, ...link }: Pick<IdleLink, 'host' | 'port'> & { readonly addresses: readonly string[] },
    signal: AbortSignal
  ) => {
    const seen: Awaited<ReturnType<typeof observeIdle>>[] = []
    const holdOne = async (address: string, seconds: number) => {
      open += 1
      try {
        seen.push(
          await observeIdle(
            { ...link, ...way, address },
            { idleMs: seconds * 1000, signal, ...(patienceMs === undefined ? {} : { patienceMs }) }
          )
        )
        const found = idleFound(seen, Date.now() / 1000)
        if (found !== undefined) onFound(name, found)
      } catch (error) {
        if (!signal.aborted) onBug(error)
      } finally {
        open -= 1
        beginNext()
      }
    }
    await Promise.all(addresses.flatMap(address => held.map(seconds => holdOne(address, seconds))))
  }

  // The longest, where there is no room for all.
  const held = times.slice(-most)

  const beginNext = () => {
    for (const [name, link] of waiting) {
      const addresses = link.addresses.slice(0, Math.floor(most / held.length))
      if (open + addresses.length * held.length > most) return
      waiting.delete(name)
      const stop = new AbortController()
      const ended = look(name, { ...link, addresses }, stop.signal).finally(() => {
        if (running.get(name)?.stop !== stop) return
        running.delete(name)
        endedAt.set(name, performance.now())
      })
      running.set(name, { stop, ended })
    }
  }

  const forget = (name: string) => {
    waiting.delete(name)
    running.get(name)?.stop.abort(new Error('removed'))
    running.delete(name)
    endedAt.delete(name)
  }

  return {
    consider: evidence => {
      const { target, at } = evidence
      const { name, host, port } = target
      if (isClosed || running.has(name) || !isDue(name)) return
      const addresses = evidence.addresses
        .filter(each => (each.byLibc || each.byResolvers) && isHealthy(each, at))
        .map(({ address }) => address)
        .slice(0, mostIdleAddresses)
      if (addresses.length > 0) waiting.set(name, { host, port, addresses })
      else waiting.delete(name)
      beginNext()
    },
    forget,
    close: async () => {
      isClosed = true
      const left = Array.from(running.values(), ({ ended }) => ended)
      for (const name of [...running.keys(), ...waiting.keys()]) forget(name)
      await Promise.all(left)
    }
  }
}
