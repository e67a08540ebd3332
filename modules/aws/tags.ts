import { z } from 'zod'
import { shown } from '../../probe/config/mistakes.ts'

// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices
const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Tags for every AWS resource of an environment. */
export const AwsTags = z.record(
  text(128, key => key !== '' && !key.toLowerCase().startsWith('aws:'), 'a tag key such as CostCenter'),
  text(256, () => true, 'a tag value such as search-team')
)

function text(longest: number, fits: (given: string) => boolean, is: string) {
  return z.string().superRefine((given, context) => {
    if (given.length <= longest && characters.test(given) && fits(given)) return
    context.addIssue({
      code: 'custom',
      message: `must be ${is}, got ${shown(given)}; AWS takes up to ${longest} letters, digits, spaces and _.:/=+-@, and no key in aws:`
    })
  })
}
