import type { z } from 'zod'
import { configLimits } from './limits.ts'
import { shown, wording } from './mistakes.ts'
import { OperatorError } from './operator-error.ts'

/** Thrown when a config cannot be used; the message has one line for each mistake, up to a limit, and then their number. */
export class ConfigError extends OperatorError {
  override readonly name = 'ConfigError'
  /** The lines that are mistakes. */
  readonly lines: readonly string[]
  /** How many more mistakes there are. */
  readonly omitted: number

  /** @param omitted how many more mistakes there are */
  constructor(mistakes: readonly string[], omitted = 0) {
    const lines = mistakes.slice(0, configLimits.mistakes)
    const more = mistakes.length - lines.length + omitted
    const all = more === 0 ? lines : [...lines, `… and ${more.toLocaleString('en-US')} more`]
    super(all)
    this.lines = lines
    this.omitted = more
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
  const omitted = result.error.issues.map(issue =>
    issue.code === 'unrecognized_keys' ? Math.max(0, issue.keys.length - configLimits.mistakes) : 0
  )
  return {
    error: new ConfigError(
      lines,
      omitted.reduce((sum, count) => sum + count, 0)
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
  const omitted = failures.reduce((sum: number, failure: ConfigError) => sum + failure.omitted, 0)
  if (mistakes.length > 0) throw new ConfigError(mistakes, omitted)
  return Promise.all(readings)
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
