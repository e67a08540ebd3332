import leven from 'leven'
import { z } from 'zod'

/** One thing that is wrong with what the operator wrote: where it is, what was given and what to do. */
export interface Mistake {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Thrown when what the operator wrote cannot be deployed; the message has one line for each mistake. */
export class MistakesError extends Error {
  override readonly name = 'MistakesError'
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.mistakes = mistakes
  }
}

/** A value as it is shown in a mistake's line: quoted, control characters visible, never more than 120 characters. */
export function shown(given: unknown): string {
  const text = JSON.stringify(given) ?? String(given)
  return text.length > 120 ? `${text.slice(0, 117)}…"` : text
}

/**
 * Reads `input` by `schema`.
 *
 * @param where what every line starts with, for example the environment's name
 * @returns what the schema makes of the input, or one line for each mistake: where, what was given, what to do
 */
export function read<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: string
): { readonly value: z.output<Schema> } | { readonly mistakes: readonly string[] } {
  const result = schema.safeParse(input, { reportInput: true, error: structuralMistake })
  if (result.success) return { value: result.data }
  return {
    mistakes: result.error.issues.flatMap(({ path, message }) =>
      message.split('\n').map(line => `${place(where, path)}: ${line}`)
    )
  }
}

/** Where in the literal a mistake is, as one would write it in TypeScript: `dev: links.search.hosts[0]`. */
function place(where: string, path: readonly PropertyKey[]): string {
  const dotted = path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`
    return before === '' ? String(key) : `${before}.${String(key)}`
  }, '')
  return dotted === '' ? where : `${where}: ${dotted}`
}

/** What is wrong with the structure itself, a line for each mistake; fields word their own. */
function structuralMistake(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => unknownKey(key, knownKeys(issue.inst))).join('\n')
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing; give ${article(issue.expected)}`
        : `must be ${article(issue.expected)}, got ${shown(issue.input)}`
    case 'invalid_value':
      return unchosen(issue.input, issue.values)
    case 'invalid_union':
      return typeof issue.discriminator === 'string' && Array.isArray(issue.options)
        ? unchosen(property(issue.input, issue.discriminator), issue.options)
        : undefined
    case 'invalid_key':
      return issue.issues.map(({ message }) => message).join('\n')
    default:
      return undefined
  }
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = [...known].sort((a, b) => leven(key, a) - leven(key, b))[0]
  const near = nearest !== undefined && (leven(key, nearest) <= 2 || nearest.startsWith(key))
  return `unknown key ${shown(key)}; ${near ? `did you mean ${shown(nearest)}?` : `known are ${known.join(', ')}`}`
}

function knownKeys(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

function article(expected: string): string {
  const noun: Record<string, string> = {
    array: 'a list',
    object: 'an object',
    record: 'an object',
    int: 'a whole number'
  }
  return noun[expected] ?? `a ${expected}`
}

const disjunction = new Intl.ListFormat('en-GB', { type: 'disjunction' })

function unchosen(given: unknown, values: readonly unknown[]): string {
  const choice = disjunction.format(values.map(value => shown(value)))
  return given === undefined ? `is missing; choose ${choice}` : `must be ${choice}, got ${shown(given)}`
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : value
}
