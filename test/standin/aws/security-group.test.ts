import { DataAwsEc2ManagedPrefixList } from '@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list/index.js'
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { SecurityGroup, type SecurityGroupConfig } from '@cdktf/provider-aws/lib/security-group/index.js'
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js'
import {
  VpcSecurityGroupIngressRule,
  type VpcSecurityGroupIngressRuleConfig
} from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js'
import type { TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'

const test = testWith('terraform')

function newCloud(): AwsCloud {
  return new AwsCloud({
    vpcs: [{ id: 'vpc-0aaa', cidrs: ['10.0.0.0/16'], subnets: [] }]
  })
}

function group(stack: TerraformStack, config: Partial<SecurityGroupConfig> = {}): SecurityGroup {
  new AwsProvider(stack, 'aws', { region: 'us-west-2' })
  return new SecurityGroup(stack, 'group', { vpcId: 'vpc-0aaa', namePrefix: 'zilliz-', ...config })
}

function rule(
  stack: TerraformStack,
  id: string,
  config: Partial<VpcSecurityGroupIngressRuleConfig> & { securityGroupId: string }
): VpcSecurityGroupIngressRule {
  return new VpcSecurityGroupIngressRule(stack, id, { ipProtocol: 'tcp', fromPort: 443, toPort: 443, ...config })
}

test('a group with rules comes, is left alone, changes in place and goes', async () => {
  const aws = newCloud()
  const withRules = (port: number, source: Partial<VpcSecurityGroupIngressRuleConfig>) => (stack: TerraformStack) => {
    const { id } = group(stack)
    rule(stack, 'cidr', { securityGroupId: id, fromPort: port, toPort: port, cidrIpv4: '10.0.0.0/16' })
    rule(stack, 'source', { securityGroupId: id, ...source })
    new VpcSecurityGroupEgressRule(stack, 'out', { securityGroupId: id, ipProtocol: '-1', cidrIpv4: '0.0.0.0/0' })
  }
  const stack = await openStack({ aws }, withRules(443, { cidrIpv6: 'fd00::/8' }))
  await stack.apply()
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })
  const made = [...aws.securityGroups.values()].find(({ name }) => name !== 'default')
  expect(made).toEqual({
    id: expect.stringMatching(/^sg-0[0-9a-f]{16}$/),
    region: 'us-west-2',
    vpcId: 'vpc-0aaa',
    name: expect.stringMatching(/^zilliz-\d{26}$/),
    description: 'Managed by Terraform',
    tags: {}
  })
  const rules = () =>
    [...aws.securityGroupRules.values()]
      .map(({ direction, source, protocol, fromPort, toPort }) => ({ direction, source, protocol, fromPort, toPort }))
      .toSorted((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)))
  const open = { direction: 'egress', source: { cidrIpv4: '0.0.0.0/0' }, protocol: '-1', fromPort: -1, toPort: -1 }
  const https = { direction: 'ingress', protocol: 'tcp', fromPort: 443, toPort: 443 }
  expect(rules()).toEqual([
    open,
    { ...https, source: { cidrIpv4: '10.0.0.0/16' } },
    { ...https, source: { cidrIpv6: 'fd00::/8' } }
  ])

  await stack.rebuild(withRules(19530, { referencedSecurityGroupId: `${made?.id}` }))
  expect((await stack.plan()).changes).toEqual([
    { address: 'aws_vpc_security_group_ingress_rule.cidr', actions: ['update'] },
    { address: 'aws_vpc_security_group_ingress_rule.source', actions: ['delete', 'create'] }
  ])
  await stack.apply()
  expect(rules()).toEqual([
    open,
    { ...https, fromPort: 19530, toPort: 19530, source: { cidrIpv4: '10.0.0.0/16' } },
    { ...https, source: { groupId: made?.id } }
  ])
  expect((await stack.destroy()).errors).toEqual([])
  expect([...aws.securityGroups.values()].map(({ name }) => name)).toEqual(['default'])
})

