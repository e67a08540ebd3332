import type { AwsLink } from './aws/link.ts'
import type { GcpLink } from './gcp/link.ts'
import { networkPath } from './gcp/zone-networks.ts'

/**
 * The network that a probe of a link judges: it watches every link with the same. On Google Cloud an endpoint may be out of reach
 * from other regions of its network, so that a region has a probe of its own.
 */
export function probedNetwork(link: AwsLink | GcpLink): string {
  return link.cloud === 'aws' ? link.vpcId : `${networkPath(link)} in ${link.region}`
}
