import { Identifiers } from '../identifier.ts'
import { type DnsAnswer, type PrivateZone, resolvePrivately } from '../private-dns.ts'
import type { HostedZone } from './route53-zone.ts'
import type { SecurityGroup } from './security-group.ts'
import type { SecurityGroupRule } from './security-group-rule.ts'
import type { Subnet } from './subnet.ts'
import type { Vpc } from './vpc.ts'
import type { VpcEndpoint } from './vpc-endpoint.ts'

/** What the owner of an endpoint service has decided about the endpoints that ask for it. */
export type Acceptance = 'pending' | 'granted' | 'rejected'

/** The order in which AWS lists an endpoint's names, which it does not promise. */
export type DnsEntryOrder = 'zonal-first' | 'regional-first' | 'empty'

/** An endpoint service that exists. */
export interface EndpointService {
  readonly name: string
  /** The ids of the zones it covers. @default - every zone */
  readonly zoneIds?: readonly string[]
  /** @default - the cloud's `acceptance` */
  acceptance?: Acceptance
}

/** A VPC that is there before Terraform runs. */
export interface VpcSeed {
  readonly id: string
  readonly cidrs: readonly string[]
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
  readonly cidr: string
  /** The zone's name, such as `us-west-2a`. */
  readonly zone: string
  /** The zone's id, such as `usw2-az1`, which is the same zone in every account. */
  readonly zoneId: string
}

/** What is there before Terraform runs. */
export interface AwsSeed {
  /** @default us-west-2 */
  readonly region?: string
  /** @default 123456789012 */
  readonly accountId?: string
  readonly vpcs: readonly VpcSeed[]
  /** @default - every well-formed service name is a service */
  readonly services?: readonly EndpointService[]
}

/** A change somebody asked of the cloud, in the order of asking; questions are not kept. */
export interface AwsCall {
  readonly action: string
  readonly id: string
}

/** An AWS account in memory: plain state that tests read and change by hand, and the rules AWS would apply. */
export class AwsCloud {
  readonly region: string
  readonly accountId: string
  readonly identifiers = new Identifiers()
  /** Answers for every service that does not say otherwise. */
  acceptance: Acceptance = 'granted'
  /** The order that code must survive comes first. */
  dnsEntryOrder: DnsEntryOrder = 'zonal-first'
  readonly services: Map<string, EndpointService> | undefined
  readonly vpcs = new Map<string, Vpc>()
  readonly subnets = new Map<string, Subnet>()
  readonly vpcEndpoints = new Map<string, VpcEndpoint>()
  readonly securityGroups = new Map<string, SecurityGroup>()
  readonly securityGroupRules = new Map<string, SecurityGroupRule>()
  readonly hostedZones = new Map<string, HostedZone>()
  readonly calls: AwsCall[] = []

  constructor({ region = 'us-west-2', accountId = '123456789012', vpcs, services }: AwsSeed) {
    this.region = region
    this.accountId = accountId
    this.services = services && new Map(services.map(service => [service.name, { ...service }]))
    for (const vpc of vpcs) this.#seed(vpc)
  }

  /** Notes a change that was made. */
  note(action: string, id: string): void {
    this.calls.push({ action, id })
  }

  /** Answers a name as the resolver inside a VPC does. */
  resolve(vpcId: string, name: string): DnsAnswer {
    const vpc = this.vpcs.get(vpcId)
    if (vpc === undefined) throw new Error(`there is no VPC ${vpcId}`)
    const seesPrivateZones = vpc.dnsSupport && vpc.dnsHostnames
    const zones = [...this.hostedZones.values()].filter(zone => zone.vpcs.some(({ id }) => id === vpcId))
    return resolvePrivately(name, seesPrivateZones ? zones.map(asPrivateZone) : [], asked =>
      this.#endpointAddresses(asked)
    )
  }

  #endpointAddresses(name: string): readonly string[] | undefined {
    for (const { names, interfaces } of this.vpcEndpoints.values()) {
      const entry = names.find(candidate => candidate.name === name)
      if (entry === undefined) continue
      const { zone } = entry
      return interfaces.filter(each => zone === undefined || each.zone === zone).map(({ address }) => address)
    }
    return undefined
  }

  #seed({ id, cidrs, region = this.region, dnsSupport = true, dnsHostnames = true, subnets }: VpcSeed): void {
    const group = `sg-0${this.identifiers.hex(16, 'default security group', id)}`
    this.vpcs.set(id, { id, region, cidrs, dnsSupport, dnsHostnames, defaultSecurityGroupId: group, tags: {} })
    this.securityGroups.set(group, {
      id: group,
      region,
      vpcId: id,
      name: 'default',
      description: 'default VPC security group',
      tags: {}
    })
    for (const subnet of subnets) this.subnets.set(subnet.id, { ...subnet, vpcId: id, region, tags: {} })
  }
}

function asPrivateZone({ name, records }: HostedZone): PrivateZone {
  return {
    name,
    records: records.map(({ name, type, values, alias }) =>
      alias === undefined ? { name, type, values } : { name, type: 'alias', values: [alias.name] }
    )
  }
}
