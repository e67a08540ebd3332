import type { Evidence } from '../cases/evidence.ts'
import { clockAheadSeconds, ownFaults } from '../cases/own-faults.ts'
import { type Circumstances, reachesNothing, type Sifted, sift, type Verdict } from './falsified.ts'
import { type ImpairmentId, impairments } from './impairments.ts'
import type { Vitals } from './vitals.ts'
import type { Work } from './work.ts'

/** What is wrong with the probe now, and was during a round. */
export interface Suspicion {
  /** Says how many targets there are: of several, one alone does not speak of the clock. */
  readonly expect: (targets: number) => void
  /** Judges by what a round shows. */
  readonly noteEvidence: (evidence: Evidence) => void
  /**
   * Judges by what the machine shows.
   *
   * @param work the work that took most of the time since the last beat
   */
  readonly noteVitals: (vitals: Vitals, work?: Work) => void
  readonly rejectConfig: (rejected: boolean) => void
  readonly forget: (target: string) => void
  /** Impairments that were seen within the time that is remembered. */
  readonly active: () => readonly ImpairmentId[]
  /** The work that took most of the last stall within that time, if it was much. */
  readonly stalledBy: () => Work | undefined
  /** Sifts the verdict on a round that began at `start`, by `performance.now()`, and has ended. */
  readonly sift: (verdict: Verdict, start: number) => Sifted
}

const stallTolerance = 1
/** Seconds of processor time that anybody may take in one go without being named for a stall. */
const muchWork = 0.5
const stepTolerance = 2
const skewTolerance = 60
const fullShare = 0.95

interface Stall {
  readonly to: number
  readonly work: Work | undefined
}

/**
 * Remembers what was seen for a while, since it takes each target a round to show that it is over.
 *
 * @param rememberMs longer than a round usually takes
 */
export function createSuspicion(rememberMs: number): Suspicion {
  const ahead = new Map<string, number>()
  const reach = new Map<string, Reach>()
  const lackedAt = new Map<string, number>()
  let stalls: readonly Stall[] = []
  let steps: readonly { readonly at: number; readonly seconds: number }[] = []
  let shortAt = Number.NEGATIVE_INFINITY
  let noAddressAt = Number.NEGATIVE_INFINITY
  let targets = 0
  let configRejected = false

  const remembered = (at: number) => at >= performance.now() - rememberMs
  const skewed = () => seenInClocks(ahead.values(), targets)
  const isCutOff = () => remembered(noAddressAt) || isNothingReached(reach.values())
  const isActive: Readonly<Record<ImpairmentId, () => boolean>> = {
    'event-loop-stall': () => stalls.some(({ to }) => remembered(to)),
    'clock-step': () => steps.some(({ at }) => remembered(at)),
    'clock-skew': () => skewed() !== undefined,
    'out-of-resources': () => remembered(shortAt) || lackedAt.values().some(remembered),
    'no-network': isCutOff,
    'config-rejected': () => configRejected
  }

  return {
    expect: count => {
      targets = count
    },
    noteEvidence: evidence => {
      const { name } = evidence.target
      const seconds = clockAheadSeconds(evidence)
      if (seconds === undefined) ahead.delete(name)
      else ahead.set(name, seconds)
      reach.set(name, reachOf(evidence))
      if (ownFaults(evidence).length > 0) lackedAt.set(name, performance.now())
    },
    noteVitals: ({ stalledSeconds, steppedSeconds, openFiles, mostOpenFiles, hasAddress }, work) => {
      const now = performance.now()
      if (stalledSeconds > stallTolerance) {
        const isMuch = work !== undefined && work.seconds > muchWork
        const stall = { to: now, work: isMuch ? work : undefined }
        stalls = [...stalls.slice(-mostRemembered + 1), stall]
      }
      if (Math.abs(steppedSeconds) > stepTolerance) {
        steps = [...steps.slice(-mostRemembered + 1), { at: now, seconds: steppedSeconds }]
      }
      if (openFiles > fullShare * mostOpenFiles) shortAt = now
      if (!hasAddress) noAddressAt = now
    },
    rejectConfig: rejected => {
      configRejected = rejected
    },
    forget: target => {
      ahead.delete(target)
      reach.delete(target)
      lackedAt.delete(target)
    },
    active: () => impairments.map(({ id }) => id).filter(id => isActive[id]()),
    stalledBy: () => stalls.findLast(({ to, work }) => remembered(to) && work !== undefined)?.work,
    sift: (verdict, start) => {
      const skew = skewed()
      return sift(verdict, {
        stalled: stalls.some(({ to }) => to >= start),
        stepped: steps.filter(({ at }) => at >= start || remembered(at)).map(({ seconds }) => seconds),
        skewed: skew === undefined ? [] : [skew],
        isCutOff: isCutOff()
      })
    }
  }
}

/** Stalls and steps that are remembered; a round cannot tell more of them apart. */
const mostRemembered = 20

/** What a round says of the network of the machine. */
export type Reach = 'something' | 'nothing' | 'unclear'

/**
 * Whether a round reached anything. One that tried no address tells nothing of the network: its resolvers may be all that
 * has no route.
 */
export function reachOf(evidence: Evidence): Reach {
  if (!reachesNothing(evidence)) return 'something'
  return evidence.addresses.length > 0 ? 'nothing' : 'unclear'
}

/** Whether the last rounds of all targets, as far as they tell, reached nothing. */
export function isNothingReached(reaches: Iterable<Reach>): boolean {
  const all = new Set(reaches)
  return all.has('nothing') && !all.has('something')
}

/**
 * Seconds by which the probe's clock is ahead of all servers' clocks, if it is by more than a minute. One server's clock
 * may be wrong as well: the target that differs least counts, and of several targets two must have said something.
 *
 * @param ahead how far each server's clock is ahead, for the targets whose last round has one
 * @param targets how many there are
 */
export function seenInClocks(ahead: Iterable<number>, targets: number): number | undefined {
  const all = [...ahead].toSorted((one, other) => Math.abs(one) - Math.abs(other))
  const [least] = all
  if (least === undefined || all.length < Math.min(2, targets)) return undefined
  return Math.abs(least) > skewTolerance ? least : undefined
}

/** Sifts the verdict on the only round there is, of one target. */
export function siftAlone(verdict: Verdict): Sifted {
  const { evidence } = verdict
  const skew = seenInClocks(
    [clockAheadSeconds(evidence)].filter(seconds => seconds !== undefined),
    1
  )
  const circumstances: Circumstances = {
    stalled: false,
    stepped: [],
    skewed: skew === undefined ? [] : [skew],
    isCutOff: isNothingReached([reachOf(evidence)])
  }
  return sift(verdict, circumstances)
}
