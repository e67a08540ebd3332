import { z } from 'zod'
import { shown } from './mistakes.ts'

/** How a text must look, in the words of a mistake's line. */
export interface Shape {
  /** Matches the whole text. */
  readonly pattern: RegExp
  /** What it is, with an example: `a VPC id such as vpc-0a1b2c3d4e5f60718`. */
  readonly is: string
  /** Where to find the right one: `Copy it from the VPC console.`. */
  readonly find: string
  /** A slip that people often make, and the line that names it. */
  readonly slip?: (given: string) => string | undefined
}

/** A schema for a text of one shape, which says what is wrong with another text in one line. */
export function shapedText(shape: Shape) {
  return z
    .string()
    .superRefine((given, context) => {
      const mistake = leftover(given) ?? shape.slip?.(given) ?? misshape(given, shape)
      if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake })
    })
    .meta({ pattern: shape.pattern.source })
}

/** What copying from a guide or a form leaves in a text: a placeholder, or a space at either end. */
export function leftover(given: string): string | undefined {
  const placeholder = /\$\{[^}]*\}|\{\{[^}]*\}\}|<[^<>]*>/.exec(given)?.[0]
  if (placeholder !== undefined) {
    return `still holds the placeholder ${placeholder}, got ${shown(given)}. Put the real value in its place.`
  }
  if (/\s/.test(given)) return `must not hold spaces, got ${shown(given)}. Remove them.`
  return undefined
}

function misshape(given: string, { pattern, is, find }: Shape): string | undefined {
  return pattern.test(given) ? undefined : `must be ${is}, got ${shown(given)}. ${find}`
}