test('AWS refuses a group with a taken name, and rules that are there or have no group', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => {
    const { id } = group(stack)
    new SecurityGroup(stack, 'taken', { vpcId: 'vpc-0aaa', name: 'default' })
    rule(stack, 'first', { securityGroupId: id, cidrIpv4: '10.0.0.0/16' })
    rule(stack, 'second', {
      securityGroupId: '${aws_vpc_security_group_ingress_rule.first.security_group_id}',
      cidrIpv4: '10.0.0.0/16'
    })
    rule(stack, 'stray', { securityGroupId: 'sg-0gone', cidrIpv4: '10.0.0.0/16' })
  })
  const answer = (call: string, error: string) =>
    `operation error EC2: ${call}, https response error StatusCode: 400, RequestID: …, api error ${error}`
  expect(refusals(await stack.apply())).toEqual({
    'aws_security_group.taken': `creating Security Group (default): ${answer('CreateSecurityGroup', "InvalidGroup.Duplicate: The security group 'default' already exists for VPC 'vpc-0aaa'")}`,
    'aws_vpc_security_group_ingress_rule.second': `creating VPC Security Group Rule: ${answer('AuthorizeSecurityGroupIngress', 'InvalidPermission.Duplicate: the specified rule "peer: 10.0.0.0/16, TCP, from port: 443, to port: 443, ALLOW" already exists')}`,
    'aws_vpc_security_group_ingress_rule.stray': `creating VPC Security Group Rule: ${answer('AuthorizeSecurityGroupIngress', "InvalidGroup.NotFound: The security group 'sg-0gone' does not exist")}`
  })
})

test('a rule needs one source and no more', async () => {
  const stack = await openStack({ aws: newCloud() }, stack => {
    const { id } = group(stack)
    rule(stack, 'none', { securityGroupId: id })
    rule(stack, 'two', { securityGroupId: id, cidrIpv4: '10.0.0.0/16', cidrIpv6: 'fd00::/8' })
  })
  const exactlyOne =
    'Exactly one of these attributes must be configured: [cidr_ipv4,cidr_ipv6,prefix_list_id,referenced_security_group_id]'
  expect(refusals(await stack.plan())).toEqual({
    'aws_vpc_security_group_ingress_rule.none': `Missing Attribute Configuration: ${exactlyOne}`,
    'aws_vpc_security_group_ingress_rule.two': `Invalid Attribute Combination: ${exactlyOne}`
  })
})

test('a group that an endpoint holds is not deleted', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => group(stack))
  await stack.apply()
  const held = [...aws.securityGroups.values()].find(({ name }) => name !== 'default')
  aws.vpcEndpoints.set('vpce-0theirs', {
    id: 'vpce-0theirs',
    region: 'us-west-2',
    vpcId: 'vpc-0aaa',
    serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
    serviceRegion: 'us-west-2',
    ipAddressType: 'ipv4',
    dnsOptions: { recordIpType: 'ipv4', onlyForInboundResolver: false },
    names: [],
    interfaces: [],
    securityGroupIds: [`${held?.id}`],
    tags: {}
  })
  // Terraform does not say of which resource an error is when it was deleting it.
  expect(refusals(await stack.destroy())).toEqual({
    '': `deleting Security Group (${held?.id}): operation error EC2: DeleteSecurityGroup, https response error StatusCode: 400, RequestID: …, api error DependencyViolation: resource ${held?.id} has a dependent object`
  })
  expect(aws.securityGroups.has(`${held?.id}`)).toBe(true)
})

test('a group can take the place of another before that goes', async () => {
  const aws = newCloud()
  const described = (description: string) => (stack: TerraformStack) =>
    group(stack, { description, lifecycle: { createBeforeDestroy: true } })
  const stack = await openStack({ aws }, described('one'))
  await stack.apply()
  await stack.rebuild(described('two'))
  expect((await stack.plan()).changes).toEqual([{ address: 'aws_security_group.group', actions: ['create', 'delete'] }])
  expect((await stack.apply()).errors).toEqual([])
  expect([...aws.securityGroups.values()].map(({ description }) => description)).toEqual([
    'default VPC security group',
    'two'
  ])
})

