import type { TerraformProvider } from 'cdktf'
import { z } from 'zod'
import { EndpointId, HostedZoneId, SecurityGroupId, VpcId } from '../../probe/clouds/aws/identifiers.ts'
import { AwsRegion } from '../../probe/clouds/aws/region.ts'
import { shown, wording } from '../../probe/schema/mistakes.ts'
import { EnvironmentName } from '../../probe/schema/names.ts'
import { read } from '../../probe/schema/read.ts'
import { Cidr, isAnywhere } from '../cidr.ts'
import { distinct, distinctTexts } from '../distinct.ts'
import { type Elements, type ElementsGiven, elementsOf, isEmpty, noElements, written } from '../elements.ts'
import { endpointMistakes, linkEndpointOf } from '../link-endpoint.ts'
import { type Mistake, MistakesError } from '../mistakes.ts'
import type { PrivateZone } from '../private-zone.ts'
import { textMap } from '../text-map.ts'
import { Timeouts } from '../timeouts.ts'
import { isToken, neverToken, orToken } from '../token.ts'
import { Provider } from '../use-provider.ts'
import { ZillizHosts } from '../zilliz/host.ts'
import { ZillizOfConstruct, type ZillizProps, zillizMistakes } from '../zilliz/zilliz-option.ts'
import { outsideParent } from '../zone.ts'
import { choiceOf } from '../zone-choice.ts'
import { EndpointOfOthersOrTokens, endpointOfOthers } from './endpoint-of-others.ts'
import { PrefixListId, ProfileId, SubnetId, TopicArn } from './identifiers.ts'
import type { HostOfVpcEndpoint } from './interface-endpoint.ts'
import { adoptedUnseen, letsAnyIn, noOtherAccount, ownFields, serviceMistakes, vpcsTwice } from './link.ts'
import { ServiceName } from './service-name.ts'
import { eachSource, Source, type SourceKind, sourcesByKind } from './source.ts'
import { AwsTags } from './tags.ts'
import type { ZoneVpc } from './zone.ts'

/** Clients that may connect, by kind. AWS has an argument for each. Any id or range may be a token. */
export interface AwsSources {
  /**
   * IPv4 ranges: `10.20.0.0/16`.
   *
   * @default - none
   */
  readonly ipv4?: ElementsGiven | undefined
  /**
   * IPv6 ranges: `fd00:20::/32`.
   *
   * @default - none
   */
  readonly ipv6?: ElementsGiven | undefined
  /**
   * Security groups of clients: `sg-…`.
   *
   * @default - none
   */
  readonly securityGroupIds?: ElementsGiven | undefined
  /**
   * Managed prefix lists: `pl-…`.
   *
   * @default - none
   */
  readonly prefixListIds?: ElementsGiven | undefined
}

/** More VPCs in which a zone answers. */
interface InMoreVpcs {
  /**
   * More VPCs in which the hosts resolve, of any region. A VPC of another account needs a provider of that account. You must connect
   * the VPCs to the endpoint.
   *
   * @default - only the link's VPC
   */
  readonly zoneVpcs?: readonly ZoneVpc[] | undefined
}

/** A Route 53 Profile. */
interface InProfile {
  /**
   * A Route 53 Profile, in the region of the link, that gets the zones: `rp-…`. The hosts resolve in all its VPCs, of whatever
   * account.
   *
   * @default - none
   */
  readonly profileId?: string | undefined
}

/** Records in a private hosted zone that exists already, or that the same stack makes. */
export interface AwsExistingZone extends InMoreVpcs, InProfile {
  /** A zone that exists already. */
  readonly kind: 'existing'
  /** The id of the zone: `Z0123456789ABCDEFGHIJ`. */
  readonly zoneId: string
  /**
   * Associate the zone with the link's VPC, and with `zoneVpcs`.
   *
   * @default false - it is associated already
   */
  readonly associate?: boolean | undefined
  /**
   * The provider of the account that owns the zone. It authorizes the VPC and writes the records.
   *
   * @default - the provider of the link
   */
  readonly provider?: TerraformProvider | undefined
}

/** One zone for the whole of `vectordb.zillizcloud.com`, or one for each host. */
export interface AwsOwnZone extends InMoreVpcs, InProfile {
  /** One zone for all names of Zilliz Cloud, or one for each host. */
  readonly kind: 'parent' | 'per-host'
}

