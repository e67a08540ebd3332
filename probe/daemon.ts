import { isDeepStrictEqual } from 'node:util'
import { budgetWithin } from './budget-within.ts'
import { type CaseChange, caseChange } from './case-change.ts'
import type { Evidence } from './cases/evidence.ts'
import type { Loaded } from './config/source.ts'
import { type History, startHistory } from './history.ts'
import { createSuspicion, type ImpairmentId, type Suspicion } from './impairments.ts'
import { type LibcSamples, sampleLibc } from './libc-samples.ts'
import { questionsOf } from './metrics/tally.ts'
import type { Metrics } from './metrics.ts'
import { boundaryAroundLibc, type Observers } from './observers/boundary.ts'
import { createLibcObserver } from './observers/libc.ts'
import type { Begin } from './observers/tcp.ts'
import { makeReport } from './report.ts'
import { crashed, queriesOf, round } from './round.ts'
import { createSchedule, type Schedule, type Task } from './schedule.ts'
import { afterRound, newStanding, type Standing } from './standing.ts'
import type { Target } from './target.ts'
import { type Clocks, startPulse } from './vitals.ts'

/** The probe at work. */
export interface Daemon {
  /** Watches what a config says from now on. Targets that stay keep their state. */
  readonly apply: (loaded: Loaded) => Promise<void>
  /** A config was refused: the probe goes on with the one before. */
  readonly refuse: () => void
  readonly standings: () => readonly Standing[]
  readonly standing: (target: string) => Standing | undefined
  /** The last hours of a target. */
  readonly history: (target: string) => History | undefined
  /** Tells, until the signal is aborted, that how some target stands or what is impaired has changed. */
  readonly onChange: (tell: () => void, signal: AbortSignal) => void
  readonly impairments: () => readonly ImpairmentId[]
  /** Whether every target has had a round. */
  readonly isReady: () => boolean
  /** Resolves when no round, socket or timer is left. */
  readonly close: () => Promise<void>
}

interface DaemonOptions {
  readonly metrics: Metrics
  /** Told when the case of a target has become another. */
  readonly onCaseChange: (change: CaseChange) => void
  /** Told when what is wrong with the probe itself has changed. */
  readonly onImpairment: (active: readonly ImpairmentId[]) => void
  /** Told of what an observer threw: it costs one observation, and is a bug. */
  readonly onBug: (bug: unknown) => void
  readonly clocks?: Clocks
  /** @default - the system's way to an address */
  readonly begin?: Begin
  /** @default - the real ones */
  readonly observers?: Observers
}

/** Everything that a config makes, and that ends with it. */
interface Work {
  readonly loaded: Loaded
  readonly schedule: Schedule
  readonly tasks: ReadonlyMap<string, { readonly target: Target; readonly task: Task }>
}

