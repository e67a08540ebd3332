import { z } from 'zod'

/** What an element of a list looks like that was spread from a list of which only Terraform knows the elements. */
const listMarker = '#{TfToken['

/** The marker that each kind of text has: a value, the only element of a list, a key of a map. */
const markerOf = (sign: string) => new RegExp(`${sign}\\{TfToken\\[[a-zA-Z0-9:._-]+\\]\\}`)
const [inText, inList, inMap] = ['\\$', '#', '&'].map(markerOf)

/** The upper half of a double that stands for a number, and for the only element of a list of numbers. */
const [ofNumber, ofNumbers] = [0xfdff, 0xfbff]

/**
 * Whether only Terraform knows a value: what `Token.isUnresolved` of cdktf says. The schemas of links use it, and a command that
 * runs before cdktf is installed uses them.
 */
export function isToken(given: unknown): boolean {
  if (typeof given === 'string') return inText?.test(given) === true
  if (typeof given === 'number') return upperBits(given) === ofNumber
  if (typeof given !== 'object' || given === null) return false
  if (Array.isArray(given) && given.length === 1) {
    const [only] = given
    return typeof only === 'string'
      ? inList?.test(only) === true
      : typeof only === 'number' && upperBits(only) === ofNumbers
  }
  return hasMapToken(given) || isResolvable(given)
}

/** Whether a map of which only Terraform knows the keys is among the fields of an object. */
export function hasMapToken(given: object): boolean {
  return Object.keys(given).some(key => inMap?.test(key))
}

/** The upper 16 bits of a number as a double. */
function upperBits(given: number): number {
  return new DataView(Float64Array.of(given).buffer).getUint16(6, true)
}

/** Whether a value is an object that stands for a token, such as the value of a `TerraformVariable`. */
export function isResolvable(given: unknown): given is object {
  return typeof given === 'object' && given !== null && 'resolve' in given && typeof given.resolve === 'function'
}

/** A schema for what is written down, and validated in full, or is a token, and passed on. */
export function orToken(schema: z.ZodType<string>) {
  const text = z.string().transform((given, context) => {
    if (isToken(given)) return given
    if (given.includes(listMarker)) {
      const message =
        'is a list of which only Terraform knows the elements, in place of one element. Give its elements one by one, or, where a whole list is accepted, the list alone.'
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }
    return validated(schema, given, context)
  })
  // The text of such an object is a token.
  return z.preprocess(given => (isResolvable(given) ? String(given) : given), text)
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
