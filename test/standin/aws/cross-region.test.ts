import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { VpcEndpoint, type VpcEndpointConfig } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js'
import type { TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'

const test = testWith('terraform')

const open = 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0'
const closed = 'com.amazonaws.vpce.us-east-1.vpce-svc-0fedcba9876543210'

function newCloud(): AwsCloud {
  const subnets = [{ id: 'subnet-0a', cidr: '10.0.1.0/24', zone: 'us-west-2a', zoneId: 'usw2-az1' }]
  return new AwsCloud({
    vpcs: [{ id: 'vpc-0aaa', cidrs: ['10.0.0.0/16'], subnets }],
    services: [
      { name: open, zoneIds: ['use1-az1'], supportedRegions: ['us-west-2'] },
      { name: closed, zoneIds: ['use1-az1'] }
    ],
    securityGroups: [
      { id: 'sg-0first', vpcId: 'vpc-0aaa' },
      { id: 'sg-0second', vpcId: 'vpc-0aaa' }
    ]
  })
}

function withEndpoints(endpoints: Readonly<Record<string, Partial<VpcEndpointConfig>>>) {
  return (stack: TerraformStack) => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    const common = { vpcId: 'vpc-0aaa', vpcEndpointType: 'Interface', subnetIds: ['subnet-0a'] }
    for (const [id, config] of Object.entries(endpoints)) new VpcEndpoint(stack, id, { ...common, ...config })
  }
}

test('an endpoint reaches a service of another region that allows it', async () => {
  const aws = newCloud()
  const config = { serviceName: open, serviceRegion: 'us-east-1', timeouts: { create: '20m' } }
  const stack = await openStack({ aws }, withEndpoints({ it: { ...config, securityGroupIds: ['sg-0first'] } }))
  expect((await stack.apply()).errors).toEqual([])
  expect((await stack.plan()).changes).toEqual([])
  const [it] = aws.vpcEndpoints.values()
  expect(it).toMatchObject({ region: 'us-west-2', serviceRegion: 'us-east-1' })
  expect(it?.names.at(-1)?.name).toMatch(/\.vpce-svc-0123456789abcdef0\.us-east-1\.vpce\.amazonaws\.com$/)

  const both = ['sg-0first', 'sg-0second']
  await stack.rebuild(withEndpoints({ it: { ...config, securityGroupIds: both } }))
  expect((await stack.apply()).done).toEqual([{ address: 'aws_vpc_endpoint.it', action: 'update' }])
  expect(it?.securityGroupIds).toEqual(both)
})

test('AWS knows no service where its region is not said, is not its own, or may not reach it', async () => {
  const stack = await openStack(
    { aws: newCloud() },
    withEndpoints({
      unsaid: { serviceName: open },
      wrong: { serviceName: open, serviceRegion: 'us-east-2' },
      closed: { serviceName: closed, serviceRegion: 'us-east-1' }
    })
  )
  const unknown = expect.stringContaining('api error InvalidServiceName: The Vpc Endpoint Service')
  expect(refusals(await stack.apply())).toEqual({
    'aws_vpc_endpoint.closed': unknown,
    'aws_vpc_endpoint.unsaid': unknown,
    'aws_vpc_endpoint.wrong': unknown
  })
})
