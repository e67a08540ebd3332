import { z } from 'zod'
import type { Mistake } from './mistakes.ts'

/**
 * Who answers a link's hosts inside its network. Each choice has a price, so a link must write one down.
 *
 * The two in the middle lead from `parent` to `per-host` in four deploys, in none of which a host is unresolved.
 */
export const Zone = z
  .enum(['parent', 'prepare-per-host', 'switch-to-per-host', 'per-host', 'existing', 'none'])
  .describe(
    [
      '`parent`: one zone for the whole of `vectordb.zillizcloud.com`, as in the guide; it hides every other Zilliz Cloud name from the network.',
      '`per-host`: a zone for each host; it hides nothing.',
      '`existing`: records in an existing private zone.',
      '`none`: no zone and no records.',
      '`prepare-per-host`, `switch-to-per-host`: steps from `parent` to `per-host`.'
    ].join(' ')
  )
export type Zone = z.output<typeof Zone>

/** The kinds for which a field of a link has a meaning, and whether they need it. */
export interface ZoneField {
  readonly kinds: readonly Zone[]
  readonly needed: boolean
}

/**
 * What is wrong between a link's zone and the fields that say more of it.
 *
 * @param link as read; a zone that could not be read takes no part
 */
export function zoneMistakes(link: object, fields: Readonly<Record<string, ZoneField>>): readonly Mistake[] {
  const given = new Map<string, unknown>(Object.entries(link))
  const { data: zone } = Zone.safeParse(given.get('zone'))
  if (zone === undefined) return []
  return Object.entries(fields).flatMap(([name, { kinds, needed }]) => {
    const belongs = kinds.includes(zone)
    const isGiven = given.get(name) !== undefined
    if (belongs && needed && !isGiven) return [{ path: [name], message: `is missing; zone: '${zone}' needs it` }]
    if (!belongs && isGiven) {
      const choices = kinds.map(kind => `'${kind}'`).join(', ')
      return [{ path: [name], message: `has no meaning with zone: '${zone}'; remove it, or choose zone: ${choices}` }]
    }
    return []
  })
}
