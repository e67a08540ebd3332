import { isDeepStrictEqual } from 'node:util'
import { diagnose } from './cases/diagnose.ts'
import type { Evidence } from './cases/evidence.ts'
import type { ClientsMissing } from './causes/configuration.ts'
import { causeOf } from './causes/inquiry.ts'
import type { Loaded } from './config/source.ts'
import type { Pod } from './facts/pod.ts'
import { type IdleWatch, type IdleWatchOptions, watchIdle } from './idle/idle-watch.ts'
import type { Inquirers } from './inquiries/inquirers.ts'
import { type CauseWatch, watchCauses } from './inquiries/watch-causes.ts'
import type { Metrics } from './metrics/metrics.ts'
import { questionsOf } from './metrics/tally.ts'
import { boundaryAroundLibc, type Observers } from './observers/boundary.ts'
import { createLibcLookups } from './observers/libc-lookups.ts'
import type { Begin } from './observers/tcp.ts'
import { queriesOf } from './rounds/ask-resolver.ts'
import { budgetWithin } from './rounds/budget.ts'
import { type CaseChange, caseChange } from './rounds/case-change.ts'
import { type History, startHistory } from './rounds/history.ts'
import { createLibcSamples } from './rounds/libc-samples.ts'
import { looksAgain } from './rounds/look-again.ts'
import type { Report } from './rounds/report.ts'
import { crashed, round } from './rounds/round.ts'
import { createRoundPatience, type RoundPatience } from './rounds/round-patience.ts'
import { createSchedule, type Ran, type Schedule, type Task, type TaskRun } from './rounds/schedule.ts'
import { afterRound, newStanding, type Standing } from './rounds/standing.ts'
import type { ImpairmentId } from './suspicion/impairments.ts'
import { createSuspicion, type Suspicion } from './suspicion/suspicion.ts'
import { type Clocks, startPulse } from './suspicion/vitals.ts'
import { createLedger, type Work } from './suspicion/work.ts'
import type { Target } from './target.ts'

/** The probe at work. */
export interface Daemon {
  /** Applies a config. Targets that stay keep their state. */
  readonly apply: (loaded: Loaded) => Promise<void>
  /** Reports that a config was refused. The previous one stays in use. */
  readonly refuse: () => void
  readonly standings: () => readonly Standing[]
  readonly standing: (target: string) => Standing | undefined
  /** The history of a target over the last hours. */
  readonly history: (target: string) => History | undefined
  /** Calls back when the standing of a target or the impairments change, until the signal is aborted. */
  readonly onChange: (tell: () => void, signal: AbortSignal) => void
  readonly impairments: () => readonly ImpairmentId[]
  /** The work that blocked the event loop in the last stall. `undefined` if no work did, or if the stall is too long ago. */
  readonly stalledBy: () => Work | undefined
  /** Records work that was not for a target: see {@link Ledger.charge}. */
  readonly charge: (of: string) => void
  /** Forgets the results of earlier rounds, because a fault that the demo makes is not intermittent. For the demo. */
  readonly forgetRounds: () => void
  /** Begins a round of a target at once, or when its present one has ended. The caller limits how often. */
  readonly requestRound: (target: string) => void
  /** Whether every target has had a round. */
  readonly isReady: () => boolean
  /** Resolves when no round, socket or timer is left. */
  readonly close: () => Promise<void>
}

interface DaemonOptions {
  readonly metrics: Metrics
  /** Called when the case of a target changes. */
  readonly onCaseChange: (change: CaseChange) => void
  /** Called when the cloud has confirmed another cause of a target's case than before. @default - no call */
  readonly onCause?: (found: CauseFound) => void
  /** Called once if the cloud is to be asked and the clients of its API are not installed. @default - no call */
  readonly onClientsMissing?: (error: ClientsMissing) => void
  /** Called when the impairments of the probe change. */
  readonly onImpairment: (active: readonly ImpairmentId[], stalledBy: Work | undefined) => void
  /** Called with what an observer threw. It is a bug and costs one observation. */
  readonly onBug: (bug: unknown) => void
  readonly clocks?: Clocks
  /** Milliseconds. @default - as long as a client waits */
  readonly patienceMs?: number
  /** @default - the system's way to an address */
  readonly begin?: Begin
  /** @default - the real ones */
  readonly observers?: Observers
  /** @default - the real ones */
  readonly inquirers?: (signal: AbortSignal) => Inquirers
  /** The pod that this process runs in. @default - none */
  readonly pod?: Pod | undefined
  /** @default - what a probe in use does */
  readonly idleOptions?: Pick<IdleWatchOptions, 'times' | 'pace' | 'patienceMs'>
}

