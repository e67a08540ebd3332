import leven from 'leven'
import { configure } from 'safe-stable-stringify'
import { z } from 'zod'
import { escapeProse } from '../facts/escape.ts'
import { configLimits } from './limits.ts'
import { isPrivate, isPrivateKey } from './private.ts'

const stringify = configure({
  bigint: true,
  circularValue: '…',
  deterministic: false,
  maximumBreadth: 20,
  maximumDepth: 8
})

/**
 * A value as it is shown in a mistake's line: quoted, control characters visible, never more than 120 characters, whatever it
 * is. What a private key of it holds is left out.
 */
export function shown(given: unknown): string {
  if (typeof given === 'number') return String(given)
  const text = stringify(given, (key, value) => (isPrivateKey(key) || hasKey(value) ? '…' : value)) ?? String(given)
  return (text.length > 120 ? `${text.slice(0, 117)}…"` : text).replaceAll(invisible, escaped)
}

/** What JSON leaves as it is, but moves a terminal's cursor or turns the text around. */
const invisible = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

const hasKey = (value: unknown) => typeof value === 'string' && value.includes('PRIVATE KEY')

/** What was given, for the end of a clause; nothing of what stands where a password may stand, or in place of a whole file. */
function got({ input, path = [] }: Given): string {
  if (isPrivate(path)) return 'got a value that is not shown'
  return path.length === 0 && typeof input === 'string' ? 'got plain text' : `got ${shown(input)}`
}

/** What an issue says about what was given. */
interface Given {
  readonly input?: unknown
  readonly path?: readonly PropertyKey[] | undefined
}

/** The line of a field that is of another shape than it must be; a schema says it where it has the shape. */
export function mustBe(is: string): (issue: Given) => string {
  return issue => (issue.input === undefined ? `is missing. Give ${is}.` : `must be ${is}, ${got(issue)}`)
}

/** Names for a sentence: `a, b or c`; the first few of many. */
export function listed(names: readonly string[]): string {
  const few = names.slice(0, 10).map(name => escapeProse(name, 60))
  const rest = names.length - few.length
  // Made when needed, for it brings 7 MB of ICU into memory.
  const list = new Intl.ListFormat('en-GB', { type: 'disjunction' })
  return list.format(rest === 0 ? few : [...few, `one of ${rest.toLocaleString('en-US')} more`])
}

/** What is wrong, where the schema does not say it in words of its own; a line for each mistake. */
export function wording(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys
        .slice(0, configLimits.mistakes)
        .map(key => unknownKey(key, knownKeys(issue.inst), isPrivate(issue.path ?? [])))
        .join('\n')
    case 'invalid_key':
      return issue.issues.map(({ message }) => message).join('\n')
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing. Give ${noun(issue.expected)}.`
        : `must be ${noun(issue.expected)}, ${got(issue)}`
    case 'invalid_value':
      return unchosen(issue, issue.values)
    case 'invalid_union':
      return typeof issue.discriminator === 'string' && Array.isArray(issue.options)
        ? unchosen({ ...issue, input: property(issue.input, issue.discriminator) }, issue.options)
        : undefined
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? 'must not be empty. Give at least one, or leave the key out.'
        : `must be at least ${issue.minimum}, ${got(issue)}`
    case 'too_big':
      return issue.origin === 'array'
        ? `must have at most ${issue.maximum} entries, got ${Array.isArray(issue.input) ? issue.input.length : shown(issue.input)}`
        : `must be at most ${issue.maximum}, ${got(issue)}`
    default:
      return undefined
  }
}

/** A key that no schema knows. Its name may be a password in the wrong place. */
export function unknownKey(key: string, known: readonly string[], isSecret = false): string {
  const nearest = nearestName(key, known)
  const hint = nearest === undefined ? `Known keys are ${known.join(', ')}.` : `Did you mean ${shown(nearest)}?`
  return `unknown key${isSecret && nearest === undefined ? '' : ` ${shown(key)}`}. ${hint}`
}

/** The name that was probably meant by one that is not known. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const short = given.slice(0, 64)
  const [nearest] = known.toSorted((one, other) => leven(short, one) - leven(short, other))
  const isNear = nearest !== undefined && (leven(short, nearest) <= 2 || nearest.startsWith(short))
  return isNear ? nearest : undefined
}

function knownKeys(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

const nouns: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  record: 'an object',
  int: 'a whole number',
  boolean: 'true or false'
}

function noun(expected: string): string {
  return nouns[expected] ?? `a ${expected}`
}

function unchosen(issue: Given, values: readonly unknown[]): string {
  // Made when needed, for it brings 7 MB of ICU into memory.
  const choice = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(values.map(value => shown(value)))
  return issue.input === undefined ? `is missing. Choose ${choice}.` : `must be ${choice}, ${got(issue)}`
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : value
}
