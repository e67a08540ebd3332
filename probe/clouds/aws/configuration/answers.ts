import { z } from 'zod'
import { canonicalAddress } from '../../../facts/address.ts'
import { lowerName } from '../../../facts/dns-name.ts'
import { escapeText } from '../../../facts/escape.ts'
import type {
  AclEntry,
  ForwardingRule,
  HostedZone,
  NetworkAcl,
  NetworkInterface,
  RouteTable,
  SecurityRule,
  Vpc,
  VpcEndpoint,
  VpcRoute,
  ZoneRecord
} from './facts.ts'

// What is taken of each answer. Whatever has another form makes the call fail.

const Id = z.string().regex(/^[\w./:-]{1,200}$/)
const AnyName = z.string().max(1100)
const Range = z.union([z.cidrv4(), z.cidrv6()])
const Address = z.union([z.ipv4(), z.ipv6()]).transform(canonicalAddress)
const list = <Element extends z.ZodType>(element: Element) => z.array(element).max(5000).default([])

/** A name as `isWithin` compares it. Route 53 writes octets that are no letters as `\052`. */
const DnsName = AnyName.transform(name =>
  lowerName(name)
    .replace(/\.$/, '')
    .replace(/^\\052\./, '*.')
)

/** Free text, as a person sees it. */
const Text = z
  .string()
  .max(1000)
  .transform(text => escapeText(text))

export const CallerIdentity = z.object({ Account: Id }).transform(({ Account }) => Account)

export const Vpcs = z
  .object({
    Vpcs: list(
      z
        .object({
          VpcId: Id,
          OwnerId: Id.default(''),
          DhcpOptionsId: Id.default('default'),
          CidrBlock: Range,
          CidrBlockAssociationSet: list(z.object({ CidrBlock: Range })),
          Ipv6CidrBlockAssociationSet: list(z.object({ Ipv6CidrBlock: Range }))
        })
        .transform(
          (seen): Vpc => ({
            id: seen.VpcId,
            owner: seen.OwnerId,
            ranges: [
              ...new Set([
                seen.CidrBlock,
                ...seen.CidrBlockAssociationSet.map(({ CidrBlock }) => CidrBlock),
                ...seen.Ipv6CidrBlockAssociationSet.map(({ Ipv6CidrBlock }) => Ipv6CidrBlock)
              ])
            ],
            dhcpOptionsId: seen.DhcpOptionsId
          })
        )
    )
  })
  .transform(({ Vpcs: [vpc] }) => vpc)

export const DnsSupport = z
  .object({ EnableDnsSupport: z.object({ Value: z.boolean() }) })
  .transform(({ EnableDnsSupport: { Value } }) => Value)

export const DnsHostnames = z
  .object({ EnableDnsHostnames: z.object({ Value: z.boolean() }) })
  .transform(({ EnableDnsHostnames: { Value } }) => Value)

/** The servers of the first set; none if it names none. */
export const DhcpServers = z
  .object({
    DhcpOptions: list(
      z.object({ DhcpConfigurations: list(z.object({ Key: z.string(), Values: list(z.object({ Value: Text })) })) })
    )
  })
  .transform(({ DhcpOptions: [options] }) =>
    (options?.DhcpConfigurations ?? [])
      .filter(({ Key }) => Key === 'domain-name-servers')
      .flatMap(({ Values }) => Values.map(({ Value }) => Value))
  )

export const Endpoints = z
  .object({
    VpcEndpoints: list(
      z
        .object({
          VpcEndpointId: Id,
          VpcId: Id,
          State: Text,
          SubnetIds: list(Id),
          Groups: list(z.object({ GroupId: Id })),
          NetworkInterfaceIds: list(Id),
          DnsEntries: list(z.object({ DnsName: DnsName }))
        })
        .transform(
          (seen): VpcEndpoint => ({
            id: seen.VpcEndpointId,
            vpcId: seen.VpcId,
            state: seen.State.toLowerCase(),
            subnetIds: seen.SubnetIds,
            groupIds: seen.Groups.map(({ GroupId }) => GroupId),
            interfaceIds: seen.NetworkInterfaceIds,
            names: seen.DnsEntries.map(({ DnsName }) => DnsName)
          })
        )
    )
  })
  .transform(({ VpcEndpoints: [endpoint] }) => endpoint)

