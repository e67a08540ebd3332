import { z } from 'zod'
import { Cidr, isAnywhere } from '../cidr.ts'
import { distinct } from '../distinct.ts'
import { type Mistake, shown } from '../mistakes.ts'
import { shapedText } from '../shaped-text.ts'
import { hostsElsewhere, ZillizHosts } from '../zilliz.ts'
import { Zone } from '../zone.ts'
import { AwsRegion } from './region.ts'

const ServiceName = shapedText({
  pattern: /^com\.amazonaws\.vpce\.[a-z]{2}(-[a-z]+)+-\d+\.vpce-svc-[0-9a-f]{17}$/,
  is: 'an endpoint service name such as com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
  find: 'copy it from the Add Private Link dialog of Zilliz Cloud'
})

const VpcId = shapedText({
  pattern: /^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
  is: 'a VPC id such as vpc-0a1b2c3d4e5f60718',
  find: 'copy it from the column VPC ID of the Amazon VPC console'
})

const SubnetId = shapedText({
  pattern: /^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
  is: 'a subnet id such as subnet-0a1b2c3d4e5f60718',
  find: 'copy it from the column Subnet ID of the Amazon VPC console'
})

const fields = z.strictObject({
  cloud: z.literal('aws').describe('The cloud that hosts the database.'),
  region: AwsRegion.describe("The VPC's region, in AWS's own spelling: `us-west-2`."),
  serviceName: ServiceName.describe('The endpoint service that the Add Private Link dialog of Zilliz Cloud names.'),
  vpcId: VpcId.describe('The VPC whose clients reach the database.'),
  subnetIds: distinct(
    SubnetId,
    id => id,
    (id, first) => `names ${id} again; subnetIds[${first}] has it, remove one`
  )
    .min(1, 'must not be empty; give one subnet for each availability zone that your clients run in')
    .describe('One subnet for each availability zone; the endpoint gets an address in each.'),
  zone: Zone,
  hosts: ZillizHosts,
  sources: distinct(
    Cidr,
    cidr => cidr,
    (cidr, first) => `names ${cidr} again; sources[${first}] has it, remove one`
  )
    .min(1, 'must not be empty; leave the key out to let in the whole VPC')
    .optional()
    .describe("Address ranges that may connect. Left out: the VPC's own ranges, read from AWS."),
  allowAnySource: z.boolean().default(false).describe('Accept `0.0.0.0/0` and `::/0` among the sources, on purpose.')
})

/** A private link on AWS, as an environment's literal describes it. */
export const AwsLink = fields.superRefine(
  (link, context) => {
    for (const { path, message } of disagreements(link)) context.addIssue({ code: 'custom', path: [...path], message })
  },
  // Also when another field could not be read: every mistake is reported at once.
  { when: () => true }
)

export type AwsLink = z.output<typeof AwsLink>

/** What is wrong between fields that are each well formed. A field that could not be read takes no part. */
function disagreements(link: Partial<z.output<typeof fields>>): readonly Mistake[] {
  const serviceRegion = regionOfService(link.serviceName)
  const mistakes: Mistake[] = []
  if (serviceRegion !== undefined && AwsRegion.safeParse(link.region).success && serviceRegion !== link.region) {
    mistakes.push({
      path: ['serviceName'],
      message: `is a service of ${serviceRegion}, but the link is in ${link.region}, got ${shown(link.serviceName)}; give the service of ${link.region}`
    })
  }
  if (serviceRegion !== undefined) mistakes.push(...hostsElsewhere(link.hosts, 'aws', serviceRegion))
  if (link.allowAnySource !== true && Array.isArray(link.sources)) {
    for (const [index, source] of link.sources.entries()) {
      if (!isAnywhere(source)) continue
      mistakes.push({
        path: ['sources', index],
        message: `lets in every address there is, got ${shown(source)}; name your own ranges, or set allowAnySource: true if that is meant`
      })
    }
  }
  return mistakes
}

function regionOfService(serviceName: unknown): string | undefined {
  return ServiceName.safeParse(serviceName).success
    ? /^com\.amazonaws\.vpce\.([^.]+)\./.exec(String(serviceName))?.[1]
    : undefined
}
