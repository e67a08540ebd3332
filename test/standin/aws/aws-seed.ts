import type { AwsCloud } from './aws-cloud.ts'
import { placeInterfaces, type Refuse } from './endpoint-interfaces.ts'
import { endpointNames, serviceNamePattern } from './endpoint-names.ts'
import type { EndpointService } from './endpoint-service.ts'
import { newHostedZone } from './hosted-zone.ts'
import type { AliasTarget } from './route53-record.ts'

/** What is there before Terraform runs. */
export interface AwsSeed {
  /** @default us-west-2 */
  readonly region?: string
  /** The account in which a configuration of the provider acts that assumes no role. @default 123456789012 */
  readonly accountId?: string
  readonly vpcs: readonly VpcSeed[]
  /** @default - every well-formed service name is a service, in every region */
  readonly services?: readonly EndpointService[]
  /** The prefix lists that exist. @default - every well-formed one */
  readonly prefixLists?: readonly string[]
  /** Beside the default group of every VPC. */
  readonly securityGroups?: readonly SecurityGroupSeed[]
  readonly vpcEndpoints?: readonly VpcEndpointSeed[]
  readonly hostedZones?: readonly HostedZoneSeed[]
  readonly roles?: readonly RoleSeed[]
  readonly profiles?: readonly ProfileSeed[]
}

/** A Route 53 Profile that somebody made, and the ids of its VPCs. */
export interface ProfileSeed {
  readonly id: string
  readonly vpcs: readonly string[]
}

/** A role of IAM that somebody made. */
export interface RoleSeed {
  readonly name: string
  /** @default / */
  readonly path?: string
  /** The service that may assume it: `ecs-tasks.amazonaws.com`. */
  readonly service: string
  /** What it may do, as JSON. */
  readonly policy: string
}

/** A VPC that is there before Terraform runs. */
export interface VpcSeed {
  readonly id: string
  readonly cidrs: readonly string[]
  readonly ipv6Cidr?: string
  /** @default - the cloud's account */
  readonly accountId?: string
  /** @default - the cloud's region */
  readonly region?: string
  /** @default true */
  readonly dnsSupport?: boolean
  /** @default true */
  readonly dnsHostnames?: boolean
  readonly subnets: readonly SubnetSeed[]
}

/** A subnet that is there before Terraform runs. */
export interface SubnetSeed {
  readonly id: string
  /** An IPv6-only subnet has none. */
  readonly cidr?: string
  readonly ipv6Cidr?: string
  /** The zone's name, such as `us-west-2a`. */
  readonly zone: string
  /** The zone's id, such as `usw2-az1`, which is the same zone in every account. */
  readonly zoneId: string
}

/** A security group that somebody made. */
export interface SecurityGroupSeed {
  readonly id: string
  readonly vpcId: string
  /** @default - the id */
  readonly name?: string
}

/** An endpoint that somebody made. */
export interface VpcEndpointSeed {
  readonly id: string
  readonly serviceName: string
  readonly vpcId: string
  readonly subnetIds: readonly string[]
  readonly securityGroupIds: readonly string[]
  /** @default ipv4 */
  readonly ipAddressType?: 'ipv4' | 'dualstack'
  readonly tags?: Readonly<Record<string, string>>
}

/** A hosted zone that somebody made. */
export interface HostedZoneSeed {
  readonly id: string
  readonly name: string
  /** @default - the cloud's account */
  readonly accountId?: string
  /** The ids of the VPCs that see it; without any, it is a public zone. */
  readonly vpcs?: readonly string[]
  /** Beside its SOA and NS. */
  readonly records?: readonly RecordSeed[]
}

/** A record set that somebody made: values, or an alias. */
export interface RecordSeed {
  /** The whole name. */
  readonly name: string
  readonly type: string
  /** @default 300 */
  readonly ttl?: number
  readonly values?: readonly string[]
  readonly alias?: AliasTarget
}

