import leven from 'leven'
import { z } from 'zod'

/** Thrown when a config cannot be used; the message has one line for each mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.mistakes = mistakes
  }
}

/**
 * Reads `input` by `schema`.
 *
 * @param where what every line starts with, for example the file's name
 * @returns what the schema makes of the input, or one line for each mistake: where, what was given, what to do
 */
export function read<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: string
): { readonly value: z.output<Schema> } | { readonly mistakes: readonly string[] } {
  const result = schema.safeParse(input, { reportInput: true, error: wording })
  if (result.success) return { value: result.data }
  return {
    mistakes: result.error.issues.flatMap(({ path, message }) =>
      message.split('\n').map(line => `${place(where, path)}: ${line}`)
    )
  }
}

/**
 * The same, for one who has nothing to do after a mistake.
 *
 * @throws ConfigError with one line for each mistake
 */
export function readInput<Schema extends z.ZodType>(schema: Schema, input: unknown, where: string): z.output<Schema> {
  const result = read(schema, input, where)
  if ('mistakes' in result) throw new ConfigError(result.mistakes)
  return result.value
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
  const mistakes = failures.flatMap((failure: ConfigError) => failure.mistakes)
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return Promise.all(readings)
}

/** A value as it is shown in a mistake's line: quoted, control characters visible, never more than 120 characters. */
export function shown(given: unknown): string {
  const text = JSON.stringify(given) ?? String(given)
  return text.length > 120 ? `${text.slice(0, 117)}…"` : text
}

/** The line of a field that is of another shape than it must be; a schema says it where it has the shape. */
export function mustBe(is: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => (input === undefined ? `is missing; give ${is}` : `must be ${is}, got ${shown(input)}`)
}

/** Where in the input a mistake is, as one would write it in TypeScript: `dev: links.search.hosts[0]`. */
function place(where: string, path: readonly PropertyKey[]): string {
  const dotted = path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`
    return before === '' ? String(key) : `${before}.${String(key)}`
  }, '')
  return dotted === '' ? where : `${where}: ${dotted}`
}

/** What is wrong, where the schema does not say it in words of its own; a line for each mistake. */
function wording(issue: z.core.$ZodRawIssue): string | undefined {
  const given = shown(issue.input)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => unknownKey(key, knownKeys(issue.inst))).join('\n')
    case 'invalid_key':
      return issue.issues.map(({ message }) => message).join('\n')
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing; give ${noun(issue.expected)}`
        : `must be ${noun(issue.expected)}, got ${given}`
    case 'invalid_value':
      return unchosen(issue.input, issue.values)
    case 'invalid_union':
      return typeof issue.discriminator === 'string' && Array.isArray(issue.options)
        ? unchosen(property(issue.input, issue.discriminator), issue.options)
        : undefined
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? 'must not be empty; give at least one, or leave the key out'
        : `must be at least ${issue.minimum}, got ${given}`
    case 'too_big':
      return issue.origin === 'array'
        ? `must have at most ${issue.maximum} entries, got ${Array.isArray(issue.input) ? issue.input.length : given}`
        : `must be at most ${issue.maximum}, got ${given}`
    default:
      return undefined
  }
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = known.toSorted((one, other) => leven(key, one) - leven(key, other))[0]
  const isNear = nearest !== undefined && (leven(key, nearest) <= 2 || nearest.startsWith(key))
  return `unknown key ${shown(key)}; ${isNear ? `did you mean ${shown(nearest)}?` : `known are ${known.join(', ')}`}`
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

function unchosen(given: unknown, values: readonly unknown[]): string {
  // Made when needed, for it brings 7 MB of ICU into memory.
  const choice = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(values.map(value => shown(value)))
  return given === undefined ? `is missing; choose ${choice}` : `must be ${choice}, got ${shown(given)}`
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : value
}
