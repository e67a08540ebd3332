import { Identifiers } from '../identifier.ts'
import { type AddressType, type DnsAnswer, type PrivateZone, resolvePrivately } from '../private-dns.ts'
import { type AwsSeed, plant } from './aws-seed.ts'
import type { LogGroup } from './cloudwatch-log-group.ts'
import type { ConnectionNotification } from './connection-notification.ts'
import type { EcsCluster } from './ecs-cluster.ts'
import type { EcsService } from './ecs-service.ts'
import type { TaskDefinition } from './ecs-task-definition.ts'
import { endpointAddresses } from './endpoint-names.ts'
import type { Acceptance, EndpointService } from './endpoint-service.ts'
import type { HostedZone } from './hosted-zone.ts'
import type { IamRole } from './iam-role.ts'
import type { Profile } from './route53profiles-resource-association.ts'
import type { SecurityGroup } from './security-group.ts'
import type { SecurityGroupRule } from './security-group-rule.ts'
import type { DnsNamespace } from './service-discovery-private-dns-namespace.ts'
import type { DiscoveryService } from './service-discovery-service.ts'
import type { Subnet } from './subnet.ts'
import type { Vpc } from './vpc.ts'
import type { VpcEndpoint } from './vpc-endpoint.ts'

/** The order in which AWS lists an endpoint's names, which it does not promise. */
export type DnsEntryOrder = 'zonal-first' | 'regional-first' | 'empty'

/** A change somebody asked of the cloud, in the order of asking; questions are not kept. */
export interface AwsCall {
  readonly action: string
  readonly id: string
  /** Who asked, if it was not the cloud's own account. */
  readonly accountId?: string
}

/** AWS in memory, whatever the account: plain state that tests read and change by hand, and the rules AWS would apply. */
export class AwsCloud {
  readonly region: string
  readonly accountId: string
  readonly identifiers = new Identifiers()
  /** Answers for every service that does not say otherwise. */
  acceptance: Acceptance = 'granted'
  /** The order that code must survive comes first. */
  dnsEntryOrder: DnsEntryOrder = 'zonal-first'
  /** Is told of every change once it is made; what it throws fails the apply as a fault of the provider. */
  onChange: (call: AwsCall) => void = () => {}
  readonly services: Map<string, EndpointService> | undefined
  readonly prefixLists: Set<string> | undefined
  readonly vpcs = new Map<string, Vpc>()
  readonly subnets = new Map<string, Subnet>()
  readonly vpcEndpoints = new Map<string, VpcEndpoint>()
  readonly securityGroups = new Map<string, SecurityGroup>()
  readonly securityGroupRules = new Map<string, SecurityGroupRule>()
  readonly connectionNotifications = new Map<string, ConnectionNotification>()
  readonly hostedZones = new Map<string, HostedZone>()
  readonly profiles = new Map<string, Profile>()
  /** By ARN. */
  readonly ecsClusters = new Map<string, EcsCluster>()
  /** By ARN, the deregistered ones among them. */
  readonly taskDefinitions = new Map<string, TaskDefinition>()
  /** By ARN. */
  readonly ecsServices = new Map<string, EcsService>()
  /** By name. */
  readonly iamRoles = new Map<string, IamRole>()
  /** By ARN. */
  readonly logGroups = new Map<string, LogGroup>()
  readonly dnsNamespaces = new Map<string, DnsNamespace>()
  readonly discoveryServices = new Map<string, DiscoveryService>()
  readonly calls: AwsCall[] = []

  constructor(seed: AwsSeed) {
    const { region = 'us-west-2', accountId = '123456789012', services, prefixLists } = seed
    this.region = region
    this.accountId = accountId
    this.services = services && new Map(services.map(service => [service.name, { ...service }]))
    this.prefixLists = prefixLists && new Set(prefixLists)
    plant(this, seed)
  }

  /** Notes a change that was made. */
  note(action: string, id: string, accountId = this.accountId): void {
    const call = { action, id, ...(accountId === this.accountId ? {} : { accountId }) }
    this.calls.push(call)
    this.onChange(call)
  }

  /** Answers a name as the resolver inside a VPC does. */
  resolve(vpcId: string, name: string, type: AddressType = 'A'): DnsAnswer {
    const vpc = this.vpcs.get(vpcId)
    if (vpc === undefined) throw new Error(`there is no VPC ${vpcId}`)
    const seesPrivateZones = vpc.dnsSupport && vpc.dnsHostnames
    const ofProfiles = [...this.profiles.values()]
      .filter(({ vpcs }) => vpcs.includes(vpcId))
      .flatMap(({ zones }) => [...zones.values()].map(({ zoneId }) => zoneId))
    const zones = [...this.hostedZones.values()].filter(
      zone => zone.vpcs.some(({ id }) => id === vpcId) || ofProfiles.includes(zone.id)
    )
    return resolvePrivately(name, type, seesPrivateZones ? zones.map(asPrivateZone) : [], (asked, family) =>
      endpointAddresses(this, asked, family)
    )
  }
}

function asPrivateZone({ name, records }: HostedZone): PrivateZone {
  return {
    name,
    records: records.map(({ name, type, values, alias }) =>
      alias === undefined ? { name, type, values } : { name, type, values, alias: alias.name }
    )
  }
}
