import type { Asked } from '../../../causes/asked.ts'

/** What is read of AWS to find the cause of a case. Plain JSON data; ids are as AWS writes them, names of zones and rules as {@link lowerName} has them, without the last dot. */
export interface AwsFacts {
  /** The region of the link. */
  readonly region: string
  /** The account that the credentials are of. */
  readonly account: Asked<string>
  /** The VPC of the link; `undefined` if the account of the credentials has no such VPC. */
  readonly vpc: Asked<Vpc | undefined>
  /** The endpoint; `undefined` if the account has none of that id. */
  readonly endpoint: Asked<VpcEndpoint | undefined>
  /** The interfaces of the endpoint, one in each of its subnets. */
  readonly endpointInterfaces: Asked<readonly NetworkInterface[]>
  /** The network interface of this machine; `undefined` if none has its address. */
  readonly clientInterface: Asked<NetworkInterface | undefined>
  /** The rules of the security groups of the endpoint and of this machine. */
  readonly rules: Asked<readonly SecurityRule[]>
  /** The ranges in each prefix list that a rule or a route names, by its id. */
  readonly prefixLists: Readonly<Record<string, Asked<readonly string[]>>>
  /** The network ACLs of the subnets of the endpoint and of this machine. */
  readonly networkAcls: Asked<readonly NetworkAcl[]>
  /** The route tables of the VPCs of the endpoint and of this machine. */
  readonly routeTables: Asked<readonly RouteTable[]>
  /** The DNS of the VPC that clients are in, as far as this is known: else of the VPC of the link. */
  readonly dns: VpcDns
}

/** How a VPC resolves names. */
export interface VpcDns {
  readonly vpc: Asked<Vpc | undefined>
  readonly support: Asked<boolean>
  readonly hostnames: Asked<boolean>
  /** The servers that its DHCP options name; `AmazonProvidedDNS` is the VPC's own. */
  readonly servers: Asked<readonly string[]>
  /** The private hosted zones that it is associated with, and those of its Profiles after them. */
  readonly zones: Asked<readonly HostedZone[]>
  /** Records by the id of their zone: of the zone that answers for the host, and of the link's. `undefined` if there is no such zone. */
  readonly records: Readonly<Record<string, Asked<readonly ZoneRecord[] | undefined>>>
  /** The Resolver rules that it is associated with, and those of its Profiles after them. */
  readonly forwarding: Asked<readonly ForwardingRule[]>
  /** The rules of DNS Firewall, in the order in which it applies them. */
  readonly firewall: Asked<readonly FirewallRule[]>
}

/** What a Route 53 Profile has for every VPC that is associated with it. */
export interface DnsProfile {
  readonly id: string
  readonly zoneIds: readonly string[]
  readonly ruleIds: readonly string[]
  /** Groups of DNS Firewall, each with the id of its association. */
  readonly firewallGroups: readonly { readonly id: string; readonly groupId: string; readonly priority: number }[]
}

export interface Vpc {
  readonly id: string
  /** The account that has it, which shares it with others. */
  readonly owner: string
  /** Its ranges, the first one first. */
  readonly ranges: readonly string[]
  readonly dhcpOptionsId: string
}

export interface VpcEndpoint {
  readonly id: string
  readonly vpcId: string
  /** In lower case: `available`, `pendingacceptance`, … */
  readonly state: string
  readonly subnetIds: readonly string[]
  readonly groupIds: readonly string[]
  readonly interfaceIds: readonly string[]
  /** Its own names, the regional one first, then one for each availability zone. */
  readonly names: readonly string[]
}

export interface NetworkInterface {
  readonly id: string
  readonly vpcId: string
  readonly subnetId: string
  readonly availabilityZone: string
  readonly groupIds: readonly string[]
  /** IPv4 and IPv6. */
  readonly addresses: readonly string[]
  /** The endpoint that it is of. */
  readonly endpointId: string | undefined
}

export interface SecurityRule {
  readonly id: string
  readonly groupId: string
  readonly direction: 'inbound' | 'outbound'
  /** `tcp`, `udp`, a number, or `-1` for every protocol. */
  readonly protocol: string
  readonly ports: PortRange
  readonly peer:
    | { readonly kind: 'range'; readonly range: string }
    /** Interfaces that have the group attached. */
    | { readonly kind: 'group'; readonly groupId: string }
    | { readonly kind: 'prefix-list'; readonly prefixListId: string }
}

export interface PortRange {
  readonly from: number
  readonly to: number
}

export interface NetworkAcl {
  readonly id: string
  readonly subnetIds: readonly string[]
  readonly entries: readonly AclEntry[]
}

export interface AclEntry {
  /** Entries apply in the order of their numbers; the last one, 32767, is shown as `*`. */
  readonly number: number
  readonly direction: 'inbound' | 'outbound'
  readonly allows: boolean
  /** The number of the protocol, or `-1` for every protocol. */
  readonly protocol: string
  readonly range: string
  readonly ports: PortRange
}

export interface RouteTable {
  readonly id: string
  readonly vpcId: string
  /** The subnets that it is associated with. */
  readonly subnetIds: readonly string[]
  /** Whether it is that of all subnets without one. */
  readonly isMain: boolean
  readonly routes: readonly VpcRoute[]
}

export interface VpcRoute {
  readonly to:
    | { readonly kind: 'range'; readonly range: string }
    | { readonly kind: 'prefix-list'; readonly prefixListId: string }
  /** The gateway, interface or connection that it goes through: `local` within the VPC. */
  readonly through: string
  /** Whether what it goes through is gone. */
  readonly isBlackhole: boolean
}

export interface HostedZone {
  readonly id: string
  readonly name: string
  /** The account or the service that has it, or the Profile that it comes by. */
  readonly owner: string
}

export interface ZoneRecord {
  readonly name: string
  readonly type: string
  /** The name that an alias record is an alias of. */
  readonly alias: string | undefined
  readonly values: readonly string[]
}

export interface ForwardingRule {
  readonly id: string
  /** The domain; the root is empty. */
  readonly domain: string
  /** `FORWARD`, `SYSTEM`, `RECURSIVE`, `DELEGATE`. */
  readonly type: string
  /** The servers that it forwards to. */
  readonly targets: readonly string[]
}

export interface FirewallRule {
  /** The association of its group, and the group. */
  readonly associationId: string
  readonly groupId: string
  readonly name: string
  readonly action: string
  /** How it blocks: `NODATA`, `NXDOMAIN`, `OVERRIDE`. */
  readonly response: string | undefined
  /** Whether it looks at the name that the host is an alias of, too. */
  readonly followsAliases: boolean
  /** The type of queries that it is for. @default - every type */
  readonly queryType: string | undefined
  /** Its domains, `*` and `*.example.com` included. */
  readonly domains: Asked<readonly string[]>
}
