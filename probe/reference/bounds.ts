import type { Bound } from './bound.ts'
import { configBounds } from './config-bounds.ts'
import { dnsBounds } from './dns-bounds.ts'
import { peerBounds } from './peer-bounds.ts'
import { readerBounds } from './reader-bounds.ts'
import { markdownTable, type Tables } from './tables.ts'
import { timeBounds } from './time-bounds.ts'

/** Every bound, by who can reach it; and those that time reaches. */
export const documentedBounds: Readonly<
  Record<'readers' | 'resolvers' | 'servers' | 'operators' | 'time', readonly Bound[]>
> = {
  readers: readerBounds,
  resolvers: dnsBounds,
  servers: peerBounds,
  operators: configBounds,
  time: timeBounds
}

/** A table for each. */
export const boundTables: Tables = Object.fromEntries(
  Object.entries(documentedBounds).map(([who, rows]) => [`limits of ${who}`, () => boundTable(rows)])
)

function boundTable(rows: readonly Bound[]): string {
  return markdownTable(
    ['what', 'limit', 'beyond it', 'test'],
    rows.map(({ what, most, unit, beyond, test }) => [what, quantity(most, unit), beyond, test])
  )
}

/** Milliseconds as seconds and octets as KiB, where these are whole. */
function quantity(most: number, unit: string): string {
  if (unit === 'ms' && most % 1000 === 0) return `${most / 1000} s`
  if (unit === 'bytes' && most >= 1024 && most % 1024 === 0) return `${most / 1024} KiB`
  return `${most.toLocaleString('en-US')} ${unit}`
}
