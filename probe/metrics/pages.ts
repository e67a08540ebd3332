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
interface ExpositionPage<Seen> {
  readonly targets: Map<string, Seen>
  /** One for each family; none before it is written for the first time. */
  written: readonly Piece[]
  /** Runs from a change until the page is written. */
  settling: NodeJS.Timeout | undefined
}

/** Targets on a page: few enough to be written in a millisecond or two, enough to be worth compressing. */
const mostTargets = 16

/**
 * Keeps the series compressed, as Prometheus requests them. Targets that were added one after the other share a page. A page is written
 * soon after the rounds of its targets end, so that a scrape does not delay the rounds.
 *
 * @param settleMs milliseconds from a change to when the page is written: the rounds of its other targets end in that time, too. With 0,
 *   a page is written with every change.
 */
export function keepPages<Seen>(families: readonly Family<Seen>[], settleMs: number): Pages<Seen> {
  const pages = new Set<ExpositionPage<Seen>>()
  const pageOf = new Map<string, ExpositionPage<Seen>>()
  let newest: ExpositionPage<Seen> | undefined

  const write = (page: ExpositionPage<Seen>) => {
    page.settling = undefined
    page.written = families.map(family =>
      compress(Array.from(page.targets, ([name, seen]) => family.samples(seen, lineOf(family.name, name))).join(''))
    )
  }
  const change = (page: ExpositionPage<Seen>) => {
    if (settleMs === 0) write(page)
    else page.settling ??= setTimeout(write, settleMs, page).unref()
  }
  const place = (target: string) => {
    if (newest === undefined || newest.targets.size >= mostTargets) {
      newest = { targets: new Map(), written: [], settling: undefined }
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
      clearTimeout(page.settling)
      if (page === newest) newest = undefined
    },
    pieces: () => families.map((_, index) => Array.from(pages, ({ written }) => written[index] ?? []).flat())
  }
}
