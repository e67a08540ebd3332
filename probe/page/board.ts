import type { Standing } from '../rounds/standing.ts'
import { rankOf, row } from './row.ts'

/** The list of all targets, as it is sent to those who look on: what has changed, and nothing else. */
export interface Board {
  /** Identifies the list. It changes with the set of targets, and with the process. */
  readonly edition: () => string
  /** How far the list is; it grows with every row that becomes another. */
  readonly revision: () => number
  /** All rows; that which has become another last is the first. */
  readonly newestFirst: () => readonly (BoardRow & { readonly revision: number })[]
  /** The row of a target in the list. Empty if no target has that name. */
  readonly html: (name: string) => string
}

/** One target in the list. */
export interface BoardRow {
  readonly name: string
  /** Its position in the list. */
  readonly rank: string
  readonly html: string
}

/** Keeps the list of what `standings` gives; it looks at that only when it is asked. */
export function keepBoard(standings: () => readonly Standing[]): Board {
  const rows = new Map<string, BoardRow & { readonly revision: number }>()
  const process_ = Date.now().toString(36)
  let editions = 0
  let revision = 0

  const look = () => {
    const now = standings()
    if (now.length !== rows.size || now.some(({ target }) => !rows.has(target.name))) {
      editions += 1
      rows.clear()
    }
    for (const standing of now) {
      const { name } = standing.target
      const html = row(standing)
      if (rows.get(name)?.html === html) continue
      revision += 1
      rows.set(name, { name, rank: rankOf(standing), html, revision })
    }
  }
  return {
    edition: () => {
      look()
      return `${process_}-${editions}`
    },
    revision: () => {
      look()
      return revision
    },
    newestFirst: () => {
      look()
      return [...rows.values()].toSorted((one, other) => other.revision - one.revision)
    },
    html: name => rows.get(name)?.html ?? ''
  }
}
