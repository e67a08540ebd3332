import { z } from 'zod'
import { configLimits } from './limits.ts'
import { unknownKey, wording } from './mistakes.ts'

/** What is wrong at a place. */
interface Wrong {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/**
 * A schema for one of several objects that a field tells apart. If that field is missing or wrong, what is wrong whichever it
 * were is reported too.
 */
export function choice<const Field extends string, Option extends z.ZodObject<Readonly<Record<Field, z.ZodLiteral>>>>(
  field: Field,
  options: readonly Option[]
) {
  const [first, ...others] = options
  if (first === undefined) throw new TypeError(`${field}: there is nothing to choose from`)
  const isChosen = (given: unknown) =>
    !isObject(given) || options.some(option => option.shape[field]?.safeParse(given[field]).success)
  return z.discriminatedUnion(field, [first, ...others]).superRefine(
    (given, context) => {
      for (const { path, message } of wrongWhicheverIt(given, field, options)) {
        context.addIssue({ code: 'custom', path: [...path], message })
      }
    },
    { when: ({ value }) => !isChosen(value) }
  )
}

function wrongWhicheverIt(given: unknown, field: string, options: readonly z.ZodObject[]): readonly Wrong[] {
  if (!isObject(given)) return []
  const [first = [], ...others] = options.map(option => wrongAs(option, given, field))
  const alike = first.filter(({ path, message }) =>
    others.every(wrong => wrong.some(each => each.message === message && String(each.path) === String(path)))
  )
  const known = [...new Set(options.flatMap(option => Object.keys(option.shape)))]
  const unknown = Object.keys(given).filter(key => !known.includes(key))
  // Beyond the limit they are only counted.
  const message = (key: string, index: number) =>
    index < configLimits.mistakes ? unknownKey(key, known) : 'unknown key'
  return [...alike, ...unknown.map((key, index) => ({ path: [], message: message(key, index) }))]
}

/** What is wrong with an object read as one of the options, apart from keys that only another has. */
function wrongAs(option: z.ZodObject, given: Readonly<Record<string, unknown>>, field: string): readonly Wrong[] {
  const [value] = option.shape[field] instanceof z.ZodLiteral ? option.shape[field].values : []
  const { error } = option.safeParse({ ...given, [field]: value }, { reportInput: true, error: wording })
  return error?.issues.filter(({ code }) => code !== 'unrecognized_keys') ?? []
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
