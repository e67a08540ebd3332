import { observeLibcApart } from '../../probe/doctor/libc-apart.ts'
import { trustIn } from '../../probe/observers/trust.ts'
import { round } from '../../probe/rounds/round.ts'
import type { Watch } from '../../probe/rounds/watch.ts'

/** What the lab tells the process that looks: look at this, and trust these authorities (PEM). */
export interface Look extends Omit<Watch, 'observeLibc' | 'trust' | 'allowLoopback'> {
  readonly ca: string
}

process.on('message', async ({ ca, ...watch }: Look) => {
  const trust = trustIn(ca)
  const whole = { ...watch, trust, allowLoopback: false, observeLibc: observeLibcApart }
  process.send?.(await round(whole, new AbortController().signal))
})
process.on('disconnect', () => process.exit())