test("rules refer to others' groups and to prefix lists, which must be there", async () => {
  const aws = new AwsCloud({
    vpcs: [{ id: 'vpc-0aaa', cidrs: ['10.0.0.0/16'], subnets: [] }],
    securityGroups: [{ id: 'sg-0clients', vpcId: 'vpc-0aaa', name: 'clients' }],
    prefixLists: ['pl-0123abcd']
  })
  const stack = await openStack({ aws }, stack => {
    const { id } = group(stack)
    const source = (name: string, config: Partial<VpcSecurityGroupIngressRuleConfig>) =>
      rule(stack, name, { securityGroupId: id, ...config })
    source('clients', { referencedSecurityGroupId: 'sg-0clients' })
    source('list', { prefixListId: 'pl-0123abcd' })
    source('peered', { referencedSecurityGroupId: '210987654321/sg-0theirs' })
    source('absent-group', { referencedSecurityGroupId: 'sg-0gone' })
    source('absent-list', { prefixListId: 'pl-0fedcba9' })
    source('no-list', { prefixListId: 'clients' })
    const out = { ipProtocol: 'tcp', fromPort: 443, toPort: 443 }
    const clients = { ...out, securityGroupId: 'sg-0clients' }
    new VpcSecurityGroupEgressRule(stack, 'to-group', { ...clients, referencedSecurityGroupId: id })
    new VpcSecurityGroupEgressRule(stack, 'to-absent', { ...clients, referencedSecurityGroupId: 'sg-0gone' })
  })
  const refused = (call: string, error: string) =>
    `creating VPC Security Group Rule: operation error EC2: ${call}, https response error StatusCode: 400, RequestID: …, api error ${error}`
  const absent = "InvalidGroup.NotFound: The security group 'sg-0gone' does not exist"
  expect(refusals(await stack.apply())).toEqual({
    'aws_vpc_security_group_egress_rule.to-absent': refused('AuthorizeSecurityGroupEgress', absent),
    'aws_vpc_security_group_ingress_rule.absent-group': refused('AuthorizeSecurityGroupIngress', absent),
    'aws_vpc_security_group_ingress_rule.absent-list': refused(
      'AuthorizeSecurityGroupIngress',
      "InvalidPrefixListID.NotFound: The prefix list ID 'pl-0fedcba9' does not exist"
    ),
    'aws_vpc_security_group_ingress_rule.no-list': refused(
      'AuthorizeSecurityGroupIngress',
      "InvalidPrefixListId.Malformed: Invalid prefix list ID: 'clients'"
    )
  })
  expect([...aws.securityGroupRules.values()].map(({ direction }) => direction).toSorted()).toEqual([
    'egress',
    'ingress',
    'ingress',
    'ingress'
  ])
})

test("rules refer to AWS's own prefix lists, whichever others there are", async () => {
  const aws = new AwsCloud({ vpcs: [{ id: 'vpc-0aaa', cidrs: ['10.0.0.0/16'], subnets: [] }], prefixLists: [] })
  const stack = await openStack({ aws }, stack => {
    const { id } = group(stack)
    const list = new DataAwsEc2ManagedPrefixList(stack, 'list', { name: 'com.amazonaws.us-west-2.s3' })
    const out = { ipProtocol: 'tcp', fromPort: 443, toPort: 443 }
    new VpcSecurityGroupEgressRule(stack, 'out', { ...out, securityGroupId: id, prefixListId: list.id })
  })
  expect((await stack.apply()).errors).toEqual([])
  expect((await stack.plan()).changes).toEqual([])
  expect([...aws.securityGroupRules.values()].map(({ source }) => source)).toEqual([
    { prefixListId: expect.stringMatching(/^pl-[0-9a-f]{8}$/) }
  ])
})
