import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone/index.js'
import {
  ServiceDiscoveryPrivateDnsNamespace,
  type ServiceDiscoveryPrivateDnsNamespaceConfig
} from '@cdktf/provider-aws/lib/service-discovery-private-dns-namespace/index.js'
import {
  ServiceDiscoveryService,
  type ServiceDiscoveryServiceConfig
} from '@cdktf/provider-aws/lib/service-discovery-service/index.js'
import type { TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { type Build, openStack, refusals } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'
import { registerInstance } from './cloud-map-instance.ts'

const test = testWith('terraform')

function newCloud(): AwsCloud {
  const vpc = { cidrs: ['10.0.0.0/16'], subnets: [] }
  return new AwsCloud({
    vpcs: [
      { ...vpc, id: 'vpc-0aaa' },
      { ...vpc, id: 'vpc-0bbb' }
    ]
  })
}

function namespace(
  stack: TerraformStack,
  config: Partial<ServiceDiscoveryPrivateDnsNamespaceConfig> = {}
): ServiceDiscoveryPrivateDnsNamespace {
  new AwsProvider(stack, 'aws', { region: 'us-west-2' })
  return new ServiceDiscoveryPrivateDnsNamespace(stack, 'namespace', {
    name: 'watch.internal',
    vpc: 'vpc-0aaa',
    ...config
  })
}

function withService(config: Partial<ServiceDiscoveryServiceConfig> = {}, ttl = 10): Build {
  return stack => {
    const { id } = namespace(stack)
    const dnsConfig = { namespaceId: id, dnsRecords: [{ type: 'A', ttl }] }
    new ServiceDiscoveryService(stack, 'service', { name: 'probe', dnsConfig, ...config })
  }
}

test('a namespace with a service comes, is left alone, changes in place, is replaced and goes', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, withService())
  await stack.apply()
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })
  const [made] = aws.dnsNamespaces.values()
  const [service] = aws.discoveryServices.values()
  expect((await stack.state()).map(({ values }) => values)).toEqual([
    {
      arn: `arn:aws:servicediscovery:us-west-2:123456789012:namespace/${made?.id}`,
      description: null,
      hosted_zone: made?.hostedZoneId,
      id: expect.stringMatching(/^ns-[0-9a-z]{16}$/),
      name: 'watch.internal',
      region: 'us-west-2',
      tags: null,
      tags_all: {},
      vpc: 'vpc-0aaa'
    },
    {
      arn: service?.arn,
      description: null,
      dns_config: [{ dns_records: [{ ttl: 10, type: 'A' }], namespace_id: made?.id, routing_policy: 'MULTIVALUE' }],
      force_destroy: false,
      health_check_config: [],
      health_check_custom_config: [],
      id: expect.stringMatching(/^srv-[0-9a-z]{16}$/),
      name: 'probe',
      namespace_id: made?.id,
      region: 'us-west-2',
      tags: null,
      tags_all: {},
      type: 'DNS_HTTP'
    }
  ])
  expect(aws.resolve('vpc-0aaa', 'probe.watch.internal')).toEqual({ kind: 'nxdomain', zone: 'watch.internal' })
  expect(aws.resolve('vpc-0bbb', 'probe.watch.internal').kind).toBe('public')

  await stack.rebuild(withService({ description: 'answers metrics', tags: { Name: 'probe' } }, 60))
  expect((await stack.apply()).done).toEqual([{ address: 'aws_service_discovery_service.service', action: 'update' }])
  expect(service).toMatchObject({ description: 'answers metrics', ttl: 60, tags: { Name: 'probe' } })
  await stack.rebuild(withService({ name: 'other' }))
  expect((await stack.plan()).changes).toEqual([
    { address: 'aws_service_discovery_service.service', actions: ['delete', 'create'] }
  ])
  expect((await stack.destroy()).errors).toEqual([])
  expect([aws.dnsNamespaces.size, aws.discoveryServices.size, aws.hostedZones.size]).toEqual([0, 0, 0])
  expect(aws.calls.map(({ action }) => action)).toEqual([
    'servicediscovery:CreatePrivateDnsNamespace',
    'servicediscovery:CreateService',
    'servicediscovery:TagResource',
    'servicediscovery:UpdateService',
    'servicediscovery:DeleteService',
    'servicediscovery:DeleteNamespace'
  ])
})

test('a namespace changes its description in place, and is replaced for another VPC', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => namespace(stack))
  await stack.apply()
  await stack.rebuild(stack => namespace(stack, { description: 'of the watch' }))
  expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['update'])
  expect([...aws.dnsNamespaces.values()]).toMatchObject([{ description: 'of the watch' }])
  await stack.rebuild(stack => namespace(stack, { vpc: 'vpc-0bbb' }))
  expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['delete', 'create'])
  expect(aws.resolve('vpc-0bbb', 'watch.internal').kind).toBe('nodata')
})

