import { z } from 'zod'
import { EndpointId, HostedZoneId, SecurityGroupId, VpcId } from '../../probe/clouds/aws/identifiers.ts'
import { AwsRegion } from '../../probe/clouds/aws/region.ts'
import { zillizDomain } from '../../probe/facts/zilliz-domain.ts'
import { shown } from '../../probe/schema/mistakes.ts'
import { isAnywhere } from '../cidr.ts'
import type { Claim } from '../claim.ts'
import { distinct, distinctTexts } from '../distinct.ts'
import { endpointMistakes, linkEndpointOf, sharedRegistration, zillizOfEndpoint } from '../link-endpoint.ts'
import type { Mistake } from '../mistakes.ts'
import { probeClaim, probeMistakes } from '../probe-options.ts'
import { Timeouts } from '../timeouts.ts'
import { type Host, hostsElsewhere, ZillizHosts } from '../zilliz/host.ts'
import { clusterClaims, registrationClaims, ZillizOption, zillizMistakes } from '../zilliz/zilliz-option.ts'
import { outsideParent, Zone, zoneMistakes } from '../zone.ts'
import { EndpointOfOthers, endpointOfOthers } from './endpoint-of-others.ts'
import { AccountId, ProfileId, RoleArn, SubnetId, TopicArn } from './identifiers.ts'
import { AwsProbeOptions } from './probe-options.ts'
import { regionOfService, ServiceName } from './service-name.ts'
import { Source } from './source.ts'
import { AwsTags } from './tags.ts'
import { AwsDnsZone, ownVpcs, zoneClaims } from './zone.ts'

const fields = z.strictObject({
  cloud: z.literal('aws').describe('The cloud that hosts the database.'),
  region: AwsRegion.describe("The VPC's region, as AWS spells it: `us-west-2`."),
  serviceName: ServiceName.optional().describe(
    'The endpoint service that the Add Private Link dialog of Zilliz Cloud names. Required without `zilliz`, which looks it up, or `endpoint`.'
  ),
  serviceRegion: AwsRegion.optional().describe(
    'The region of the service, if it differs from the region of the VPC. Zilliz Cloud enables cross-region endpoints on request.'
  ),
  vpcId: VpcId.describe('The VPC whose clients reach the database.'),
  subnetIds: distinctTexts(SubnetId, 'subnetIds')
    .min(1, 'must not be empty. Give one subnet for each availability zone that your clients run in.')
    .optional()
    .describe(
      'One subnet for each availability zone; the endpoint gets an address in each. Required without `endpoint`.'
    ),
  endpoint: EndpointOfOthers.optional().describe(
    '[An endpoint that others made](../aws/README.md#use-an-endpoint-that-others-made). The deploy changes neither it nor its rules. Default: the deploy makes one.'
  ),
  ipAddressType: z
    .enum(['ipv4', 'dualstack'])
    .default('ipv4')
    .describe(
      '`dualstack` gives the endpoint IPv6 addresses too, if its service and subnets have IPv6. With `endpoint`: whether its hosts get AAAA records.'
    ),
  hosts: ZillizHosts,
  zilliz: ZillizOption.optional().describe(
    '[Register the endpoint and read the hosts](../guides/deploy.md) through the API of Zilliz Cloud. Default: the operator does this in the console.'
  ),
  sources: distinctTexts(Source, 'sources')
    .min(1, 'must not be empty. Omit the key to allow the whole VPC.')
    .optional()
    .describe(
      'Who may connect: address ranges, security groups (`sg-…`), prefix lists (`pl-…`). Default: the ranges of the VPC, read from AWS.'
    ),
  allowAnySource: z.boolean().default(false).describe('Accept `0.0.0.0/0` and `::/0` among the sources.'),
  clientSecurityGroupIds: distinctTexts(SecurityGroupId, 'clientSecurityGroupIds')
    .default([])
    .describe(
      'The security groups of the clients, if they restrict outbound traffic. Each gets a rule that allows outbound connections to the endpoint.'
    ),
  extraSecurityGroupIds: distinctTexts(SecurityGroupId, 'extraSecurityGroupIds')
    // https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
    .max(
      15,
      'must be at most 15. AWS accepts at most 16 security groups on an endpoint, and one is the own of the link.'
    )
    .default([])
    .describe('Security groups to attach to the endpoint, in addition to the security group of the link.'),
  zone: Zone,
  zoneId: HostedZoneId.optional().describe("The private hosted zone, with `zone: 'existing'`."),
  zoneRoleArn: RoleArn.optional().describe(
    "The role that writes to the existing zone, if another account owns it. All links of an environment use the same role. Default: none, the zone is in the environment's own account."
  ),
  associateZone: z
    .literal(true)
    .optional()
    .describe('Associate the existing zone with the VPC, and with `zoneVpcs`. Default: it is associated already.'),
  zoneVpcs: distinct(
    z.strictObject({ vpcId: VpcId, region: AwsRegion, accountId: AccountId.exactOptional() }),
    vpc => vpc.vpcId,
    (vpc, first) => `names ${vpc.vpcId} again. Remove it: zoneVpcs[${first}] has it already.`
  )
    .optional()
    .describe(
      'More VPCs in which the hosts resolve. A VPC of another account needs its `accountId`, and a role in `aws.vpcRoleArns`. You must connect the VPCs to the endpoint.'
    ),
  profileId: ProfileId.optional().describe(
    "A Route 53 Profile, in the link's region, that gets the zones, with `zone: 'per-host'`, `'parent'` or `'existing'`: the hosts resolve in all its VPCs, of whatever account. You must connect the VPCs to the endpoint. Default: none."
  ),
  stagingVpcId: VpcId.optional().describe(
    'To migrate from `parent` to `per-host`: a VPC without clients, in the same region and account, in which the deploy prepares the new zones.'
  ),
  tags: AwsTags.default({}).describe('Tags on the endpoint, in addition to those of the environment.'),
  timeouts: Timeouts.optional().describe('How long Terraform waits for the endpoint. Default: 10 minutes each.'),
  notificationTopicArn: TopicArn.optional().describe(
    'An SNS topic that is notified when the endpoint is accepted, rejected or deleted. Default: none.'
  ),
  probe: AwsProbeOptions.optional().describe(
    "Deploy [the probe](#the-probe) into the link's VPC, where it watches the hosts of all the environment's links there. Default: no probe."
  ),
  adoptEndpointId: EndpointId.optional().describe('Import this endpoint, which was created by hand.'),
  adoptZoneIds: z
    .record(z.string(), HostedZoneId)
    .default({})
    .describe(
      `Import these zones, which were created by hand: \`${zillizDomain}\` or the name of a host, and the id of the zone.`
    ),
  adoptRecords: distinctTexts(z.string(), 'adoptRecords')
    .default([])
    .describe('Import the records of these clusters, which were created by hand in an adopted or existing zone.')
})

