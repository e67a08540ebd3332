import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js'
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone/index.js'
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js'
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js'
import type { TerraformResource, TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'

const test = testWith('terraform')

test('what is there can be imported, and then differs only where AWS does not know what Terraform does', async () => {
  const aws = new AwsCloud({
    vpcs: [
      {
        id: 'vpc-0aaa',
        cidrs: ['10.0.0.0/16'],
        subnets: [{ id: 'subnet-0a', cidr: '10.0.1.0/24', zone: 'us-west-2a', zoneId: 'usw2-az1' }]
      }
    ]
  })
  const original = await openStack({ aws }, stack => void declare(stack))
  await original.apply()
  const ids = (await original.state()).map(({ address, values }) => [address, String(values.id)] as const)
  const copy = await openStack({ aws }, stack => {
    const declared = declare(stack)
    for (const [address, id] of ids) declared.get(address)?.importFrom(id)
  })
  expect((await copy.plan()).changes).toEqual([
    // revoke_rules_on_delete and force_destroy are known to Terraform alone, as with the real provider.
    { address: 'aws_route53_zone.zone', actions: ['update'] },
    { address: 'aws_security_group.group', actions: ['update'] }
  ])
  const calls = aws.calls.length
  expect((await copy.apply()).errors).toEqual([])
  expect(aws.calls.length).toBe(calls)
  expect((await copy.state()).map(({ address, values }) => [address, String(values.id)])).toEqual(ids)
  expect((await copy.plan()).changes).toEqual([])
})

function declare(stack: TerraformStack): Map<string, TerraformResource> {
  new AwsProvider(stack, 'aws', { region: 'us-west-2', defaultTags: [{ tags: { team: 'search' } }] })
  const group = new SecurityGroup(stack, 'group', { vpcId: 'vpc-0aaa', name: 'zilliz', tags: { Name: 'zilliz' } })
  const rule = new VpcSecurityGroupIngressRule(stack, 'rule', {
    securityGroupId: group.id,
    ipProtocol: 'tcp',
    fromPort: 443,
    toPort: 443,
    cidrIpv4: '10.0.0.0/16'
  })
  const endpoint = new VpcEndpoint(stack, 'endpoint', {
    vpcId: 'vpc-0aaa',
    serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
    vpcEndpointType: 'Interface',
    subnetIds: ['subnet-0a'],
    securityGroupIds: [group.id]
  })
  const zone = new Route53Zone(stack, 'zone', { name: 'example.com', vpc: [{ vpcId: 'vpc-0aaa' }] })
  const record = new Route53Record(stack, 'record', {
    zoneId: zone.zoneId,
    name: 'db.example.com',
    type: 'A',
    ttl: 60,
    records: ['10.0.0.1']
  })
  return new Map<string, TerraformResource>([
    ['aws_security_group.group', group],
    ['aws_vpc_security_group_ingress_rule.rule', rule],
    ['aws_vpc_endpoint.endpoint', endpoint],
    ['aws_route53_zone.zone', zone],
    ['aws_route53_record.record', record]
  ])
}
