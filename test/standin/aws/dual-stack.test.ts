import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet/index.js'
import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc/index.js'
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js'
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone/index.js'
import { VpcEndpoint, type VpcEndpointConfig } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js'
import { TerraformOutput, type TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'

const test = testWith('terraform')

const serviceName = 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0'
const ipv4Service = 'com.amazonaws.vpce.us-west-2.vpce-svc-0fedcba9876543210'

function newCloud(): AwsCloud {
  const ipv6 = (net: number) => `2001:db8:0:${net}::/64`
  return new AwsCloud({
    vpcs: [
      {
        id: 'vpc-0aaa',
        cidrs: ['10.0.0.0/16'],
        ipv6Cidr: '2001:db8::/56',
        subnets: [
          { id: 'subnet-0a', cidr: '10.0.1.0/24', ipv6Cidr: ipv6(1), zone: 'us-west-2a', zoneId: 'usw2-az1' },
          { id: 'subnet-0b', cidr: '10.0.2.0/24', ipv6Cidr: ipv6(2), zone: 'us-west-2b', zoneId: 'usw2-az2' },
          { id: 'subnet-0c', cidr: '10.0.3.0/24', zone: 'us-west-2c', zoneId: 'usw2-az3' }
        ]
      }
    ],
    services: [{ name: serviceName }, { name: ipv4Service, supportedIpAddressTypes: ['ipv4'] }]
  })
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

/** An endpoint, and aliases to it in both families. */
function withAliases(config: Partial<VpcEndpointConfig>) {
  return (stack: TerraformStack) => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    endpoint(stack, 'endpoint', config)
    const { zoneId } = new Route53Zone(stack, 'zone', { name: 'example.com', vpc: [{ vpcId: 'vpc-0aaa' }] })
    const entry = 'aws_vpc_endpoint.endpoint.dns_entry[2]'
    const alias = { name: `\${${entry}.dns_name}`, zoneId: `\${${entry}.hosted_zone_id}`, evaluateTargetHealth: false }
    for (const type of ['A', 'AAAA']) new Route53Record(stack, type, { zoneId, name: 'example.com', type, alias })
  }
}

test('an endpoint gets and loses IPv6 in place, and its names answer accordingly', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, withAliases({}))
  await stack.apply()
  const [it] = aws.vpcEndpoints.values()
  const ipv4 = it?.interfaces.map(({ address }) => address)
  const answers = () => [aws.resolve('vpc-0aaa', 'example.com'), aws.resolve('vpc-0aaa', 'example.com', 'AAAA')]
  const nodata = { kind: 'nodata', zone: expect.stringMatching(/vpce\.amazonaws\.com$/) }
  expect(answers()).toEqual([{ kind: 'addresses', addresses: ipv4 }, nodata])

  const dualstack = { ipAddressType: 'dualstack', dnsOptions: { dnsRecordIpType: 'dualstack' } }
  await stack.rebuild(withAliases(dualstack))
  expect((await stack.apply()).done).toEqual([{ address: 'aws_vpc_endpoint.endpoint', action: 'update' }])
  expect((await stack.plan()).changes).toEqual([])
  const ipv6 = it?.interfaces.map(({ ipv6Address }) => ipv6Address)
  expect(ipv6).toEqual([expect.stringMatching(/^2001:db8:0:1:/), expect.stringMatching(/^2001:db8:0:2:/)])
  expect(answers()).toEqual([
    { kind: 'addresses', addresses: ipv4 },
    { kind: 'addresses', addresses: ipv6 }
  ])
  const state = (await stack.state()).find(({ address }) => address === 'aws_vpc_endpoint.endpoint')
  expect(state?.values).toMatchObject({
    dns_options: [{ dns_record_ip_type: 'dualstack' }],
    ip_address_type: 'dualstack',
    subnet_configuration: expect.arrayContaining([{ ipv4: ipv4?.[0], ipv6: ipv6?.[0], subnet_id: 'subnet-0a' }])
  })

  await stack.rebuild(withAliases({ ipAddressType: 'ipv4', dnsOptions: { dnsRecordIpType: 'ipv4' } }))
  expect((await stack.apply()).errors).toEqual([])
  expect(answers()).toEqual([{ kind: 'addresses', addresses: ipv4 }, nodata])
})

test('an endpoint that is dualstack from the start answers both unless told otherwise', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, withAliases({ ipAddressType: 'dualstack' }))
  await stack.apply()
  expect(aws.resolve('vpc-0aaa', 'example.com', 'AAAA')).toMatchObject({ addresses: { length: 2 } })
  await stack.rebuild(withAliases({ ipAddressType: 'dualstack', dnsOptions: { dnsRecordIpType: 'ipv4' } }))
  await stack.apply()
  expect(aws.resolve('vpc-0aaa', 'example.com', 'AAAA').kind).toBe('nodata')
})

test('AWS refuses addresses that a service, a subnet or the DNS options do not go with', async () => {
  const stack = await openStack({ aws: newCloud() }, stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    endpoint(stack, 'service', { serviceName: ipv4Service, ipAddressType: 'dualstack' })
    endpoint(stack, 'subnet', { subnetIds: ['subnet-0a', 'subnet-0c'], ipAddressType: 'dualstack' })
    endpoint(stack, 'options', { dnsOptions: { dnsRecordIpType: 'dualstack' } })
    endpoint(stack, 'address', {
      ipAddressType: 'dualstack',
      subnetIds: ['subnet-0a'],
      subnetConfiguration: [{ subnetId: 'subnet-0a', ipv4: '10.0.1.9', ipv6: '2001:db8:0:2::9' }]
    })
  })
  const answer = (message: string, name = serviceName) =>
    `creating EC2 VPC Endpoint (${name}): operation error EC2: CreateVpcEndpoint, https response error StatusCode: 400, RequestID: …, api error InvalidParameter: ${message}`
  expect(refusals(await stack.apply())).toEqual({
    'aws_vpc_endpoint.address': answer('The IP address 2001:db8:0:2::9 is not available in subnet subnet-0a'),
    'aws_vpc_endpoint.options': answer(
      'The DNS record IP type dualstack is not compatible with the IP address type ipv4 of the VPC endpoint.'
    ),
    'aws_vpc_endpoint.service': answer(
      `The IP address type dualstack is not supported by the VPC endpoint service ${ipv4Service}.`,
      ipv4Service
    ),
    'aws_vpc_endpoint.subnet': answer(
      'The subnet subnet-0c has no IPv6 CIDR block, which a dualstack VPC endpoint needs.'
    )
  })
})

test('a VPC and its subnets tell their IPv6 CIDR blocks', async () => {
  const stack = await openStack({ aws: newCloud() }, stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    const vpc = new DataAwsVpc(stack, 'vpc', { id: 'vpc-0aaa' })
    const both = new DataAwsSubnet(stack, 'both', { id: 'subnet-0a' })
    const ipv4 = new DataAwsSubnet(stack, 'ipv4', { id: 'subnet-0c' })
    new TerraformOutput(stack, 'blocks', { value: [vpc, both, ipv4].map(({ ipv6CidrBlock }) => ipv6CidrBlock) })
  })
  expect((await stack.apply()).outputs).toEqual({ blocks: ['2001:db8::/56', '2001:db8:0:1::/64', null] })
})
