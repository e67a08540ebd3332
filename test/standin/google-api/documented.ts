import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const Schema = z.record(z.string(), z.unknown())
const Api = z.object({
  servicePath: z.string(),
  methods: z.record(
    z.string(),
    z.object({
      httpMethod: z.string(),
      flatPath: z.string(),
      parameters: z.record(
        z.string(),
        z.object({
          location: z.string(),
          required: z.boolean().optional(),
          type: z.string(),
          pattern: z.string().optional()
        })
      ),
      response: z.object({ $ref: z.string() })
    })
  ),
  schemas: z.record(z.string(), Schema)
})
const { compute, dns } = z
  .object({ compute: Api, dns: Api })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'discovery.json'), 'utf8')))

/** A call as Google's discovery document has it. */
export interface DocumentedCall {
  /** `forwardingRules.get` */
  readonly method: string
  /** The form of its answer. */
  readonly answer: string
  readonly api: z.output<typeof Api>
}

/**
 * Finds the method that a request calls.
 *
 * @throws Error if no document has such a method, parameter or value
 */
export function documentedCall(httpMethod: string, path: string, query: URLSearchParams): DocumentedCall {
  const calls = [compute, dns].flatMap(api =>
    Object.entries(api.methods).flatMap(([method, { flatPath, parameters, response, ...more }]) => {
      const whole = flatPath.startsWith(api.servicePath) ? flatPath : `${api.servicePath || ''}${flatPath}`
      const form = whole.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')
      const found = new RegExp(`^/${form}$`).exec(path)
      if (found === null || more.httpMethod !== httpMethod) return []
      return [{ method, answer: response.$ref, api, parameters, given: found.groups ?? {} }]
    })
  )
  const [call] = calls
  if (call === undefined || calls.length > 1)
    throw new Error(`${httpMethod} ${path} is no method of a discovery document`)
  const { method, answer, api, parameters, given } = call
  const all = { ...given, ...Object.fromEntries(query) }
  for (const [name, value] of Object.entries(all)) {
    const parameter = parameters[name]
    if (parameter === undefined) throw new Error(`${method} has no parameter ${name}`)
    if (parameter.location !== (name in given ? 'path' : 'query')) throw new Error(`${name} is not in the query`)
    if (parameter.type === 'integer' && !/^\d+$/.test(value)) throw new Error(`${name} is no number: ${value}`)
    if (parameter.pattern !== undefined && !new RegExp(`^(?:${parameter.pattern})$`).test(decodeURIComponent(value))) {
      throw new Error(`${name} of ${method} does not have the form of the document: ${value}`)
    }
  }
  for (const [name, { required }] of Object.entries(parameters)) {
    if (required === true && !(name in all)) throw new Error(`${method} needs ${name}`)
  }
  return { method, answer, api }
}

/**
 * What is wrong with an answer by the document: fields that it does not have, values of another type, values that an enum does not have.
 */
export function undocumentedIn({ answer, api }: DocumentedCall, value: unknown): readonly string[] {
  return wrongIn(api, { $ref: answer }, value, answer)
}

const Form = z.object({
  $ref: z.string().optional(),
  type: z.string().optional(),
  format: z.string().optional(),
  enum: z.array(z.string()).optional(),
  items: Schema.optional(),
  properties: z.record(z.string(), Schema).optional(),
  additionalProperties: Schema.optional()
})

function wrongIn(api: z.output<typeof Api>, schema: unknown, value: unknown, at: string): readonly string[] {
  const form = Form.parse(schema)
  if (form.$ref !== undefined) return wrongIn(api, api.schemas[form.$ref] ?? {}, value, at)
  switch (form.type) {
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is no object`]
      return Object.entries(value).flatMap(([name, each]) => {
        const own = form.properties?.[name] ?? form.additionalProperties
        return own === undefined ? [`${at} has no field ${name}`] : wrongIn(api, own, each, `${at}.${name}`)
      })
    }
    case 'array':
      if (!Array.isArray(value)) return [`${at} is no array`]
      return value.flatMap((each, index) => wrongIn(api, form.items ?? {}, each, `${at}[${index}]`))
    case 'string': {
      if (typeof value !== 'string') return [`${at} is no text`]
      if (/int64$/.test(form.format ?? '') && !/^\d+$/.test(value)) return [`${at} is no number: ${value}`]
      return form.enum === undefined || form.enum.includes(value) ? [] : [`${at} has no value ${value}`]
    }
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${at} is not true or false`]
    case 'integer':
      return Number.isInteger(value) ? [] : [`${at} is no number`]
    case 'number':
      return typeof value === 'number' ? [] : [`${at} is no number`]
    default:
      return [`${at} has a form that is not read: ${form.type}`]
  }
}
