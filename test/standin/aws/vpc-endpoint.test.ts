import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { VpcEndpoint, type VpcEndpointConfig } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js'
import { TerraformOutput, type TerraformStack } from 'cdktf'
import { describe, expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { type Build, openStack, refusals } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'

const test = testWith('terraform')

const serviceName = 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0'
const absentService = 'com.amazonaws.vpce.us-west-2.vpce-svc-0fedcba9876543210'

function newCloud(): AwsCloud {
  return new AwsCloud({
    vpcs: [
      {
        id: 'vpc-0aaa',
        cidrs: ['10.0.0.0/16'],
        subnets: [
          { id: 'subnet-0a', cidr: '10.0.1.0/24', zone: 'us-west-2a', zoneId: 'usw2-az1' },
          { id: 'subnet-0b', cidr: '10.0.2.0/24', zone: 'us-west-2b', zoneId: 'usw2-az2' },
          { id: 'subnet-0b2', cidr: '10.0.3.0/24', zone: 'us-west-2b', zoneId: 'usw2-az2' },
          { id: 'subnet-0c', cidr: '10.0.4.0/24', zone: 'us-west-2c', zoneId: 'usw2-az3' }
        ]
      },
      {
        id: 'vpc-0bbb',
        cidrs: ['10.1.0.0/16'],
        subnets: [{ id: 'subnet-0other', cidr: '10.1.1.0/24', zone: 'us-west-2a', zoneId: 'usw2-az1' }]
      }
    ],
    services: [{ name: serviceName, zoneIds: ['usw2-az1', 'usw2-az2'] }]
  })
}

function withEndpoints(endpoints: Readonly<Record<string, Partial<VpcEndpointConfig>>>): Build {
  return stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2', defaultTags: [{ tags: { team: 'search' } }] })
    for (const [id, config] of Object.entries(endpoints)) endpoint(stack, id, config)
  }
}

function endpoint(stack: TerraformStack, id: string, config: Partial<VpcEndpointConfig>): VpcEndpoint {
  return new VpcEndpoint(stack, id, {
    vpcId: 'vpc-0aaa',
    serviceName,
    vpcEndpointType: 'Interface',
    subnetIds: ['subnet-0a', 'subnet-0b'],
    ...config
  })
}

test('an endpoint comes, is left alone, changes in place, is replaced and goes', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, withEndpoints({ it: { tags: { Name: 'zilliz' } } }))
  expect(await stack.apply()).toEqual({
    done: [{ address: 'aws_vpc_endpoint.it', action: 'create' }],
    outputs: {},
    warnings: [],
    errors: []
  })
  const [before] = aws.vpcEndpoints.values()
  const id = `${before?.id}`
  const [group] = aws.securityGroups.keys()
  expect(await stack.state()).toEqual([
    {
      address: 'aws_vpc_endpoint.it',
      values: {
        arn: `arn:aws:ec2:us-west-2:123456789012:vpc-endpoint/${id}`,
        auto_accept: null,
        cidr_blocks: [],
        dns_entry: before?.names.map(({ name }) => ({ dns_name: name, hosted_zone_id: expect.stringMatching(/^Z/) })),
        dns_options: [{ dns_record_ip_type: 'ipv4', private_dns_only_for_inbound_resolver_endpoint: false }],
        id,
        ip_address_type: 'ipv4',
        network_interface_ids: before?.interfaces.map(each => each.id).toSorted(),
        owner_id: '123456789012',
        policy: '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}',
        prefix_list_id: null,
        private_dns_enabled: false,
        region: 'us-west-2',
        requester_managed: false,
        resource_configuration_arn: null,
        route_table_ids: [],
        security_group_ids: [group],
        service_name: serviceName,
        service_network_arn: null,
        service_region: 'us-west-2',
        state: 'available',
        subnet_configuration: expect.arrayContaining(
          before?.interfaces.map(({ address, subnetId }) => ({ ipv4: address, ipv6: null, subnet_id: subnetId })) ?? []
        ),
        subnet_ids: ['subnet-0a', 'subnet-0b'],
        tags: { Name: 'zilliz' },
        tags_all: { Name: 'zilliz', team: 'search' },
        timeouts: null,
        vpc_endpoint_type: 'Interface',
        vpc_id: 'vpc-0aaa'
      }
    }
  ])
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })

  await stack.rebuild(withEndpoints({ it: { tags: { Name: 'other' }, subnetIds: ['subnet-0b'] } }))
  expect((await stack.apply()).done).toEqual([{ address: 'aws_vpc_endpoint.it', action: 'update' }])
  expect(aws.vpcEndpoints.get(id)).toEqual({
    ...before,
    interfaces: before?.interfaces.filter(({ zone }) => zone === 'us-west-2b'),
    names: before?.names.filter(({ zone }) => zone !== 'us-west-2a'),
    tags: { Name: 'other', team: 'search' }
  })

  await stack.rebuild(withEndpoints({ it: { vpcId: 'vpc-0bbb', subnetIds: ['subnet-0other'] } }))
  expect((await stack.plan()).changes).toEqual([{ address: 'aws_vpc_endpoint.it', actions: ['delete', 'create'] }])
  await stack.apply()
  await stack.destroy()
  expect(aws.vpcEndpoints.size).toBe(0)
  expect(aws.calls.map(({ action }) => action)).toEqual([
    'CreateVpcEndpoint',
    'ModifyVpcEndpoint',
    'CreateTags',
    'DeleteVpcEndpoints',
    'CreateVpcEndpoint',
    'DeleteVpcEndpoints'
  ])
})

