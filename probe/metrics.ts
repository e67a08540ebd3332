import { setImmediate } from 'node:timers/promises'
import { Gauge, Registry } from 'prom-client'
import { type ImpairmentId, impairments } from './impairments.ts'
import { asOpenMetrics, type Format } from './metrics/exposition.ts'
import { joinFamily } from './metrics/joined.ts'
import { startTally, type Tallied, tallyRound } from './metrics/tally.ts'
import { targetFamilies } from './metrics/target-families.ts'
import type { Report } from './report.ts'
import type { Standing } from './standing.ts'

/** The series of every target, and of the probe itself. */
export interface Metrics {
  /** Holds what is there once in a process; process metrics may be added. What targets have is beside it. */
  readonly registry: Registry
  /** Starts the series of a target, or goes on with them if it is known. */
  readonly start: (standing: Standing, resolvers: readonly string[]) => void
  /** Ends the series of a target. */
  readonly end: (target: string) => void
  readonly round: (standing: Standing, report: Report) => void
  readonly overrun: (target: string) => void
  readonly impaired: (active: readonly ImpairmentId[]) => void
  /** A config was taken or, with mistakes, refused. */
  readonly reloaded: (successful: boolean) => void
  /** Writes everything, in pieces between which others get their turn. */
  readonly write: (format: Format) => AsyncGenerator<Buffer>
}

/**
 * The metrics of one probe. Targets' series are written when a round ends and joined when they are scraped: prom-client
 * writes a thousand targets in 150 ms, and holds the event loop meanwhile. It has those that there is one of.
 */
export function createMetrics({
  version,
  intervalSeconds
}: {
  readonly version: string
  readonly intervalSeconds: () => number
}): Metrics {
  const registry = new Registry()
  const targets = new Map<string, Tallied>()
  const families = targetFamilies.map(joinFamily)
  const registers = [registry]
  new Gauge({
    name: 'privatelink_build_info',
    help: 'Always 1: what is running.',
    labelNames: ['version', 'node'],
    registers
  }).set({ version, node: process.versions.node }, 1)
  new Gauge({
    name: 'privatelink_targets',
    help: 'Targets that are watched.',
    registers,
    collect() {
      this.set(targets.size)
    }
  })
  new Gauge({
    name: 'privatelink_interval_seconds',
    help: 'Seconds between two rounds of one target.',
    registers,
    collect() {
      this.set(intervalSeconds())
    }
  })
  const impairment = new Gauge({
    name: 'privatelink_impairment',
    help: 'Whether something is wrong with the probe itself; all but config-rejected hold the verdicts on targets.',
    labelNames: ['impairment'],
    registers
  })
  const reloadSuccessful = new Gauge({
    name: 'privatelink_config_last_reload_successful',
    help: 'Whether the config was taken when it was last read.',
    registers
  })
  const reloadSuccess = new Gauge({
    name: 'privatelink_config_last_reload_success_timestamp_seconds',
    help: 'When a config was last taken.',
    registers
  })
  const setImpairments = (active: readonly ImpairmentId[]) => {
    for (const { id } of impairments) impairment.set({ impairment: id }, Number(active.includes(id)))
  }
  setImpairments([])

  const set = (name: string, tallied: Tallied) => {
    targets.set(name, tallied)
    for (const family of families) family.set(name, tallied)
  }

  return {
    registry,
    start: (standing, resolvers) => {
      const { name } = standing.target
      set(name, startTally(targets.get(name), standing, resolvers))
    },
    end: target => {
      targets.delete(target)
      for (const family of families) family.delete(target)
    },
    round: (standing, report) => {
      const { name } = standing.target
      const before = targets.get(name)
      if (before !== undefined) set(name, tallyRound(before, standing, report))
    },
    overrun: target => {
      const tallied = targets.get(target)
      if (tallied === undefined) return
      tallied.tally.overruns += 1
      set(target, tallied)
    },
    impaired: setImpairments,
    reloaded: successful => {
      reloadSuccessful.set(Number(successful))
      if (successful) reloadSuccess.set(Date.now() / 1000)
    },
    write: async function* (format) {
      const own = await registry.metrics()
      yield Buffer.from(format === 'openmetrics' ? asOpenMetrics(own) : own)
      for (const family of families) {
        yield* family.write(format)
        await setImmediate()
      }
      if (format === 'openmetrics') yield Buffer.from('# EOF\n')
    }
  }
}
