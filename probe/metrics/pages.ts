import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { type Family, lineOf } from './exposition.ts'
import { compress, type Piece } from './gzip.ts'

/** The series of all targets, ready to be scraped. */
export interface Pages<Seen> {
  readonly set: (target: string, seen: Seen) => void
  readonly delete: (target: string) => void
  /** For each family its samples, of all targets as they were last written. */
  readonly pieces: () => readonly (readonly Piece[])[]
}

/** Some targets, and what was last written of them. */
interface Page<Seen> {
  readonly targets: Map<string, Seen>
  /** One for each family. */
  written: readonly Written[]
}

/** The samples of a family, and what they depend on: each target's name and value. */
interface Written {
  readonly piece: Piece
  readonly dependsOn: readonly unknown[]
}

/** Targets on a page: few enough to be written in a millisecond or two, enough to be worth compressing. */
const mostTargets = 16

/**
 * Keeps the series compressed, as Prometheus requests them. For a thousand targets, they are 15 MB of text. To write, keep and send that
 * would cost more than the rest of the probe. Targets that were added one after the other share a page. The page is written soon after
 * their rounds end, so that a scrape does not delay the rounds.
 *
 * @param settleMs after a change, milliseconds in which the other targets of its page are likely to change too: their
 *   rounds are next to each other. With 0, a page is written with every change.
 */
export function keepPages<Seen>(families: readonly Family<Seen>[], settleMs: number): Pages<Seen> {
  const pages = new Set<Page<Seen>>()
  const pageOf = new Map<string, Page<Seen>>()
  const changed = new Set<Page<Seen>>()
  let newest: Page<Seen> | undefined
  let isSettling = false

  const write = (page: Page<Seen>) => {
    const targets = [...page.targets]
    page.written = families.map((family, index) => {
      const { dependsOn: of = itself } = family
      const dependsOn = targets.flatMap(([name, seen]) => [name, of(seen)])
      const before = page.written[index]
      if (before !== undefined && isSame(before.dependsOn, dependsOn)) return before
      const text = targets.map(([name, seen]) => family.samples(seen, lineOf(family.name, name))).join('')
      return { piece: compress(text), dependsOn }
    })
    changed.delete(page)
  }
  const settle = async () => {
    isSettling = true
    while (changed.size > 0) {
      await sleep(settleMs, undefined, { ref: false })
      for (const page of [...changed]) {
        if (changed.has(page)) write(page)
        // The others have their turn, too.
        await setImmediate()
      }
    }
    isSettling = false
  }
  const change = (page: Page<Seen>) => {
    if (settleMs === 0) return write(page)
    changed.add(page)
    if (!isSettling) void settle()
  }
  const place = (target: string) => {
    if (newest === undefined || newest.targets.size >= mostTargets) {
      newest = { targets: new Map(), written: [] }
      pages.add(newest)
    }
    pageOf.set(target, newest)
    return newest
  }

  return {
    set: (target, seen) => {
      const page = pageOf.get(target) ?? place(target)
      page.targets.set(target, seen)
      change(page)
    },
    delete: target => {
      const page = pageOf.get(target)
      if (page === undefined) return
      pageOf.delete(target)
      page.targets.delete(target)
      if (page.targets.size > 0) return change(page)
      pages.delete(page)
      changed.delete(page)
      if (page === newest) newest = undefined
    },
    pieces: () =>
      families.map((_, index) => Array.from(pages, ({ written }) => written[index]?.piece).filter(isWritten))
  }
}

/** Most families change with every round: those are written anew whenever their page is. */
function itself(seen: unknown): unknown {
  return seen
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => Object.is(value, other[index]))
}

/** A page that has just come has nothing yet. */
function isWritten(piece: Piece | undefined): piece is Piece {
  return piece !== undefined
}
