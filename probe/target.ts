import { z } from 'zod'
import { EndpointId, HostedZoneId, SecurityGroupId, VpcId } from './clouds/aws/identifiers.ts'
import { AwsRegion } from './clouds/aws/region.ts'
import { GcpRegion, NetworkName, Project, ResourceName } from './clouds/gcp/identifiers.ts'
import { choice } from './config/choice.ts'
import { configLimits } from './config/limits.ts'
import { mustBe } from './config/mistakes.ts'
import { EnvironmentName } from './config/names.ts'
import { readZillizHost, type ZillizHost } from './zilliz/host.ts'

const hostName = (is: string) =>
  z.string().regex(/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/, {
    error: mustBe(is)
  })
const HostName = hostName(
  'a DNS name in lower case and without a last dot, such as in01-….aws-us-west-2.vectordb.zillizcloud.com'
)

/** What a target has on every cloud; its region is spelled as that cloud does. */
const common = (region: typeof AwsRegion) => ({
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,100}\/[a-z0-9-]{1,100}\/[a-z0-9-]{1,100}$/, {
      error: mustBe('<environment>/<link>/<cluster> in lower case, such as prod/search/in01-840ec44485bf25d')
    })
    .describe('Unique across environments: `<environment>/<link>/<cluster>`.'),
  environment: EnvironmentName.describe('The environment that deploys the link.'),
  region: region.describe("The cloud's own spelling of the endpoint's region."),
  host: HostName.describe('The name that clients connect to.'),
  port: z.int().min(1).max(65535).describe('The TCP port that Zilliz Cloud allocated to the host.'),
  canaries: z
    .array(HostName)
    .max(4)
    .describe(
      'Names that must resolve in the same network, such as that of a public cluster. A parent zone may hide them.'
    )
    .optional()
})

/** A host behind an interface endpoint: host, port, and the ids that the commands of a remedy need. */
export const AwsTarget = z.strictObject({
  ...common(AwsRegion),
  cloud: z.literal('aws').describe('The cloud that the endpoint is in.'),
  vpcId: VpcId.describe('The VPC in which the host must resolve.').optional(),
  hostedZoneId: HostedZoneId.describe('The private hosted zone that holds its record.').optional(),
  endpointId: EndpointId.describe('The interface endpoint, `vpce-…`.').optional(),
  endpointDnsName: hostName("the endpoint's regional DNS name, vpce-….vpce-svc-….<region>.vpce.amazonaws.com")
    .describe(
      "The endpoint's regional DNS name. The probe resolves it each round. The host must have the same addresses."
    )
    .optional(),
  securityGroupId: SecurityGroupId.describe("The endpoint's security group.").optional()
})

/** A host behind a Private Service Connect endpoint: host, port, and the ids that the commands of a remedy need. */
export const GcpTarget = z.strictObject({
  ...common(GcpRegion),
  cloud: z.literal('gcp').describe('The cloud that the endpoint is in.'),
  project: Project.describe('The project of the endpoint.').optional(),
  network: NetworkName.describe('The VPC network in which the host must resolve.').optional(),
  managedZone: ResourceName.describe('The private managed zone that holds its record.').optional(),
  forwardingRule: ResourceName.describe("The endpoint's forwarding rule.").optional(),
  endpointAddress: z
    .union([z.ipv4(), z.ipv6()], { error: mustBe('an IPv4 or IPv6 address') })
    .describe("The endpoint's address. The host must have the same address.")
    .optional(),
  egressFirewall: ResourceName.describe(
    'The firewall rule that allows outbound connections from clients to the endpoint.'
  ).optional()
})

/** One host watched by the probe. */
export const Target = choice('cloud', [AwsTarget, GcpTarget])
export type Target = z.output<typeof Target>

/** The same, or a private link as Zilliz Cloud prints it, which says host, port, cloud and region. */
export const WrittenTarget = z.preprocess((written, context) => {
  if (typeof written !== 'string') return written
  const read = readZillizHost(withoutSlash(written))
  if (!('wrong' in read)) return targetOf(read, 'probe', `${read.label}-${read.port}`)
  context.addIssue(`${read.wrong}; ${read.remedy}`)
  return z.NEVER
}, Target)

/** Browsers put a slash behind what is copied from them. */
export function withoutSlash(link: string): string {
  return link.replace(/\/$/, '')
}

/** The environments of targets that are given as a private link alone: no deploy has them. */
export const nominalEnvironments = ['doctor', 'probe'] as const

/**
 * A target of what a private link says.
 *
 * @param environment replaces the environment that deployed it, which is not known
 * @param cluster the last part of its name, which must be its own
 */
export function targetOf(
  { label: _, ...link }: ZillizHost,
  environment: (typeof nominalEnvironments)[number],
  cluster: string
): Target {
  return { ...link, environment, name: `${environment}/${link.cloud}-${link.region}/${cluster}` }
}

/**
 * The targets of the probe. A stack's output `probe_config` has this form, as JSON.
 * An empty list of targets is valid: a link outputs it before Zilliz Cloud has allocated a host.
 */
export const ProbeConfig = z.strictObject({
  targets: z
    .array(WrittenTarget)
    .max(configLimits.targets)
    .describe('The hosts to watch: objects, or private links as Zilliz Cloud prints them.'),
  probes: z
    .int()
    .min(1)
    .max(1000)
    .describe(
      'How many probes watch these targets and are scraped by one Prometheus, including this probe. If fewer are scraped, an alert names the missing ones. A deploy sets this for its own probes. Default: not known.'
    )
    .optional()
})
export type ProbeConfig = z.output<typeof ProbeConfig>