/** The options of a link on AWS, as an environment's literal has them. */
export const AwsLinkOptions = fields.superRefine(
  (link, context) => {
    for (const { path, message } of disagreements(link)) context.addIssue({ code: 'custom', path: [...path], message })
  },
  // Also when another field could not be read: every mistake is reported at once.
  { when: () => true }
)

export type AwsLinkOptions = z.output<typeof AwsLinkOptions>

/** A private link on AWS, which has only what its kind of zone and its way of registration need. */
export type AwsLink = ReturnType<typeof readAwsLink>

/** Reads a link of options that agree with each other. */
export function readAwsLink({
  zone: kind,
  zoneId,
  zoneRoleArn,
  associateZone,
  zoneVpcs,
  profileId,
  stagingVpcId,
  endpoint,
  serviceName: service,
  zilliz,
  subnetIds,
  sources,
  allowAnySource,
  clientSecurityGroupIds,
  extraSecurityGroupIds,
  tags,
  timeouts,
  notificationTopicArn,
  adoptEndpointId,
  ...link
}: AwsLinkOptions) {
  const own = subnetIds && {
    subnetIds,
    sources,
    allowAnySource,
    clientSecurityGroupIds,
    extraSecurityGroupIds,
    tags,
    timeouts,
    notificationTopicArn,
    adoptEndpointId
  }
  return {
    ...link,
    zone: AwsDnsZone.parse({ kind, zoneId, zoneRoleArn, associateZone, zoneVpcs, profileId, stagingVpcId }),
    endpoint: linkEndpointOf({ endpoint: endpoint && endpointOfOthers(endpoint), service, zilliz, own })
  }
}

/** The region of a link's service. */
export function serviceRegionOf({
  serviceRegion,
  region
}: {
  readonly serviceRegion?: string | undefined
  readonly region: string
}): string {
  return serviceRegion ?? region
}

/** What a link owns. */
export function awsClaims(environment: string, link: AwsLink): readonly Claim[] {
  const { endpoint } = link
  const zilliz = zillizOfEndpoint(endpoint)
  const adoptEndpointId = endpoint.kind === 'managed' ? endpoint.own.adoptEndpointId : undefined
  const adopted = [adoptEndpointId, ...Object.values(link.adoptZoneIds)].flatMap(id =>
    id === undefined ? [] : [{ what: id, wayOut: 'Let one of them adopt it.' }]
  )
  const vpcs = ownVpcs(link).map(({ vpcId }) => vpcId)
  return [
    ...zoneClaims(
      environment,
      link,
      link.hosts.map(({ name }) => name)
    ),
    ...adopted,
    ...(link.probe === undefined ? [] : [probeClaim(environment, link.vpcId)]),
    ...clusterClaims(zilliz, vpcs),
    ...(endpoint.kind === 'existing' ? registrationClaims(zilliz, endpoint.others.id, sharedRegistration) : [])
  ]
}