test('what registers is answered, and keeps its service until it leaves or is forced out', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, withService())
  await stack.apply()
  const [service] = aws.discoveryServices.values()
  if (service === undefined) throw new Error('there is no service')
  registerInstance(aws, service, 'one', '10.0.0.5')
  registerInstance(aws, service, 'two', '10.0.0.6')
  const name = 'probe.watch.internal'
  expect(aws.resolve('vpc-0aaa', name)).toEqual({ kind: 'addresses', addresses: ['10.0.0.5', '10.0.0.6'] })
  expect((await stack.plan()).changes).toEqual([])
  expect(refusals(await stack.destroy())).toEqual({
    '': `deleting Service Discovery Service (${service.id}): operation error ServiceDiscovery: DeleteService, https response error StatusCode: 400, RequestID: …, ResourceInUse: Service contains registered instances; delete the instances before deleting the service`
  })
  await stack.rebuild(withService({ forceDestroy: true }))
  await stack.apply()
  expect((await stack.destroy()).errors).toEqual([])
  expect(aws.resolve('vpc-0aaa', name).kind).toBe('public')
  expect(aws.calls.filter(({ action }) => action === 'servicediscovery:DeregisterInstance')).toHaveLength(2)
})

test('a namespace is not deleted while it has services', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => namespace(stack))
  await stack.apply()
  const [id = ''] = aws.dnsNamespaces.keys()
  aws.discoveryServices.set('srv-theirs', {
    id: 'srv-theirs',
    arn: 'arn:aws:servicediscovery:us-west-2:123456789012:service/srv-theirs',
    region: 'us-west-2',
    name: 'theirs',
    namespaceId: id,
    routingPolicy: 'MULTIVALUE',
    ttl: 10,
    description: '',
    hasCustomHealthCheck: false,
    instances: new Map(),
    tags: {}
  })
  expect(refusals(await stack.destroy())).toEqual({
    '': `deleting Service Discovery Private DNS Namespace (${id}): operation error ServiceDiscovery: DeleteNamespace, https response error StatusCode: 400, RequestID: …, ResourceInUse: Namespace has associated services; delete the services before deleting the namespace`
  })
})

test('a namespace and a hosted zone of its name do not share a VPC, whichever is first', async () => {
  const aws = newCloud()
  const first = await openStack({ aws }, stack => namespace(stack))
  await first.apply()
  const [zoneId] = aws.hostedZones.keys()
  const conflict = (id = zoneId) =>
    `The VPC vpc-0aaa in region us-west-2 has already been associated with the hosted zone ${id} with the same domain name.`
  const zone = (stack: TerraformStack) => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2' })
    new Route53Zone(stack, 'zone', { name: 'watch.internal', vpc: [{ vpcId: 'vpc-0aaa' }] })
  }
  const second = await openStack({ aws }, zone)
  expect(refusals(await second.apply())).toEqual({
    'aws_route53_zone.zone': `creating Route53 Hosted Zone: operation error Route 53: CreateHostedZone, https response error StatusCode: 400, RequestID: …, ConflictingDomainExists: ${conflict()}`
  })
  await first.destroy()
  await second.apply()
  const [otherId] = aws.hostedZones.keys()
  expect(refusals(await first.apply())).toEqual({
    'aws_service_discovery_private_dns_namespace.namespace': `waiting for Service Discovery Private DNS Namespace (watch.internal) create: unexpected state 'FAIL', wanted target 'SUCCESS'. last error: CANNOT_CREATE_HOSTED_ZONE: ${conflict(otherId)} (Service: AmazonRoute53; Status Code: 400; Error Code: ConflictingDomainExists)`
  })
})

test('Cloud Map refuses a namespace in no VPC, and services that are there or in no namespace', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => {
    const { id } = namespace(stack)
    new ServiceDiscoveryPrivateDnsNamespace(stack, 'stray', { name: 'stray.internal', vpc: 'vpc-0gone' })
    const service = (name: string, namespaceId: string) =>
      new ServiceDiscoveryService(stack, name, {
        name: 'probe',
        dnsConfig: { namespaceId, dnsRecords: [{ type: 'A', ttl: 10 }] }
      })
    service('first', id)
    service('second', '${aws_service_discovery_service.first.namespace_id}')
    service('nowhere', 'ns-gone')
  })
  const answer = (error: string) =>
    `creating Service Discovery Service (probe): operation error ServiceDiscovery: CreateService, https response error StatusCode: 400, RequestID: …, ${error}`
  expect(refusals(await stack.apply())).toEqual({
    'aws_service_discovery_private_dns_namespace.stray':
      "waiting for Service Discovery Private DNS Namespace (stray.internal) create: unexpected state 'FAIL', wanted target 'SUCCESS'. last error: CANNOT_CREATE_HOSTED_ZONE: The VPC: vpc-0gone in region us-west-2 that you provided is not authorized to make the association. (Service: AmazonRoute53; Status Code: 400; Error Code: InvalidVPCId)",
    'aws_service_discovery_service.nowhere': answer('NamespaceNotFound: Namespace not found: ns-gone'),
    'aws_service_discovery_service.second': answer('ServiceAlreadyExists: Service already exists.')
  })
})

for (const { when, custom, changes } of [
  { when: 'with a threshold of 1 is left alone', custom: { failureThreshold: 1 }, changes: [] },
  { when: 'without a threshold is replaced for ever', custom: {}, changes: ['delete', 'create'] },
  { when: 'with a threshold of 2 is replaced for ever', custom: { failureThreshold: 2 }, changes: ['delete', 'create'] }
]) {
  test(`a service whose registrants say how they are ${when}`, async () => {
    const stack = await openStack({ aws: newCloud() }, withService({ healthCheckCustomConfig: custom }))
    await stack.apply()
    expect((await stack.plan()).changes.flatMap(({ actions }) => actions)).toEqual(changes)
  })
}
