import { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster/index.js'
import { EcsService, type EcsServiceConfig } from '@cdktf/provider-aws/lib/ecs-service/index.js'
import { EcsTaskDefinition, type EcsTaskDefinitionConfig } from '@cdktf/provider-aws/lib/ecs-task-definition/index.js'
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { ServiceDiscoveryPrivateDnsNamespace } from '@cdktf/provider-aws/lib/service-discovery-private-dns-namespace/index.js'
import { ServiceDiscoveryService } from '@cdktf/provider-aws/lib/service-discovery-service/index.js'
import type { TerraformStack } from 'cdktf'
import { describe, expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { type Build, openStack, refusals } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'
import { deregisterInstance } from './cloud-map-instance.ts'
import { logGroupArn } from './cloudwatch-log-group.ts'
import { environmentOf } from './container-definitions.ts'

const test = testWith('terraform')

const executionRoleArn = 'arn:aws:iam::123456789012:role/execution'

function newCloud(): AwsCloud {
  const zone = { zone: 'us-west-2a', zoneId: 'usw2-az1' }
  const aws = new AwsCloud({
    vpcs: [
      {
        id: 'vpc-0aaa',
        cidrs: ['10.0.0.0/16'],
        subnets: [
          { ...zone, id: 'subnet-0a', cidr: '10.0.1.0/24' },
          { ...zone, id: 'subnet-0b', cidr: '10.0.2.0/24' }
        ]
      },
      { id: 'vpc-0bbb', cidrs: ['10.1.0.0/16'], subnets: [{ ...zone, id: 'subnet-0other', cidr: '10.1.1.0/24' }] }
    ],
    securityGroups: [
      { id: 'sg-0tasks', vpcId: 'vpc-0aaa' },
      { id: 'sg-0other', vpcId: 'vpc-0bbb' }
    ]
  })
  aws.iamRoles.set('execution', {
    name: 'execution',
    arn: executionRoleArn,
    path: '/',
    uniqueId: 'AROAEXECUTION',
    trust: JSON.stringify({
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' } }]
    }),
    description: '',
    maxSessionDuration: 3600,
    permissionsBoundary: undefined,
    policies: new Map(),
    tags: {}
  })
  const arn = logGroupArn(aws, 'us-west-2', '/ecs/probe')
  aws.logGroups.set(arn, { arn, region: 'us-west-2', name: '/ecs/probe', retentionInDays: 0, tags: {} })
  return aws
}

const web = { name: 'web', image: 'public.ecr.aws/docker/library/node:24' }

const logConfiguration = {
  logDriver: 'awslogs',
  options: { 'awslogs-group': '/ecs/probe', 'awslogs-region': 'us-west-2', 'awslogs-stream-prefix': 'probe' }
}

function greeting(...words: string[]): object {
  return { ...web, logConfiguration, environment: words.map(word => ({ name: word, value: word.toLowerCase() })) }
}

function provider(stack: TerraformStack): void {
  new AwsProvider(stack, 'aws', { region: 'us-west-2' })
}

function taskDefinition(
  stack: TerraformStack,
  containers: readonly object[],
  config: Partial<EcsTaskDefinitionConfig> = {},
  id = 'task'
): EcsTaskDefinition {
  return new EcsTaskDefinition(stack, id, {
    family: 'probe',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    executionRoleArn,
    containerDefinitions: JSON.stringify(containers),
    ...config
  })
}

function service(stack: TerraformStack, id: string, config: Partial<EcsServiceConfig>): EcsService {
  return new EcsService(stack, id, {
    name: id,
    cluster: 'watch',
    launchType: 'FARGATE',
    desiredCount: 1,
    networkConfiguration: { subnets: ['subnet-0a'], securityGroups: ['sg-0tasks'] },
    ...config
  })
}

function withTask(containers: readonly object[], config: Partial<EcsTaskDefinitionConfig> = {}): Build {
  return stack => {
    provider(stack)
    taskDefinition(stack, containers, config)
  }
}

interface Probe {
  readonly containers?: readonly object[]
  readonly service?: Partial<EcsServiceConfig>
  readonly isRegistered?: boolean
}

function withProbe({ containers = [greeting('HELLO')], service: config = {}, isRegistered = true }: Probe = {}): Build {
  return stack => {
    provider(stack)
    const cluster = new EcsCluster(stack, 'cluster', { name: 'watch' })
    const { id: namespaceId } = new ServiceDiscoveryPrivateDnsNamespace(stack, 'namespace', {
      name: 'watch.internal',
      vpc: 'vpc-0aaa'
    })
    const dnsConfig = { namespaceId, dnsRecords: [{ type: 'A', ttl: 10 }] }
    const registry = new ServiceDiscoveryService(stack, 'registry', { name: 'probe', dnsConfig })
    const { arn } = taskDefinition(stack, containers)
    service(stack, 'probe', {
      cluster: cluster.arn,
      taskDefinition: arn,
      ...(isRegistered ? { serviceRegistries: { registryArn: registry.arn } } : {}),
      ...config
    })
  }
}

const unchanged = { changes: [], reads: [], outputs: {}, warnings: [], errors: [] }

const answer = (call: string, error: string) =>
  `operation error ECS: ${call}, https response error StatusCode: 400, RequestID: …, ${error}`

function theService(aws: AwsCloud) {
  const [only] = aws.ecsServices.values()
  if (only === undefined) throw new Error('there is no service')
  return only
}

describe('a cluster', () => {
  const withCluster =
    (name: string, value?: string): Build =>
    stack => {
      provider(stack)
      const setting = value === undefined ? [] : [{ name: 'containerInsights', value }]
      new EcsCluster(stack, 'cluster', { name, setting })
    }

  test('comes, is left alone, changes in place, is replaced and goes', async () => {
    const aws = newCloud()
    const stack = await openStack({ aws }, withCluster('watch'))
    await stack.apply()
    expect(await stack.plan()).toEqual(unchanged)
    const arn = 'arn:aws:ecs:us-west-2:123456789012:cluster/watch'
    expect(aws.ecsClusters.get(arn)?.settings).toEqual({ containerInsights: 'disabled' })
    await stack.rebuild(withCluster('watch', 'enabled'))
    expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['update'])
    expect(aws.ecsClusters.get(arn)?.settings).toEqual({ containerInsights: 'enabled' })
    await stack.rebuild(withCluster('other', 'enabled'))
    expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['delete', 'create'])
    expect((await stack.destroy()).errors).toEqual([])
    expect(aws.ecsClusters.size).toBe(0)
    const actions = ['CreateCluster', 'UpdateCluster', 'DeleteCluster', 'CreateCluster', 'DeleteCluster']
    expect(aws.calls.map(({ action }) => action)).toEqual(actions.map(action => `ecs:${action}`))
  })

  test('is not deleted while it has services', async () => {
    const aws = newCloud()
    const stack = await openStack({ aws }, withCluster('watch'))
    await stack.apply()
    const other = await openStack({ aws }, stack => {
      provider(stack)
      service(stack, 'theirs', { taskDefinition: taskDefinition(stack, [web]).arn })
    })
    await other.apply()
    const arn = 'arn:aws:ecs:us-west-2:123456789012:cluster/watch'
    expect(refusals(await stack.destroy())).toEqual({
      '': `deleting ECS Cluster (${arn}): ${answer('DeleteCluster', 'ClusterContainsServicesException: The Cluster cannot be deleted while Services are active.')}`
    })
  })
})

