import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { z } from 'zod'
import { readDataSourceSchema, readProviderSchema, readResourceSchema } from '../../standin/binding-schema.ts'
import type { Provider } from '../../standin/provider.ts'
import type { Block } from '../../standin/schema.ts'

const Bindings = z.looseObject({ cdktf: z.looseObject({ provider: z.looseObject({ version: z.string() }) }) })

/** The version of the provider that bindings were made of. */
export function versionOfBindings(name: string): string {
  const file: unknown = createRequire(import.meta.url)(`${name}/package.json`)
  return Bindings.parse(file).cdktf.provider.version
}

const Schema = z.custom<Block>(given => z.looseObject({ attributes: z.looseObject({}) }).safeParse(given).success)
const Recorded = z.strictObject({
  provider: Schema,
  resources: z.record(z.string(), Schema),
  dataSources: z.record(z.string(), Schema)
})

/** The newest versions whose schemas are known: of AWS from bindings, of Google from its source, by `google-schema.go`. */
export const newestVersions = { aws: versionOfBindings('@cdktn/provider-aws'), google: '7.45.0' }

const google = Recorded.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, `google-${newestVersions.google}.json`), 'utf8'))
)

/** A provider with the schemas of its newest known version. */
export function newest(provider: Provider): Provider {
  if (provider.name === 'google') {
    return {
      ...provider,
      schema: google.provider,
      resources: provider.resources.map(each => withSchema(each, google.resources)),
      dataSources: provider.dataSources.map(each => withSchema(each, google.dataSources))
    }
  }
  if (provider.name !== 'aws') return provider
  return {
    ...provider,
    schema: readProviderSchema('aws', '@cdktn'),
    resources: provider.resources.map(each => ({ ...each, schema: readResourceSchema(each.type, '@cdktn') })),
    dataSources: provider.dataSources.map(each => ({ ...each, schema: readDataSourceSchema(each.type, '@cdktn') }))
  }
}

/** What no stack has is not recorded, and keeps the schema of the bindings. */
function withSchema<Typed extends { readonly type: string }>(
  typed: Typed,
  schemas: Readonly<Record<string, Block>>
): Typed {
  const schema = schemas[typed.type]
  return schema === undefined ? typed : { ...typed, schema }
}
