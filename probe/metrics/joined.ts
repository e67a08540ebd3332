import { type Family, type Format, heading, lineOf } from './exposition.ts'

/** The series of one family, of all targets. */
export interface Joined<Seen> {
  readonly set: (target: string, seen: Seen) => void
  readonly delete: (target: string) => void
  readonly write: (format: Format) => readonly Buffer[]
}

/**
 * Keeps the text of each target, and of all together until one of them changes: most of what is scraped is a state that
 * is as it was, and what need not be copied costs nothing.
 */
export function joinFamily<Seen>(family: Family<Seen>): Joined<Seen> {
  const texts = new Map<string, { readonly text: string; readonly bytes: Buffer }>()
  let all: Buffer | undefined
  const headings = {
    text: Buffer.from(heading(family, 'text')),
    openmetrics: Buffer.from(heading(family, 'openmetrics'))
  }
  return {
    set: (target, seen) => {
      const text = family.samples(seen, lineOf(family.name, target))
      if (texts.get(target)?.text === text) return
      texts.set(target, { text, bytes: Buffer.from(text) })
      all = undefined
    },
    delete: target => {
      if (texts.delete(target)) all = undefined
    },
    write: format => {
      all ??= Buffer.concat(Array.from(texts.values(), ({ bytes }) => bytes))
      return [headings[format], all]
    }
  }
}