export const Interfaces = z
  .object({
    NetworkInterfaces: list(
      z
        .object({
          NetworkInterfaceId: Id,
          VpcId: Id,
          SubnetId: Id,
          AvailabilityZone: Text.default(''),
          Description: z.string().default(''),
          InterfaceType: z.string().optional(),
          Groups: list(z.object({ GroupId: Id })),
          PrivateIpAddress: Address.optional(),
          PrivateIpAddresses: list(z.object({ PrivateIpAddress: Address })),
          Ipv6Addresses: list(z.object({ Ipv6Address: Address }))
        })
        .transform(
          (seen): NetworkInterface => ({
            id: seen.NetworkInterfaceId,
            vpcId: seen.VpcId,
            subnetId: seen.SubnetId,
            availabilityZone: seen.AvailabilityZone,
            groupIds: seen.Groups.map(({ GroupId }) => GroupId),
            addresses: [
              ...new Set([
                ...(seen.PrivateIpAddress === undefined ? [] : [seen.PrivateIpAddress]),
                ...seen.PrivateIpAddresses.map(({ PrivateIpAddress }) => PrivateIpAddress),
                ...seen.Ipv6Addresses.map(({ Ipv6Address }) => Ipv6Address)
              ])
            ],
            // AWS writes `VPC Endpoint Interface vpce-…`.
            endpointId:
              seen.InterfaceType === 'vpc_endpoint' ? /\bvpce-[0-9a-f]+/.exec(seen.Description)?.[0] : undefined
          })
        )
    )
  })
  .transform(({ NetworkInterfaces }) => NetworkInterfaces)

const Port = z.number().int().min(-1).max(65_535)

export const SecurityRules = z
  .object({
    SecurityGroupRules: list(
      z.object({
        SecurityGroupRuleId: Id,
        GroupId: Id,
        IsEgress: z.boolean(),
        IpProtocol: Text,
        FromPort: Port.default(-1),
        ToPort: Port.default(-1),
        CidrIpv4: Range.optional(),
        CidrIpv6: Range.optional(),
        PrefixListId: Id.optional(),
        ReferencedGroupInfo: z.object({ GroupId: Id.optional() }).optional()
      })
    )
  })
  .transform(({ SecurityGroupRules }) =>
    SecurityGroupRules.flatMap((seen): readonly SecurityRule[] => {
      const range = seen.CidrIpv4 ?? seen.CidrIpv6
      const groupId = seen.ReferencedGroupInfo?.GroupId
      const peers: readonly SecurityRule['peer'][] = [
        ...(range === undefined ? [] : [{ kind: 'range' as const, range }]),
        ...(groupId === undefined ? [] : [{ kind: 'group' as const, groupId }]),
        ...(seen.PrefixListId === undefined ? [] : [{ kind: 'prefix-list' as const, prefixListId: seen.PrefixListId }])
      ]
      return peers.map(peer => ({
        id: seen.SecurityGroupRuleId,
        groupId: seen.GroupId,
        direction: seen.IsEgress ? 'outbound' : 'inbound',
        protocol: seen.IpProtocol,
        ports: { from: seen.FromPort, to: seen.ToPort },
        peer
      }))
    })
  )

export const PrefixListRanges = z
  .object({ Entries: list(z.object({ Cidr: Range })) })
  .transform(({ Entries }) => Entries.map(({ Cidr }) => Cidr))

export const NetworkAcls = z
  .object({
    NetworkAcls: list(
      z.object({
        NetworkAclId: Id,
        Associations: list(z.object({ SubnetId: Id })),
        Entries: list(
          z.object({
            RuleNumber: z.number().int(),
            Egress: z.boolean(),
            RuleAction: z.enum(['allow', 'deny']),
            Protocol: Text,
            CidrBlock: Range.optional(),
            Ipv6CidrBlock: Range.optional(),
            PortRange: z.object({ From: Port, To: Port }).optional()
          })
        )
      })
    )
  })
  .transform(({ NetworkAcls: acls }) =>
    acls.map(
      ({ NetworkAclId, Associations, Entries }): NetworkAcl => ({
        id: NetworkAclId,
        subnetIds: Associations.map(({ SubnetId }) => SubnetId),
        entries: Entries.flatMap((seen): readonly AclEntry[] =>
          [seen.CidrBlock, seen.Ipv6CidrBlock].flatMap(range =>
            range === undefined
              ? []
              : [
                  {
                    number: seen.RuleNumber,
                    direction: seen.Egress ? 'outbound' : 'inbound',
                    allows: seen.RuleAction === 'allow',
                    protocol: seen.Protocol,
                    range,
                    ports:
                      seen.PortRange === undefined || seen.PortRange.From === -1
                        ? { from: 0, to: 65_535 }
                        : { from: seen.PortRange.From, to: seen.PortRange.To }
                  }
                ]
          )
        )
      })
    )
  )

