import { setTimeout as sleep } from 'node:timers/promises'
import type { SampledFamily, SampledMetrics } from '../metrics/sample.ts'
import { type Delivered, type Delivery, OtlpClientMissing, openDelivery, type Receiver } from './deliver.ts'
import { exportRequest, type Reporter, type SeriesKey, seriesIn } from './request.ts'

interface PushOptions {
  readonly receiver: Receiver
  readonly intervalMs: number
  readonly reporter: Reporter
  /** Called with the result of a request. */
  readonly onDelivered: (delivered: Delivered) => void
  /** Called with the worst result of the requests of a push. */
  readonly onPushed: (worst: Delivered) => void
  /** Called if the client is not installed; then nothing is pushed. */
  readonly onClientMissing: (error: OtlpClientMissing) => void
  /** Milliseconds for a request. @default - ten seconds, or the interval if that is shorter */
  readonly deadlineMs?: number
}

const none: ReadonlySet<SeriesKey> = new Set()

/** Targets in a request: about a megabyte of JSON, made in a few milliseconds. */
const targetsInRequest = 32

/**
 * Pushes all metrics again and again, until it is closed. A request is made when its turn comes, and given up at its deadline: the next one
 * has newer values of the same series, so nothing waits in memory.
 */
export function startPush(metrics: SampledMetrics, options: PushOptions): { readonly close: () => void } {
  const { receiver, intervalMs, reporter, onDelivered, onPushed, onClientMissing } = options
  const { deadlineMs = Math.min(10_000, intervalMs) } = options
  const stop = new AbortController()
  const { signal } = stop
  /** By target, what the receiver may still have of it. The process is the empty name. */
  const known = new Map<string, ReadonlySet<SeriesKey>>()

  const push = async (delivery: Delivery, names: readonly string[]) => {
    const sampled = await Promise.all(
      names.map(async name => ({ name, families: name === '' ? await metrics.ofProcess() : metrics.ofTarget(name) }))
    )
    const seen = new Map(sampled.map(({ name, families }) => [name, seriesIn(families)]))
    const ended = names.flatMap(name => [...(known.get(name) ?? none).difference(seen.get(name) ?? none)])
    const families = merged(sampled.map(({ families: each }) => each))
    const delivered = await delivery.send(exportRequest(families, ended, reporter, Date.now()), signal)
    for (const [name, series] of seen) {
      // A receiver that did not accept the end of a series receives it again.
      const next = delivered.kind === 'accepted' ? series : series.union(known.get(name) ?? none)
      if (next.size === 0) known.delete(name)
      else known.set(name, next)
    }
    return delivered
  }

  const run = async () => {
    const delivery = await openDelivery(receiver, deadlineMs)
    signal.addEventListener('abort', delivery.close, { once: true })
    for (;;) {
      const start = performance.now()
      const names = ['', ...new Set([...metrics.targets(), ...known.keys()].filter(name => name !== ''))]
      let worst: Delivered = { kind: 'accepted' }
      for (let from = 0; from < names.length; from += targetsInRequest) {
        const delivered = await push(delivery, names.slice(from, from + targetsInRequest))
        signal.throwIfAborted()
        onDelivered(delivered)
        if (delivered.kind !== 'accepted') worst = delivered
        // It would be for the other requests as well, each for its whole deadline.
        if (delivered.kind === 'unavailable') break
      }
      onPushed(worst)
      await sleep(Math.max(0, start + intervalMs - performance.now()), undefined, { signal })
    }
  }
  run().catch((error: unknown) => {
    if (signal.aborted) return
    if (!(error instanceof OtlpClientMissing)) throw error
    onClientMissing(error)
  })
  return { close: () => stop.abort(new Error('closed')) }
}

/** A family of several targets is one metric. */
function merged(all: readonly (readonly SampledFamily[])[]): readonly SampledFamily[] {
  const families = new Map<string, SampledFamily>()
  for (const family of all.flat()) {
    const before = families.get(family.name)
    families.set(
      family.name,
      before === undefined ? family : { ...family, samples: [...before.samples, ...family.samples] }
    )
  }
  return [...families.values()]
}
