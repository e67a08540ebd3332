import type { Looked, Patience } from '../observers/patience.ts'
import type { Limit } from '../observers/within.ts'
import type { Watch } from './watch.ts'

/** Looks at a place with patience, if there is any, and charges the work. */
export async function lookAt<T, Further>(
  { takeMore, charge = () => {} }: Watch,
  patience: Patience<T, Further> | undefined,
  place: string,
  limit: Limit,
  first: (limit: Limit) => Promise<T>,
  further: (limit: Limit) => Promise<Further | undefined>
): Promise<Looked<T, Further>> {
  const looked =
    patience === undefined
      ? { seen: await first(limit), further: [] }
      : await patience.look(place, limit, { first, further: takeMore && further })
  charge()
  return looked
}