export const RouteTables = z
  .object({
    RouteTables: list(
      z.object({
        RouteTableId: Id,
        VpcId: Id,
        Associations: list(z.object({ Main: z.boolean().default(false), SubnetId: Id.optional() })),
        Routes: list(
          z.object({
            DestinationCidrBlock: Range.optional(),
            DestinationIpv6CidrBlock: Range.optional(),
            DestinationPrefixListId: Id.optional(),
            State: z.string().default('active'),
            GatewayId: Id.optional(),
            NatGatewayId: Id.optional(),
            TransitGatewayId: Id.optional(),
            VpcPeeringConnectionId: Id.optional(),
            NetworkInterfaceId: Id.optional(),
            EgressOnlyInternetGatewayId: Id.optional(),
            LocalGatewayId: Id.optional(),
            CarrierGatewayId: Id.optional(),
            CoreNetworkArn: Id.optional(),
            InstanceId: Id.optional()
          })
        )
      })
    )
  })
  .transform(({ RouteTables: tables }) =>
    tables.map(
      (table): RouteTable => ({
        id: table.RouteTableId,
        vpcId: table.VpcId,
        subnetIds: table.Associations.flatMap(({ SubnetId }) => SubnetId ?? []),
        isMain: table.Associations.some(({ Main }) => Main),
        routes: table.Routes.flatMap((seen): readonly VpcRoute[] => {
          const range = seen.DestinationCidrBlock ?? seen.DestinationIpv6CidrBlock
          const through =
            seen.GatewayId ??
            seen.NatGatewayId ??
            seen.TransitGatewayId ??
            seen.VpcPeeringConnectionId ??
            seen.NetworkInterfaceId ??
            seen.EgressOnlyInternetGatewayId ??
            seen.LocalGatewayId ??
            seen.CarrierGatewayId ??
            seen.CoreNetworkArn ??
            seen.InstanceId ??
            'nothing'
          const rest = { through, isBlackhole: seen.State === 'blackhole' }
          return [
            ...(range === undefined ? [] : [{ to: { kind: 'range' as const, range }, ...rest }]),
            ...(seen.DestinationPrefixListId === undefined
              ? []
              : [{ to: { kind: 'prefix-list' as const, prefixListId: seen.DestinationPrefixListId }, ...rest }])
          ]
        })
      })
    )
  )

