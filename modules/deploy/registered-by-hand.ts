import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { ZillizApi } from '../../probe/zilliz/client.ts'
import { EndpointIds } from '../endpoint-identity.ts'
import type { Environment } from '../environment/environment.ts'
import { runCdktn } from './cdktn.ts'
import type { Interruption } from './interruption.ts'

/** The outputs of one environment that concern endpoints and their registrations. */
const RegistrationOutputs = z.looseObject({
  endpoint_ids: EndpointIds.default({}),
  registrations: z.record(z.string(), z.string()).default({})
})

type RegistrationOutputs = z.output<typeof RegistrationOutputs>

/**
 * Endpoints of an environment that Zilliz Cloud knows although no deploy registered them: a person did, in the console. Zilliz
 * Cloud does not register one twice, and its Terraform provider takes none over.
 *
 * @returns a line for each, with what to do
 * @throws ApiError when Zilliz Cloud does not say
 */
export async function registeredByHand(
  environment: Environment,
  api: Pick<ZillizApi, 'privateEndpoints'>,
  interruption: Interruption
): Promise<readonly string[]> {
  const { name, links } = environment
  const { endpoint_ids, registrations } = await readOutputs(name, interruption)
  const lines = Object.entries(links).map(async ([link, { zilliz }]) => {
    if (zilliz === undefined || zilliz.registered || registrations[link] !== undefined) return []
    const ours = endpoint_ids[link]
    const endpoints = await api.privateEndpoints(zilliz.projectId)
    const known = endpoints.find(({ endpointId }) => endpointId === ours?.id)
    if (known === undefined) return []
    return [
      `${name}: links.${link}: ${known.endpointId} is registered with ${zilliz.projectId} already, by somebody in the console, and is not registered twice. Write registered: true in its zilliz to leave that as it is and have the hosts read, or delete its entry in the console, where clients lose their connections until the next deploy has registered it again.`
    ]
  })
  return (await Promise.all(lines)).flat()
}

/** What the deploys of an environment have put out so far: Terraform keeps it, also of one that failed. */
async function readOutputs(environment: string, interruption: Interruption): Promise<RegistrationOutputs> {
  const directory = await mkdtemp(join(tmpdir(), 'outputs-'))
  try {
    const file = join(directory, 'outputs.json')
    const words = ['output', environment, '--skip-synth', '--skip-provider-lock', '--outputs-file', file]
    const signal = AbortSignal.any([interruption.signal, AbortSignal.timeout(120_000)])
    await runCdktn(words, { interruption: { ...interruption, signal }, onLine: () => {} })
    const written = JSON.parse(await readFile(file, 'utf8').catch(() => '{}'))
    return z.record(z.string(), RegistrationOutputs).parse(written)[environment] ?? RegistrationOutputs.parse({})
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