/** Puts into a cloud what is there before Terraform runs. */
export function plant(cloud: AwsCloud, seed: AwsSeed): void {
  for (const vpc of seed.vpcs) plantVpc(cloud, vpc)
  for (const { id, vpcId, name = id } of seed.securityGroups ?? []) plantSecurityGroup(cloud, id, vpcId, name, name)
  for (const endpoint of seed.vpcEndpoints ?? []) plantVpcEndpoint(cloud, endpoint)
  for (const zone of seed.hostedZones ?? []) plantHostedZone(cloud, zone)
  for (const role of seed.roles ?? []) plantRole(cloud, role)
  for (const { id, vpcs } of seed.profiles ?? []) {
    cloud.profiles.set(id, { id, region: cloud.region, vpcs, zones: new Map() })
  }
}

function plantVpc(cloud: AwsCloud, { dnsSupport = true, dnsHostnames = true, ...seed }: VpcSeed): void {
  const { id, cidrs, ipv6Cidr, subnets, region = cloud.region, accountId = cloud.accountId } = seed
  const defaultSecurityGroupId = `sg-0${cloud.identifiers.hex(16, 'default security group', id)}`
  const vpc = { id, region, accountId, cidrs, ipv6Cidr, dnsSupport, dnsHostnames, defaultSecurityGroupId, tags: {} }
  cloud.vpcs.set(id, vpc)
  plantSecurityGroup(cloud, defaultSecurityGroupId, id, 'default', 'default VPC security group')
  for (const subnet of subnets) {
    cloud.subnets.set(subnet.id, { ...subnet, ipv6Cidr: subnet.ipv6Cidr, vpcId: id, region, tags: {} })
  }
}

function plantSecurityGroup(cloud: AwsCloud, id: string, vpcId: string, name: string, description: string): void {
  cloud.securityGroups.set(id, { id, region: regionOf(cloud, vpcId), vpcId, name, description, tags: {} })
}

function plantVpcEndpoint(cloud: AwsCloud, seed: VpcEndpointSeed): void {
  const { id, serviceName, vpcId, subnetIds, securityGroupIds, ipAddressType = 'ipv4', tags = {} } = seed
  const region = regionOf(cloud, vpcId)
  const serviceRegion = serviceNamePattern.exec(serviceName)?.[1] ?? region
  const endpoint = { id, region, vpcId, serviceName, serviceRegion, ipAddressType }
  const refuse: Refuse = (code, message) => {
    throw new Error(`the seed of ${id} cannot be: ${code}: ${message}`)
  }
  const interfaces = placeInterfaces(cloud, refuse, { endpoint, subnetIds, wanted: new Map(), standing: [] })
  cloud.vpcEndpoints.set(id, {
    ...endpoint,
    dnsOptions: { recordIpType: ipAddressType, onlyForInboundResolver: false },
    interfaces,
    names: endpointNames(cloud, id, serviceName, interfaces),
    securityGroupIds,
    tags: { ...tags }
  })
}

function plantHostedZone(cloud: AwsCloud, seed: HostedZoneSeed): void {
  const { id, name, accountId = cloud.accountId, vpcs = [], records = [] } = seed
  const zone = newHostedZone({ id, accountId, name, comment: '', tags: {} })
  zone.vpcs = vpcs.map(vpcId => ({ id: vpcId, region: regionOf(cloud, vpcId) }))
  for (const { ttl = 300, values = [], alias, ...record } of records) {
    zone.records.push(alias === undefined ? { ...record, ttl, values } : { ...record, ttl: undefined, values, alias })
  }
  cloud.hostedZones.set(id, zone)
}

function regionOf({ vpcs, region }: AwsCloud, vpcId: string): string {
  return vpcs.get(vpcId)?.region ?? region
}

function plantRole(cloud: AwsCloud, { name, path = '/', service, policy }: RoleSeed): void {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }
  cloud.iamRoles.set(name, {
    name,
    path,
    arn: `arn:aws:iam::${cloud.accountId}:role${path}${name}`,
    uniqueId: `AROA${cloud.identifiers.capitals(17, 'role', name)}`,
    trust: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    description: '',
    maxSessionDuration: 3600,
    permissionsBoundary: undefined,
    policies: new Map([['probe', policy]]),
    tags: {}
  })
}
