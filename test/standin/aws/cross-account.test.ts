import { DataAwsRoute53Zone } from '@cdktf/provider-aws/lib/data-aws-route53-zone/index.js'
import { AwsProvider, type AwsProviderConfig } from '@cdktf/provider-aws/lib/provider/index.js'
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js'
import { Route53VpcAssociationAuthorization } from '@cdktf/provider-aws/lib/route53-vpc-association-authorization/index.js'
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone/index.js'
import { Route53ZoneAssociation } from '@cdktf/provider-aws/lib/route53-zone-association/index.js'
import { TerraformOutput, type TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'

const test = testWith('terraform')

const theirs = '210987654321'
const theirRole = `arn:aws:iam::${theirs}:role/dns/records`
const theirCaller = `arn:aws:sts::${theirs}:assumed-role/records/terraform`
const ourCaller = 'arn:aws:iam::123456789012:user/terraform'

function newCloud(): AwsCloud {
  const vpc = { cidrs: ['10.0.0.0/16'], subnets: [] }
  return new AwsCloud({
    vpcs: [
      { ...vpc, id: 'vpc-0ours' },
      { ...vpc, id: 'vpc-0theirs', accountId: theirs }
    ],
    hostedZones: [
      {
        id: 'ZTHEIRS',
        name: 'example.com',
        accountId: theirs,
        vpcs: ['vpc-0theirs'],
        records: [{ name: 'www.example.com', type: 'A', values: ['10.0.0.7'] }]
      },
      { id: 'ZPUBLIC', name: 'example.org' }
    ]
  })
}

function providers(stack: TerraformStack, config: Partial<AwsProviderConfig> = {}) {
  return {
    ours: new AwsProvider(stack, 'ours', { region: 'us-west-2', ...config }),
    theirs: new AwsProvider(stack, 'theirs', {
      alias: 'theirs',
      region: 'us-west-2',
      assumeRole: [{ roleArn: theirRole }],
      allowedAccountIds: [theirs]
    })
  }
}

const answer = (call: string, status: number, error: string) =>
  `operation error Route 53: ${call}, https response error StatusCode: ${status}, RequestID: …, ${error}`
const denied = (call: string, arn: string) =>
  answer(call, 403, `api error AccessDenied: User: ${arn} is not authorized to access this resource`)

test("a VPC sees another account's zone once that account has authorized it, and until the association goes", async () => {
  const aws = newCloud()
  const declare = (parts: { authorized?: boolean; associated: boolean }) => (stack: TerraformStack) => {
    const { theirs } = providers(stack)
    const dependsOn = parts.authorized
      ? [
          new Route53VpcAssociationAuthorization(stack, 'authorization', {
            provider: theirs,
            zoneId: 'ZTHEIRS',
            vpcId: 'vpc-0ours'
          })
        ]
      : []
    if (parts.associated) {
      new Route53ZoneAssociation(stack, 'association', { zoneId: 'ZTHEIRS', vpcId: 'vpc-0ours', dependsOn })
    }
  }
  const stack = await openStack({ aws }, declare({ associated: true }))
  expect(refusals(await stack.apply())).toEqual({
    'aws_route53_zone_association.association': `creating Route 53 Zone Association (ZTHEIRS:vpc-0ours:us-west-2): ${answer('AssociateVPCWithHostedZone', 401, 'NotAuthorizedException: The VPC: vpc-0ours has not authorized to associate with your hosted zone.')}`
  })

  await stack.rebuild(declare({ authorized: true, associated: true }))
  expect((await stack.apply()).errors).toEqual([])
  expect((await stack.state()).map(({ values }) => values)).toEqual([
    expect.objectContaining({ id: 'ZTHEIRS:vpc-0ours', vpc_region: 'us-west-2' }),
    expect.objectContaining({
      id: 'ZTHEIRS:vpc-0ours:us-west-2',
      owning_account: theirs,
      vpc_id: 'vpc-0ours',
      vpc_region: 'us-west-2',
      zone_id: 'ZTHEIRS'
    })
  ])
  expect((await stack.plan()).changes).toEqual([])
  expect(aws.resolve('vpc-0ours', 'www.example.com')).toEqual({ kind: 'addresses', addresses: ['10.0.0.7'] })

  // An authorization can go once it has been used.
  await stack.rebuild(declare({ associated: true }))
  expect((await stack.apply()).errors).toEqual([])
  expect(aws.resolve('vpc-0ours', 'www.example.com').kind).toBe('addresses')
  await stack.rebuild(declare({ associated: false }))
  expect((await stack.apply()).errors).toEqual([])
  expect(aws.resolve('vpc-0ours', 'www.example.com').kind).toBe('public')
  expect(aws.calls.map(({ action }) => action)).toEqual([
    'CreateVPCAssociationAuthorization',
    'AssociateVPCWithHostedZone',
    'DeleteVPCAssociationAuthorization',
    'DisassociateVPCFromHostedZone'
  ])
})

test("the owner of a zone cannot associate another account's VPC, nor anybody a public zone or the same zone twice", async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => {
    const { theirs } = providers(stack)
    const associate = (id: string, config: { zoneId: string; vpcId: string; vpcRegion?: string }) =>
      new Route53ZoneAssociation(stack, id, { provider: theirs, ...config })
    associate('foreign', { zoneId: 'ZTHEIRS', vpcId: 'vpc-0ours' })
    associate('twice', { zoneId: 'ZTHEIRS', vpcId: 'vpc-0theirs' })
    associate('public', { zoneId: 'ZPUBLIC', vpcId: 'vpc-0theirs' })
    associate('absent', { zoneId: 'ZGONE', vpcId: 'vpc-0theirs' })
    associate('far', { zoneId: 'ZTHEIRS', vpcId: 'vpc-0ours', vpcRegion: 'us-east-1' })
    new Route53VpcAssociationAuthorization(stack, 'presumed', { zoneId: 'ZTHEIRS', vpcId: 'vpc-0ours' })
  })
  const refused = (id: string, status: number, error: string) =>
    `creating Route 53 Zone Association (${id}): ${answer('AssociateVPCWithHostedZone', status, error)}`
  expect(refusals(await stack.apply())).toEqual({
    'aws_route53_vpc_association_authorization.presumed': `creating Route53 VPC Association Authorization: ${denied('CreateVPCAssociationAuthorization', ourCaller)}`,
    'aws_route53_zone_association.absent': refused(
      'ZGONE:vpc-0theirs:us-west-2',
      404,
      'NoSuchHostedZone: No hosted zone found with ID: ZGONE'
    ),
    'aws_route53_zone_association.far': refused(
      'ZTHEIRS:vpc-0ours:us-east-1',
      400,
      'InvalidVPCId: The VPC: vpc-0ours in region us-east-1 that you provided is not authorized to make the association.'
    ),
    'aws_route53_zone_association.foreign': refused(
      'ZTHEIRS:vpc-0ours:us-west-2',
      401,
      'NotAuthorizedException: The VPC: vpc-0ours has not authorized to associate with your hosted zone.'
    ),
    'aws_route53_zone_association.public': refused(
      'ZPUBLIC:vpc-0theirs:us-west-2',
      400,
      'PublicZoneVPCAssociation: Attempting to associate public zone: ZPUBLIC with vpc: vpc-0theirs'
    ),
    'aws_route53_zone_association.twice': refused(
      'ZTHEIRS:vpc-0theirs:us-west-2',
      400,
      'ConflictingDomainExists: The VPC vpc-0theirs in region us-west-2 has already been associated with the hosted zone ZTHEIRS with the same domain name.'
    )
  })
})

