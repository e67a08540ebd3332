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
 * @throws ConfigError with one line for each mistake: where, what was given, what to do
 */
export function readInput<Schema extends z.ZodType>(schema: Schema, input: unknown, where: string): z.output<Schema> {
  const result = schema.safeParse(input, { reportInput: true, error: wording })
  if (result.success) return result.data
  throw new ConfigError(
    result.error.issues.flatMap(({ path, message }) =>
      message.split('\n').map(line => `${place(where, path)}: ${line}`)
    )
  )
}

function place(where: string, path: readonly PropertyKey[]): string {
  const dotted = path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`
    return before === '' ? String(key) : `${before}.${String(key)}`
  }, '')
  return dotted === '' ? where : `${where}: ${dotted}`
}

function wording(issue: z.core.$ZodRawIssue): string | undefined {
  const given = shown(issue.input)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape).join(', ') : ''
      return issue.keys.map(key => `unknown key ${shown(key)}; known are ${known}`).join('\n')
    }
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing; give ${noun(issue.expected)}`
        : `must be ${noun(issue.expected)}, got ${given}`
    case 'invalid_value':
      return unchosen(issue.input, issue.values)
    case 'invalid_format':
      return `must be ${shape(issue.path)}, got ${given}`
    case 'invalid_union':
      return typeof issue.discriminator === 'string' && Array.isArray(issue.options)
        ? unchosen(property(issue.input, issue.discriminator), issue.options)
        : `must be ${shape(issue.path)}, got ${given}`
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

const hostName =
  'a DNS name in lower case and without a last dot, such as in01-….aws-us-west-2.vectordb.zillizcloud.com'
const address = 'an IPv4 or IPv6 address'
const shapes: Readonly<Record<string, string>> = {
  'targets.name': '<environment>/<link>/<cluster> in lower case, such as prod/search/in01-840ec44485bf25d',
  'targets.host': hostName,
  'targets.canaries': hostName,
  'targets.endpointDnsName': "the endpoint's regional DNS name, vpce-….vpce-svc-….<region>.vpce.amazonaws.com",
  'targets.endpointAddress': address,
  'resolvers.address': address,
  'resolvers.name': 'a short name in lower case, such as vpc',
  'listen.basicAuth.username': 'a name without a colon'
}

function shape(path: readonly PropertyKey[] | undefined): string {
  return shapes[(path ?? []).filter(key => typeof key === 'string').join('.')] ?? 'of another shape'
}

const disjunction = new Intl.ListFormat('en-GB', { type: 'disjunction' })

function unchosen(given: unknown, values: readonly unknown[]): string {
  const choice = disjunction.format(values.map(shown))
  return given === undefined ? `is missing; choose ${choice}` : `must be ${choice}, got ${shown(given)}`
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : value
}

function shown(given: unknown): string {
  const text = JSON.stringify(given) ?? String(given)
  return text.length > 120 ? `${text.slice(0, 117)}…"` : text
}
