import { hostname } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import type { FastifyBaseLogger } from 'fastify'
import type { Pushing } from './config/pushing.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Delivered, Receiver } from './otlp/deliver.ts'
import { startPush } from './otlp/push.ts'

/** Pushes metrics as the config says, and goes on if a new config says the same. */
export interface KeptPushing {
  /** `undefined` to push nothing. */
  readonly apply: (next: (Pushing & Pick<Receiver, 'authorities'>) | undefined) => void
  readonly close: () => void
}

/** Nothing is pushed until a config is applied. */
export function keepPushing(
  metrics: Metrics,
  { version, log }: { readonly version: string; readonly log: Pick<FastifyBaseLogger, 'info' | 'error'> }
): KeptPushing {
  const reporter = {
    service: 'privatelink-probe',
    instance: hostname(),
    version,
    startMs: Math.round(performance.timeOrigin)
  }
  let now: Parameters<KeptPushing['apply']>[0]
  let push: ReturnType<typeof startPush> | undefined
  let last: Delivered['kind'] | undefined

  const onPushed = (worst: Delivered) => {
    if (worst.kind === last) return
    last = worst.kind
    if (worst.kind === 'accepted') log.info('otlp: the receiver accepts the metrics')
    else log.error({ reason: worst.reason }, `otlp: ${failures[worst.kind]}`)
  }
  const close = () => {
    push?.close()
    push = undefined
  }
  return {
    apply: next => {
      if (isDeepStrictEqual(next, now)) return
      close()
      now = next
      last = undefined
      if (next === undefined) return
      const { intervalSeconds, ...receiver } = next
      push = startPush(metrics, {
        receiver,
        intervalMs: intervalSeconds * 1000,
        reporter,
        onDelivered: ({ kind }) => metrics.pushed(kind),
        onPushed,
        onClientMissing: ({ message }) => log.error(`otlp: ${message}`)
      })
    },
    close
  }
}

const failures: Readonly<Record<Exclude<Delivered['kind'], 'accepted'>, string>> = {
  refused: 'the receiver refuses metrics',
  unavailable: 'the receiver is not available; the next push has the newest values'
}
