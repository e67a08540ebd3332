import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { Route53Record, type Route53RecordConfig } from '@cdktf/provider-aws/lib/route53-record/index.js'
import { Route53Zone, type Route53ZoneConfig } from '@cdktf/provider-aws/lib/route53-zone/index.js'
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js'
import type { TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'

const test = testWith('terraform')

function newCloud(): AwsCloud {
  const vpc = { cidrs: ['10.0.0.0/16'], subnets: [] }
  return new AwsCloud({
    vpcs: [
      {
        ...vpc,
        id: 'vpc-0aaa',
        subnets: [{ id: 'subnet-0a', cidr: '10.0.1.0/24', zone: 'us-west-2a', zoneId: 'usw2-az1' }]
      },
      { ...vpc, id: 'vpc-0bbb' },
      { ...vpc, id: 'vpc-0far', region: 'us-east-1' },
      { ...vpc, id: 'vpc-0mute', dnsHostnames: false }
    ]
  })
}

function zone(stack: TerraformStack, id: string, config: Partial<Route53ZoneConfig> = {}): Route53Zone {
  return new Route53Zone(stack, id, { name: 'example.com', vpc: [{ vpcId: 'vpc-0aaa' }], ...config })
}

function record(
  stack: TerraformStack,
  id: string,
  { zoneId }: Route53Zone,
  config: Partial<Route53RecordConfig> = {}
): Route53Record {
  const values = config.alias === undefined ? { ttl: 60, records: ['10.0.0.1'] } : {}
  return new Route53Record(stack, id, { zoneId, name: 'db', type: 'A', ...values, ...config })
}

function provider(stack: TerraformStack): void {
  new AwsProvider(stack, 'aws', { region: 'us-west-2' })
}

const regionalName =
  '${one([for entry in aws_vpc_endpoint.endpoint.dns_entry : entry.dns_name if can(regex("^vpce-[0-9a-f]+-[0-9a-z]+\\\\.vpce-svc-", entry.dns_name))])}'

test('a zone with a record comes, is left alone, changes in place and goes', async () => {
  const aws = newCloud()
  const withVpcs = (vpcs: readonly string[], name: string, type: string, value: string) => (stack: TerraformStack) => {
    provider(stack)
    const it = zone(stack, 'zone', { name: 'Example.com.', vpc: vpcs.map(vpcId => ({ vpcId })) })
    record(stack, 'record', it, { name, type, records: [value] })
  }
  const stack = await openStack({ aws }, withVpcs(['vpc-0aaa'], 'DB.example.com.', 'A', '10.0.0.1'))
  await stack.apply()
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })
  const [it] = aws.hostedZones.values()
  const id = `${it?.id}`
  const own = it?.records.slice(0, 2)
  expect(it).toEqual({
    id: expect.stringMatching(/^Z0[0-9A-Z]{19}$/),
    accountId: '123456789012',
    name: 'example.com',
    comment: 'Managed by Terraform',
    vpcs: [{ id: 'vpc-0aaa', region: 'us-west-2' }],
    authorizedVpcs: [],
    records: [
      { name: 'example.com', type: 'NS', ttl: 172_800, values: expect.arrayContaining(['ns-512.awsdns-00.net.']) },
      { name: 'example.com', type: 'SOA', ttl: 900, values: [expect.stringContaining('awsdns-hostmaster')] },
      { name: 'db.example.com', type: 'A', ttl: 60, values: ['10.0.0.1'] }
    ],
    tags: {}
  })
  expect(aws.resolve('vpc-0aaa', 'db.example.com')).toEqual({ kind: 'addresses', addresses: ['10.0.0.1'] })
  expect(aws.resolve('vpc-0aaa', 'www.example.com')).toEqual({ kind: 'nxdomain', zone: 'example.com' })
  expect(aws.resolve('vpc-0bbb', 'db.example.com')).toEqual({ kind: 'public', name: 'db.example.com' })

  await stack.rebuild(withVpcs(['vpc-0bbb', 'vpc-0mute'], 'db.example.com', 'CNAME', 'target.example.net'))
  expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['update', 'update'])
  expect(it?.vpcs.map(vpc => vpc.id).toSorted()).toEqual(['vpc-0bbb', 'vpc-0mute'])
  expect(it?.records).toEqual([
    ...(own ?? []),
    { name: 'db.example.com', type: 'CNAME', ttl: 60, values: ['target.example.net'] }
  ])
  expect((await stack.state())[0]?.values.id).toBe(`${id}_db.example.com_CNAME`)
  expect(aws.resolve('vpc-0mute', 'db.example.com')).toEqual({ kind: 'public', name: 'db.example.com' })

  await stack.rebuild(withVpcs(['vpc-0bbb', 'vpc-0mute'], 'other', 'CNAME', 'target.example.net'))
  expect((await stack.plan()).changes).toEqual([
    { address: 'aws_route53_record.record', actions: ['delete', 'create'] }
  ])
  expect((await stack.destroy()).errors).toEqual([])
  expect(aws.hostedZones.size).toBe(0)
})

