import { dnsCauses } from './dns-causes.ts'
import { endpointCauses } from './endpoint-causes.ts'
import { packetCauses } from './packet-causes.ts'

/**
 * Every cause on AWS, in the order in which candidates are listed. The first that is confirmed is the headline: what makes the rest
 * irrelevant comes first.
 */
export const awsCauses = [...endpointCauses, ...dnsCauses, ...packetCauses] as const

export type AwsCauseId = (typeof awsCauses)[number]['id']
