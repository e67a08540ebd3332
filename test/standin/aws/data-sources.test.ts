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
