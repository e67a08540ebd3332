import { z } from 'zod'
import { commandLine } from '../../probe/command/how-started.ts'
import { parseProbeConfig, readOutputs } from '../../probe/config/outputs.ts'
import { escapeProse } from '../../probe/facts/escape.ts'
import { ConfigError, readInput } from '../../probe/schema/read.ts'
import { ProbeConfig } from '../../probe/target.ts'
import { readTargetName } from '../../probe/target-name.ts'
import { EndpointIds } from '../endpoint-identity.ts'
import type { EnvironmentOutputs } from './deployed-link.ts'
import { deployWithOutputs } from './kinds.ts'

const and = new Intl.ListFormat('en')

const Outputs = z.record(
  z.string(),
  z.looseObject({
    endpoint_ids: EndpointIds.optional(),
    links: z
      .record(
        z.string(),
        z.looseObject({
          connection_status: z.string().nullish(),
          records: z.array(z.looseObject({ name: z.string(), type: z.string(), zone: z.string() }))
        })
      )
      .optional(),
    probe_config: z.string().optional()
  })
)

/**
 * Reads the file that `cdktf deploy --outputs-file` wrote: all environments in it, by name.
 *
 * @throws ConfigError with what is wrong
 */
export async function readDeployed(file: string): Promise<ReadonlyMap<string, EnvironmentOutputs>> {
  const outputs = await readOutputs(file, Outputs)
  const environments = Object.entries(outputs).map(async ([environment, { endpoint_ids, links, probe_config }]) => {
    if (links === undefined || endpoint_ids === undefined || probe_config === undefined) {
      const lacking = Object.entries({ links, endpoint_ids, probe_config }).flatMap(([name, output]) =>
        output === undefined ? [name] : []
      )
      // A stack of another program may be in the file, too.
      if (lacking.length === 3) return []
      throw new ConfigError([
        `${file}: environment "${escapeProse(environment, 100)}" has no output ${and.format(lacking)}. Another version wrote the file. Write it again: ${commandLine(deployWithOutputs(environment, file))}.`
      ])
    }
    const where = `${file}: ${environment}.probe_config`
    const { targets } = readInput(ProbeConfig, await parseProbeConfig(probe_config, where), where)
    const byLink = Object.entries(links).map(([name, { connection_status, records }]) => {
      const ours = targets.flatMap(target => {
        const of = readTargetName(target.name)
        return of?.environment === environment && of.link === name ? [{ ...target, cluster: of.cluster }] : []
      })
      return [
        name,
        {
          endpoint: endpoint_ids[name],
          connectionStatus: connection_status ?? undefined,
          hosts: ours.map(({ cluster, host, port }) => {
            const record = records.find(each => each.name === host)
            return {
              cluster,
              name: host,
              port,
              record: record === undefined ? undefined : { type: record.type, zone: record.zone }
            }
          })
        }
      ] as const
    })
    return [[environment, new Map(byLink)] as const]
  })
  return new Map((await Promise.all(environments)).flat())
}
