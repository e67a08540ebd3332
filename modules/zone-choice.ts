import { z } from 'zod'
import { wording } from '../probe/schema/mistakes.ts'
import type { PrivateZone } from './private-zone.ts'

/** A zone that a person made, for several links to share. */
export interface GivenZone<AnsweredHost> {
  readonly kind: 'made'
  readonly zone: PrivateZone<AnsweredHost>
}

/**
 * A schema for what answers the hosts of a link: a kind by its name alone, a kind with what it needs, or a construct of a zone.
 *
 * @param kinds each kind with what it needs, told apart by `kind`
 * @param made matches a construct of a zone
 */
export function choiceOf<Kinds extends z.ZodType<{ readonly kind: string }>, AnsweredHost>(
  kinds: Kinds,
  made: z.ZodType<PrivateZone<AnsweredHost>>
) {
  return z.unknown().transform((given, context): z.output<Kinds> | GivenZone<AnsweredHost> => {
    const zone = made.safeParse(given)
    if (zone.success) return { kind: 'made', zone: zone.data }
    const isName = typeof given === 'string' || given === undefined
    const result = kinds.safeParse(isName ? { kind: given } : given, { reportInput: true, error: wording })
    if (result.success) return result.data
    for (const { path, message } of result.error.issues) {
      const inZone = isName && path[0] === 'kind' ? [] : [...path]
      context.addIssue({ code: 'custom', path: inZone, message })
    }
    return z.NEVER
  })
}