/** A step from `parent` to `per-host`. */
export interface AwsZoneStep extends InMoreVpcs {
  /** The step of a migration from `parent` to `per-host`. */
  readonly kind: 'prepare-per-host' | 'switch-to-per-host'
  /** A VPC without clients, in the same region and account, in which the deploy prepares the new zones. */
  readonly stagingVpcId: string
}

/**
 * What answers the hosts inside the VPC. A kind that needs nothing else can be given by its name alone. A construct of a zone,
 * such as `ParentHostedZone`, is shared by several links on one VPC.
 */
export type AwsZoneChoice =
  | 'parent'
  | 'per-host'
  | 'none'
  | AwsOwnZone
  | AwsZoneStep
  | AwsExistingZone
  | { readonly kind: 'none' }
  | PrivateZone<HostOfVpcEndpoint>

/** An interface endpoint that others made. Any field may be a token. */
export interface AwsEndpointProps {
  /** The id of the endpoint: `vpce-…`. If the account of the deploy owns it, give nothing else: AWS has the rest. */
  readonly id: string
  /**
   * The regional DNS name of an endpoint that another account owns: `vpce-….vpce-svc-….<region>.vpce.amazonaws.com`.
   *
   * @default - read from AWS
   */
  readonly dnsName?: string | undefined
  /**
   * AWS's own hosted zone of that name, as `aws ec2 describe-vpc-endpoints` prints it in `DnsEntries`. Required with `dnsName`.
   *
   * @default - read from AWS
   */
  readonly hostedZoneId?: string | undefined
}

/**
 * What a private link on AWS needs. Every id may be a token of Terraform: of a resource of the same stack, of remote state, a
 * variable. A literal is validated at synth; a token is passed on.
 */
export interface AwsPrivateLinkProps {
  /** The VPC's region, as AWS spells it: `us-west-2`. */
  readonly region: string
  /** The VPC whose clients reach the database. */
  readonly vpcId: string
  /**
   * One subnet for each availability zone; the endpoint gets an address in each. A list of which only Terraform knows the
   * elements must have a length that is known at plan. Required without `endpoint`.
   *
   * @default - the endpoint is one of others
   */
  readonly subnetIds?: readonly string[] | undefined
  /**
   * An endpoint that others made. The deploy changes neither it nor its rules.
   *
   * @default - the deploy makes one
   */
  readonly endpoint?: AwsEndpointProps | undefined
  /**
   * The endpoint service that the Add Private Link dialog of Zilliz Cloud names:
   * `com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0`. Required without `zilliz` or `endpoint`.
   *
   * @default - `zilliz` looks it up
   */
  readonly serviceName?: string | undefined
  /**
   * The region of the service, if it differs from the region of the VPC. Zilliz Cloud enables cross-region endpoints on request.
   *
   * @default - `region`
   */
  readonly serviceRegion?: string | undefined
  /**
   * The private links of the clusters as Zilliz Cloud prints them, `https://host:port`. They must be known at synth.
   *
   * @default - none, for the first deploy, before the endpoint is registered
   */
  readonly hosts?: readonly string[] | undefined
  /**
   * Register the endpoint, and read its service and the hosts, by the API of Zilliz Cloud. `region` must be a literal then.
   *
   * @default - a person does this in the console
   */
  readonly zilliz?: ZillizProps | undefined
  /** What answers the hosts inside the VPC. Each choice has a drawback, so none is the default. */
  readonly zone: AwsZoneChoice
  /**
   * Who may connect. Literals of any kind in one list are sorted by their form; tokens are given by kind. `{}` allows no one until
   * `allowFrom` is called.
   *
   * @default - the ranges of the VPC, read from AWS; if `vpcId` is a token, there is no default
   */
  readonly sources?: readonly string[] | AwsSources | undefined
  /**
   * Accept `0.0.0.0/0` and `::/0` among the sources.
   *
   * @default false
   */
  readonly allowAnySource?: boolean | undefined
  /**
   * The security groups of the clients, if they restrict outbound traffic. Each gets a rule that allows outbound connections to
   * the endpoint.
   *
   * @default - none
   */
  readonly clientSecurityGroupIds?: ElementsGiven | undefined
  /**
   * Security groups to attach to the endpoint, in addition to the security group of the link.
   *
   * @default - none
   */
  readonly extraSecurityGroupIds?: ElementsGiven | undefined
  /**
   * `dualstack` gives the endpoint IPv6 addresses too, if its service and subnets have IPv6. With `endpoint`: whether its hosts
   * get AAAA records.
   *
   * @default ipv4
   */
  readonly ipAddressType?: 'ipv4' | 'dualstack' | undefined
  /**
   * Tags on the endpoint, in addition to those of the provider. The whole map may be a token, such as `Fn.merge([…])`.
   *
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>> | undefined
  /**
   * How long Terraform waits for the endpoint, such as `{ create: '20m' }`.
   *
   * @default - 10 minutes each
   */
  readonly timeouts?: Timeouts | undefined
  /**
   * An SNS topic that is notified when the endpoint is accepted, rejected or deleted.
   *
   * @default - none
   */
  readonly notificationTopicArn?: string | undefined
  /**
   * Refuse to destroy or replace the endpoint: Zilliz Cloud knows it by its id.
   *
   * @default false
   */
  readonly protect?: boolean | undefined
  /**
   * The environment: part of the names of resources, and the label by which the probe's metrics tell environments apart. Up to
   * 20 lower-case letters, digits and hyphens.
   *
   * @default - the id of the stack
   */
  readonly environment?: string | undefined
  /**
   * The AWS provider of all resources and data sources, such as one with an alias.
   *
   * @default - the provider of the stack that has no alias
   */
  readonly provider?: TerraformProvider | undefined
  /**
   * Import this endpoint, which was created by hand.
   *
   * @default - create an endpoint
   */
  readonly adoptEndpointId?: string | undefined
  /**
   * Import these zones, which were created by hand: `vectordb.zillizcloud.com` or the name of a host, and the id of the zone.
   *
   * @default - create zones
   */
  readonly adoptZoneIds?: Readonly<Record<string, string>> | undefined
  /**
   * Import the records of these clusters, which were created by hand in an adopted or existing zone.
   *
   * @default - create records
   */
  readonly adoptRecords?: readonly string[] | undefined
}

