import { Token } from 'cdktf'
import { z } from 'zod'

/** What an element of a list looks like that was spread from a list of which only Terraform knows the elements. */
const listMarker = '#{TfToken['

/** Whether only Terraform knows a value. */
export function isToken(given: unknown): boolean {
  return Token.isUnresolved(given)
}

/** A schema for what is written down, and validated in full, or is a token, and passed on. */
export function orToken(schema: z.ZodType<string>) {
  return z.string().transform((given, context) => {
    if (isToken(given)) return given
    if (given.includes(listMarker)) {
      const message =
        'is a list of which only Terraform knows the elements, in place of one element. Give its elements one by one, or, where a whole list is accepted, the list alone.'
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }
    return validated(schema, given, context)
  })
}

/** The same for a number. */
export function numberOrToken(schema: z.ZodType<number>) {
  return z.number().transform((given, context) => (isToken(given) ? given : validated(schema, given, context)))
}

/** What a schema makes of a literal, with its mistakes in the context. */
function validated<Value>(schema: z.ZodType<Value>, given: Value, context: z.RefinementCtx): Value {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  for (const { message } of result.error.issues) context.addIssue({ code: 'custom', message })
  return z.NEVER
}

/** A schema for what must be known at synth. */
export function neverToken<Schema extends z.ZodType>(schema: Schema, remedy: string) {
  const isKnown = z.unknown().refine(given => !isToken(given), {
    error: `must be known at synth, got a token of Terraform. ${remedy}`,
    abort: true
  })
  return isKnown.pipe(schema)
}
