import leven from 'leven'
import { configure } from 'safe-stable-stringify'
import { z } from 'zod'
import { escapeProse } from '../facts/escape.ts'
import { configLimits } from './limits.ts'
import { isPrivate, isPrivateKey } from './private.ts'

/** Thrown when a config cannot be used; the message has one line for each mistake, up to a limit, and then their number. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** The lines as they are shown. */
  readonly mistakes: readonly string[]
  /** The lines that are mistakes. */
  readonly lines: readonly string[]
  /** How many more mistakes there are. */
  readonly unsaid: number

  /** @param unsaid how many more mistakes there are */
  constructor(mistakes: readonly string[], unsaid = 0) {
    const lines = mistakes.slice(0, configLimits.mistakes)
    const more = mistakes.length - lines.length + unsaid
    const all = more === 0 ? lines : [...lines, `… and ${more.toLocaleString('en-US')} more`]
    super(all.join('\n'))
    this.mistakes = all
    this.lines = lines
    this.unsaid = more
  }
}

/**
 * Reads `input` by `schema`.
 *
 * @param where what every line starts with, for example the file's name
 * @returns what the schema makes of the input, or one line for each mistake: where, what is wrong, what to do. Beyond a limit
 *   the last line has their number.
 */
export function read<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: string
): { readonly value: z.output<Schema> } | { readonly mistakes: readonly string[] } {
  const result = attempt(schema, input, where)
  return 'error' in result ? { mistakes: result.error.mistakes } : result
}

/**
 * The same, for one who has nothing to do after a mistake.
 *
 * @throws ConfigError with one line for each mistake
 */
export function readInput<Schema extends z.ZodType>(schema: Schema, input: unknown, where: string): z.output<Schema> {
  const result = attempt(schema, input, where)
  if ('error' in result) throw result.error
  return result.value
}

function attempt<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: string
): { readonly value: z.output<Schema> } | { readonly error: ConfigError } {
  let worded = 0
  const error = (issue: z.core.$ZodRawIssue) => {
    worded += 1
    // What will not be shown is only counted.
    return worded > configLimits.mistakes ? 'is wrong' : wording(issue)
  }
  const result = schema.safeParse(input, { reportInput: true, error })
  if (result.success) return { value: result.data }
  const lines = result.error.issues.flatMap(({ path, message }) =>
    message.split('\n').map(line => `${place(where, path)}: ${line}`)
  )
  const unsaid = result.error.issues.map(issue =>
    issue.code === 'unrecognized_keys' ? Math.max(0, issue.keys.length - configLimits.mistakes) : 0
  )
  return {
    error: new ConfigError(
      lines,
      unsaid.reduce((sum, count) => sum + count, 0)
    )
  }
}

/**
 * Waits for several readings, and gives what all of them read.
 *
 * @throws ConfigError with the mistakes of all of them together
 */
export async function allRead<const Readings extends readonly Promise<unknown>[]>(readings: Readings) {
  const failures = (await Promise.allSettled(readings)).flatMap(each =>
    each.status === 'rejected' ? [each.reason] : []
  )
  for (const failure of failures) if (!(failure instanceof ConfigError)) throw failure
  const mistakes = failures.flatMap((failure: ConfigError) => failure.lines)
  const unsaid = failures.reduce((sum: number, failure: ConfigError) => sum + failure.unsaid, 0)
  if (mistakes.length > 0) throw new ConfigError(mistakes, unsaid)
  return Promise.all(readings)
}

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
  return issue => (issue.input === undefined ? `is missing; give ${is}` : `must be ${is}, ${got(issue)}`)
}

/** Names for a sentence: `a, b or c`; the first few of many. */
export function listed(names: readonly string[]): string {
  const few = names.slice(0, 10).map(name => escapeProse(name, 60))
  const rest = names.length - few.length
  // Made when needed, for it brings 7 MB of ICU into memory.
  const list = new Intl.ListFormat('en-GB', { type: 'disjunction' })
  return list.format(rest === 0 ? few : [...few, `one of ${rest.toLocaleString('en-US')} more`])
}

/** Where in the input a mistake is, as one would write it in TypeScript: `dev: links.search.hosts[0]`. */
function place(where: string, path: readonly PropertyKey[]): string {
  const dotted = path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`
    if (!/^[\w$-]{1,64}$/.test(String(key))) return `${before}[${shown(String(key))}]`
    return before === '' ? String(key) : `${before}.${String(key)}`
  }, '')
  return dotted === '' ? where : `${where}: ${dotted}`
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
        ? `is missing; give ${noun(issue.expected)}`
        : `must be ${noun(issue.expected)}, ${got(issue)}`
    case 'invalid_value':
      return unchosen(issue, issue.values)
    case 'invalid_union':
      return typeof issue.discriminator === 'string' && Array.isArray(issue.options)
        ? unchosen({ ...issue, input: property(issue.input, issue.discriminator) }, issue.options)
        : undefined
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? 'must not be empty; give at least one, or leave the key out'
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
  const short = key.slice(0, 64)
  const nearest = known.toSorted((one, other) => leven(short, one) - leven(short, other))[0]
  const isNear = nearest !== undefined && (leven(short, nearest) <= 2 || nearest.startsWith(short))
  const hint = isNear ? `did you mean ${shown(nearest)}?` : `known are ${known.join(', ')}`
  return `unknown key${isSecret && !isNear ? '' : ` ${shown(key)}`}; ${hint}`
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
  return issue.input === undefined ? `is missing; choose ${choice}` : `must be ${choice}, ${got(issue)}`
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : value
}