/** What a link says of its service. */
interface ServedLink {
  readonly region?: unknown
  readonly serviceRegion?: unknown
  readonly serviceName?: unknown
  readonly endpoint?: unknown
  readonly hosts?: readonly Host[]
}

/** What is wrong between a link and its service. A field that could not be read, or is a token, takes no part. */
export function serviceMistakes(link: ServedLink): readonly Mistake[] {
  const region = AwsRegion.safeParse(link.region).data
  const serviceRegion = AwsRegion.safeParse(link.serviceRegion).data
  const served = regionOfService(link.serviceName)
  const asked = serviceRegion ?? (link.serviceRegion === undefined ? region : undefined)
  const mistakes: Mistake[] = []
  if (serviceRegion !== undefined && serviceRegion === region) {
    mistakes.push({
      path: ['serviceRegion'],
      message: `is the link's own region, got ${shown(serviceRegion)}. Leave it out, it is for a service elsewhere.`
    })
  }
  if (served !== undefined && asked !== undefined && served !== asked) {
    mistakes.push({
      path: ['serviceName'],
      message: `is a service of ${served}, but the link is ${serviceRegion === undefined ? 'in' : 'to a service in'} ${asked}, got ${shown(link.serviceName)}. Give the service of ${asked}.`
    })
  }
  const ofHosts = served ?? (link.endpoint === undefined ? undefined : asked)
  if (ofHosts !== undefined) mistakes.push(...hostsElsewhere(link.hosts, 'aws', ofHosts))
  return mistakes
}

/** What is wrong between fields that are each well formed. A field that could not be read takes no part. */
function disagreements(link: Partial<z.output<typeof fields>>): readonly Mistake[] {
  const mistakes: Mistake[] = [...serviceMistakes(link)]
  if (link.allowAnySource !== true && Array.isArray(link.sources)) {
    for (const [index, source] of link.sources.entries()) {
      if (!isAnywhere(source)) continue
      mistakes.push({ path: ['sources', index], message: letsAnyIn(source) })
    }
  }
  mistakes.push(
    ...zoneMistakes(link, AwsDnsZone.options),
    ...outsideParent(link.zone, link.hosts),
    ...probeMistakes(link.probe, link.hosts),
    ...unboundedRole(link.probe),
    ...zillizMistakes(link.zilliz, ['serviceName', link.serviceName, link.endpoint], link.hosts),
    ...endpointMistakes(link, ownFields, { subnetIds: 'a list' }),
    ...probeOfOthers(link),
    ...adoptedUnseen(link),
    ...vpcsTwice(link, []),
    ...otherAccounts(link)
  )
  if (link.stagingVpcId !== undefined && link.stagingVpcId === link.vpcId) {
    mistakes.push({
      path: ['stagingVpcId'],
      message: `is the link's own VPC, got ${shown(link.stagingVpcId)}. Name one in which no client asks for the hosts.`
    })
  }
  return mistakes
}

/** What names the VPCs of a link. */
interface VpcsOfLink {
  readonly vpcId?: unknown
  readonly stagingVpcId?: unknown
  readonly zone?: unknown
  readonly associateZone?: unknown
  readonly zoneVpcs?: readonly { readonly vpcId?: unknown; readonly accountId?: unknown }[] | undefined
}

/**
 * More VPCs of a link that it has already. Route 53 associates a VPC with a zone once.
 *
 * @param path where they are
 */
export function vpcsTwice({ vpcId, stagingVpcId, zoneVpcs }: VpcsOfLink, path: readonly string[]): readonly Mistake[] {
  const taken = [
    { whose: "is the link's own VPC", id: vpcId },
    { whose: 'is the stagingVpcId', id: stagingVpcId }
  ]
  return (Array.isArray(zoneVpcs) ? zoneVpcs : []).flatMap((vpc, index) =>
    taken
      .filter(({ id }) => id !== undefined && id === vpc?.vpcId)
      .map(({ whose }) => ({
        path: [...path, 'zoneVpcs', index, 'vpcId'],
        message: `${whose}, got ${shown(vpc.vpcId)}. Remove it here.`
      }))
  )
}

/** VPCs of other accounts that the deploy would not associate. */
function otherAccounts({ zone, associateZone, zoneVpcs }: VpcsOfLink): readonly Mistake[] {
  const refusal = noOtherAccount(zone, associateZone === true ? undefined : 'associateZone')
  if (refusal === undefined) return []
  return (Array.isArray(zoneVpcs) ? zoneVpcs : []).flatMap((vpc, index) =>
    vpc?.accountId === undefined
      ? []
      : [{ path: ['zoneVpcs', index, 'accountId'], message: refusal(shown(vpc.accountId)) }]
  )
}

