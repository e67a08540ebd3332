import type { Evidence } from './cases/evidence.ts'
import { clockAheadSeconds, ownFaults } from './cases/own-faults.ts'
import type { Vitals } from './vitals.ts'

/** Everything that may be wrong with the probe itself. Where one `holds`, what a round saw may be the probe's fault. */
export const impairments = [
  {
    id: 'event-loop-stall',
    holds: true,
    meaning: 'The probe did not get to run for more than a second: what looks like silence may have been its own.',
    remedy: 'give it more processor time; see whether its container is throttled'
  },
  {
    id: 'clock-step',
    holds: true,
    meaning: "The system's clock jumped: ages and dates of the last rounds may be wrong.",
    remedy: 'see why time synchronisation steps the clock instead of slewing it'
  },
  {
    id: 'clock-skew',
    holds: true,
    meaning: "The system's clock is more than a minute away from that of the servers: certificates are judged by it.",
    remedy:
      "synchronise the clock with the cloud's time service, 169.254.169.123 on AWS, metadata.google.internal on Google Cloud"
  },
  {
    id: 'out-of-resources',
    holds: true,
    meaning:
      'The operating system refuses sockets to the probe, or is about to: file descriptors, ports or memory ran out.',
    remedy: 'raise the limit of open files, or watch fewer targets from one probe'
  },
  {
    id: 'no-network',
    holds: true,
    meaning: 'The machine that the probe runs on has no address, or no route to anything.',
    remedy: "see to the machine's or the pod's network interface and routes"
  },
  {
    id: 'config-rejected',
    holds: false,
    meaning: 'The config has changed, and the new one has mistakes: the probe goes on with the old one.',
    remedy: "correct what the probe's log says about the config"
  }
] as const satisfies readonly {
  readonly id: string
  readonly holds: boolean
  readonly meaning: string
  readonly remedy: string
}[]

/** The id of an impairment: a closed set. */
export type ImpairmentId = (typeof impairments)[number]['id']

const stallTolerance = 1
const stepTolerance = 2
const skewTolerance = 60
const fullShare = 0.95

/** What the probe's own machine shows. */
export function seenInVitals(vitals: Vitals): readonly ImpairmentId[] {
  const { stalledSeconds, steppedSeconds, openFiles, mostOpenFiles, hasAddress } = vitals
  return [
    ...(stalledSeconds > stallTolerance ? (['event-loop-stall'] as const) : []),
    ...(Math.abs(steppedSeconds) > stepTolerance ? (['clock-step'] as const) : []),
    ...(openFiles > fullShare * mostOpenFiles ? (['out-of-resources'] as const) : []),
    ...(hasAddress ? [] : (['no-network'] as const))
  ]
}

/** What a round shows of the probe itself. Silence is not among it: packets cannot tell whose it is. */
export function seenInRound(evidence: Evidence): readonly ImpairmentId[] {
  return [
    ...(ownFaults(evidence).length > 0 ? (['out-of-resources'] as const) : []),
    ...(isCutOff(evidence) ? (['no-network'] as const) : [])
  ]
}

/**
 * What the clocks of the servers show. One server's clock may be wrong as well: the target that differs least counts.
 *
 * @param ahead seconds by which the probe's clock was ahead in the last round of each target, as far as known
 */
export function seenInClocks(ahead: Iterable<number>): readonly ImpairmentId[] {
  const least = Math.min(...[...ahead].map(Math.abs))
  return Number.isFinite(least) && least > skewTolerance ? ['clock-skew'] : []
}

/** Whether the machine itself had no way to any resolver nor to any address. */
function isCutOff({ resolvers, addresses }: Evidence): boolean {
  const hasNoRoute = (seen: { readonly kind: string; readonly code?: string }) =>
    seen.kind === 'unreachable' && (seen.code === 'ENETUNREACH' || seen.code === 'ENETDOWN')
  return resolvers.every(({ a }) => hasNoRoute(a)) && addresses.every(({ path }) => hasNoRoute(path.tcp))
}

/** What is wrong with the probe now, and was during a round. */
export interface Suspicion {
  /** Judges by what a round shows, too. */
  readonly hear: (evidence: Evidence) => void
  /** Judges by what the machine shows. */
  readonly feel: (vitals: Vitals) => void
  readonly rejectConfig: (rejected: boolean) => void
  readonly forget: (target: string) => void
  /** Impairments that were seen within the last interval. */
  readonly active: () => readonly ImpairmentId[]
  /** Those among them that forbid a verdict on a round, seen since it began or active still. */
  readonly holding: () => readonly ImpairmentId[]
}

/**
 * Remembers what was seen for a while, since it takes each target a round to show that it is over.
 *
 * @param rememberMs longer than a round takes
 */
export function createSuspicion(rememberMs: number): Suspicion {
  const seenAt = new Map<ImpairmentId, number>()
  const ahead = new Map<string, number>()
  let configRejected = false

  const see = (ids: readonly ImpairmentId[]) => {
    for (const id of ids) seenAt.set(id, performance.now())
  }
  const active = () => {
    const since = performance.now() - rememberMs
    return impairments
      .map(({ id }) => id)
      .filter(id => (id === 'config-rejected' ? configRejected : (seenAt.get(id) ?? Number.NEGATIVE_INFINITY) >= since))
  }
  return {
    hear: evidence => {
      const seconds = clockAheadSeconds(evidence)
      if (seconds === undefined) ahead.delete(evidence.target.name)
      else ahead.set(evidence.target.name, seconds)
      see([...seenInRound(evidence), ...seenInClocks(ahead.values())])
    },
    feel: vitals => see(seenInVitals(vitals)),
    rejectConfig: rejected => {
      configRejected = rejected
    },
    forget: target => {
      ahead.delete(target)
    },
    active,
    holding: () => {
      const now = active()
      return impairments.flatMap(({ id, holds }) => (holds && now.includes(id) ? [id] : []))
    }
  }
}