/** A cause that the cloud confirmed: what an operator wants to read in a log. */
export interface CauseFound {
  readonly target: string
  readonly case: string
  readonly cause: string
  /** What proves it. */
  readonly proof: string
}

/** Everything that a config makes, and that ends with it. */
interface RunningConfig {
  readonly loaded: Loaded
  readonly schedule: Schedule
  readonly tasks: ReadonlyMap<string, WatchedTarget>
}

interface WatchedTarget {
  readonly target: Target
  readonly task: Task
  readonly patience: RoundPatience
}

/** Puts rounds, judgement and metrics together. Watches nothing until a config is applied. */
export function createDaemon({
  metrics,
  onCaseChange,
  onCause = () => {},
  onClientsMissing = () => {},
  onImpairment,
  onBug,
  clocks,
  patienceMs,
  begin,
  observers,
  inquirers,
  pod,
  idleOptions = {}
}: DaemonOptions): Daemon {
  const standings = new Map<string, Standing>()
  const histories = new Map<string, History>()
  const changed = new EventTarget()
  const tell = () => changed.dispatchEvent(new Event('change'))
  const lookups = createLibcLookups(onBug)
  const libc = createLibcSamples(lookups, patienceMs)
  const ledger = createLedger()
  let work: RunningConfig | undefined
  /** Present while the config wants it. */
  let causes: CauseWatch | undefined
  /** Present while the config wants it. */
  let idle: IdleWatch | undefined
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
    onImpairment(active, suspicion.stalledBy())
    tell()
  }
  const pulse = startPulse(vitals => {
    const hasAddress = vitals.hasAddress || work?.loaded.config.allowLoopback === true
    suspicion.noteVitals({ ...vitals, hasAddress }, ledger.most())
    lookAtSelf()
  }, clocks)

  const look = async (
    target: Target,
    patience: RoundPatience,
    { config, resolvers, trust }: Loaded,
    signal: AbortSignal,
    { isAgain, takeMore }: TaskRun
  ) => {
    const start = performance.now()
    const intervalMs = config.intervalSeconds * 1000
    const charge = () => ledger.charge(target.name)
    const watch = {
      target,
      resolvers,
      trust,
      observeLibc: boundaryAroundLibc(libc.observe, onBug),
      budget: budgetWithin(intervalMs),
      patience,
      takeMore,
      isEarly: isAgain,
      recent: standings.get(target.name)?.recent ?? [],
      charge,
      allowLoopback: config.allowLoopback,
      begin,
      observers,
      pod,
      onBug
    }
    const evidence = await round(watch, signal)
    signal.throwIfAborted()
    try {
      return conclude(evidence, { start, intervalMs })
    } catch (bug) {
      onBug(bug)
      return conclude(crashed(watch, bug), { start, intervalMs })
    } finally {
      charge()
    }
  }

  /** Takes in what a round saw. */
  const conclude = (
    evidence: Evidence<Target>,
    { start, intervalMs }: { readonly start: number; readonly intervalMs: number }
  ): Ran => {
    const { target } = evidence
    const before = standings.get(target.name)
    const queries = evidence.resolvers.flatMap(questionsOf).reduce((sum, each) => sum + each.queries, 0)
    if (before === undefined) return { queries, again: [] }
    suspicion.noteEvidence(evidence)
    pulse.beat()
    const seconds = Math.round(performance.now() - start) / 1000
    const sifted = suspicion.sift({ evidence, diagnosis: diagnose(evidence) }, start)
    const report: Report = { evidence, ...sifted, seconds }
    if (report.heldBy.length > 0) libc.drop(target.host)
    const after = afterRound(before, report)
    // Or the next looks would see the same sample.
    if (!after.confirmed.verdict && after.rounds[0]?.sample !== undefined) libc.renew(target.host)
    standings.set(target.name, after)
    histories.get(target.name)?.record(report)
    metrics.round(after, report)
    if (report.heldBy.length === 0) {
      causes?.consider(evidence, after.diagnosis.case.id, after.diagnosis.state === 'healthy')
      idle?.consider(evidence)
    }
    const change = caseChange(before, after)
    if (change !== undefined) onCaseChange(change)
    tell()
    return { queries, again: looksAgain(before, after, intervalMs) }
  }

  const startCauses = () =>
    watchCauses({
      onInquiry: (name, found, inquiry) => {
        const before = standings.get(name)
        if (before === undefined || before.diagnosis.case.id !== found) return
        const after = { ...before, inquiry }
        standings.set(name, after)
        metrics.cause(after)
        const cause = causeOf(inquiry)
        if (cause !== undefined && cause.text !== (before.inquiry && causeOf(before.inquiry)?.text)) {
          onCause({ target: name, case: found, cause: cause.id, proof: cause.text })
        }
        tell()
      },
      onClientsMissing,
      onBug,
      ...(inquirers === undefined ? {} : { inquirers })
    })

  const startIdle = (most: number, { trust, config: { allowLoopback } }: Loaded) =>
    watchIdle({
      most,
      link: { trust, allowLoopback, begin },
      onFound: (name, found) => {
        const before = standings.get(name)
        if (before === undefined) return
        const after = { ...before, idle: found }
        standings.set(name, after)
        metrics.idle(after)
        tell()
      },
      onBug,
      ...idleOptions
    })

  const watchTarget = (target: Target, loaded: Loaded): WatchedTarget => {
    const patience = createRoundPatience(patienceMs)
    const run = (signal: AbortSignal, each: TaskRun) => look(target, patience, loaded, signal, each)
    return { target, patience, task: { name: target.name, queries: queriesOf({ target, ...loaded }), run } }
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
    if (config.cloudFacts === true) causes ??= startCauses()
    else {
      await causes?.close()
      causes = undefined
    }
    if (!isSameWatch || config.idleConnections !== previous.loaded.config.idleConnections) {
      await idle?.close()
      idle = config.idleConnections === 0 ? undefined : startIdle(config.idleConnections, loaded)
    }
    suspicion.rejectConfig(false)
    suspicion.expect(names.size)
    for (const name of standings.keys()) {
      if (names.has(name)) continue
      standings.delete(name)
      histories.delete(name)
      metrics.end(name)
      causes?.forget(name)
      idle?.forget(name)
      suspicion.forget(name)
    }
    const tasks = new Map(
      config.targets.map(target => {
        const { name } = target
        const known = standings.get(name)
        const isSame = known !== undefined && isDeepStrictEqual(known.target, target)
        if (!isSame) {
          idle?.forget(name)
          standings.set(name, newStanding(target))
          histories.set(name, startHistory())
        }
        metrics.start(
          standings.get(name) ?? newStanding(target),
          resolvers.map(each => each.name)
        )
        const running = isSameWatch && isSame ? previous.tasks.get(name) : undefined
        return [name, running ?? watchTarget(target, loaded)] as const
      })
    )
    work = { loaded, schedule, tasks }
    libc.set(config.libcIntervalSeconds === 0 ? [] : config.targets.map(({ host }) => host), {
      sampleMs: config.libcIntervalSeconds * 1000,
      roundMs: config.intervalSeconds * 1000
    })
    schedule.set(Array.from(tasks.values(), ({ task }) => task))
    const kept = new Set(tasks.values())
    for (const watched of previous?.tasks.values() ?? []) if (!kept.has(watched)) void watched.patience.close()
    metrics.accepted(config)
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
      metrics.refused()
      lookAtSelf()
    },
    standings: () => [...standings.values()],
    standing: target => standings.get(target),
    history: target => histories.get(target),
    onChange: (listener, signal) => changed.addEventListener('change', listener, { signal }),
    impairments: () => impaired,
    stalledBy: () => suspicion.stalledBy(),
    charge: ledger.charge,
    forgetRounds: () => {
      for (const [name, standing] of standings) standings.set(name, { ...standing, recent: [] })
    },
    requestRound: target => work?.schedule.runSoon(target),
    isReady: () => work !== undefined && [...standings.values()].every(({ rounds }) => rounds.length > 0),
    close: async () => {
      closed = true
      pulse.stop()
      await turn.then(() => work?.schedule.close())
      await causes?.close()
      await idle?.close()
      await Promise.all([...(work?.tasks.values() ?? [])].map(({ patience }) => patience.close()))
      await lookups.close()
    }
  }
}

/** What all rounds depend on, whatever their target. Authorities are compared by what they were read from. */
function settingsOf({ config, resolvers, authorities }: Loaded) {
  const { intervalSeconds, queriesPerSecond, allowLoopback } = config
  return { intervalSeconds, queriesPerSecond, allowLoopback, resolvers, authorities }
}
