import type { AwsLink } from './aws/link.ts'
import type { GcpLink } from './gcp/link.ts'

/** The region of the service that a link leads to, in Zilliz Cloud's spelling: `aws-us-west-2`. */
export function servedRegion(link: AwsLink | GcpLink): string {
  return link.cloud === 'aws' ? `aws-${link.serviceRegion ?? link.region}` : `gcp-${link.region}`
}
