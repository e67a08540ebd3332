import { type CaseId, catalogue } from '../cases/catalogue.ts'
import { outcomesOf } from '../cases/failure-reason.ts'
import { type Layer, layers } from '../facts/observation.ts'
import type { Report } from './report.ts'

/** A minute of a target's life. */
export interface Minute {
  /** When it began: Unix time in seconds, a multiple of 60. */
  readonly at: number
  /** The last case in it that was not healthy, or else the last; `undefined` if no round counted. */
  readonly case: CaseId | undefined
  /** Whether the state was degraded in it, though no case says so: a critical finding does. */
  readonly isDegraded: boolean
  /** The most that each layer took where it succeeded; absent where it never did. */
  readonly seconds: Readonly<Partial<Record<Layer, number>>>
}

/** The case of a target became another. */
export interface CaseTransition {
  readonly at: number
  readonly from: CaseId
  readonly to: CaseId
}

/** The last hours of a target, in memory and bounded. */
export interface History {
  readonly record: (report: Report) => void
  /** The newest last; minutes in which nothing was seen are left out. */
  readonly minutes: () => readonly Minute[]
  /** The newest first. */
  readonly changes: () => readonly CaseTransition[]
}

/** Four hours. */
export const mostMinutes = 240
const mostChanges = 20
const ids = catalogue.map(({ id }) => id)
const healthy = ids.indexOf('healthy')
const none = -1

/** Starts a history in which nothing has happened yet. It is kept in arrays of numbers: six kilobytes for four hours. */
export function startHistory(): History {
  const starts = new Uint32Array(mostMinutes)
  const cases = new Int8Array(mostMinutes)
  const degraded = new Uint8Array(mostMinutes)
  const seconds = new Float32Array(mostMinutes * layers.length)
  /** How many minutes there ever were; the newest is the one before. */
  let begun = 0
  let changes: readonly CaseTransition[] = []
  let last: CaseId | undefined

  const slotAt = (at: number) => {
    const newest = (begun - 1) % mostMinutes
    // A clock that went back does not begin another minute.
    if (begun > 0 && (starts[newest] ?? 0) >= at) return newest
    const slot = begun % mostMinutes
    begun += 1
    starts[slot] = at
    cases[slot] = none
    degraded[slot] = 0
    seconds.fill(Number.NaN, slot * layers.length, (slot + 1) * layers.length)
    return slot
  }
  const minute = (slot: number): Minute => ({
    at: starts[slot] ?? 0,
    case: ids[cases[slot] ?? none],
    isDegraded: degraded[slot] === 1,
    seconds: Object.fromEntries(
      layers.flatMap((layer, index) => {
        const value = seconds[slot * layers.length + index] ?? Number.NaN
        return Number.isNaN(value) ? [] : [[layer, value]]
      })
    )
  })

  return {
    record: ({ evidence, diagnosis, heldBy }) => {
      const slot = slotAt(Math.floor(evidence.at / 60) * 60)
      if (heldBy.length > 0) return
      const { id } = diagnosis.case
      const index = ids.indexOf(id)
      if (index !== healthy || cases[slot] === none) cases[slot] = index
      if (diagnosis.state === 'degraded') degraded[slot] = 1
      for (const { layer, seconds: took, failure } of outcomesOf(evidence)) {
        if (failure !== undefined) continue
        const place = slot * layers.length + layers.indexOf(layer)
        const before = seconds[place] ?? Number.NaN
        if (!(before >= took)) seconds[place] = took
      }
      if (last !== undefined && last !== id) {
        changes = [{ at: evidence.at, from: last, to: id }, ...changes.slice(0, mostChanges - 1)]
      }
      last = id
    },
    minutes: () =>
      Array.from({ length: Math.min(begun, mostMinutes) }, (_, index) =>
        minute((Math.max(0, begun - mostMinutes) + index) % mostMinutes)
      ),
    changes: () => changes
  }
}