/**
 * The mistake's line for a VPC of another account that a zone cannot have: on the way from one kind of zone to another its blocks
 * change, and an existing zone is associated only if that is asked for.
 *
 * @param missing the option that would associate an existing zone, if it is not given
 */
export function noOtherAccount(kind: unknown, missing: string | undefined): ((got: string) => string) | undefined {
  if (kind === 'prepare-per-host' || kind === 'switch-to-per-host') {
    return got =>
      `has no meaning with zone: '${kind}', got ${got}. Remove the VPC until the migration to per-host is done.`
  }
  if (kind !== 'existing' || missing === undefined) return undefined
  return got => `has no meaning without ${missing}: true, got ${got}. Add that, or remove the VPC.`
}

/** The fields, apart from the subnets, that say how a link makes its endpoint. */
export const ownFields = [
  'serviceName',
  'sources',
  'allowAnySource',
  'clientSecurityGroupIds',
  'extraSecurityGroupIds',
  'tags',
  'timeouts',
  'notificationTopicArn',
  'adoptEndpointId'
]

/** What a probe needs of its own, where the link has neither subnets nor rules. */
function probeOfOthers({ endpoint, probe }: { readonly endpoint?: unknown; readonly probe?: unknown }) {
  if (endpoint === undefined || typeof probe !== 'object' || probe === null) return []
  const { subnetIds, clientSecurityGroupIds }: { subnetIds?: unknown; clientSecurityGroupIds?: unknown } = probe
  const mistakes: Mistake[] = []
  if (subnetIds === undefined) {
    mistakes.push({
      path: ['probe', 'subnetIds'],
      message: subnetsMissing
    })
  }
  if (Array.isArray(clientSecurityGroupIds) && clientSecurityGroupIds.length === 0) {
    mistakes.push({ path: ['probe', 'clientSecurityGroupIds'], message: groupsMissing('endpoint') })
  }
  return mistakes
}

/** The mistake's line for a probe without subnets. */
export const subnetsMissing = 'is missing. A link with endpoint has no subnets, so give those in which a probe runs.'

/**
 * The mistake's line for a probe that no rule allows to connect.
 *
 * @param what has the endpoint of others
 */
export function groupsMissing(what: string): string {
  return `is missing. The deploy changes no rule of ${what}, so give a security group of clients that may connect to it.`
}

/** The mistake's line for a source that is the whole internet. */
export function letsAnyIn(source: string): string {
  return `allows inbound traffic from every address, got ${shown(source)}. Name your own ranges, or set allowAnySource: true if that is meant.`
}

/** A boundary of a role that the deploy does not make. */
function unboundedRole(probe: unknown): readonly Mistake[] {
  const given: Readonly<Record<'executionRoleArn' | 'permissionsBoundaryArn' | 'taskRoleArn' | 'cloudFacts', unknown>> =
    {
      executionRoleArn: undefined,
      permissionsBoundaryArn: undefined,
      taskRoleArn: undefined,
      cloudFacts: undefined,
      ...(typeof probe === 'object' && probe !== null ? probe : {})
    }
  const { executionRoleArn, permissionsBoundaryArn, taskRoleArn, cloudFacts } = given
  if (taskRoleArn !== undefined && cloudFacts !== true) {
    return [
      {
        path: ['probe', 'taskRoleArn'],
        message: `has no meaning without cloudFacts: true, got ${shown(taskRoleArn)}. Add that, or remove taskRoleArn.`
      }
    ]
  }
  const makesTaskRole = cloudFacts === true && taskRoleArn === undefined
  if (executionRoleArn === undefined || permissionsBoundaryArn === undefined || makesTaskRole) return []
  return [
    {
      path: ['probe', 'permissionsBoundaryArn'],
      message: `has no meaning with executionRoleArn, got ${shown(permissionsBoundaryArn)}. Remove one of them.`
    }
  ]
}

/** Records to import by a name that is not known before the deploy. */
export function adoptedUnseen({
  adoptRecords,
  zilliz
}: {
  readonly adoptRecords?: unknown
  readonly zilliz?: { readonly clusters?: readonly string[] } | undefined
}): readonly Mistake[] {
  const read = Array.isArray(zilliz?.clusters) ? zilliz.clusters : []
  return (Array.isArray(adoptRecords) ? adoptRecords : []).flatMap((cluster, index) =>
    read.includes(cluster)
      ? [
          {
            path: ['adoptRecords', index],
            message: `names ${cluster}, whose host is not known before the deploy. Write it down in hosts, and take it out of zilliz.clusters.`
          }
        ]
      : []
  )
}
