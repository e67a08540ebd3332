import { z } from 'zod'
import type { Ids, RemedySubject } from '../cloud.ts'
import { commonTarget, dnsName } from '../common-target.ts'
import { EndpointId, HostedZoneId, SecurityGroupId, VpcId } from './identifiers.ts'
import { AwsRegion } from './region.ts'

/** A host behind an interface endpoint: host, port, and the ids that the commands of a remedy need. */
export const AwsTarget = z.strictObject({
  ...commonTarget(AwsRegion),
  cloud: z.literal('aws').describe('The cloud that the endpoint is in.'),
  vpcId: VpcId.describe('The VPC in which the host must resolve.').optional(),
  hostedZoneId: HostedZoneId.describe('The private hosted zone that holds its record.').optional(),
  endpointId: EndpointId.describe('The interface endpoint, `vpce-…`.').optional(),
  endpointDnsName: dnsName("the endpoint's regional DNS name, vpce-….vpce-svc-….<region>.vpce.amazonaws.com")
    .describe(
      "The endpoint's regional DNS name. The probe resolves it each round. The host must have the same addresses."
    )
    .optional(),
  securityGroupId: SecurityGroupId.describe("The endpoint's security group.").optional()
})
export type AwsTarget = z.output<typeof AwsTarget>

/** What a remedy on AWS says of a target. */
export type AwsIds = Ids<AwsTarget>

/** A target's ids, with `<placeholders>` for those that it lacks. */
export function awsIds(target: RemedySubject<AwsTarget>): AwsIds {
  return {
    ...target,
    vpcId: target.vpcId ?? '<vpc-id>',
    hostedZoneId: target.hostedZoneId ?? '<hosted-zone-id>',
    endpointId: target.endpointId ?? '<vpc-endpoint-id>',
    endpointDnsName: target.endpointDnsName ?? '<endpoint-dns-name>',
    securityGroupId: target.securityGroupId ?? '<security-group-id>'
  }
}

/** The endpoint's id, which is in its own name as well: `vpce-0ce90d01341533a5c-ngbqfdnj.vpce-svc-…`. */
export function idOfEndpoint({ endpointId, endpointDnsName }: AwsTarget): string | undefined {
  return endpointId ?? /^vpce-[0-9a-f]+(?=-)/.exec(endpointDnsName ?? '')?.[0]
}
