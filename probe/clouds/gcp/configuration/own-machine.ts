import { z } from 'zod'
import type { OwnMachine } from '../../../causes/question.ts'
import { escapeProse } from '../../../facts/escape.ts'
import { lastPart, readVpcName, regionOfZone, vpcPath } from './network.ts'

/** @see https://cloud.google.com/compute/docs/instances/detect-compute-engine */
export const gcpMaker = /^Google/

/** The variable that moves the metadata server, as Google's own clients read it. */
export interface MetadataVariables {
  readonly GCE_METADATA_HOST?: string | undefined
}

const longestAnswer = 65_536

const MachineNics = z.array(z.object({ network: z.string().optional() }))

/**
 * This machine by the metadata server: https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys
 *
 * @returns `undefined` if none answers as Google's does
 */
export async function readOwnMachine(
  { GCE_METADATA_HOST = '' }: MetadataVariables,
  signal: AbortSignal
): Promise<OwnMachine | undefined> {
  const host = GCE_METADATA_HOST === '' ? '169.254.169.254' : GCE_METADATA_HOST
  const read = (key: string) => readKey(`http://${host}/computeMetadata/v1/${key}`, signal)
  const [project, number, zone, name, interfaces] = await Promise.all([
    read('project/project-id'),
    read('project/numeric-project-id'),
    read('instance/zone'),
    read('instance/name'),
    read('instance/network-interfaces/?recursive=true')
  ])
  if (project === undefined) return undefined
  const vpc = readVpcName(firstNetwork(interfaces) ?? '')
  // The server names projects of networks by number. That of a Shared VPC is another project, whose id it does not give: the interface
  // of the machine has it.
  const network = vpc !== undefined && vpc.project === number ? vpcPath({ ...vpc, project }) : undefined
  return {
    cloud: 'gcp',
    account: project,
    region: zone === undefined ? undefined : regionOfZone(zone),
    zone: zone === undefined ? undefined : lastPart(zone),
    network,
    id: name
  }
}

function firstNetwork(interfaces: string | undefined): string | undefined {
  try {
    return MachineNics.safeParse(JSON.parse(interfaces ?? '[]')).data?.[0]?.network
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

async function readKey(url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(url, { headers: { 'metadata-flavor': 'Google' }, redirect: 'error', signal })
    // Another cloud's server at the same address does not have it.
    const isGoogles = response.headers.get('metadata-flavor') === 'Google'
    if (response.status !== 200 || !isGoogles) {
      await response.body?.cancel()
      return undefined
    }
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of response.body ?? []) {
      length += chunk.length
      if (length > longestAnswer) return undefined
      chunks.push(chunk)
    }
    return escapeProse(Buffer.concat(chunks).toString().trim(), longestAnswer)
  } catch (error) {
    if (signal.aborted || error instanceof TypeError) return undefined
    throw error
  }
}
