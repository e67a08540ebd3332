import { DefaultTokenResolver, Fn, StringConcat, TerraformIterator, Token, Tokenization } from 'cdktf'
import type { Construct } from 'constructs'
import { z } from 'zod'
import { shown } from '../probe/schema/mistakes.ts'
import { expression, raw } from './expression.ts'
import { MistakesError } from './mistakes.ts'
import { hasMapToken, isResolvable, isToken, orToken } from './token.ts'

/**
 * Several ids or ranges. Any may be a token.
 *
 * What is made for each has an address of its own: that of a literal is its value; that of a token is the name that it has here
 * as a key, or else what it refers to, such as an attribute of a resource. So a removal or an addition leaves the others alone.
 * In a list of which only Terraform knows the elements, each has its position. The length of such a list must be known at plan.
 */
export type ElementsGiven = readonly string[] | Readonly<Record<string, string>>

/** One element, with what tells it apart from the others in each deploy. */
export interface Element {
  /** A literal's value, a token's name, or the token itself where it has none. */
  readonly key: string
  readonly value: string
}

/** Several ids or ranges as they were read. */
export interface Elements {
  readonly elements: readonly Element[]
  /** Lists of which only Terraform knows the elements. */
  readonly lists: readonly string[][]
}

export const noElements: Elements = { elements: [], lists: [] }

/** Elements that are written down. */
export function written(values: readonly string[]): Elements {
  return { elements: values.map(value => ({ key: value, value })), lists: [] }
}

/** A schema for several ids or ranges, none of them twice. */
export function elementsOf(schema: z.ZodType<string>, list: string) {
  const one = orToken(schema)
  return z.unknown().transform((given, context): Elements => {
    const isList = Array.isArray(given)
    if (isToken(given) && (isList || isResolvable(given) || typeof given === 'string')) {
      return { elements: [], lists: [isList ? given : Token.asList(given)] }
    }
    if (typeof given !== 'object' || given === null) {
      const message = given === undefined ? 'is missing. Give a list.' : `must be a list, got ${shown(given)}`
      context.addIssue({ code: 'custom', message, input: given })
      return z.NEVER
    }
    if (hasMapToken(given)) {
      const message = 'is a map of which only Terraform knows the keys. Give its values: Fn.values(map).'
      context.addIssue({ code: 'custom', message, input: given })
      return z.NEVER
    }
    const firsts = new Map<string, string>()
    let isRead = true
    const elements = Object.entries(given).flatMap(([name, value]): readonly Element[] => {
      const path = [isList ? Number(name) : name]
      const place = isList ? `${list}[${name}]` : `${list}.${name}`
      const report = (message: string) => {
        isRead = false
        context.addIssue({ code: 'custom', path, message, input: value })
      }
      const result = one.safeParse(value)
      if (!result.success) {
        for (const issue of result.error.issues) {
          report(issue.code === 'invalid_type' ? `must be a string, got ${shown(value)}` : issue.message)
        }
        return []
      }
      const first = firsts.get(result.data)
      if (first !== undefined) {
        report(`names ${isToken(value) ? 'the same token' : result.data} again. Remove it: ${first} has it already.`)
        return []
      }
      firsts.set(result.data, place)
      if (!isList && /^[\d-]+$/.test(name)) {
        report(`must have a name that is not a number, got ${shown(name)}. The elements of a list have numbers.`)
      }
      return [{ key: isToken(value) && !isList ? name : result.data, value: result.data }]
    })
    return isRead ? { elements, lists: [] } : z.NEVER
  })
}

/** The same elements and more; those that are there already are left out. */
export function joined(some: Elements, more: Elements): Elements {
  const has = new Set(some.elements.map(({ value }) => value))
  return {
    elements: [...some.elements, ...more.elements.filter(({ value }) => !has.has(value))],
    lists: [...some.lists, ...more.lists]
  }
}

/** How many elements there are, as far as is known at synth. */
export function countOf({ elements }: Elements): number {
  return elements.length
}

export function isEmpty({ elements, lists }: Elements): boolean {
  return elements.length === 0 && lists.length === 0
}

/** Whether all elements are written down. */
export function areWritten({ elements, lists }: Elements): boolean {
  return lists.length === 0 && elements.every(({ value }) => !isToken(value))
}

/** The elements as an argument that takes a list. */
export function listArgument({ elements, lists }: Elements): string[] {
  const values = elements.map(({ value }) => value)
  const [first, ...others] = lists
  if (first === undefined) return values
  if (values.length === 0 && others.length === 0) return first
  return Token.asList(Fn.concat([values, ...lists]))
}

/** The expression that a token stands for; undefined if that is known only at the end of synth. */
function referenceOf(scope: Construct, token: string): string | undefined {
  const text: unknown = Tokenization.resolve(token, { scope, resolver: new DefaultTokenResolver(new StringConcat()) })
  return typeof text === 'string' && !text.includes('TfToken') ? text.replaceAll(/\$\{|\}/g, '') : undefined
}

/**
 * Elements by what keys them in Terraform: never a token, but the text of the reference that a token without a name stands for, or
 * else its position.
 *
 * @throws MistakesError if one name is given to two tokens, of which Terraform would lose one
 */
export function keyed(scope: Construct, where: string, elements: readonly Element[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const [index, { key, value }] of elements.entries()) {
    const own = isToken(key) ? (referenceOf(scope, key) ?? `token-${index}`) : key
    const other = values.get(own)
    if (other !== undefined && referenceOf(scope, other) !== referenceOf(scope, value)) {
      throw new MistakesError([`${where}: has the name ${own} for two tokens. Give each a name of its own.`])
    }
    values.set(own, value)
  }
  return values
}

/** What Terraform prints with an error, if the length of a list is not known at plan. */
export function lengthNote(where: string): string {
  return `/* ${where}: the length of the list must be known before the deploy. Give the elements: [first.id, second.id]. */`
}

/**
 * One of something for each element.
 *
 * @param where the construct and its prop, for an error
 * @param unless a Terraform expression without `${}`, known at plan: where it holds, there is none
 * @param read a list whose elements are known at plan, such as one that a data source reads; they are keyed by their values
 */
export function forEachOf(
  scope: Construct,
  where: string,
  all: Elements,
  { unless, read }: { readonly unless?: string | undefined; readonly read?: string[] | undefined } = {}
): TerraformIterator {
  const values = all.elements.map(({ value }) => value)
  const simple = read === undefined && areWritten(all) ? values : read !== undefined && isEmpty(all) ? read : undefined
  if (simple !== undefined && unless === undefined) return TerraformIterator.fromList(simple)
  const named = Object.fromEntries(keyed(scope, where, all.elements))
  if (read === undefined && all.lists.length === 0 && unless === undefined) {
    return TerraformIterator.fromMap(named)
  }
  const parts = [
    ...(all.elements.length === 0 ? [] : [expression`${named}`]),
    ...(read === undefined ? [] : [expression`{ for value in ${read} : value => value }`]),
    ...all.lists.map(
      (list, ordinal) =>
        expression`{ for index, value in ${list} : ${raw(`"${ordinal === 0 ? '' : `${ordinal}-`}\${index}"`)} => value ${raw(lengthNote(where))} }`
    )
  ]
  const merged = Token.asString(Fn.merge(parts))
  return TerraformIterator.fromMap(
    // The string is the whole expression, so that the iterator takes it as it takes a map.
    Token.asAny(
      unless === undefined ? merged : expression`{ for key, value in ${merged} : key => value if !(${raw(unless)}) }`
    )
  )
}
