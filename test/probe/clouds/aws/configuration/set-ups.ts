import * as ec2 from '@aws-sdk/client-ec2'
import type { CaseId } from '../../../../../probe/cases/catalogue.ts'
import type { CloudQuestion } from '../../../../../probe/causes/question.ts'
import type { AwsCauseId } from '../../../../../probe/clouds/aws/configuration/causes.ts'
import type { AwsTarget } from '../../../../../probe/clouds/aws/target.ts'
import { host, port, region, text, type World } from './moto-world.ts'

/** A link that is broken through AWS's own API, and the cause that is then confirmed. */
export interface SetUp {
  readonly title: string
  readonly id: AwsCauseId
  readonly case: CaseId
  /** Breaks a link that works. @returns what else is asked */
  readonly given: (world: World) => Promise<Partial<CloudQuestion<AwsTarget>> | undefined>
  /** What proves it. */
  readonly proof: (world: World) => string | RegExp
  /** Causes that follow from the same fault. */
  readonly also?: readonly AwsCauseId[]
}

/** What only breaks the link. */
const only = (act: (world: World) => Promise<unknown>) => async (world: World) => {
  await act(world)
  return undefined
}

const withoutAddress = (act: (world: World) => Promise<unknown>) => async (world: World) => {
  await act(world)
  return { resolved: [] }
}

/** Routes in place of the peering between the clients' VPC and the link's. */
const routed = (act: (world: World, other: { readonly vpcId: string }) => Promise<unknown>) => async (world: World) => {
  const other = await world.otherVpc('10.30.0.0/16')
  await world.allow(world.endpointGroup, { IpRanges: [{ CidrIp: '10.30.0.0/16' }] })
  await act(world, other)
  const machine = { cloud: 'aws', account: undefined, region, zone: undefined, network: other.vpcId, id: undefined }
  return { from: { addresses: [other.client.address], machine } }
}

