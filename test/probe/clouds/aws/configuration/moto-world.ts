import * as ec2 from '@aws-sdk/client-ec2'
import * as route53 from '@aws-sdk/client-route-53'
import * as resolver from '@aws-sdk/client-route53resolver'
import type { CloudQuestion } from '../../../../../probe/causes/question.ts'
import type { AwsTarget } from '../../../../../probe/clouds/aws/target.ts'

export const region = 'us-west-2'
export const host = 'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com'
export const port = 19_531

/** A link that works, made through AWS's own API in moto, and a client in its VPC. */
export type World = Awaited<ReturnType<typeof makeWorld>>

/** Makes a link that works, in a VPC of its own. */
export async function makeWorld() {
  const ec2Client = new ec2.EC2Client({ region })
  const dns = new route53.Route53Client({ region })
  const resolverClient = new resolver.Route53ResolverClient({ region })
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
    resolver: resolverClient,
    vpcId,
    clientSubnet,
    endpointSubnet,
    endpointGroup,
    clientGroup,
    client,
    endpointId,
    endpointName,
    endpointAddresses,
    zoneId,
    target,
    subnet,
    group,
    allow,
    revokeAll,
    interfaceIn,
    zone,
    change,
    record,
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