export const Zones = z
  .object({
    HostedZoneSummaries: list(
      z
        .object({
          HostedZoneId: Id,
          Name: DnsName,
          Owner: z.object({ OwningAccount: Id.optional(), OwningService: Id.optional() }).optional()
        })
        .transform(
          (seen): HostedZone => ({
            id: seen.HostedZoneId.replace(/^\/hostedzone\//, ''),
            name: seen.Name,
            owner: seen.Owner?.OwningAccount ?? seen.Owner?.OwningService ?? ''
          })
        )
    )
  })
  .transform(({ HostedZoneSummaries }) => HostedZoneSummaries)

export const ZoneRecords = z
  .object({
    ResourceRecordSets: list(
      z
        .object({
          Name: DnsName,
          Type: Text,
          AliasTarget: z.object({ DNSName: DnsName }).optional(),
          ResourceRecords: list(z.object({ Value: AnyName }))
        })
        .transform(
          (seen): ZoneRecord => ({
            name: seen.Name,
            type: seen.Type,
            alias: seen.AliasTarget?.DNSName,
            values: seen.ResourceRecords.map(({ Value }) => lowerName(Value).replace(/\.$/, ''))
          })
        )
    ),
    IsTruncated: z.boolean().default(false)
  })
  .transform(({ ResourceRecordSets, IsTruncated }) => ({ records: ResourceRecordSets, isCut: IsTruncated }))

export const ForwardingRules = z
  .object({
    ResolverRules: list(
      z
        .object({
          Id,
          DomainName: DnsName,
          RuleType: Text,
          TargetIps: list(z.object({ Ip: Address.optional(), Ipv6: Address.optional() }))
        })
        .transform(
          (seen): ForwardingRule => ({
            id: seen.Id,
            domain: seen.DomainName,
            type: seen.RuleType,
            targets: seen.TargetIps.flatMap(({ Ip, Ipv6 }) => Ip ?? Ipv6 ?? [])
          })
        )
    ),
    NextToken: z.string().optional()
  })
  .transform(({ ResolverRules, NextToken }) => ({ of: ResolverRules, next: NextToken }))

/** The ids of the rules that a VPC is associated with. */
export const RuleAssociations = z
  .object({
    ResolverRuleAssociations: list(z.object({ ResolverRuleId: Id, Status: z.string().default('COMPLETE') })),
    NextToken: z.string().optional()
  })
  .transform(({ ResolverRuleAssociations, NextToken }) => ({
    of: ResolverRuleAssociations.filter(({ Status }) => Status === 'COMPLETE').map(
      ({ ResolverRuleId }) => ResolverRuleId
    ),
    next: NextToken
  }))

/** The groups that a VPC is associated with. */
export const FirewallAssociations = z
  .object({
    FirewallRuleGroupAssociations: list(
      z.object({ Id, FirewallRuleGroupId: Id, Priority: z.number(), Status: z.string().default('COMPLETE') })
    ),
    NextToken: z.string().optional()
  })
  .transform(({ FirewallRuleGroupAssociations, NextToken }) => ({
    of: FirewallRuleGroupAssociations.filter(({ Status }) => Status !== 'DELETING').map(each => ({
      id: each.Id,
      groupId: each.FirewallRuleGroupId,
      priority: each.Priority
    })),
    next: NextToken
  }))

/** The rules of a group, with the ids of their lists of domains. */
export const GroupRules = z
  .object({
    FirewallRules: list(
      z.object({
        FirewallDomainListId: Id.optional(),
        Name: Text.default(''),
        Priority: z.number(),
        Action: Text,
        BlockResponse: Text.optional(),
        FirewallDomainRedirectionAction: z.string().optional(),
        Qtype: Text.optional()
      })
    ),
    NextToken: z.string().optional()
  })
  .transform(({ FirewallRules, NextToken }) => ({
    of: FirewallRules.map(seen => ({
      name: seen.Name,
      action: seen.Action,
      response: seen.BlockResponse,
      followsAliases: seen.FirewallDomainRedirectionAction !== 'TRUST_REDIRECTION_DOMAIN',
      queryType: seen.Qtype,
      domainListId: seen.FirewallDomainListId,
      priority: seen.Priority
    })),
    next: NextToken
  }))

export const FirewallDomains = z
  .object({ Domains: list(DnsName), NextToken: z.string().optional() })
  .transform(({ Domains, NextToken }) => ({ of: Domains, next: NextToken }))

const isInUse = ({ Status }: { readonly Status: string }) => Status === 'COMPLETE' || Status === 'UPDATING'

/** The ids of the Profiles that a VPC is associated with, in the order in which it applies them. */
export const ProfileAssociations = z
  .object({
    ProfileAssociations: list(
      z.object({ ProfileId: Id, Priority: z.number().default(100), Status: z.string().default('COMPLETE') })
    ),
    NextToken: z.string().nullish()
  })
  .transform(({ ProfileAssociations, NextToken }) => ({
    of: ProfileAssociations.filter(isInUse)
      .toSorted((one, other) => one.Priority - other.Priority)
      .map(({ ProfileId }) => ProfileId),
    next: NextToken ?? undefined
  }))

/** What a Profile has for each of its VPCs: the id of a zone, a Resolver rule or a rule group. Resources of other kinds are dropped. */
export const ProfileResources = z
  .object({
    ProfileResourceAssociations: list(
      z.object({
        Id,
        ResourceArn: z.string().max(500),
        ResourceProperties: z.string().max(1000).nullish(),
        Status: z.string().default('COMPLETE')
      })
    ),
    NextToken: z.string().nullish()
  })
  .transform(({ ProfileResourceAssociations, NextToken }) => ({
    of: ProfileResourceAssociations.filter(isInUse).flatMap(
      ({ Id: associationId, ResourceArn, ResourceProperties }) => {
        const [, kind, id] = /:(hostedzone|resolver-rule|firewall-rule-group)\/([\w-]{1,100})$/.exec(ResourceArn) ?? []
        const [, priority = '0'] = /"priority"\s*:\s*"?(\d{1,5})/.exec(ResourceProperties ?? '') ?? []
        return kind === undefined || id === undefined ? [] : [{ associationId, kind, id, priority: Number(priority) }]
      }
    ),
    next: NextToken ?? undefined
  }))

export const HostedZoneName = z
  .object({ HostedZone: z.object({ Name: DnsName }) })
  .transform(({ HostedZone: { Name } }) => Name)
