import { z } from 'zod'
import { AwsAccess } from './aws/access.ts'
import { AwsLink } from './aws/link.ts'
import { Backend } from './backend.ts'
import { Environment } from './environment.ts'
import { GcpAccess } from './gcp/access.ts'
import { GcpLink } from './gcp/link.ts'

/** The tables of options, by the name that marks their place in a page. */
const tables: Readonly<Record<string, () => string>> = {
  environment: () => optionTable(Environment),
  backend: () => Backend.options.map(option => optionTable(option)).join('\n\n'),
  'aws access': () => optionTable(AwsAccess),
  'gcp access': () => optionTable(GcpAccess),
  'aws link': () => optionTable(AwsLink),
  'gcp link': () => optionTable(GcpLink)
}

/**
 * A page with its tables of options as the schemas have them. A table stands between `<!-- options: aws link -->` and
 * `<!-- end -->`.
 *
 * @throws Error when the page marks a place for a table that there is not
 */
export function withOptionTables(page: string): string {
  return page.replaceAll(/(<!-- options: (.+) -->\n)[\s\S]*?(<!-- end -->)/g, (_, start, name, end) => {
    const table = tables[name]
    if (table === undefined)
      throw new Error(`no table of options is called ${name}; there are ${Object.keys(tables).join(', ')}`)
    return `${start}\n${table()}\n\n${end}`
  })
}

const Property = z.looseObject({
  type: z.string().optional(),
  description: z.string().default(''),
  default: z.unknown().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional()
})
const Options = z.looseObject({
  properties: z.record(z.string(), Property),
  required: z.array(z.string()).default([])
})

function optionTable(schema: z.ZodType): string {
  const { properties, required } = Options.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  const rows = Object.entries(properties).map(([name, property]) => {
    const presence = required.includes(name) ? 'needed' : shownDefault(property)
    return `| \`${name}\` | ${typeOf(property)} | ${presence} | ${property.description.replaceAll('|', '\\|')} |`
  })
  return ['| option | type | default | meaning |', '|---|---|---|---|', ...rows].join('\n')
}

function typeOf(property: z.output<typeof Property>): string {
  if (property.const !== undefined) return `\`${JSON.stringify(property.const)}\``
  if (property.enum !== undefined) return property.enum.map(value => `\`${JSON.stringify(value)}\``).join(', ')
  return (
    { array: 'list', integer: 'whole number', string: 'string', boolean: 'boolean' }[property.type ?? ''] ?? 'object'
  )
}

function shownDefault({ default: value }: z.output<typeof Property>): string {
  if (value === undefined) return ''
  const empty = JSON.stringify(value)
  return empty === '[]' || empty === '{}' ? 'none' : `\`${empty}\``
}
