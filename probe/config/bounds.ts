import { configLimits } from '../schema/limits.ts'

/** The size of a value; how deep it is counts from the value itself. */
interface Size {
  readonly values: number
  readonly depth: number
}

const leaf: Size = { values: 1, depth: 0 }

/**
 * Why a value that a parser made is not taken: it contains itself, is nested too deeply, or holds too much. Any other may be
 * walked by whatever reads it.
 *
 * @returns what is wrong and what to do; `undefined` if nothing is
 */
export function beyondBounds(value: unknown): string | undefined {
  const open = new Set<object>()
  const known = new Map<object, Size>()
  const sizeOf = (each: unknown): Size | { readonly mistake: string } => {
    if (typeof each !== 'object' || each === null) return leaf
    const before = known.get(each)
    if (before !== undefined) return before
    if (open.has(each)) return { mistake: 'contains itself. Write the value out in place of the alias.' }
    // Also keeps this from going deeper.
    if (open.size === configLimits.depth) return tooDeep
    open.add(each)
    let [values, depth] = [1, 0]
    for (const inner of Object.values(each)) {
      const size = sizeOf(inner)
      if ('mistake' in size) return size
      values += size.values
      depth = Math.max(depth, size.depth + 1)
    }
    open.delete(each)
    if (depth > configLimits.depth) return tooDeep
    if (values > configLimits.values) return tooMany
    known.set(each, { values, depth })
    return { values, depth }
  }
  const size = sizeOf(value)
  return 'mistake' in size ? size.mistake : undefined
}

const tooDeep = {
  mistake: `is nested deeper than ${configLimits.depth} levels. Check whether it is the right file.`
} as const

const tooMany = {
  mistake: `holds more than ${configLimits.values} values. Check whether it is the right file, and for aliases of aliases.`
} as const
