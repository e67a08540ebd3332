import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js'
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone/index.js'
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'

const test = testWith('terraform')

const serviceName = 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0'

function newCloud(): AwsCloud {
  return new AwsCloud({
    vpcs: [
      {
        id: 'vpc-0aaa',
        cidrs: ['10.0.0.0/16'],
        subnets: [{ id: 'subnet-0a', cidr: '10.0.1.0/24', zone: 'us-west-2a', zoneId: 'usw2-az1' }]
      }
    ],
    securityGroups: [{ id: 'sg-0hand', vpcId: 'vpc-0aaa', name: 'by-hand' }],
    vpcEndpoints: [
      {
        id: 'vpce-0hand',
        serviceName,
        vpcId: 'vpc-0aaa',
        subnetIds: ['subnet-0a'],
        securityGroupIds: ['sg-0hand'],
        tags: { Name: 'by-hand' }
      }
    ],
    hostedZones: [
      {
        id: 'ZHAND',
        name: 'example.com',
        vpcs: ['vpc-0aaa'],
        records: [{ name: 'db_1.example.com', type: 'CNAME', ttl: 60, values: ['target.example.net'] }]
      }
    ]
  })
}

test('what was made by hand is taken over without a change but of what Terraform wants otherwise', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    const group = new SecurityGroup(stack, 'group', { vpcId: 'vpc-0aaa', name: 'by-hand', description: 'by-hand' })
    group.importFrom('sg-0hand')
    const endpoint = { vpcId: 'vpc-0aaa', serviceName, vpcEndpointType: 'Interface', subnetIds: ['subnet-0a'] }
    new VpcEndpoint(stack, 'endpoint', {
      ...endpoint,
      securityGroupIds: [group.id],
      tags: { Name: 'zilliz' },
      timeouts: { create: '20m' }
    }).importFrom('vpce-0hand')
    const zone = new Route53Zone(stack, 'zone', { name: 'example.com', comment: '', vpc: [{ vpcId: 'vpc-0aaa' }] })
    zone.importFrom('ZHAND')
    const record = { name: 'db_1.example.com', type: 'CNAME', ttl: 60, records: ['target.example.net'] }
    new Route53Record(stack, 'record', { zoneId: zone.zoneId, ...record }).importFrom('ZHAND_db_1.example.com_CNAME')
  })
  expect((await stack.plan()).changes).toEqual([
    // force_destroy and revoke_rules_on_delete are known to Terraform alone, as with the real provider.
    { address: 'aws_route53_zone.zone', actions: ['update'] },
    { address: 'aws_security_group.group', actions: ['update'] },
    { address: 'aws_vpc_endpoint.endpoint', actions: ['update'] }
  ])
  expect((await stack.apply()).errors).toEqual([])
  expect(aws.calls).toEqual([{ action: 'CreateTags', id: 'vpce-0hand' }])
  expect((await stack.plan()).changes).toEqual([])
})

test('what is not there cannot be taken over', async () => {
  const stack = await openStack({ aws: newCloud() }, stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    new Route53Zone(stack, 'zone', { name: 'example.com', vpc: [{ vpcId: 'vpc-0aaa' }] }).importFrom('ZGONE')
  })
  const { errors } = await stack.plan()
  expect(errors.map(({ summary }) => summary)).toEqual(['Cannot import non-existent remote object'])
})
