import type { AwsLink } from './aws/link.ts'
import type { GcpLink } from './gcp/link.ts'

/** The region of the service of a link, as Zilliz Cloud spells it: `aws-us-west-2`. */
export function servedRegion(link: AwsLink | GcpLink): string {
  return link.cloud === 'aws' ? `aws-${link.serviceRegion ?? link.region}` : `gcp-${link.region}`
}