const zoneVpcs = neverToken(
  distinct(
    z.strictObject({ vpcId: orToken(VpcId), region: orToken(AwsRegion), provider: Provider.optional() }),
    vpc => vpc.vpcId,
    ({ vpcId }, first) =>
      `names ${isToken(vpcId) ? 'the same token' : vpcId} again. Remove it: zoneVpcs[${first}] has it already.`
  ),
  'Give the VPCs one by one: [{ vpcId: first.id, region }].'
).default([])
const profileId = orToken(ProfileId).optional()
const stagingVpcId = orToken(VpcId)

const AwsZoneOfKind = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('parent'), zoneVpcs, profileId }),
  z.strictObject({ kind: z.literal('prepare-per-host'), zoneVpcs, stagingVpcId }),
  z.strictObject({ kind: z.literal('switch-to-per-host'), zoneVpcs, stagingVpcId }),
  z.strictObject({ kind: z.literal('per-host'), zoneVpcs, profileId }),
  z.strictObject({
    kind: z.literal('existing'),
    zoneId: orToken(HostedZoneId),
    associate: z.boolean().default(false),
    zoneVpcs,
    profileId,
    provider: Provider.optional()
  }),
  z.strictObject({ kind: z.literal('none') })
])

const MadeAwsZone = z.custom<PrivateZone<HostOfVpcEndpoint>>(
  given => typeof given === 'object' && given !== null && 'addHost' in given
)

const AnyAwsZone = choiceOf(AwsZoneOfKind, MadeAwsZone)

const rangeOf = (family: 'IPv4' | 'IPv6') =>
  Cidr.superRefine((range, context) => {
    if (range.includes(':') === (family === 'IPv6')) return
    context.addIssue({
      code: 'custom',
      message: `must be an ${family} range, got ${shown(range)}. Give it by its own kind.`
    })
  })

const elementsByKind: Readonly<Record<SourceKind, z.ZodType<string>>> = {
  ipv4: rangeOf('IPv4'),
  ipv6: rangeOf('IPv6'),
  securityGroupIds: SecurityGroupId,
  prefixListIds: PrefixListId
}

