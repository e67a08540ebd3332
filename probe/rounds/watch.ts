import type { RecentRound } from '../cases/evidence.ts'
import type { Resolver } from '../facts/observation.ts'
import type { Pod } from '../facts/pod.ts'
import type { Observers, OnBug } from '../observers/boundary.ts'
import type { ObserveLibc } from '../observers/libc.ts'
import type { Begin } from '../observers/tcp.ts'
import type { Trust } from '../observers/trust.ts'
import type { Target } from '../target.ts'
import type { Budget } from './budget.ts'
import type { RoundPatience } from './round-patience.ts'

/** What a round needs to know. */
export interface Watch {
  readonly target: Target
  /** At least one. */
  readonly resolvers: readonly Resolver[]
  /** Gives what libc says of the host: asks it, or has a sample. `undefined` leaves it out. */
  readonly observeLibc: ObserveLibc | undefined
  readonly trust: Trust
  readonly budget: Budget
  /** Waits for what is slow as long as a client does. @default - the budget alone */
  readonly patience?: RoundPatience | undefined
  /**
   * Takes queries for further exchanges, which begin while one is silent. Rejects when the signal is aborted. Default: no further
   * exchange begins.
   */
  readonly takeMore?: ((queries: number, signal: AbortSignal) => Promise<void>) | undefined
  /** Whether the round begins before its turn, because of a change. Default: false */
  readonly isEarly?: boolean
  /** The rounds before that counted, the newest first. @default - none are known */
  readonly recent?: readonly RecentRound[]
  /** The pod that this process runs in. @default - none */
  readonly pod?: Pod | undefined
  /** Called when work for the target was done. @default - no call */
  readonly charge?: () => void
  /** For tests and the demo. */
  readonly allowLoopback: boolean
  /** @default - the system's way to an address */
  readonly begin?: Begin | undefined
  /** @default - the real ones */
  readonly observers?: Observers | undefined
  /** @default - prints it as a warning of the process */
  readonly onBug?: OnBug
}

/** A watch whose observers throw nothing. */
export type GuardedWatch = Watch & { readonly observers: Observers }
