import { DataAwsEc2ManagedPrefixList } from '@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list/index.js'
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region/index.js'
import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet/index.js'
import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc/index.js'
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { TerraformOutput } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'

const test = testWith('terraform')

const cloud = {
  vpcs: [
    {
      id: 'vpc-0aaa',
      cidrs: ['10.0.0.0/16', '10.64.0.0/16'],
      dnsHostnames: false,
      subnets: [
        { id: 'subnet-0a', cidr: '10.0.1.0/24', zone: 'us-west-2a', zoneId: 'usw2-az1' },
        { id: 'subnet-0b', cidr: '10.0.2.0/24', zone: 'us-west-2b', zoneId: 'usw2-az2' }
      ]
    },
    { id: 'vpc-0bbb', cidrs: ['10.1.0.0/16'], subnets: [] }
  ]
}

test('a VPC and its subnets are found', async () => {
  const stack = await openStack({ aws: new AwsCloud(cloud) }, stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    const vpc = new DataAwsVpc(stack, 'vpc', { id: 'vpc-0aaa' })
    const byId = new DataAwsSubnet(stack, 'by-id', { id: 'subnet-0a' })
    const byZone = new DataAwsSubnet(stack, 'by-zone', { vpcId: vpc.id, availabilityZoneId: 'usw2-az2' })
    new TerraformOutput(stack, 'found', {
      value: {
        cidr: vpc.cidrBlock,
        cidrs: vpc.cidrBlockAssociations,
        hasDnsSupport: vpc.enableDnsSupport,
        hasDnsHostnames: vpc.enableDnsHostnames
      }
    })
    new TerraformOutput(stack, 'subnets', { value: [byId.vpcId, byId.availabilityZoneId, byZone.id] })
  })
  expect((await stack.apply()).outputs).toEqual({
    found: {
      cidr: '10.0.0.0/16',
      cidrs: [
        { association_id: expect.any(String), cidr_block: '10.0.0.0/16', state: 'associated' },
        { association_id: expect.any(String), cidr_block: '10.64.0.0/16', state: 'associated' }
      ],
      hasDnsSupport: true,
      hasDnsHostnames: false
    },
    subnets: ['vpc-0aaa', 'usw2-az1', 'subnet-0b']
  })
})

test('what is not there, or not alone, is not found', async () => {
  const stack = await openStack({ aws: new AwsCloud(cloud) }, stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    new DataAwsVpc(stack, 'absent', { id: 'vpc-0gone' })
    new DataAwsVpc(stack, 'far', { id: 'vpc-0aaa', region: 'us-east-1' })
    new DataAwsVpc(stack, 'several')
    new DataAwsSubnet(stack, 'absent-subnet', { id: 'subnet-0gone' })
    new DataAwsSubnet(stack, 'several-subnets', { vpcId: 'vpc-0aaa' })
  })
  const several = (what: string) =>
    `multiple ${what}s matched; use additional constraints to reduce matches to a single ${what}`
  expect(refusals(await stack.plan())).toEqual({
    'data.aws_subnet.absent-subnet': 'no matching EC2 Subnet found',
    'data.aws_subnet.several-subnets': several('EC2 Subnet'),
    'data.aws_vpc.absent': 'no matching EC2 VPC found',
    'data.aws_vpc.far': 'no matching EC2 VPC found',
    'data.aws_vpc.several': several('EC2 VPC')
  })
})

test('the region of the provider is found, and another that is asked for', async () => {
  const stack = await openStack({ aws: new AwsCloud(cloud) }, stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    const found = [new DataAwsRegion(stack, 'own'), new DataAwsRegion(stack, 'far', { region: 'us-east-1' })]
    new TerraformOutput(stack, 'found', { value: found.map(({ region, description }) => [region, description]) })
  })
  expect((await stack.apply()).outputs).toEqual({
    found: [
      ['us-west-2', 'US West (Oregon)'],
      ['us-east-1', 'US East (N. Virginia)']
    ]
  })
})

test("AWS's own prefix lists are found by name, which has their region in it", async () => {
  const stack = await openStack({ aws: new AwsCloud(cloud) }, stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    const list = new DataAwsEc2ManagedPrefixList(stack, 'list', { name: 'com.amazonaws.us-west-2.s3' })
    new TerraformOutput(stack, 'found', { value: [list.id, list.ownerId, list.addressFamily] })
  })
  expect((await stack.apply()).outputs).toEqual({ found: [expect.stringMatching(/^pl-[0-9a-f]{8}$/), 'AWS', 'IPv4'] })
  await stack.rebuild(stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    new DataAwsEc2ManagedPrefixList(stack, 'far', { name: 'com.amazonaws.us-east-1.s3' })
    new DataAwsEc2ManagedPrefixList(stack, 'several')
  })
  expect(refusals(await stack.plan())).toEqual({
    'data.aws_ec2_managed_prefix_list.far': 'no matching EC2 Managed Prefix List found',
    'data.aws_ec2_managed_prefix_list.several':
      'multiple EC2 Managed Prefix Lists matched; use additional constraints to reduce matches to a single EC2 Managed Prefix List'
  })
})
