import { type IdleObservation, observeIdle } from '../../probe/idle/observe-idle.ts'
import { trustIn } from '../../probe/observers/trust.ts'

/** What the process that holds connections is told: hold one to this address for each time, and trust this authority (PEM). */
export interface Holding {
  readonly address: string
  readonly port: number
  readonly host: string
  readonly ca: string
  readonly seconds: readonly number[]
  readonly patienceMs: number
}

process.on('message', async ({ ca, seconds, patienceMs, ...to }: Holding) => {
  const link = { ...to, trust: trustIn(ca), allowLoopback: false }
  const { signal } = new AbortController()
  const seen: IdleObservation[] = await Promise.all(
    seconds.map(each => observeIdle(link, { idleMs: each * 1000, patienceMs, signal }))
  )
  process.send?.(seen)
})
process.on('disconnect', () => process.exit())