const AwsSourcesByKind = z.strictObject({
  ipv4: elementsOf(elementsByKind.ipv4, 'ipv4').optional(),
  ipv6: elementsOf(elementsByKind.ipv6, 'ipv6').optional(),
  securityGroupIds: elementsOf(elementsByKind.securityGroupIds, 'securityGroupIds').optional(),
  prefixListIds: elementsOf(elementsByKind.prefixListIds, 'prefixListIds').optional()
})

/** Sources of each kind. */
export type AwsSourceElements = Readonly<Record<SourceKind, Elements>>

/** Reads sources: literals of any kind in one list, or elements by kind. */
const AnySources = z.unknown().transform((given, context): AwsSourceElements => {
  const isListed = Array.isArray(given)
  if (isListed && given.some(source => typeof source === 'string' && source.includes('TfToken['))) {
    const message =
      'has a token of Terraform, whose kind cannot be seen. Give tokens by kind, such as { securityGroupIds: [clients.id] }. The kinds are ipv4, ipv6, securityGroupIds and prefixListIds.'
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  const schema = isListed
    ? distinctTexts(Source, 'sources')
        .min(1, 'must not be empty. Omit the key to allow the whole VPC.')
        .transform(sourcesByKind)
    : AwsSourcesByKind
  const result = schema.safeParse(given, { reportInput: true, error: wording })
  if (!result.success) {
    for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path: [...path], message })
    return z.NEVER
  }
  const each = (kind: SourceKind) => {
    const elements = result.data[kind]
    return elements === undefined ? noElements : Array.isArray(elements) ? written(elements) : (elements as Elements)
  }
  return {
    ipv4: each('ipv4'),
    ipv6: each('ipv6'),
    securityGroupIds: each('securityGroupIds'),
    prefixListIds: each('prefixListIds')
  }
})

const fields = z.strictObject({
  region: orToken(AwsRegion),
  vpcId: orToken(VpcId),
  subnetIds: elementsOf(SubnetId, 'subnetIds').optional(),
  endpoint: EndpointOfOthersOrTokens.optional(),
  serviceName: orToken(ServiceName).optional(),
  serviceRegion: orToken(AwsRegion).optional(),
  hosts: ZillizHosts,
  zilliz: ZillizOfConstruct.optional(),
  zone: AnyAwsZone,
  sources: AnySources.optional(),
  allowAnySource: z.boolean().default(false),
  clientSecurityGroupIds: elementsOf(SecurityGroupId, 'clientSecurityGroupIds').default(noElements),
  extraSecurityGroupIds: elementsOf(SecurityGroupId, 'extraSecurityGroupIds').default(noElements),
  ipAddressType: z.enum(['ipv4', 'dualstack']).default('ipv4'),
  tags: textMap(AwsTags.keyType, AwsTags.valueType).default({}),
  timeouts: Timeouts.optional(),
  notificationTopicArn: orToken(TopicArn).optional(),
  protect: z.boolean().default(false),
  environment: neverToken(EnvironmentName, 'Write a name such as prod.').optional(),
  provider: Provider.optional(),
  adoptEndpointId: neverToken(EndpointId, 'Write the id of the endpoint.').optional(),
  adoptZoneIds: z.record(z.string(), HostedZoneId).default({}),
  adoptRecords: distinctTexts(z.string(), 'adoptRecords').default([])
})

const AwsPrivateLinkOptions = fields.superRefine(
  (props, context) => {
    for (const { path, message } of disagreements(props)) context.addIssue({ code: 'custom', path: [...path], message })
  },
  { when: () => true }
)

/** A private link on AWS as it was read. */
export type AwsPrivateLinkOptions = ReturnType<typeof readAwsPrivateLink>

/**
 * Reads what a private link is given.
 *
 * @param where the construct's path, which every line starts with
 * @throws MistakesError with one line for each mistake
 */
export function readAwsPrivateLink(where: string, props: AwsPrivateLinkProps) {
  const result = read(AwsPrivateLinkOptions, props, where)
  if ('mistakes' in result) throw new MistakesError(result.mistakes)
  const {
    endpoint,
    serviceName: service,
    zilliz,
    subnetIds,
    sources,
    clientSecurityGroupIds,
    extraSecurityGroupIds,
    tags,
    timeouts,
    notificationTopicArn,
    adoptEndpointId,
    ...options
  } = result.value
  const own = subnetIds && {
    subnetIds,
    sources,
    clientSecurityGroupIds,
    extraSecurityGroupIds,
    tags,
    timeouts,
    notificationTopicArn,
    adoptEndpointId
  }
  return {
    ...options,
    endpoint: linkEndpointOf({ endpoint: endpoint && endpointOfOthers(endpoint), service, zilliz, own })
  }
}