describe('a task definition', () => {
  test('comes, is left alone, changes its tags in place, is replaced by a new revision and goes', async () => {
    const aws = newCloud()
    const stack = await openStack({ aws }, withTask([greeting('B', 'A')]))
    await stack.apply()
    expect(await stack.plan()).toEqual(unchanged)
    const arn = (revision: number) => `arn:aws:ecs:us-west-2:123456789012:task-definition/probe:${revision}`
    const [state] = await stack.state()
    expect(state?.values).toMatchObject({
      arn: arn(1),
      arn_without_revision: 'arn:aws:ecs:us-west-2:123456789012:task-definition/probe',
      cpu: '256',
      execution_role_arn: executionRoleArn,
      id: 'probe',
      memory: '512',
      network_mode: 'awsvpc',
      revision: 1,
      task_role_arn: null
    })
    expect(JSON.parse(`${state?.values.container_definitions}`)).toEqual([
      {
        ...web,
        environment: [
          { name: 'A', value: 'a' },
          { name: 'B', value: 'b' }
        ],
        essential: true,
        logConfiguration,
        mountPoints: [],
        portMappings: [],
        systemControls: [],
        volumesFrom: []
      }
    ])
    await stack.rebuild(withTask([greeting('B', 'A')], { tags: { Name: 'probe' } }))
    expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['update'])
    await stack.rebuild(withTask([greeting('A')], { tags: { Name: 'probe' } }))
    expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['delete', 'create'])
    expect([...aws.taskDefinitions.values()].map(({ revision, isActive }) => [revision, isActive])).toEqual([
      [1, false],
      [2, true]
    ])
    expect((await stack.destroy()).errors).toEqual([])
    expect(aws.calls).toEqual([
      { action: 'iam:PassRole', id: executionRoleArn },
      { action: 'ecs:RegisterTaskDefinition', id: arn(1) },
      { action: 'ecs:TagResource', id: arn(1) },
      { action: 'ecs:DeregisterTaskDefinition', id: arn(1) },
      { action: 'iam:PassRole', id: executionRoleArn },
      { action: 'ecs:RegisterTaskDefinition', id: arn(2) },
      { action: 'ecs:DeregisterTaskDefinition', id: arn(2) }
    ])
  })

  test('that is told to stay stays active', async () => {
    const aws = newCloud()
    const stack = await openStack({ aws }, withTask([web], { skipDestroy: true }))
    await stack.apply()
    await stack.destroy()
    expect([...aws.taskDefinitions.values()].map(({ isActive }) => isActive)).toEqual([true])
  })

  const healthCheck = { command: ['CMD', 'true'] }
  for (const { when, before, after } of [
    { when: 'the environment is in another order', before: [greeting('A', 'B')], after: [greeting('B', 'A')] },
    {
      when: 'the containers are in another order',
      before: [web, { ...web, name: 'a' }],
      after: [{ ...web, name: 'a' }, web]
    },
    { when: 'essential is said', before: [web], after: [{ ...web, essential: true, command: [], cpu: 0 }] },
    {
      when: "the host's port and the protocol are said",
      before: [{ ...web, portMappings: [{ containerPort: 80 }] }],
      after: [{ ...web, portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }] }]
    },
    {
      when: 'the times of its health check are said',
      before: [{ ...web, healthCheck }],
      after: [{ ...web, healthCheck: { ...healthCheck, interval: 30, retries: 3, timeout: 5 } }]
    }
  ]) {
    test(`is left alone when ${when}`, async () => {
      const stack = await openStack({ aws: newCloud() }, withTask(before))
      expect((await stack.apply()).errors).toEqual([])
      await stack.rebuild(withTask(after))
      expect((await stack.plan()).changes).toEqual([])
    })
  }

  test('may share volumes, be read-only, drop capabilities and be in vCPUs, which the state holds as units', async () => {
    const aws = newCloud()
    const strict = {
      ...web,
      readonlyRootFilesystem: true,
      linuxParameters: { capabilities: { drop: ['ALL'] }, initProcessEnabled: true },
      healthCheck,
      mountPoints: [{ sourceVolume: 'scratch', containerPath: '/tmp' }]
    }
    const platform = { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' }
    const config = { volume: [{ name: 'scratch' }], runtimePlatform: platform, ephemeralStorage: { sizeInGib: 30 } }
    const stack = await openStack({ aws }, withTask([strict], config))
    expect((await stack.apply()).errors).toEqual([])
    expect(await stack.plan()).toEqual(unchanged)
    await stack.rebuild(withTask([strict], { ...config, cpu: '1 vCPU', memory: '2 GB' }))
    await stack.apply()
    expect([...aws.taskDefinitions.values()].at(-1)).toMatchObject({ cpu: 1024, memory: 2048 })
    expect((await stack.plan()).changes.flatMap(({ actions }) => actions)).toEqual(['delete', 'create'])
  })

  for (const { when, json, says } of [
    { when: 'in half of a text', json: '[{"name": "web"', says: 'unexpected EOF' },
    { when: 'in YAML', json: 'web:', says: "invalid character 'w' looking for beginning of value" },
    {
      when: 'in one object',
      json: '{"name": "web"}',
      says: 'json: cannot unmarshal object into Go value of type []types.ContainerDefinition'
    },
    { when: 'in an empty object', json: '[{}]', says: 'invalid container definition supplied at index (0)' },
    {
      when: 'with a number in its environment',
      json: '[{"name": "web", "environment": [{"name": "PORT", "value": 80}]}]',
      says: 'json: cannot unmarshal number into Go struct field ContainerDefinition.Environment.Value of type string'
    }
  ]) {
    test(`is not planned ${when}`, async () => {
      const stack = await openStack({ aws: newCloud() }, withTask([], { containerDefinitions: json }))
      expect((await stack.validate()).map(({ summary }) => summary)).toEqual([
        `ECS Task Definition container_definitions is invalid: ${says}`
      ])
    })
  }

  test('is not planned with a space in its family', async () => {
    const stack = await openStack({ aws: newCloud() }, withTask([web], { family: 'the probe' }))
    expect((await stack.validate()).map(({ summary }) => summary)).toEqual([
      'invalid value for family (see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html)'
    ])
  })

  const noRole = { executionRoleArn: undefined }
  const ecr = '123456789012.dkr.ecr.us-west-2.amazonaws.com/probe:1'
  const roleFor = (what: string) => `Fargate requires task definition to have execution role ARN to support ${what}.`
  const refused: Readonly<Record<string, { containers?: readonly object[]; config?: object; says: string }>> = {
    size: {
      config: { cpu: '512', memory: '512' },
      says: 'No Fargate configuration exists for given values: 512 CPU, 512 memory. See the Amazon ECS documentation for the valid values.'
    },
    'odd-size': {
      config: { memory: '1536' },
      says: 'No Fargate configuration exists for given values: 256 CPU, 1536 memory. See the Amazon ECS documentation for the valid values.'
    },
    'no-cpu': { config: { cpu: undefined }, says: "Fargate requires that 'cpu' be defined at the task level." },
    network: { config: { networkMode: 'bridge' }, says: 'Fargate only supports network mode ‘awsvpc’.' },
    logs: { containers: [{ ...web, logConfiguration }], config: noRole, says: roleFor('log driver awslogs') },
    ecr: { containers: [{ ...web, image: ecr }], config: noRole, says: roleFor('ECR images') },
    secrets: {
      containers: [{ ...web, secrets: [{ name: 'TOKEN', valueFrom: 'token' }] }],
      config: noRole,
      says: "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
    },
    role: { config: { executionRoleArn: `${executionRoleArn}-2` }, says: 'Role is not valid' },
    'task-role': { config: { taskRoleArn: `${executionRoleArn}-2` }, says: 'Role is not valid' },
    long: {
      containers: [{ ...web, environment: [{ name: 'LONG', value: 'x'.repeat(65_536) }] }],
      says: "Actual length: '…'. Max allowed length is '65536' bytes."
    },
    options: {
      containers: [{ ...web, logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'probe' } } }],
      says: 'Log driver awslogs requires options: awslogs-region, awslogs-stream-prefix'
    },
    memory: {
      containers: [{ ...web, memory: 1024 }],
      says: "The 'memory' setting for container 'web' is greater than for the task."
    },
    volume: { containers: [{ ...web, mountPoints: [{ sourceVolume: 'scratch' }] }], says: "Unknown volume 'scratch'." },
    port: {
      containers: [{ ...web, portMappings: [{ containerPort: 80, hostPort: 8080 }] }],
      says: 'When networkMode=awsvpc, the host ports and container ports in port mappings must match.'
    },
    privileged: {
      containers: [{ ...web, privileged: true }],
      says: 'The container parameter privileged is not supported on Fargate.'
    },
    capability: {
      containers: [{ ...web, linuxParameters: { capabilities: { add: ['NET_ADMIN'] } } }],
      says: 'The container parameter linuxParameters.capabilities.add is not supported on Fargate.'
    },
    tmpfs: {
      containers: [{ ...web, linuxParameters: { tmpfs: [{ containerPath: '/tmp', size: 64 }] } }],
      says: 'The container parameter linuxParameters.tmpfs is not supported on Fargate.'
    },
    inessential: {
      containers: [{ ...web, essential: false }],
      says: 'A task definition must have at least one essential container.'
    },
    twins: { containers: [web, web], says: 'Container names must be unique within a task definition.' }
  }

  test('is refused by ECS where Fargate cannot run it', async () => {
    const stack = await openStack({ aws: newCloud() }, stack => {
      provider(stack)
      for (const [id, { containers = [web], config = {} }] of Object.entries(refused)) {
        taskDefinition(stack, containers, config, id)
      }
    })
    const seen = Object.entries(refusals(await stack.apply())).map(([address, error]) => [
      address.replace('aws_ecs_task_definition.', ''),
      error.replace(/length: '\d+'/, "length: '…'")
    ])
    expect(Object.fromEntries(seen)).toEqual(
      Object.fromEntries(
        Object.entries(refused).map(([id, { says }]) => [
          id,
          `creating ECS Task Definition (probe): ${answer('RegisterTaskDefinition', `ClientException: ${says}`)}`
        ])
      )
    )
  })
})