test('records and zones are of the account that a configuration of the provider acts in', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => {
    const { theirs } = providers(stack)
    const record = { zoneId: 'ZTHEIRS', type: 'A', ttl: 60, records: ['10.0.0.1'] }
    new Route53Record(stack, 'allowed', { ...record, provider: theirs, name: 'db.example.com' })
    new Route53Record(stack, 'denied', { ...record, name: 'other.example.com' })
    new Route53Zone(stack, 'zone', { provider: theirs, name: 'example.net', vpc: [{ vpcId: 'vpc-0theirs' }] })
    new DataAwsRoute53Zone(stack, 'visible', { provider: theirs, zoneId: 'ZTHEIRS' })
  })
  expect(refusals(await stack.apply())).toEqual({
    'aws_route53_record.denied': `reading Route 53 Hosted Zone (ZTHEIRS): ${denied('GetHostedZone', ourCaller)}`
  })
  expect(aws.resolve('vpc-0theirs', 'db.example.com')).toEqual({ kind: 'addresses', addresses: ['10.0.0.1'] })
  expect([...aws.hostedZones.values()].map(({ name, accountId }) => [name, accountId])).toEqual([
    ['example.com', theirs],
    ['example.org', '123456789012'],
    ['example.net', theirs]
  ])
})

