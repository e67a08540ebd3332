import { z } from 'zod'
import { readInput } from '../../probe/config/mistakes.ts'
import { parseProbeConfig, readOutputs } from '../../probe/config/outputs.ts'
import { ProbeConfig } from '../../probe/target.ts'
import type { DeployedLink, EnvironmentOutputs } from './deployed-link.ts'

const Outputs = z.record(
  z.string(),
  z.looseObject({
    register: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
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
  const environments = Object.entries(outputs).map(async ([environment, { register, links, probe_config }]) => {
    if (links === undefined || register === undefined || probe_config === undefined) return []
    const where = `${file}: ${environment}.probe_config`
    const { targets } = readInput(ProbeConfig, await parseProbeConfig(probe_config, where), where)
    const byLink = Object.entries(links).map(([name, { connection_status, records }]) => {
      const ours = targets.filter(target => target.name.startsWith(`${environment}/${name}/`))
      return [
        name,
        {
          endpoint: endpointOf(register[name] ?? {}),
          connectionStatus: connection_status ?? undefined,
          hosts: ours.map(({ name, host, port }) => {
            const record = records.find(each => each.name === host)
            return {
              cluster: name.split('/')[2] ?? '',
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

/** The labels of the Add Private Link dialog, as the private links of `aws/` and `gcp/` write them. */
export function endpointOf(registration: Readonly<Record<string, unknown>>): DeployedLink['endpoint'] {
  const of = (label: string) => {
    const value = registration[label]
    return typeof value === 'string' ? value : undefined
  }
  const vpce = of('Your VPC Private Link ID')
  if (vpce !== undefined) return { id: vpce, gcpProjectId: undefined }
  const name = of('Your Endpoint')
  return name === undefined ? undefined : { id: name, gcpProjectId: of('Google Cloud Project ID') }
}
