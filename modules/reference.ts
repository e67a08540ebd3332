import { optionsOf, optionTable } from '../probe/reference/options.ts'
import { type Tables, withTables } from '../probe/reference/tables.ts'
import { AwsAccess } from './aws/access.ts'
import { AwsLinkOptions } from './aws/link.ts'
import { AwsProbeOptions } from './aws/probe-options.ts'
import { Backend } from './environment/backend.ts'
import { EnvironmentOptions } from './environment/environment.ts'
import { GcpAccess } from './gcp/access.ts'
import { GcpLinkOptions } from './gcp/link.ts'
import { GcpProbeOptions } from './gcp/probe-options.ts'
import { ZillizOption } from './zilliz/zilliz-option.ts'

const tables: Tables = {
  environment: () => optionTable(optionsOf(EnvironmentOptions)),
  backend: () => Backend.options.map(option => optionTable(optionsOf(option))).join('\n\n'),
  'aws access': () => optionTable(optionsOf(AwsAccess)),
  'gcp access': () => optionTable(optionsOf(GcpAccess)),
  'aws link': () => optionTable(optionsOf(AwsLinkOptions)),
  'gcp link': () => optionTable(optionsOf(GcpLinkOptions)),
  zilliz: () => optionTable(optionsOf(ZillizOption)),
  'aws probe': () => optionTable(optionsOf(AwsProbeOptions)),
  'gcp probe': () => optionTable(optionsOf(GcpProbeOptions))
}

/**
 * A page with its tables of options as the schemas have them.
 *
 * @throws Error when the page marks a place for a table that there is not
 */
export function withOptionTables(page: string): string {
  return withTables(page, tables)
}
