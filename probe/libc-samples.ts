import { setTimeout as sleep } from 'node:timers/promises'
import type { LibcObservation } from './cases/observation.ts'
import type { ObserveLibc } from './observers/libc.ts'

/** What libc says of hosts, asked one after the other, until closed. */
export interface LibcSamples {
  readonly set: (hosts: readonly string[], intervalMs: number) => void
  /** The newest sample of a host, if there is one. */
  readonly of: (host: string) => LibcObservation | undefined
  readonly close: () => Promise<void>
}

const lookupMs = 5000
/** How often to see whether it is somebody's turn: hosts and interval may change meanwhile. */
const napMs = 1000

/** Samples hosts in turn, each once in an interval. A lookup that hangs holds up the others, and no round. */
export function sampleLibc(observe: ObserveLibc): LibcSamples {
  const samples = new Map<string, LibcObservation>()
  const stop = new AbortController()
  const { signal } = stop
  let hosts: readonly string[] = []
  let intervalMs = 0
  let turn = 0
  let asked = Number.NEGATIVE_INFINITY

  const loop = async () => {
    for (;;) {
      const host = hosts[turn % hosts.length]
      const left = asked + intervalMs / hosts.length - performance.now()
      if (host === undefined || left > 0) {
        await sleep(host === undefined ? napMs : Math.min(left, napMs), undefined, { signal })
        continue
      }
      const start = performance.now()
      const sample = await observe(host, { ms: lookupMs, signal })
      if (hosts.includes(host)) samples.set(host, sample)
      // Nobody else is answered before a hanging lookup is.
      if (sample.kind === 'pending') continue
      asked = start
      turn += 1
    }
  }
  const ended = loop().catch((error: unknown) => {
    if (!signal.aborted) throw error
  })

  return {
    set: (next, ms) => {
      hosts = [...new Set(next)]
      intervalMs = ms
      for (const host of samples.keys()) if (!hosts.includes(host)) samples.delete(host)
    },
    of: host => samples.get(host),
    close: async () => {
      stop.abort(new Error('closed'))
      await ended
    }
  }
}
