import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js'
import { Route53Zone, type Route53ZoneConfig } from '@cdktf/provider-aws/lib/route53-zone/index.js'
import { Route53ZoneAssociation } from '@cdktf/provider-aws/lib/route53-zone-association/index.js'
import type { TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'

const test = testWith('terraform')

const vpcIds = ['vpc-0aaa', 'vpc-0bbb', 'vpc-0ccc']

function newCloud(): AwsCloud {
  return new AwsCloud({ vpcs: vpcIds.map(id => ({ id, cidrs: ['10.0.0.0/16'], subnets: [] })) })
}

function zone(stack: TerraformStack, vpcs: readonly string[], config: Partial<Route53ZoneConfig> = {}): Route53Zone {
  new AwsProvider(stack, 'aws', { region: 'us-west-2' })
  return new Route53Zone(stack, 'zone', { name: 'example.com', vpc: vpcs.map(vpcId => ({ vpcId })), ...config })
}

function withRecord(...vpcs: string[]) {
  return (stack: TerraformStack) => {
    const { zoneId } = zone(stack, vpcs)
    new Route53Record(stack, 'record', { zoneId, name: 'db', type: 'A', ttl: 60, records: ['10.0.0.1'] })
  }
}

/** Keeps what every change was and which VPCs saw the record after it. */
function watch(aws: AwsCloud): unknown[] {
  const seen: unknown[] = []
  aws.onChange = ({ action }) => {
    seen.push([action, ...vpcIds.filter(id => aws.resolve(id, 'db.example.com').kind === 'addresses')])
  }
  return seen
}

test('the VPCs of a zone change in place, the new ones before the old ones', async () => {
  const aws = newCloud()
  const seen = watch(aws)
  const stack = await openStack({ aws }, withRecord('vpc-0aaa', 'vpc-0bbb'))
  await stack.apply()
  await stack.rebuild(withRecord('vpc-0bbb', 'vpc-0ccc'))
  expect((await stack.apply()).done).toEqual([{ address: 'aws_route53_zone.zone', action: 'update' }])
  expect(seen).toEqual([
    ['CreateHostedZone'],
    ['AssociateVPCWithHostedZone'],
    ['ChangeResourceRecordSets', 'vpc-0aaa', 'vpc-0bbb'],
    ['AssociateVPCWithHostedZone', 'vpc-0aaa', 'vpc-0bbb', 'vpc-0ccc'],
    ['DisassociateVPCFromHostedZone', 'vpc-0bbb', 'vpc-0ccc']
  ])
})

test('a zone keeps its last VPC', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => zone(stack, ['vpc-0aaa']))
  await stack.apply()
  await stack.rebuild(stack => zone(stack, []))
  const [id] = aws.hostedZones.keys()
  expect(refusals(await stack.apply())).toEqual({
    'aws_route53_zone.zone': `disassociating Route53 Hosted Zone (${id}) from VPC (vpc-0aaa): operation error Route 53: DisassociateVPCFromHostedZone, https response error StatusCode: 400, RequestID: …, LastVPCAssociation: Cannot remove last VPC association for the private zone`
  })
  expect(aws.resolve('vpc-0aaa', 'example.com').kind).toBe('nodata')
})

test('a zone and its associations quarrel over the VPCs, unless the zone is told to look away', async () => {
  const aws = newCloud()
  const associated = (config: Partial<Route53ZoneConfig>) => (stack: TerraformStack) => {
    const { zoneId } = zone(stack, ['vpc-0aaa'], config)
    new Route53ZoneAssociation(stack, 'association', { zoneId, vpcId: 'vpc-0bbb', vpcRegion: 'us-west-2' })
  }
  const stack = await openStack({ aws }, associated({}))
  await stack.apply()
  expect((await stack.plan()).changes).toEqual([{ address: 'aws_route53_zone.zone', actions: ['update'] }])
  await stack.rebuild(associated({ lifecycle: { ignoreChanges: ['vpc'] } }))
  expect((await stack.plan()).changes).toEqual([])
  expect((await stack.destroy()).errors).toEqual([])
})

test('a change of timeouts alone changes nothing', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => zone(stack, ['vpc-0aaa'], { timeouts: { create: '5m' } }))
  await stack.apply()
  await stack.rebuild(stack => zone(stack, ['vpc-0aaa'], { timeouts: { create: '9m' } }))
  expect((await stack.plan()).changes).toEqual([])
  await stack.rebuild(stack => zone(stack, ['vpc-0aaa'], { timeouts: { create: '9m' }, comment: 'ours' }))
  expect((await stack.apply()).done).toEqual([{ address: 'aws_route53_zone.zone', action: 'update' }])
})

test('what a listener throws fails the apply', async () => {
  const aws = newCloud()
  aws.onChange = ({ action }) => {
    throw new Error(`saw ${action}`)
  }
  const stack = await openStack({ aws }, stack => zone(stack, ['vpc-0aaa']))
  expect(Object.values(refusals(await stack.apply()))).toEqual([expect.stringContaining('saw CreateHostedZone')])
})