/**
 * Reads sources that are allowed later.
 *
 * @param where what every line starts with
 * @throws MistakesError with one line for each mistake
 */
export function readAwsSources(where: string, given: readonly string[] | AwsSources): AwsSourceElements {
  const schema = z.object({ sources: AnySources }).superRefine(({ sources }, context) => {
    for (const { path, message } of anySources(sources)) context.addIssue({ code: 'custom', path: [...path], message })
  })
  const result = read(schema, { sources: given }, where)
  if ('mistakes' in result) throw new MistakesError(result.mistakes)
  return result.value.sources
}

/** What is wrong between props that are each well formed. A prop that could not be read takes no part. */
function disagreements(props: Partial<z.output<typeof fields>>): readonly Mistake[] {
  const { zilliz, serviceName, hosts, subnetIds, zone, vpcId } = props
  const mistakes: Mistake[] = [
    ...serviceMistakes(props),
    ...zillizMistakes(zilliz, ['serviceName', serviceName, props.endpoint], hosts),
    ...endpointMistakes(props, [...ownFields, 'protect'], { subnetIds: 'a list' }),
    ...outsideParent(zone?.kind, hosts),
    ...adoptedUnseen(props)
  ]
  if (subnetIds?.elements !== undefined && isEmpty(subnetIds)) {
    mistakes.push({
      path: ['subnetIds'],
      message: 'must not be empty. Give one subnet for each availability zone that your clients run in.'
    })
  }
  // https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
  const extra = props.extraSecurityGroupIds?.elements?.length ?? 0
  if (extra > 15) {
    mistakes.push({
      path: ['extraSecurityGroupIds'],
      message: `must be at most 15, got ${extra}. AWS accepts at most 16 security groups on an endpoint, and one is the own of the link.`
    })
  }
  if (props.endpoint === undefined && props.sources === undefined && isToken(vpcId)) {
    mistakes.push({
      path: ['sources'],
      message:
        'is missing, and cannot be read: vpcId is a token, so the VPC may not exist before the deploy. Give the clients, such as { ipv4: [vpc.cidrBlock] }.'
    })
  }
  if (props.allowAnySource !== true && props.sources !== undefined) mistakes.push(...anySources(props.sources))
  const regions = [props.region, props.serviceRegion]
  if (zilliz !== undefined && regions.some(isToken)) {
    mistakes.push({
      path: [isToken(props.region) ? 'region' : 'serviceRegion'],
      message: 'must be known at synth with zilliz, got a token of Terraform. Write the region, such as us-west-2.'
    })
  }
  if (zone?.kind !== undefined && 'zoneVpcs' in zone) {
    mistakes.push(...vpcsTwice({ vpcId, ...zone }, ['zone']), ...otherAccounts(zone))
  }
  if (zone?.kind !== undefined && 'stagingVpcId' in zone && zone.stagingVpcId === vpcId) {
    mistakes.push({
      path: ['zone', 'stagingVpcId'],
      message: `is the link's own VPC, got ${shown(vpcId)}. Name one in which no client asks for the hosts.`
    })
  }
  return mistakes
}

/** VPCs of other accounts that the deploy would not associate. */
function otherAccounts({ kind, zoneVpcs, ...zone }: Extract<z.output<typeof AwsZoneOfKind>, { zoneVpcs: unknown }>) {
  const refusal = noOtherAccount(kind, 'associate' in zone && zone.associate ? undefined : 'associate')
  if (refusal === undefined) return []
  return (Array.isArray(zoneVpcs) ? zoneVpcs : []).flatMap((vpc, index) =>
    vpc?.provider === undefined
      ? []
      : [{ path: ['zone', 'zoneVpcs', index, 'provider'], message: refusal('a provider') }]
  )
}

function anySources(sources: Partial<AwsSourceElements>): readonly Mistake[] {
  return eachSource.flatMap(({ kind }) =>
    (Array.isArray(sources[kind]?.elements) ? sources[kind].elements : []).flatMap(({ value }) =>
      isAnywhere(value) ? [{ path: ['sources', kind], message: letsAnyIn(value) }] : []
    )
  )
}