describe('a service', () => {
  test('comes, is left alone, changes in place, is replaced and goes', async () => {
    const aws = newCloud()
    const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true }, enableEcsManagedTags: true }
    const tagged = { propagateTags: 'SERVICE', tags: { Name: 'probe' }, ...breaker }
    const stack = await openStack({ aws }, withProbe({ service: tagged }))
    expect((await stack.apply()).errors).toEqual([])
    expect(await stack.plan()).toEqual(unchanged)
    const { arn, task } = theService(aws)
    expect((await stack.state()).find(({ address }) => address === 'aws_ecs_service.probe')?.values).toMatchObject({
      arn,
      availability_zone_rebalancing: 'ENABLED',
      cluster: 'arn:aws:ecs:us-west-2:123456789012:cluster/watch',
      deployment_circuit_breaker: [{ enable: true, rollback: true }],
      deployment_controller: [{ type: 'ECS' }],
      deployment_maximum_percent: 200,
      deployment_minimum_healthy_percent: 100,
      desired_count: 1,
      id: 'arn:aws:ecs:us-west-2:123456789012:service/watch/probe',
      launch_type: 'FARGATE',
      platform_version: 'LATEST',
      scheduling_strategy: 'REPLICA',
      wait_for_steady_state: false
    })
    expect(task).toMatchObject({
      address: expect.stringMatching(/^10\.0\.1\./),
      subnetId: 'subnet-0a',
      securityGroupIds: ['sg-0tasks'],
      tags: { Name: 'probe', 'aws:ecs:clusterName': 'watch', 'aws:ecs:serviceName': 'probe' }
    })
    expect(task?.containers.map(environmentOf)).toEqual([{ HELLO: 'hello' }])
    const resolve = () => aws.resolve('vpc-0aaa', 'probe.watch.internal')
    expect(resolve()).toEqual({ kind: 'addresses', addresses: [task?.address] })

    await stack.rebuild(withProbe({ containers: [greeting('GOODBYE')], service: tagged }))
    expect((await stack.plan()).changes).toEqual([
      { address: 'aws_ecs_service.probe', actions: ['update'] },
      { address: 'aws_ecs_task_definition.task', actions: ['delete', 'create'] }
    ])
    await stack.apply()
    const next = theService(aws).task
    expect(next?.containers.map(environmentOf)).toEqual([{ GOODBYE: 'goodbye' }])
    expect(next?.address).not.toBe(task?.address)
    expect(resolve()).toEqual({ kind: 'addresses', addresses: [next?.address] })

    const elsewhere = { networkConfiguration: { subnets: ['subnet-0b'], securityGroups: ['sg-0tasks'] } }
    await stack.rebuild(withProbe({ containers: [greeting('GOODBYE')], service: elsewhere }))
    expect((await stack.apply()).done).toEqual([{ address: 'aws_ecs_service.probe', action: 'update' }])
    expect(await stack.plan()).toEqual(unchanged)
    expect(theService(aws).task).toMatchObject({ address: expect.stringMatching(/^10\.0\.2\./), tags: {} })

    await stack.rebuild(withProbe({ containers: [greeting('GOODBYE')], service: { ...elsewhere, name: 'other' } }))
    expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['delete', 'create'])
    expect((await stack.destroy()).errors).toEqual([])
    expect(aws.ecsServices.size).toBe(0)
    const calls = aws.calls.map(({ action }) => action).filter(action => action.endsWith('Service'))
    expect(calls.filter(action => action.startsWith('ecs:'))).toEqual([
      'ecs:CreateService',
      'ecs:UpdateService',
      'ecs:UpdateService',
      'ecs:UpdateService',
      'ecs:DeleteService',
      'ecs:CreateService',
      'ecs:UpdateService',
      'ecs:DeleteService'
    ])
  })

  test('is left alone with nothing but what it needs', async () => {
    const aws = newCloud()
    const stack = await openStack({ aws }, stack => {
      provider(stack)
      new EcsCluster(stack, 'cluster', { name: 'watch' })
      new EcsService(stack, 'bare', {
        name: 'bare',
        cluster: '${aws_ecs_cluster.cluster.name}',
        taskDefinition: taskDefinition(stack, [web]).arn,
        launchType: 'FARGATE',
        networkConfiguration: { subnets: ['subnet-0a'] }
      })
    })
    await stack.apply()
    expect(await stack.plan()).toEqual(unchanged)
    expect(theService(aws)).toMatchObject({ desiredCount: 0, task: undefined })
  })

  test('leaves its registry and comes back in place', async () => {
    const aws = newCloud()
    const stack = await openStack({ aws }, withProbe())
    await stack.apply()
    await stack.rebuild(withProbe({ isRegistered: false }))
    expect((await stack.apply()).done).toEqual([{ address: 'aws_ecs_service.probe', action: 'update' }])
    expect(aws.resolve('vpc-0aaa', 'probe.watch.internal').kind).toBe('nxdomain')
    await stack.rebuild(withProbe())
    await stack.apply()
    expect(aws.resolve('vpc-0aaa', 'probe.watch.internal').kind).toBe('addresses')
    await stack.rebuild(withProbe({ service: { desiredCount: 0 } }))
    await stack.apply()
    expect(aws.resolve('vpc-0aaa', 'probe.watch.internal').kind).toBe('nxdomain')
  })

  test('keeps the words with which it was given its cluster and its task definition', async () => {
    const aws = newCloud()
    const named = {
      cluster: '${aws_ecs_cluster.cluster.name}',
      taskDefinition: '${aws_ecs_task_definition.task.family}:${aws_ecs_task_definition.task.revision}'
    }
    const stack = await openStack({ aws }, withProbe({ service: named }))
    expect((await stack.apply()).errors).toEqual([])
    expect(await stack.plan()).toEqual(unchanged)
  })

  test('does not notice that its registry was made anew, which gets the id that it had', async () => {
    const aws = newCloud()
    const stack = await openStack({ aws }, withProbe())
    await stack.apply()
    const [registry] = aws.discoveryServices.values()
    if (registry === undefined) throw new Error('there is no registry')
    const { task } = theService(aws)
    if (task !== undefined) deregisterInstance(aws, registry, task.id)
    aws.discoveryServices.delete(registry.id)
    expect((await stack.apply()).done.map(({ address }) => address)).toEqual(['aws_service_discovery_service.registry'])
    expect([...aws.discoveryServices.keys()]).toEqual([registry.id])
    expect(theService(aws).task).toEqual(task)
    expect(aws.resolve('vpc-0aaa', 'probe.watch.internal').kind).toBe('nxdomain')
  })

  test('may share a registry with another', async () => {
    const aws = newCloud()
    const stack = await openStack({ aws }, stack => {
      withProbe()(stack)
      service(stack, 'second', {
        cluster: '${aws_ecs_cluster.cluster.arn}',
        taskDefinition: '${aws_ecs_task_definition.task.arn}',
        serviceRegistries: { registryArn: '${aws_service_discovery_service.registry.arn}' }
      })
    })
    await stack.apply()
    const answered = aws.resolve('vpc-0aaa', 'probe.watch.internal')
    expect(answered).toMatchObject({ kind: 'addresses', addresses: [expect.any(String), expect.any(String)] })
    expect((await stack.destroy()).errors).toEqual([])
  })

  test('does not run a task whose log group is not there, and says so where it is waited for', async () => {
    const aws = newCloud()
    aws.logGroups.clear()
    const stack = await openStack({ aws }, withProbe({ service: { waitForSteadyState: true } }))
    const arn = 'arn:aws:ecs:us-west-2:123456789012:service/watch/probe'
    expect(refusals(await stack.apply())).toEqual({
      'aws_ecs_service.probe': `waiting for ECS Service (${arn}) create: timeout while waiting for state to become 'tfSTABLE' (last state: 'tfPENDING', timeout: 20m0s)`
    })
    expect(theService(aws)).toMatchObject({
      task: undefined,
      stoppedReason: expect.stringContaining('The specified log group does not exist.')
    })
  })

  test('goes back to the task that runs where the new one does not, if its circuit breaker is told to', async () => {
    const aws = newCloud()
    const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } }
    const stack = await openStack({ aws }, withProbe({ service: breaker }))
    await stack.apply()
    const { task } = theService(aws)
    const role = aws.iamRoles.get('execution')
    if (role !== undefined) role.trust = JSON.stringify({ Statement: [] })
    await stack.rebuild(withProbe({ containers: [greeting('GOODBYE')], service: breaker }))
    await stack.apply()
    expect(theService(aws)).toMatchObject({
      task,
      taskDefinitionArn: task?.definitionArn,
      stoppedReason: expect.stringContaining(`ECS was unable to assume the role '${executionRoleArn}'`)
    })
    expect((await stack.plan()).changes).toEqual([{ address: 'aws_ecs_service.probe', actions: ['update'] }])
  })

  test('holds the security group of its task', async () => {
    const aws = newCloud()
    const group = await openStack({ aws }, stack => {
      provider(stack)
      new SecurityGroup(stack, 'group', { vpcId: 'vpc-0aaa', name: 'probe' })
    })
    await group.apply()
    const id = [...aws.securityGroups.values()].find(({ name }) => name === 'probe')?.id
    const networkConfiguration = { subnets: ['subnet-0a'], securityGroups: [`${id}`] }
    const stack = await openStack({ aws }, withProbe({ service: { networkConfiguration } }))
    await stack.apply()
    expect(refusals(await group.destroy())).toEqual({
      '': `deleting Security Group (${id}): operation error EC2: DeleteSecurityGroup, https response error StatusCode: 400, RequestID: …, api error DependencyViolation: resource ${id} has a dependent object`
    })
    await stack.destroy()
    expect((await group.destroy()).errors).toEqual([])
  })

  const registryArn = 'arn:aws:servicediscovery:us-west-2:123456789012:service/srv-gone'
  const invalid = (error: string) => `InvalidParameterException: ${error}`
  const network = (subnets: string[], securityGroups: string[]) => ({
    networkConfiguration: { subnets, securityGroups }
  })
  const refused: Readonly<Record<string, { config: Partial<EcsServiceConfig>; says: string }>> = {
    cluster: { config: { cluster: 'gone' }, says: 'ClusterNotFoundException: Cluster not found.' },
    definition: { config: { taskDefinition: 'probe:7' }, says: 'ClientException: TaskDefinition not found.' },
    inactive: { config: { taskDefinition: 'probe:1' }, says: 'ClientException: TaskDefinition is inactive' },
    subnet: {
      config: network(['subnet-0gone'], ['sg-0tasks']),
      says: invalid(
        "Error retrieving subnet information for [subnet-0gone]: The subnet ID 'subnet-0gone' does not exist (ErrorCode: InvalidSubnetID.NotFound)"
      )
    },
    subnets: {
      config: network(['subnet-0a', 'subnet-0other'], ['sg-0tasks']),
      says: invalid('The input subnets do not all belong to the same VPC.')
    },
    group: {
      config: network(['subnet-0a'], ['sg-0gone']),
      says: invalid(
        "Error retrieving security group information for [sg-0gone]: The security group 'sg-0gone' does not exist (ErrorCode: InvalidGroup.NotFound)"
      )
    },
    'other-vpc': {
      config: network(['subnet-0a'], ['sg-0other']),
      says: invalid('Security group sg-0other does not appear to belong to the same VPC as the input subnets.')
    },
    registry: {
      config: { serviceRegistries: { registryArn } },
      says: invalid(`The supplied service registry does not exist: ${registryArn}.`)
    },
    namespace: {
      config: { serviceRegistries: { registryArn: registryArn.replace('service/srv', 'namespace/ns') } },
      says: invalid(
        `The format of the supplied service registry ARN is invalid: ${registryArn.replace('service/srv', 'namespace/ns')}.`
      )
    },
    percents: {
      config: { deploymentMaximumPercent: 100 },
      says: invalid('Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.')
    },
    zones: {
      config: {
        deploymentMaximumPercent: 100,
        deploymentMinimumHealthyPercent: 0,
        availabilityZoneRebalancing: 'ENABLED'
      },
      says: invalid('maximumPercent must be greater than 100 when availabilityZoneRebalancing is ENABLED.')
    },
    taken: { config: { name: 'probe' }, says: invalid('Creation of service was not idempotent.') }
  }

  test('is refused by ECS where what it refers to is not there or does not go together', async () => {
    const aws = newCloud()
    const before = await openStack({ aws }, withTask([web]))
    await before.apply()
    await before.destroy()
    const theirs = await openStack({ aws }, withProbe())
    await theirs.apply()
    const stack = await openStack({ aws }, stack => {
      provider(stack)
      for (const [id, { config }] of Object.entries(refused))
        service(stack, id, { taskDefinition: 'probe:2', ...config })
    })
    expect(refusals(await stack.apply())).toEqual(
      Object.fromEntries(
        Object.entries(refused).map(([id, { config, says }]) => [
          `aws_ecs_service.${id}`,
          `creating ECS Service (${config.name ?? id}): ${answer('CreateService', says)}`
        ])
      )
    )
  })

  test('stays as it is where an update is refused', async () => {
    const aws = newCloud()
    const stack = await openStack({ aws }, withProbe())
    await stack.apply()
    const { arn, task } = theService(aws)
    await stack.rebuild(withProbe({ service: network(['subnet-0a'], ['sg-0other']) }))
    expect(refusals(await stack.apply())).toEqual({
      'aws_ecs_service.probe': `updating ECS Service (${arn}): ${answer('UpdateService', invalid('Security group sg-0other does not appear to belong to the same VPC as the input subnets.'))}`
    })
    expect(theService(aws).task).toEqual(task)
  })
})
