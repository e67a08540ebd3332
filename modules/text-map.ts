import { Token } from 'cdktf'
import { z } from 'zod'
import { wording } from '../probe/schema/mistakes.ts'
import { expression } from './expression.ts'
import { hasMapToken, isToken, orToken } from './token.ts'

/** Tags or labels: texts by their keys, or the token of a map of which only Terraform knows the keys. */
export type TextMap = Readonly<Record<string, string>>

/**
 * A schema for tags or labels in a stack of the user's own: keys that are written down, with values that are written down or tokens;
 * or a whole map as one token, such as `Fn.merge([…])` or the value of a `TerraformVariable`.
 */
export function textMap(key: z.ZodType<string, string>, value: z.ZodType<string>) {
  const written = z.record(key, orToken(value))
  return z.unknown().transform((given, context): TextMap => {
    if (isToken(given) && !isMixed(given)) return Token.asStringMap(given)
    if (isMixed(given)) {
      const message =
        'has keys next to a map of which only Terraform knows the keys. Merge them: Fn.merge([map, { team: "search" }]).'
      context.addIssue({ code: 'custom', message, input: given })
      return z.NEVER
    }
    const result = written.safeParse(given, { reportInput: true, error: wording })
    if (result.success) return result.data
    for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path: [...path], message })
    return z.NEVER
  })
}

/** Whether keys were added next to a spread map of Terraform. cdktf would silently drop them. */
function isMixed(given: unknown): boolean {
  return typeof given === 'object' && given !== null && hasMapToken(given) && Object.keys(given).length > 1
}

/** Texts, and more that win over them where a key is in both. */
export function merged(some: Readonly<Record<string, string>>, more: TextMap): Record<string, string> {
  if (!isToken(more)) return { ...some, ...more }
  return Token.asStringMap(expression`merge(${some}, ${more})`)
}
