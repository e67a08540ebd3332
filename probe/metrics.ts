import { Gauge, Registry } from 'prom-client'
import { type ImpairmentId, impairments } from './impairments.ts'
import { asOpenMetrics, type Format, heading, lineOf } from './metrics/exposition.ts'
import type { Outcome } from './metrics/failure-reason.ts'
import { count, newTally, type Tallied } from './metrics/tally.ts'
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

/** The text of one target: the samples of all families in one piece, and where each family ends. */
interface Written {
  tallied: Tallied
  text: Buffer
  ends: Uint32Array
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
  const targets = new Map<string, Written>()
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

  const rewrite = (name: string, change: (before: Tallied) => Tallied) => {
    const written = targets.get(name)
    if (written === undefined) return
    written.tallied = change(written.tallied)
    Object.assign(written, writeTarget(name, written.tallied))
  }

  return {
    registry,
    start: (standing, resolvers) => {
      const { name } = standing.target
      const known = targets.get(name)?.tallied
      const fresh = newTally(resolvers)
      const tallied: Tallied =
        known === undefined
          ? { standing, outcomes: undefined, last: undefined, tally: fresh }
          : {
              ...known,
              standing,
              outcomes: standing.since === undefined ? undefined : known.outcomes,
              tally: {
                ...known.tally,
                queries: new Map(
                  [...fresh.queries].map(([resolver, zero]) => [resolver, known.tally.queries.get(resolver) ?? zero])
                )
              }
            }
      targets.set(name, { tallied, ...writeTarget(name, tallied) })
    },
    end: target => {
      targets.delete(target)
    },
    round: (standing, report) =>
      rewrite(standing.target.name, before => {
        const counted = count(before.tally, report)
        const held = report.heldBy.length > 0
        const outcomes: readonly Outcome[] | undefined = held ? before.outcomes : counted
        const changed =
          before.standing.since !== undefined && before.standing.diagnosis.case.id !== standing.diagnosis.case.id
        if (changed) before.tally.caseChanges += 1
        const { seconds, heldBy, evidence } = report
        return { tally: before.tally, standing, outcomes, last: { seconds, heldBy, at: evidence.at } }
      }),
    overrun: target =>
      rewrite(target, before => {
        before.tally.overruns += 1
        return before
      }),
    impaired: setImpairments,
    reloaded: successful => {
      reloadSuccessful.set(Number(successful))
      if (successful) reloadSuccess.set(Date.now() / 1000)
    },
    write: async function* (format) {
      const own = await registry.metrics()
      yield Buffer.from(format === 'openmetrics' ? asOpenMetrics(own) : own)
      for (const [index, family] of targetFamilies.entries()) {
        const pieces = Array.from(targets.values(), ({ text, ends }) =>
          text.subarray(index === 0 ? 0 : ends[index - 1], ends[index])
        )
        yield Buffer.concat([Buffer.from(heading(family, format)), ...pieces])
      }
      if (format === 'openmetrics') yield Buffer.from('# EOF\n')
    }
  }
}

function writeTarget(name: string, tallied: Tallied): Pick<Written, 'text' | 'ends'> {
  const parts = targetFamilies.map(family => family.samples(tallied, lineOf(family.name, name)))
  const ends = new Uint32Array(parts.length)
  let end = 0
  parts.forEach((part, index) => {
    end += Buffer.byteLength(part)
    ends[index] = end
  })
  return { text: Buffer.from(parts.join('')), ends }
}