/** Puts rounds, judgement and metrics together. Watches nothing until a config is applied. */
export function createDaemon({
  metrics,
  onCaseChange,
  onImpairment,
  onBug,
  clocks,
  begin,
  observers
}: DaemonOptions): Daemon {
  const standings = new Map<string, Standing>()
  const histories = new Map<string, History>()
  const changed = new EventTarget()
  const tell = () => changed.dispatchEvent(new Event('change'))
  const libc: LibcSamples = sampleLibc(boundaryAroundLibc(createLibcObserver(), onBug))
  let work: Work | undefined
  let suspicion: Suspicion = createSuspicion(0)
  let impaired: readonly ImpairmentId[] = []
  let closed = false
  /** Configs are applied one after the other, however fast they come. */
  let turn = Promise.resolve()

  const lookAtSelf = () => {
    const active = suspicion.active()
    if (isDeepStrictEqual(active, impaired)) return
    impaired = active
    metrics.impaired(active)
    onImpairment(active)
    tell()
  }
  const pulse = startPulse(vitals => {
    suspicion.feel({ ...vitals, hasAddress: vitals.hasAddress || work?.loaded.config.allowLoopback === true })
    lookAtSelf()
  }, clocks)

  const look = async (target: Target, { config, resolvers, trust }: Loaded, signal: AbortSignal) => {
    const start = performance.now()
    const sample = libc.of(target.host)
    const watch = {
      target,
      resolvers,
      trust,
      observeLibc: sample === undefined ? undefined : () => Promise.resolve(sample),
      budget: budgetWithin(config.intervalSeconds * 1000),
      allowLoopback: config.allowLoopback,
      begin,
      observers,
      onBug
    }
    const evidence = await round(watch, signal)
    signal.throwIfAborted()
    try {
      return conclude(evidence, start)
    } catch (bug) {
      onBug(bug)
      return conclude(crashed(watch, bug), start)
    }
  }

  /** Takes in what a round saw, and gives the queries that it sent. */
  const conclude = (evidence: Evidence, start: number): number => {
    const { target } = evidence
    const before = standings.get(target.name)
    if (before === undefined) return 0
    suspicion.hear(evidence)
    pulse.beat()
    const report = makeReport(evidence, {
      seconds: Math.round(performance.now() - start) / 1000,
      heldBy: suspicion.holding()
    })
    const after = afterRound(before, report)
    standings.set(target.name, after)
    histories.get(target.name)?.record(report)
    metrics.round(after, report)
    const change = caseChange(before, after)
    if (change !== undefined) onCaseChange(change)
    tell()
    return evidence.resolvers.flatMap(questionsOf).reduce((sum, { queries }) => sum + queries, 0)
  }

  const take = async (loaded: Loaded) => {
    const { config, resolvers } = loaded
    const names = new Set(config.targets.map(({ name }) => name))
    const previous = work
    const isSameWatch = previous !== undefined && isDeepStrictEqual(settingsOf(previous.loaded), settingsOf(loaded))
    if (!isSameWatch) await previous?.schedule.close()
    if (closed) return
    const schedule = isSameWatch
      ? previous.schedule
      : createSchedule({
          intervalMs: config.intervalSeconds * 1000,
          queriesPerSecond: config.queriesPerSecond,
          onOverrun: metrics.overrun
        })
    if (!isSameWatch) suspicion = createSuspicion(config.intervalSeconds * 1500)
    suspicion.rejectConfig(false)
    for (const name of standings.keys()) {
      if (names.has(name)) continue
      standings.delete(name)
      histories.delete(name)
      metrics.end(name)
      suspicion.forget(name)
    }
    const tasks = new Map(
      config.targets.map(target => {
        const { name } = target
        const known = standings.get(name)
        const isSame = known !== undefined && isDeepStrictEqual(known.target, target)
        if (!isSame) {
          standings.set(name, newStanding(target))
          histories.set(name, startHistory())
        }
        metrics.start(
          standings.get(name) ?? newStanding(target),
          resolvers.map(each => each.name)
        )
        const running = isSameWatch && isSame ? previous.tasks.get(name) : undefined
        const task: Task = {
          name,
          queries: queriesOf({ target, resolvers }),
          run: signal => look(target, loaded, signal)
        }
        return [name, running ?? { target, task }] as const
      })
    )
    work = { loaded, schedule, tasks }
    libc.set(
      config.libcIntervalSeconds === 0 ? [] : config.targets.map(({ host }) => host),
      config.libcIntervalSeconds * 1000
    )
    schedule.set(Array.from(tasks.values(), ({ task }) => task))
    metrics.reloaded(true)
    lookAtSelf()
    tell()
  }

  return {
    apply: loaded => {
      const taken = turn.then(() => take(loaded))
      turn = taken.catch(() => {})
      return taken
    },
    refuse: () => {
      suspicion.rejectConfig(true)
      metrics.reloaded(false)
      lookAtSelf()
    },
    standings: () => [...standings.values()],
    standing: target => standings.get(target),
    history: target => histories.get(target),
    onChange: (listener, signal) => changed.addEventListener('change', listener, { signal }),
    impairments: () => impaired,
    isReady: () => work !== undefined && [...standings.values()].every(({ rounds }) => rounds.length > 0),
    close: async () => {
      closed = true
      pulse.stop()
      await Promise.all([turn.then(() => work?.schedule.close()), libc.close()])
    }
  }
}

/** What all rounds depend on, whatever their target. Authorities are compared by what they were read from. */
function settingsOf({ config, resolvers, authorities }: Loaded) {
  const { intervalSeconds, queriesPerSecond, allowLoopback } = config
  return { intervalSeconds, queriesPerSecond, allowLoopback, resolvers, authorities }
}