test('an alias at the apex answers with the addresses of an endpoint', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => {
    provider(stack)
    const endpoint = new VpcEndpoint(stack, 'endpoint', {
      vpcId: 'vpc-0aaa',
      serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
      vpcEndpointType: 'Interface',
      subnetIds: ['subnet-0a']
    })
    const it = zone(stack, 'zone')
    const { hostedZoneId } = endpoint.dnsEntry.get(0)
    record(stack, 'apex', it, {
      name: 'example.com',
      alias: { name: regionalName, zoneId: hostedZoneId, evaluateTargetHealth: false }
    })
    record(stack, 'astray', it, { alias: { name: regionalName, zoneId: it.zoneId, evaluateTargetHealth: false } })
  })
  const refused = refusals(await stack.apply())
  const [endpoint] = aws.vpcEndpoints.values()
  const [{ id } = { id: '' }] = aws.hostedZones.values()
  expect(refused).toEqual({
    'aws_route53_record.astray': expect.stringContaining(
      `[Tried to create an alias that targets ${endpoint?.names.at(-1)?.name}., type A in zone ${id}, but the alias target name does not lie within the target zone]`
    )
  })
  expect(aws.resolve('vpc-0aaa', 'example.com')).toEqual({
    kind: 'addresses',
    addresses: endpoint?.interfaces.map(({ address }) => address)
  })
})

test('Route 53 refuses zones and records that cannot be', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => {
    provider(stack)
    const it = zone(stack, 'zone')
    zone(stack, 'twin', { dependsOn: [it] })
    zone(stack, 'far', { vpc: [{ vpcId: 'vpc-0far' }] })
    const first = record(stack, 'first', it)
    record(stack, 'again', it, { dependsOn: [first] })
    record(stack, 'beside', it, { dependsOn: [first], type: 'CNAME', records: ['target.example.net'] })
    record(stack, 'apex', it, { name: 'example.com', type: 'CNAME', records: ['target.example.net'] })
    record(stack, 'dangling', it, {
      name: 'dangling',
      alias: { name: 'absent.example.com', zoneId: it.zoneId, evaluateTargetHealth: false }
    })
  })
  const refused = refusals(await stack.apply())
  const [{ id } = { id: '' }] = aws.hostedZones.values()
  const answer = (call: string, error: string) =>
    `operation error Route 53: ${call}, https response error StatusCode: 400, RequestID: …, ${error}`
  const change = (problem: string) =>
    `creating Route53 Record: ${answer('ChangeResourceRecordSets', `InvalidChangeBatch: [${problem}]`)}`
  expect(refused).toEqual({
    'aws_route53_record.again': change(
      "Tried to create resource record set [name='db.example.com.', type='A'] but it already exists"
    ),
    'aws_route53_record.apex': change(
      'RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.'
    ),
    'aws_route53_record.beside': change(
      'RRSet of type CNAME with DNS name db.example.com. is not permitted because a conflicting RRSet of type A with the same DNS name already exists in zone example.com.'
    ),
    'aws_route53_record.dangling': change(
      `Tried to create an alias that targets absent.example.com., type A in zone ${id}, but that target was not found`
    ),
    'aws_route53_zone.far': `creating Route53 Hosted Zone: ${answer('CreateHostedZone', 'InvalidVPCId: The VPC: vpc-0far in region us-west-2 that you provided is not authorized to make the association.')}`,
    'aws_route53_zone.twin': `creating Route53 Hosted Zone: ${answer('CreateHostedZone', `ConflictingDomainExists: The VPC vpc-0aaa in region us-west-2 has already been associated with the hosted zone ${id} with the same domain name.`)}`
  })
})

test('a zone with a record of somebody else goes only by force', async () => {
  const aws = newCloud()
  const forced = (forceDestroy: boolean) => (stack: TerraformStack) => {
    provider(stack)
    zone(stack, 'zone', { forceDestroy })
  }
  const stack = await openStack({ aws }, forced(false))
  await stack.apply()
  const [it] = aws.hostedZones.values()
  it?.records.push({ name: 'theirs.example.com', type: 'A', ttl: 60, values: ['10.0.0.9'] })
  // Terraform does not say of which resource an error is when it was deleting it.
  expect(refusals(await stack.destroy())).toEqual({
    '': `deleting Route53 Hosted Zone (${it?.id}): operation error Route 53: DeleteHostedZone, https response error StatusCode: 400, RequestID: …, HostedZoneNotEmpty: The specified hosted zone contains non-required resource record sets and so cannot be deleted.`
  })
  await stack.rebuild(forced(true))
  await stack.apply()
  expect((await stack.destroy()).errors).toEqual([])
  expect(aws.hostedZones.size).toBe(0)
})

test('a record that somebody changed is put right', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => {
    provider(stack)
    record(stack, 'record', zone(stack, 'zone'))
  })
  await stack.apply()
  const [it] = aws.hostedZones.values()
  const theirs = it?.records.find(({ type }) => type === 'A')
  if (theirs !== undefined) theirs.values = ['10.0.0.66']
  expect((await stack.plan()).changes).toEqual([{ address: 'aws_route53_record.record', actions: ['update'] }])
  await stack.apply()
  expect(aws.resolve('vpc-0aaa', 'db.example.com')).toEqual({ kind: 'addresses', addresses: ['10.0.0.1'] })
})
