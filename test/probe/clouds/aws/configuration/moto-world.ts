import * as ec2 from '@aws-sdk/client-ec2'
import * as route53 from '@aws-sdk/client-route-53'
import { AwsV4Signer } from 'aws4fetch'
import { z } from 'zod'
import type { CloudQuestion } from '../../../../../probe/causes/question.ts'
import { openJsonApi } from '../../../../../probe/clouds/aws/configuration/json-api.ts'
import type { AwsTarget } from '../../../../../probe/clouds/aws/target.ts'

export const region = 'us-west-2'
export const host = 'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com'
export const port = 19_531

const Made = z.object({ Id: z.string() }).optional()
const ResolverAnswer = z.object({ ResolverEndpoint: Made, ResolverRule: Made })

/** A link that works, made through AWS's own API in moto, and a client in its VPC. */
export type World = Awaited<ReturnType<typeof makeWorld>>

/** Makes a link that works, in a VPC of its own. */
export async function makeWorld() {
  const ec2Client = new ec2.EC2Client({ region })
  const dns = new route53.Route53Client({ region })
  const json = openJsonApi(AwsV4Signer, region, () => ec2Client.config.credentials())
  const resolver = async (action: string, input: object) =>
    ResolverAnswer.parse(await json('route53resolver', { action, input }, AbortSignal.timeout(10_000)))
  const send = ec2Client.send.bind(ec2Client)

  const vpcId = text((await send(new ec2.CreateVpcCommand({ CidrBlock: '10.20.0.0/16' }))).Vpc?.VpcId)
  await send(new ec2.ModifyVpcAttributeCommand({ VpcId: vpcId, EnableDnsHostnames: { Value: true } }))
  const subnet = async (range: string, zone: string, vpc = vpcId) =>
    text(
      (await send(new ec2.CreateSubnetCommand({ VpcId: vpc, CidrBlock: range, AvailabilityZone: zone }))).Subnet
        ?.SubnetId
    )
  const clientSubnet = await subnet('10.20.0.0/24', 'us-west-2a')
  const endpointSubnet = await subnet('10.20.1.0/24', 'us-west-2a')
  const group = async (name: string, vpc = vpcId) =>
    text((await send(new ec2.CreateSecurityGroupCommand({ GroupName: name, Description: name, VpcId: vpc }))).GroupId)
  const endpointGroup = await group('endpoint')
  const clientGroup = await group('client')
  const allow = (groupId: string, permission: ec2.IpPermission) =>
    send(
      new ec2.AuthorizeSecurityGroupIngressCommand({
        GroupId: groupId,
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...permission }]
      })
    )
  const revokeAll = async (groupId: string, isEgress: boolean) => {
    const { SecurityGroupRules = [] } = await send(
      new ec2.DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [groupId] }] })
    )
    const ids = SecurityGroupRules.filter(rule => rule.IsEgress === isEgress).map(rule =>
      text(rule.SecurityGroupRuleId)
    )
    if (ids.length === 0) return
    const input = { GroupId: groupId, SecurityGroupRuleIds: ids }
    await (isEgress
      ? send(new ec2.RevokeSecurityGroupEgressCommand(input))
      : send(new ec2.RevokeSecurityGroupIngressCommand(input)))
  }
  /** Adds a route to the main table of a VPC. */
  const routeFrom = async (vpc: string, route: Omit<ec2.CreateRouteCommandInput, 'RouteTableId'>) => {
    const { RouteTables = [] } = await send(
      new ec2.DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] })
    )
    await send(new ec2.CreateRouteCommand({ RouteTableId: text(RouteTables[0]?.RouteTableId), ...route }))
  }
  await allow(endpointGroup, { IpRanges: [{ CidrIp: '10.20.0.0/16' }] })

  const interfaceIn = async (subnetId: string, groups: readonly string[], address?: string) => {
    const { NetworkInterface } = await send(
      new ec2.CreateNetworkInterfaceCommand({
        SubnetId: subnetId,
        Groups: [...groups],
        ...(address === undefined ? {} : { PrivateIpAddress: address })
      })
    )
    return { id: text(NetworkInterface?.NetworkInterfaceId), address: text(NetworkInterface?.PrivateIpAddress) }
  }
  const client = await interfaceIn(clientSubnet, [clientGroup], '10.20.0.10')

  const { VpcEndpoint } = await send(
    new ec2.CreateVpcEndpointCommand({
      VpcId: vpcId,
      VpcEndpointType: 'Interface',
      ServiceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74',
      SubnetIds: [endpointSubnet],
      SecurityGroupIds: [endpointGroup]
    })
  )
  const endpointId = text(VpcEndpoint?.VpcEndpointId)
  const endpointName = text(VpcEndpoint?.DnsEntries?.[0]?.DnsName)
  const zonalName = text(VpcEndpoint?.DnsEntries?.[1]?.DnsName)
  const { NetworkInterfaces = [] } = await send(
    new ec2.DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: VpcEndpoint?.NetworkInterfaceIds ?? [] })
  )
  const endpointAddresses = NetworkInterfaces.map(each => text(each.PrivateIpAddress))

  let zones = 0
  const zone = async (name: string, vpc = vpcId) => {
    zones += 1
    const { HostedZone } = await dns.send(
      new route53.CreateHostedZoneCommand({
        Name: name,
        CallerReference: `${vpc}-${zones}`,
        HostedZoneConfig: { PrivateZone: true },
        VPC: { VPCId: vpc, VPCRegion: region }
      })
    )
    return text(HostedZone?.Id).replace('/hostedzone/', '')
  }
  const change = (zoneId: string, action: 'UPSERT' | 'DELETE', set: route53.ResourceRecordSet) =>
    dns.send(
      new route53.ChangeResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        ChangeBatch: { Changes: [{ Action: action, ResourceRecordSet: set }] }
      })
    )
  const zoneId = await zone('vectordb.zillizcloud.com')
  const record = (value: string): route53.ResourceRecordSet => ({
    Name: host,
    Type: 'CNAME',
    TTL: 300,
    ResourceRecords: [{ Value: value }]
  })
  await change(zoneId, 'UPSERT', record(endpointName))

  const target: AwsTarget = {
    cloud: 'aws',
    name: 'prod/search/in01-840ec44485bf25d',
    environment: 'prod',
    region,
    host,
    port,
    vpcId,
    hostedZoneId: zoneId,
    endpointId,
    endpointDnsName: endpointName,
    securityGroupId: endpointGroup
  }
  return {
    send,
    dns,
    resolver,
    vpcId,
    clientSubnet,
    endpointSubnet,
    endpointGroup,
    clientGroup,
    client,
    endpointId,
    endpointName,
    zonalName,
    endpointInterfaceIds: VpcEndpoint?.NetworkInterfaceIds ?? [],
    endpointAddresses,
    zoneId,
    target,
    subnet,
    group,
    allow,
    revokeAll,
    interfaceIn,
    routeFrom,
    zone,
    change,
    record,
    /** An instance with one network interface. */
    instanceIn: async (subnetId: string, groups: readonly string[]) => {
      const { Instances: [instance] = [] } = await send(
        new ec2.RunInstancesCommand({
          ImageId: 'ami-12c6146b',
          MinCount: 1,
          MaxCount: 1,
          SubnetId: subnetId,
          SecurityGroupIds: [...groups]
        })
      )
      return text(instance?.InstanceId)
    },
    /** The network ACL of a subnet, one of its own that allows everything. */
    aclOf: async (subnetId: string) => {
      const { NetworkAcl } = await send(new ec2.CreateNetworkAclCommand({ VpcId: vpcId }))
      const aclId = text(NetworkAcl?.NetworkAclId)
      for (const Egress of [false, true]) {
        await send(
          new ec2.CreateNetworkAclEntryCommand({
            NetworkAclId: aclId,
            RuleNumber: 100,
            Egress,
            Protocol: '-1',
            RuleAction: 'allow',
            CidrBlock: '0.0.0.0/0'
          })
        )
      }
      const { NetworkAcls = [] } = await send(
        new ec2.DescribeNetworkAclsCommand({ Filters: [{ Name: 'association.subnet-id', Values: [subnetId] }] })
      )
      const association = NetworkAcls.flatMap(({ Associations = [] }) => Associations).find(
        ({ SubnetId }) => SubnetId === subnetId
      )
      await send(
        new ec2.ReplaceNetworkAclAssociationCommand({
          AssociationId: text(association?.NetworkAclAssociationId),
          NetworkAclId: aclId
        })
      )
      return aclId
    },
    deny: (aclId: string, number: number, isEgress: boolean, ports: ec2.PortRange) =>
      send(
        new ec2.CreateNetworkAclEntryCommand({
          NetworkAclId: aclId,
          RuleNumber: number,
          Egress: isEgress,
          Protocol: '6',
          RuleAction: 'deny',
          CidrBlock: '0.0.0.0/0',
          PortRange: ports
        })
      ),
    /** A VPC next to it, with a client. */
    otherVpc: async (range: string) => {
      const { Vpc } = await send(new ec2.CreateVpcCommand({ CidrBlock: range }))
      const other = text(Vpc?.VpcId)
      const subnetId = await subnet(range.replace('/16', '/24'), 'us-west-2a', other)
      return { vpcId: other, client: await interfaceIn(subnetId, [await group('other', other)]) }
    },
    /** Connects another VPC, with routes in both directions. */
    peer: async (otherId: string, range: string) => {
      const { VpcPeeringConnection } = await send(
        new ec2.CreateVpcPeeringConnectionCommand({ VpcId: otherId, PeerVpcId: vpcId })
      )
      const peering = text(VpcPeeringConnection?.VpcPeeringConnectionId)
      await send(new ec2.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: peering }))
      for (const [id, destination] of [
        [otherId, '10.20.0.0/16'],
        [vpcId, range]
      ] as const) {
        await routeFrom(id, { DestinationCidrBlock: destination, VpcPeeringConnectionId: peering })
      }
    },
    /** DHCP options that name these DNS servers. */
    nameServers: async (servers: readonly string[]) => {
      const { DhcpOptions } = await send(
        new ec2.CreateDhcpOptionsCommand({
          DhcpConfigurations: [{ Key: 'domain-name-servers', Values: [...servers] }]
        })
      )
      await send(new ec2.AssociateDhcpOptionsCommand({ DhcpOptionsId: text(DhcpOptions?.DhcpOptionsId), VpcId: vpcId }))
    },
    /** A Resolver rule that forwards a domain, for this VPC or another one. */
    forward: async (domain: string, server: string, vpc = vpcId) => {
      const { ResolverEndpoint } = await resolver('CreateResolverEndpoint', {
        // Without a name, moto cannot sort them.
        Name: vpcId,
        CreatorRequestId: `${vpcId}-${domain}`,
        Direction: 'OUTBOUND',
        SecurityGroupIds: [clientGroup],
        IpAddresses: [{ SubnetId: clientSubnet }, { SubnetId: endpointSubnet }]
      })
      const { ResolverRule } = await resolver('CreateResolverRule', {
        Name: vpcId,
        CreatorRequestId: `${vpcId}-${domain}`,
        RuleType: 'FORWARD',
        DomainName: domain,
        TargetIps: [{ Ip: server, Port: 53 }],
        ResolverEndpointId: text(ResolverEndpoint?.Id)
      })
      await resolver('AssociateResolverRule', {
        Name: vpcId,
        ResolverRuleId: text(ResolverRule?.Id),
        VPCId: vpc
      })
      return text(ResolverRule?.Id)
    },
    /** What is asked about the link. */
    question: (about: Partial<CloudQuestion<AwsTarget>> = {}): CloudQuestion<AwsTarget> => ({
      target,
      case: 'no-answer-to-syn',
      resolved: endpointAddresses,
      resolvers: ['10.20.0.2'],
      from: { addresses: [client.address], machine: undefined },
      ...about
    })
  }
}

/** An id that a call gives. */
export function text(given: string | undefined): string {
  if (given === undefined) throw new Error('the call gives no id')
  return given
}
