import { Counter, Gauge, Registry } from 'prom-client'
import type { Config } from '../config/config.ts'
import type { Report } from '../rounds/report.ts'
import type { Standing } from '../rounds/standing.ts'
import { type ImpairmentId, impairments } from '../suspicion/impairments.ts'
import { asOpenMetrics, type Format, heading } from './exposition.ts'
import { compress, gzipOf, type Piece } from './gzip.ts'
import { keepPages } from './pages.ts'
import { type SampledMetrics, samplesInRegistry, samplesOf } from './sample.ts'
import { startTally, type Tallied, tallyRound } from './tally.ts'
import { targetFamilies } from './target-families.ts'

/** The series of every target, and of the probe itself. */
export interface Metrics extends SampledMetrics {
  /** The metrics of the process, to which process metrics may be added. It does not hold the metrics of targets. */
  readonly registry: Registry
  /** Starts the series of a target, or continues them if the target is known. */
  readonly start: (standing: Standing, resolvers: readonly string[]) => void
  /** Ends the series of a target. */
  readonly end: (target: string) => void
  readonly round: (standing: Standing, report: Report) => void
  /** The cloud answered why a target stands as it does. */
  readonly cause: (standing: Standing) => void
  /** An idle connection to the target has ended. */
  readonly idle: (standing: Standing) => void
  readonly overrun: (target: string) => void
  readonly impaired: (active: readonly ImpairmentId[]) => void
  readonly accepted: (config: Pick<Config, 'intervalSeconds' | 'probes'>) => void
  /** The probe refused a config because of mistakes. */
  readonly refused: () => void
  /** Counts the result of a request that pushed metrics. */
  readonly pushed: (outcome: 'accepted' | 'refused' | 'unavailable') => void
  /** Everything as it is now or was a tenth of a second ago, as a gzip file. */
  readonly write: (format: Format) => Promise<Buffer>
}

/**
 * The metrics of one probe. prom-client keeps the metrics of the process. To write those of a thousand targets, it would hold the event loop
 * for more than 130 ms in one go. So these are kept compressed, a page of targets at a time.
 */
export function createMetrics({
  version,
  revision = 'unknown',
  settleMs = 100
}: {
  readonly version: string
  /** The commit that it was built from. */
  readonly revision?: string | undefined
  /** Milliseconds by which what is written of targets may be behind; 0 for none. */
  readonly settleMs?: number
}): Metrics {
  const registry = new Registry()
  const targets = new Map<string, Tallied>()
  const pages = keepPages(targetFamilies, settleMs)
  const headings = { text: headingsIn('text'), openmetrics: headingsIn('openmetrics') }
  const registers = [registry]
  new Gauge({
    name: 'privatelink_build_info',
    help: 'Always 1. The labels describe the running probe.',
    labelNames: ['version', 'revision', 'node'],
    registers
  }).set({ version, revision, node: process.versions.node }, 1)
  new Gauge({
    name: 'privatelink_targets',
    help: 'Targets that the probe watches.',
    registers,
    collect() {
      this.set(targets.size)
    }
  })
  const interval = new Gauge({
    name: 'privatelink_interval_seconds',
    help: 'Seconds between two rounds of one target.',
    registers
  })
  const probesExpected = new Gauge({
    name: 'privatelink_probes_expected',
    help: 'Probes that should watch these targets, including this one. Absent if the config does not say.',
    registers
  })
  probesExpected.remove()
  const impairment = new Gauge({
    name: 'privatelink_impairment',
    help: '1 if the probe itself has this problem. See privatelink_verdict_held for the verdicts that it holds.',
    labelNames: ['impairment'],
    registers
  })
  const reloadSuccessful = new Gauge({
    name: 'privatelink_config_last_reload_successful',
    help: '1 if the probe accepted the config when it last read it.',
    registers
  })
  const reloadSuccess = new Gauge({
    name: 'privatelink_config_last_reload_success_timestamp_seconds',
    help: 'When the probe last accepted a config.',
    registers
  })
  const pushes = new Counter({
    name: 'privatelink_otlp_requests_total',
    help: 'Requests that pushed metrics, by what came of them. Absent if metrics are not pushed.',
    labelNames: ['outcome'],
    registers
  })
  const setImpairments = (active: readonly ImpairmentId[]) => {
    for (const { id } of impairments) impairment.set({ impairment: id }, Number(active.includes(id)))
  }
  setImpairments([])

  const set = (name: string, tallied: Tallied) => {
    targets.set(name, tallied)
    pages.set(name, tallied)
  }
  /** Takes in what has become of a target between two rounds. */
  const change = (standing: Standing) => {
    const { name } = standing.target
    const tallied = targets.get(name)
    if (tallied !== undefined) set(name, { ...tallied, standing })
  }

  return {
    registry,
    start: (standing, resolvers) => {
      const { name } = standing.target
      set(name, startTally(targets.get(name), standing, resolvers))
    },
    end: target => {
      targets.delete(target)
      pages.delete(target)
    },
    round: (standing, report) => {
      const { name } = standing.target
      const before = targets.get(name)
      if (before !== undefined) set(name, tallyRound(before, standing, report))
    },
    cause: change,
    idle: change,
    overrun: target => {
      const tallied = targets.get(target)
      if (tallied === undefined) return
      tallied.tally.overruns += 1
      set(target, { ...tallied })
    },
    impaired: setImpairments,
    accepted: ({ intervalSeconds, probes }) => {
      interval.set(intervalSeconds)
      if (probes === undefined) probesExpected.remove()
      else probesExpected.set(probes)
      reloadSuccessful.set(1)
      reloadSuccess.set(Date.now() / 1000)
    },
    refused: () => reloadSuccessful.set(0),
    pushed: outcome => pushes.inc({ outcome }),
    ofProcess: () => samplesInRegistry(registry),
    targets: () => [...targets.keys()],
    ofTarget: target => samplesOf(targetFamilies, target, targets.get(target)),
    write: async format => {
      const own = await registry.metrics()
      const samples = pages.pieces()
      return gzipOf([
        compress(format === 'openmetrics' ? asOpenMetrics(own) : own),
        ...headings[format].flatMap((head, index) => [head, ...(samples[index] ?? [])]),
        compress(format === 'openmetrics' ? '# EOF\n' : '')
      ])
    }
  }
}

/** The lines before the samples of each family. */
function headingsIn(format: Format): readonly Piece[] {
  return targetFamilies.map(family => compress(heading(family, format)))
}
