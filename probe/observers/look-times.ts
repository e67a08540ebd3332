/** When further looks begin after the first one, and the share of a time that is shorter. */
const furtherLooks = [
  { afterMs: 2000, share: 0.2 },
  { afterMs: 5000, share: 0.5 }
] as const

/** How many looks that is, with the first one. */
export const mostLooks = 1 + furtherLooks.length

/**
 * Returns after how many milliseconds further looks begin, ascending: when a verdict has changed, or while a place is silent.
 *
 * @param ms the time in which all looks begin: the interval between two rounds, or a client's patience
 */
export function lookTimes(ms: number): readonly number[] {
  return furtherLooks.map(({ afterMs, share }) => Math.min(afterMs, share * ms))
}
