import { z } from 'zod'
import { markdownTable } from './tables.ts'

/** One option of a schema, in the words of a table. */
export interface Option {
  readonly name: string
  readonly type: string
  /** `needed`, the default, or nothing if it is optional. */
  readonly presence: string
  readonly meaning: string
  /** The options of the object that it is, or of each object in the list that it is. */
  readonly inside: readonly Option[]
}

type Schema = z.core.JSONSchema.BaseSchema

/** The options of an object, in the order of its schema. */
export function optionsOf(schema: z.ZodType): readonly Option[] {
  return optionsIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
}

/** A table of options. */
export function optionTable(options: readonly Option[]): string {
  return markdownTable(
    ['option', 'type', 'default', 'meaning'],
    options.map(({ name, type, presence, meaning }) => [`\`${name}\``, type, presence, meaning])
  )
}

function optionsIn({ properties = {}, required = [] }: Schema): readonly Option[] {
  return Object.entries(properties).flatMap(([name, property]) =>
    typeof property === 'boolean'
      ? []
      : [
          {
            name,
            type: typeOf(property),
            presence: required.includes(name) ? 'needed' : shownDefault(property),
            meaning: property.description ?? '',
            inside: inside(property).map(option => ({
              ...option,
              name: `${name}${property.type === 'array' ? '[]' : ''}.${option.name}`
            }))
          }
        ]
  )
}

function inside(property: Schema): readonly Option[] {
  const { items = property } = property
  const options = typeof items === 'boolean' || Array.isArray(items) ? [] : optionsIn(items)
  return options.flatMap(option => [option, ...option.inside])
}

const types: Readonly<Record<string, string>> = {
  array: 'list',
  integer: 'whole number',
  number: 'number',
  string: 'string',
  boolean: 'boolean'
}

function typeOf(property: Schema): string {
  if (property.const !== undefined) return `\`${JSON.stringify(property.const)}\``
  if (property.enum !== undefined) return property.enum.map(value => `\`${JSON.stringify(value)}\``).join(', ')
  const each = property.anyOf?.map(({ type }) => type)
  const type = types[String(property.type)] ?? (each?.every(one => one === 'string') ? 'string' : 'object')
  return property.maximum === undefined ? type : `${type}, ${property.minimum ?? 0}-${property.maximum}`
}

function shownDefault({ default: value }: Schema): string {
  if (value === undefined) return ''
  const empty = JSON.stringify(value)
  return empty === '[]' || empty === '{}' ? 'none' : `\`${empty}\``
}