/** One for each cause that moto can be told of, and more where one is not all. */
export const setUps: readonly SetUp[] = [
  {
    title: 'credentials of an account without the VPC of the link',
    id: 'credentials-of-another-account',
    case: 'no-answer-to-syn',
    given: async world => ({ target: { ...world.target, vpcId: 'vpc-0a1b2c3d4e5f60718' } }),
    proof: () =>
      'the credentials belong to account 123456789012, which has no VPC vpc-0a1b2c3d4e5f60718 in us-west-2; use credentials of the account of the link'
  },
  {
    title: 'a deleted endpoint',
    id: 'endpoint-deleted',
    case: 'no-answer-to-syn',
    given: only(world => world.send(new ec2.DeleteVpcEndpointsCommand({ VpcEndpointIds: [world.endpointId] }))),
    proof: world => `endpoint ${world.endpointId} is in state deleted`
  },
  {
    title: 'DNS support that is disabled',
    id: 'dns-support-disabled',
    case: 'zone-not-visible',
    given: withoutAddress(world =>
      world.send(new ec2.ModifyVpcAttributeCommand({ VpcId: world.vpcId, EnableDnsSupport: { Value: false } }))
    ),
    proof: world => `DNS support (enableDnsSupport) is disabled on VPC ${world.vpcId}`
  },
  {
    title: 'DNS hostnames that are disabled',
    id: 'dns-hostnames-disabled',
    case: 'zone-not-visible',
    given: withoutAddress(world =>
      world.send(new ec2.ModifyVpcAttributeCommand({ VpcId: world.vpcId, EnableDnsHostnames: { Value: false } }))
    ),
    proof: world => `DNS hostnames (enableDnsHostnames) are disabled on VPC ${world.vpcId}: private zones need them`
  },
  {
    title: 'a Resolver rule that forwards the zone',
    id: 'resolver-rule-forwards',
    case: 'zone-not-visible',
    given: withoutAddress(world => world.forward('vectordb.zillizcloud.com', '10.20.9.9')),
    proof: world =>
      new RegExp(
        `^Resolver rule rslvr-rr-[0-9a-f]+ forwards vectordb\\.zillizcloud\\.com to 10\\.20\\.9\\.9, and takes precedence over private zone ${world.zoneId} \\(vectordb\\.zillizcloud\\.com\\)$`
      )
  },
  {
    title: 'a zone that does not exist',
    id: 'zone-not-associated',
    case: 'zone-not-visible',
    given: async world => ({ target: { ...world.target, hostedZoneId: 'Z0123456789ABCDEFGHIJ' }, resolved: [] }),
    proof: () => 'private zone Z0123456789ABCDEFGHIJ does not exist',
    also: ['zone-overridden']
  },
  {
    title: 'a more specific zone',
    id: 'zone-overridden',
    case: 'record-missing',
    given: withoutAddress(world => world.zone('aws-us-west-2.vectordb.zillizcloud.com')),
    proof: () => /^private zone Z\w+ \(aws-us-west-2\.vectordb\.zillizcloud\.com\) of 123456789012 answers for /,
    also: ['no-record']
  },
  {
    title: 'a record that is missing',
    id: 'no-record',
    case: 'record-missing',
    given: withoutAddress(world => world.change(world.zoneId, 'DELETE', world.record(world.endpointName))),
    proof: world => `private zone ${world.zoneId} has no record for ${host}`
  },
  {
    title: 'a record of another name',
    id: 'no-record',
    case: 'record-name-malformed',
    given: withoutAddress(async world => {
      await world.change(world.zoneId, 'DELETE', world.record(world.endpointName))
      await world.change(world.zoneId, 'UPSERT', {
        ...world.record(world.endpointName),
        Name: host.replace('in01', 'in1')
      })
    }),
    proof: world => `private zone ${world.zoneId} has no record for ${host}, but one for ${host.replace('in01', 'in1')}`
  },
  {
    title: 'a record of another type',
    id: 'record-of-other-type',
    case: 'no-address-record',
    given: withoutAddress(async world => {
      await world.change(world.zoneId, 'DELETE', world.record(world.endpointName))
      await world.change(world.zoneId, 'UPSERT', {
        Name: host,
        Type: 'TXT',
        TTL: 300,
        ResourceRecords: [{ Value: '"x"' }]
      })
    }),
    proof: world => `private zone ${world.zoneId} has only a record of type TXT for ${host}`
  },
  {
    title: 'a record that points to another endpoint',
    id: 'record-to-another-endpoint',
    case: 'dangling-cname',
    given: withoutAddress(world =>
      world.change(world.zoneId, 'UPSERT', world.record('vpce-0old.vpce-svc-1.us-west-2.vpce.amazonaws.com'))
    ),
    proof: world =>
      `the CNAME record of ${host} in private zone ${world.zoneId} points to vpce-0old.vpce-svc-1.us-west-2.vpce.amazonaws.com instead of the endpoint`
  },
  {
    title: 'a record that points to the endpoint in one availability zone',
    id: 'record-to-one-zone',
    case: 'healthy',
    given: only(world => world.change(world.zoneId, 'UPSERT', world.record(world.zonalName))),
    proof: world =>
      `the CNAME record of ${host} in private zone ${world.zoneId} points to ${world.zonalName}, which has an address in one availability zone only`
  },
  {
    title: "a Resolver rule for the endpoint's own name",
    id: 'endpoint-name-overridden',
    case: 'forwarding-broken',
    given: withoutAddress(world => world.forward('vpce.amazonaws.com', '10.20.9.9')),
    proof: () =>
      /^Resolver rule rslvr-rr-[0-9a-f]+ forwards vpce\.amazonaws\.com, including the endpoint's own name, to 10\.20\.9\.9$/
  },
  {
    title: 'DHCP options that name other servers',
    id: 'dhcp-names-other-servers',
    case: 'zone-not-visible',
    given: async world => {
      await world.nameServers(['10.20.9.9'])
      return { resolved: [], resolvers: ['10.20.9.9'] }
    },
    proof: world =>
      new RegExp(
        `^DHCP options dopt-[0-9a-f]+ of VPC ${world.vpcId} name 10\\.20\\.9\\.9 instead of the VPC's own resolver`
      )
  },
  {
    title: 'a public resolver',
    id: 'resolver-outside-vpc',
    case: 'zone-not-visible',
    given: async () => ({ resolved: [], resolvers: ['8.8.8.8'] }),
    proof: () => 'this machine queries 8.8.8.8, a public resolver, which has no private zone'
  },
  {
    title: 'a security group that is not attached',
    id: 'security-group-detached',
    case: 'no-answer-to-syn',
    given: async world => {
      await world.revokeAll(world.endpointGroup, false)
      return { target: { ...world.target, securityGroupId: world.clientGroup } }
    },
    proof: world =>
      `endpoint ${world.endpointId} has ${world.endpointGroup} attached, but not security group ${world.clientGroup} of the link`,
    also: ['endpoint-eni-sg-rules-mismatch']
  },
  {
    title: 'a security group of the endpoint without a rule',
    id: 'endpoint-eni-sg-rules-mismatch',
    case: 'no-answer-to-syn',
    given: only(world => world.revokeAll(world.endpointGroup, false)),
    proof: world => `security group ${world.endpointGroup} has no inbound rule for TCP ${port} from 10.20.0.10`
  },
  {
    title: 'a security group of the clients without a rule',
    id: 'client-eni-sg-rules-mismatch',
    case: 'no-answer-to-syn',
    given: only(world => world.revokeAll(world.clientGroup, true)),
    proof: world =>
      `security group ${world.clientGroup} has no outbound rule for TCP ${port} to ${world.endpointAddresses[0]}`
  },
  {
    title: 'a network ACL that denies the connection',
    id: 'subnet-acl-restriction',
    case: 'no-answer-to-syn',
    given: only(async world =>
      world.deny(await world.aclOf(world.endpointSubnet), 50, false, { From: port, To: port })
    ),
    proof: () => /^inbound rule 50 of network ACL acl-[0-9a-f]+ denies inbound TCP to port 19531 from 10\.20\.0\.10$/
  },
  {
    title: 'a network ACL that denies ports of other clients',
    id: 'subnet-acl-of-some-ports',
    case: 'healthy',
    given: only(async world => world.deny(await world.aclOf(world.endpointSubnet), 50, true, { From: 1024, To: 5000 })),
    proof: () =>
      /^outbound rule 50 of network ACL acl-[0-9a-f]+ denies outbound TCP to ports 1024-5000 to 10\.20\.0\.10$/
  },
  {
    title: 'no route from the VPC of the clients',
    id: 'no-route-to-destination',
    case: 'no-answer-to-syn',
    given: routed(async () => {}),
    proof: () => /^route table rtb-[0-9a-f]+ has no route to 10\.20\.1\./,
    also: ['dns-hostnames-disabled']
  },
  {
    title: 'a route to the internet',
    id: 'no-route-to-destination',
    case: 'no-answer-to-syn',
    given: routed(async (world, { vpcId }) => {
      const { InternetGateway } = await world.send(new ec2.CreateInternetGatewayCommand({}))
      const gateway = text(InternetGateway?.InternetGatewayId)
      await world.send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId: vpcId }))
      await world.routeFrom(vpcId, { DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway })
    }),
    proof: () =>
      /^route table rtb-[0-9a-f]+ sends packets for 10\.20\.1\.\d+ to igw-[0-9a-f]+, a gateway to the internet$/,
    also: ['dns-hostnames-disabled']
  },
  {
    title: 'VPCs whose ranges overlap',
    id: 'no-route-to-destination',
    case: 'no-answer-to-syn',
    given: async world => {
      const { vpcId, client } = await world.otherVpc('10.20.0.0/16')
      const machine = { cloud: 'aws', account: undefined, region, zone: undefined, network: vpcId, id: undefined }
      return { from: { addresses: [client.address], machine } }
    },
    proof: () =>
      /^route table rtb-[0-9a-f]+ sends packets for 10\.20\.1\.\d+ to local: the ranges of the VPCs of the clients and the endpoint overlap$/,
    also: ['dns-hostnames-disabled']
  },
  {
    title: 'an endpoint without an address in the zone of the clients',
    id: 'endpoint-not-in-zone',
    case: 'healthy',
    given: async world => {
      const far = await world.interfaceIn(await world.subnet('10.20.2.0/24', 'us-west-2c'), [world.clientGroup])
      return { from: { addresses: [far.address], machine: undefined } }
    },
    proof: world =>
      `endpoint ${world.endpointId} has addresses in us-west-2a, but none in us-west-2c, the zone of this machine, so its packets cross zones`
  }
]

/** States of an endpoint that moto does not have, and the cause that each is. */
export const endpointStates = [
  { state: 'pendingAcceptance', id: 'endpoint-pending-acceptance' },
  { state: 'rejected', id: 'endpoint-rejected' },
  { state: 'failed', id: 'endpoint-failed' },
  { state: 'expired', id: 'endpoint-failed' },
  { state: 'deleting', id: 'endpoint-deleted' }
] as const satisfies readonly { readonly state: string; readonly id: AwsCauseId }[]

/** Causes that moto cannot be told of, so that their tests change its answers. */
export const changedAnswers: readonly AwsCauseId[] = [...endpointStates.map(({ id }) => id), 'dns-firewall-rule']