test('a zone is found by its id, or by its name and VPC, in its own account alone', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => {
    const { theirs } = providers(stack)
    const byId = new DataAwsRoute53Zone(stack, 'by-id', { provider: theirs, zoneId: 'ZTHEIRS' })
    const byName = { name: 'example.com.', privateZone: true, vpcId: 'vpc-0theirs' }
    const found = new DataAwsRoute53Zone(stack, 'by-name', { provider: theirs, ...byName })
    const open = new DataAwsRoute53Zone(stack, 'public', { name: 'example.org' })
    new TerraformOutput(stack, 'zones', {
      value: [byId, found, open].map(zone => [zone.zoneId, zone.name, zone.privateZone, zone.resourceRecordSetCount])
    })
  })
  expect((await stack.apply()).outputs).toEqual({
    zones: [
      ['ZTHEIRS', 'example.com', true, 3],
      ['ZTHEIRS', 'example.com', true, 3],
      ['ZPUBLIC', 'example.org', false, 2]
    ]
  })
  await stack.rebuild(stack => {
    providers(stack)
    new DataAwsRoute53Zone(stack, 'absent', { zoneId: 'ZGONE' })
    new DataAwsRoute53Zone(stack, 'foreign', { zoneId: 'ZTHEIRS' })
    new DataAwsRoute53Zone(stack, 'foreign-name', { name: 'example.com', privateZone: true })
    new DataAwsRoute53Zone(stack, 'unseen', { name: 'example.org', vpcId: 'vpc-0ours' })
  })
  expect(refusals(await stack.plan())).toEqual({
    'data.aws_route53_zone.absent': "couldn't find resource",
    'data.aws_route53_zone.foreign': `reading Route53 Hosted Zone (ZTHEIRS): ${denied('GetHostedZone', ourCaller)}`,
    'data.aws_route53_zone.foreign-name': 'no matching Route 53 Hosted Zone found',
    'data.aws_route53_zone.unseen': 'no matching Route 53 Hosted Zone found'
  })
})

test('a provider does not act in an account that its configuration does not allow', async () => {
  const stack = await openStack({ aws: newCloud() }, stack => {
    const { ours } = providers(stack, { allowedAccountIds: [theirs] })
    new Route53Zone(stack, 'zone', { provider: ours, name: 'example.net', vpc: [{ vpcId: 'vpc-0ours' }] })
  })
  const { errors } = await stack.plan()
  expect(errors.map(({ summary }) => summary)).toEqual(['AWS account ID not allowed: 123456789012'])
})

test('a provider that assumes a role is not who it was', async () => {
  const stack = await openStack({ aws: newCloud() }, stack => {
    new AwsProvider(stack, 'ours', { region: 'us-west-2', assumeRole: [{ roleArn: theirRole }] })
    new DataAwsRoute53Zone(stack, 'zone', { zoneId: 'ZPUBLIC' })
  })
  expect(refusals(await stack.plan())).toEqual({
    'data.aws_route53_zone.zone': `reading Route53 Hosted Zone (ZPUBLIC): ${denied('GetHostedZone', theirCaller)}`
  })
})