test('an endpoint waits for the service to grant it, without holding up Terraform', async () => {
  const aws = newCloud()
  aws.acceptance = 'pending'
  const stack = await openStack({ aws }, stack => {
    withEndpoints({})(stack)
    new TerraformOutput(stack, 'state', { value: endpoint(stack, 'it', {}).state })
    stack.addOverride('check.granted', {
      assert: [
        { condition: '${aws_vpc_endpoint.it.state == "available"}', error_message: 'the vendor has not granted it' }
      ]
    })
  })
  const pending = await stack.apply()
  expect(pending.outputs).toEqual({ state: 'pendingAcceptance' })
  expect(pending.warnings).toEqual([
    { summary: 'Check block assertion failed', detail: 'the vendor has not granted it' }
  ])

  aws.acceptance = 'granted'
  const granted = await stack.apply()
  expect(granted).toEqual({ done: [], outputs: { state: 'available' }, warnings: [], errors: [] })

  const [it] = aws.vpcEndpoints.values()
  if (it !== undefined) it.acceptance = 'rejected'
  expect((await stack.apply()).outputs).toEqual({ state: 'rejected' })
})

test('an endpoint that the service rejects at once stays behind, tainted', async () => {
  const aws = newCloud()
  aws.acceptance = 'rejected'
  const stack = await openStack({ aws }, withEndpoints({ it: {} }))
  expect(refusals(await stack.apply())).toEqual({
    'aws_vpc_endpoint.it': `waiting for EC2 VPC Endpoint (${serviceName}) create: unexpected state 'rejected', wanted target 'available, pendingAcceptance'. last error: %!s(<nil>)`
  })
  aws.acceptance = 'granted'
  expect((await stack.plan()).changes).toEqual([{ address: 'aws_vpc_endpoint.it', actions: ['delete', 'create'] }])
})

describe('an endpoint lists its names', () => {
  for (const { order, zones } of [
    { order: 'zonal-first', zones: ['us-west-2a', 'us-west-2b', 'regional'] },
    { order: 'regional-first', zones: ['regional', 'us-west-2a', 'us-west-2b'] },
    { order: 'empty', zones: [] }
  ] as const) {
    test(`in the order that the test sets: ${order}`, async () => {
      const aws = newCloud()
      aws.dnsEntryOrder = order
      const stack = await openStack({ aws }, stack => {
        withEndpoints({})(stack)
        new TerraformOutput(stack, 'entries', { value: endpoint(stack, 'it', {}).dnsEntry })
      })
      const { outputs } = await stack.apply()
      const names = (outputs.entries as { dns_name: string }[]).map(entry => entry.dns_name)
      const shape =
        /^vpce-0[0-9a-f]{16}-[0-9a-z]{8}(?:-(us-west-2[ab]))?\.vpce-svc-0123456789abcdef0\.us-west-2\.vpce\.amazonaws\.com$/
      expect(names.map(name => shape.exec(name)?.[1] ?? 'regional')).toEqual(zones)
    })
  }
})

