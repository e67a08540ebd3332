import type { z } from 'zod'
import { optionsOf, optionTable } from '../probe/reference/options.ts'
import { type Tables, withTables } from '../probe/reference/tables.ts'
import { clouds } from './clouds.ts'
import { Backend } from './environment/backend.ts'
import { EnvironmentOptions } from './environment/environment.ts'
import { ZillizOption } from './zilliz/zilliz-option.ts'

const tableOf = (schema: z.ZodType) => () => optionTable(optionsOf(schema))

const tables: Tables = {
  environment: tableOf(EnvironmentOptions),
  backend: () => Backend.options.map(option => optionTable(optionsOf(option))).join('\n\n'),
  zilliz: tableOf(ZillizOption),
  ...Object.fromEntries(
    Object.entries(clouds).flatMap(([id, { accessOptions, link, probe }]) => [
      [`${id} access`, tableOf(accessOptions)],
      [`${id} link`, tableOf(link)],
      [`${id} probe`, tableOf(probe)]
    ])
  )
}

/**
 * A page with its tables of options as the schemas have them.
 *
 * @throws Error when the page marks a place for a table that there is not
 */
export function withOptionTables(page: string): string {
  return withTables(page, tables)
}