test('the names of an endpoint answer with its addresses, a zonal one with that of its zone', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, withEndpoints({ it: {} }))
  await stack.apply()
  const [it] = aws.vpcEndpoints.values()
  const [a, b] = it?.interfaces.map(({ address }) => address) ?? []
  expect(it?.names.map(({ name }) => aws.resolve('vpc-0aaa', name))).toEqual([
    { kind: 'addresses', addresses: [a] },
    { kind: 'addresses', addresses: [b] },
    { kind: 'addresses', addresses: [a, b] }
  ])
  expect([a?.startsWith('10.0.1.'), b?.startsWith('10.0.2.')]).toEqual([true, true])
})

test('AWS refuses endpoints that cannot be', async () => {
  const aws = newCloud()
  const wrong = {
    'absent-service': { serviceName: absentService },
    'absent-subnet': { subnetIds: ['subnet-0gone'] },
    'absent-vpc': { vpcId: 'vpc-0gone' },
    'absent-group': { securityGroupIds: ['sg-0gone'] },
    'group-of-another-vpc': { securityGroupIds: [`${aws.vpcs.get('vpc-0bbb')?.defaultSecurityGroupId}`] },
    'not-interface': { vpcEndpointType: 'Gateway' },
    'private-dns': { privateDnsEnabled: true },
    'service-of-another-region': { serviceRegion: 'us-east-1' },
    'subnet-of-another-vpc': { subnetIds: ['subnet-0other'] },
    'twice-in-a-zone': { subnetIds: ['subnet-0b', 'subnet-0b2'] },
    'zone-without-service': { subnetIds: ['subnet-0c'] }
  }
  const stack = await openStack({ aws }, withEndpoints(wrong))
  const answer = (code: string, message: string) =>
    `creating EC2 VPC Endpoint (${serviceName}): operation error EC2: CreateVpcEndpoint, https response error StatusCode: 400, RequestID: …, api error ${code}: ${message}`
  expect(refusals(await stack.apply())).toEqual({
    'aws_vpc_endpoint.absent-group': answer('InvalidGroup.NotFound', "The security group 'sg-0gone' does not exist"),
    'aws_vpc_endpoint.absent-service': answer(
      'InvalidServiceName',
      `The Vpc Endpoint Service '${absentService}' does not exist`
    ).replace(serviceName, absentService),
    'aws_vpc_endpoint.absent-subnet': answer('InvalidSubnetId.NotFound', "The subnet ID 'subnet-0gone' does not exist"),
    'aws_vpc_endpoint.absent-vpc': answer('InvalidVpcId.NotFound', "The Vpc ID 'vpc-0gone' does not exist"),
    'aws_vpc_endpoint.group-of-another-vpc': answer(
      'InvalidParameter',
      `Security group ${aws.vpcs.get('vpc-0bbb')?.defaultSecurityGroupId} and VPC vpc-0aaa belong to different networks.`
    ),
    'aws_vpc_endpoint.not-interface': answer(
      'InvalidParameter',
      'Subnet IDs are only supported for Interface and GatewayLoadBalancer type VPC Endpoints.'
    ),
    'aws_vpc_endpoint.private-dns': answer(
      'InvalidParameter',
      `Private DNS can't be enabled because the service ${serviceName} does not provide a private DNS name.`
    ),
    'aws_vpc_endpoint.service-of-another-region': answer(
      'InvalidServiceName',
      `The Vpc Endpoint Service '${serviceName}' does not exist`
    ),
    'aws_vpc_endpoint.subnet-of-another-vpc': answer(
      'InvalidParameter',
      "The subnet ID 'subnet-0other' does not belong to VPC 'vpc-0aaa'"
    ),
    'aws_vpc_endpoint.twice-in-a-zone': answer(
      'DuplicateSubnetsInSameZone',
      'Found another VPC endpoint subnet in the availability zone of subnet-0b2. VPC endpoint subnets should be in different availability zones supported by the VPC endpoint service.'
    ),
    'aws_vpc_endpoint.zone-without-service': answer(
      'InvalidParameter',
      `The VPC endpoint service ${serviceName} does not support the availability zone of the subnet: subnet-0c.`
    )
  })
  expect(aws.calls).toEqual([])
})

test('an endpoint that somebody deleted is made again', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, withEndpoints({ it: {} }))
  await stack.apply()
  const [before] = aws.vpcEndpoints.keys()
  aws.vpcEndpoints.clear()
  expect((await stack.apply()).done).toEqual([{ address: 'aws_vpc_endpoint.it', action: 'create' }])
  const [after] = aws.vpcEndpoints.keys()
  expect(after).not.toBe(before)
})
