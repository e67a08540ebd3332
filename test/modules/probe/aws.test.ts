import { expect } from 'vitest'
import { ProbeConfig } from '../../../probe/target.ts'
import type { AwsCloud } from '../../standin/aws/aws-cloud.ts'
import { changesByKind, openDeployment, sharedDeployment } from '../../support/deployment.ts'
import { testWith } from '../../support/test-with.ts'
import { awsLink, awsProbe, gcpLink, gcpProbe } from '../literals.ts'
import { awsHost, awsWorld, googleWorld } from '../world.ts'
import { watchedBy } from './probe-process.ts'

const test = testWith('terraform')
const [subnetA = '', subnetB = ''] = awsLink.subnetIds
const oneHost = { ...awsLink, hosts: [`https://${awsHost}:19531`] }
const withProbe = { ...awsLink, probe: awsProbe }

function environment(link: object, others: object = {}) {
  return { name: 'test', backend: { type: 'local' }, links: { search: link, ...others } }
}

/** Deployed once, for the tests that only look at it. */
const deployed = sharedDeployment(environment(withProbe), { aws: awsWorld() })

/** What runs in each subnet: its container, and the address at which it is found. */
function tasksOf(aws: AwsCloud) {
  const services = [...aws.ecsServices.values()].sort((one, other) => one.name.localeCompare(other.name))
  return services.map(({ task, name }) => {
    const [container] = task?.containers ?? []
    if (task === undefined || container === undefined) throw new Error(`nothing runs in ${name}`)
    const env = Object.fromEntries(container.environment.map(({ name, value }) => [name, value]))
    return { ...task, container, env }
  })
}

/** What a container is told, as far as it is the same on every cloud. */
function configIn({ env }: { readonly env: Readonly<Record<string, string>> }) {
  return ProbeConfig.parse(JSON.parse(env.PROBE_CONFIG ?? ''))
}

/** The names of the targets that a container is told of. */
function targetsIn(task: { readonly env: Readonly<Record<string, string>> }): readonly string[] {
  return configIn(task).targets.map(({ name }) => name)
}

/** The rules of one security group, as `direction protocol port peer`, in order; groups by what they are for. */
function rulesOf(aws: AwsCloud, groupId: string | undefined) {
  const called = (id: string) => {
    const description = aws.securityGroups.get(id)?.description ?? id
    return description.startsWith('Probe') ? 'probe' : description.startsWith('Clients') ? 'endpoint' : id
  }
  return [...aws.securityGroupRules.values()]
    .filter(({ securityGroupId }) => securityGroupId === groupId)
    .map(({ direction, protocol, fromPort, source }) => {
      const peer =
        source.groupId === undefined
          ? (source.cidrIpv4 ?? source.cidrIpv6 ?? source.prefixListId)
          : called(source.groupId)
      return `${direction} ${protocol} ${fromPort} ${peer?.startsWith('pl-') ? 'Amazon S3' : peer}`
    })
    .sort()
}

function groupCalled(aws: AwsCloud, description: string): string | undefined {
  return [...aws.securityGroups.values()].find(group => group.description.startsWith(description))?.id
}

test('a link is deployed with its probe, planned again without change, and destroyed', async () => {
  const aws = awsWorld()
  const { terraform, deploy, plan } = await openDeployment(environment(withProbe), { aws })
  expect(await terraform.validate()).toEqual([])
  const applied = await deploy(environment(withProbe))
  expect(applied.errors).toEqual([])
  expect(applied.warnings).toEqual([])
  expect((await plan(environment(withProbe))).changes).toEqual([])
  expect(tasksOf(aws).map(({ subnetId }) => subnetId)).toEqual([subnetA, subnetB])
  expect((await terraform.destroy()).errors).toEqual([])
  expect(
    [aws.ecsServices, aws.ecsClusters, aws.iamRoles, aws.logGroups, aws.dnsNamespaces].map(({ size }) => size)
  ).toEqual([0, 0, 0, 0, 0])
})

test('a probe is switched on and off, and the link is never touched', async () => {
  const aws = awsWorld()
  const { deploy, plan } = await openDeployment(environment(awsLink), { aws })
  await deploy(environment(awsLink))
  const outside = ({ address }: { address: string }) => !/\.search_probe_/.test(address)

  const on = await plan(environment(withProbe))
  expect(on.changes.filter(outside)).toEqual([])
  expect(new Set(on.changes.flatMap(({ actions }) => actions))).toEqual(new Set(['create']))
  expect((await deploy(environment(withProbe))).errors).toEqual([])

  const off = await plan(environment(awsLink))
  expect(off.changes.filter(outside)).toEqual([])
  expect(new Set(off.changes.flatMap(({ actions }) => actions))).toEqual(new Set(['delete']))
  expect((await deploy(environment(awsLink))).errors).toEqual([])
  expect((await plan(environment(awsLink))).changes).toEqual([])
})

test('a probe that is there in step one watches nothing, and in step two the hosts', async () => {
  const aws = awsWorld()
  const stepOne = environment({ ...withProbe, hosts: [] })
  const { deploy } = await openDeployment(stepOne, { aws })
  expect((await deploy(stepOne)).errors).toEqual([])
  expect(tasksOf(aws).map(targetsIn)).toEqual([[], []])
  expect((await deploy(environment(withProbe))).errors).toEqual([])
  const hosts = ['test/search/in01-840ec44485bf25d', 'test/search/in01-9c3d7e8f1a2b4c6']
  expect(tasksOf(aws).map(targetsIn)).toEqual([hosts, hosts])
})

test('another host or image rolls the probes, in place and one by one', async () => {
  const aws = awsWorld()
  const before = environment({ ...oneHost, probe: awsProbe })
  const { deploy, plan } = await openDeployment(before, { aws })
  await deploy(before)
  const [first] = tasksOf(aws)
  const kinds = async (literal: { readonly name: string }) =>
    (await plan(literal)).changes
      .filter(({ address }) => address.startsWith('aws_ecs_'))
      .map(({ address, actions }) => `${actions.join(' and ')} ${address.split('.')[0]}`)

  expect(await kinds(environment(withProbe))).toEqual([
    'update aws_ecs_service',
    'update aws_ecs_service',
    'delete and create aws_ecs_task_definition'
  ])
  await deploy(environment(withProbe))
  const [second] = tasksOf(aws)
  expect(second?.id).not.toBe(first?.id)

  const image = awsProbe.image.replace('1.0.0', '1.0.1')
  await deploy(environment({ ...awsLink, probe: { ...awsProbe, image } }))
  expect(tasksOf(aws).map(({ container }) => container.image)).toEqual([image, image])
})

test('each probe receives how many there are, and more or fewer of them roll the others in place', async () => {
  const aws = awsWorld()
  const inSubnets = (...subnetIds: readonly string[]) => environment({ ...oneHost, probe: { ...awsProbe, subnetIds } })
  const { deploy, plan } = await openDeployment(inSubnets(subnetA), { aws })
  const expected = () => tasksOf(aws).map(task => [task.subnetId, configIn(task).probes])

  await deploy(inSubnets(subnetA))
  expect(expected()).toEqual([[subnetA, 1]])

  expect(changesByKind(await plan(inSubnets(subnetA, subnetB)))).toEqual([
    'create aws_ecs_service',
    'create aws_service_discovery_service',
    'delete and create aws_ecs_task_definition',
    'update aws_ecs_service'
  ])
  await deploy(inSubnets(subnetA, subnetB))
  expect(expected()).toEqual([
    [subnetA, 2],
    [subnetB, 2]
  ])
  expect((await plan(inSubnets(subnetA, subnetB))).changes).toEqual([])

  await deploy(inSubnets(subnetB))
  expect(expected()).toEqual([[subnetB, 1]])
})

test('a container runs as nobody, on a file system that it cannot write, without capabilities, and is looked after', async () => {
  const { aws } = await deployed()
  const [task] = tasksOf(aws)
  const { environment: _, ...container } = { ...task?.container }
  expect(container).toEqual({
    name: 'probe',
    image: awsProbe.image,
    essential: true,
    user: '1000:1000',
    readonlyRootFilesystem: true,
    linuxParameters: { capabilities: { drop: ['ALL'] } },
    portMappings: [{ containerPort: 9815, hostPort: 9815, protocol: 'tcp' }],
    mountPoints: [],
    systemControls: [],
    volumesFrom: [],
    healthCheck: {
      command: ['CMD', 'node', 'probe/health-check.ts'],
      interval: 30,
      timeout: 5,
      retries: 3,
      startPeriod: 30
    },
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': '/zilliz-privatelink/test/search/probe',
        'awslogs-region': 'us-west-2',
        'awslogs-stream-prefix': 'probe'
      }
    }
  })
  expect([...aws.logGroups.values()]).toMatchObject([{ retentionInDays: 30 }])
})

testWith(
  'terraform',
  'namespaces',
  'ip'
)('a real probe with the environment of the container watches the hosts', async () => {
  const { aws } = await deployed()
  const [task] = tasksOf(aws)
  expect(await watchedBy({ ...task?.env })).toEqual({
    targets: ['test/search/in01-840ec44485bf25d', 'test/search/in01-9c3d7e8f1a2b4c6'],
    probesExpected: '2'
  })
})

test('the probe is reached by the scrapers alone, and reaches endpoints, resolvers, image and logs', async () => {
  const { aws } = await deployed()
  expect(rulesOf(aws, groupCalled(aws, 'Probe'))).toEqual([
    'egress tcp 19531 endpoint',
    'egress tcp 19532 endpoint',
    'egress tcp 443 10.20.0.0/16',
    'egress tcp 443 Amazon S3',
    'egress tcp 53 10.20.0.0/16',
    'egress udp 53 10.20.0.0/16',
    'ingress tcp 9815 10.20.9.0/24',
    'ingress tcp 9815 sg-0a1b2c3d4e5f60718'
  ])
  expect(rulesOf(aws, groupCalled(aws, 'Clients'))).toEqual([
    'ingress tcp 19531 10.20.0.0/16',
    'ingress tcp 19532 10.20.0.0/16'
  ])
})

test('an endpoint that admits only named clients admits the probe by a rule that goes with it', async () => {
  const aws = awsWorld()
  const named = { ...oneHost, sources: ['sg-0a1b2c3d4e5f60718'] }
  const { deploy } = await openDeployment(environment(named), { aws })
  const endpointRules = () => rulesOf(aws, groupCalled(aws, 'Clients'))
  await deploy(environment({ ...named, probe: awsProbe }))
  expect(endpointRules()).toEqual(['ingress tcp 19531 probe', 'ingress tcp 19531 sg-0a1b2c3d4e5f60718'])
  await deploy(environment(named))
  expect(endpointRules()).toEqual(['ingress tcp 19531 sg-0a1b2c3d4e5f60718'])

  const asClient = { ...awsProbe, clientSecurityGroupIds: ['sg-0a1b2c3d4e5f60718'] }
  await deploy(environment({ ...named, probe: asClient }))
  expect(endpointRules()).toEqual(['ingress tcp 19531 sg-0a1b2c3d4e5f60718'])
  expect(tasksOf(aws)[0]?.securityGroupIds).toContain('sg-0a1b2c3d4e5f60718')
})

test('its role reads one repository and writes one log group', async () => {
  const aws = awsWorld()
  const { deploy } = await openDeployment(environment(withProbe), { aws })
  await deploy(environment(withProbe))
  const [role, ...others] = aws.iamRoles.values()
  expect(others).toEqual([])
  expect(JSON.parse(role?.trust ?? '').Statement).toEqual([
    {
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      Effect: 'Allow',
      Principal: { Service: 'ecs-tasks.amazonaws.com' }
    }
  ])
  expect([...(role?.policies.values() ?? [])].map(policy => JSON.parse(policy).Statement)).toEqual([
    [
      {
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Effect: 'Allow',
        Resource: 'arn:aws:logs:us-west-2:123456789012:log-group:/zilliz-privatelink/test/search/probe:*'
      },
      { Action: 'ecr:GetAuthorizationToken', Effect: 'Allow', Resource: '*' },
      {
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Effect: 'Allow',
        Resource: 'arn:aws:ecr:us-west-2:123456789012:repository/privatelink-probe'
      }
    ]
  ])
  const image = 'ghcr.io/example/privatelink-probe:1.0.0'
  await deploy(environment({ ...awsLink, probe: { ...awsProbe, image } }))
  expect([...(role?.policies.values() ?? [])].join()).not.toContain('ecr:')
})

test('Prometheus finds the probes by their names in the VPC, and the outputs say which', async () => {
  const { aws, applied } = await deployed()
  const { outputs } = applied
  const names = [subnetA, subnetB].map(subnet => `${subnet}.search.test.privatelink.internal`)
  expect(outputs.probes).toEqual({ search: { names, port: 9815 } })
  for (const [index, { address }] of tasksOf(aws).entries()) {
    expect(aws.resolve(awsLink.vpcId, names[index] ?? '')).toEqual({ kind: 'addresses', addresses: [address] })
  }
})

test('one probe watches the links of a VPC, and a link elsewhere has its own, each with the number of its own probes', async () => {
  const aws = awsWorld()
  const google = googleWorld()
  const second = {
    ...awsLink,
    serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef1',
    hosts: ['https://in01-0a1b2c3d4e5f607-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19533']
  }
  const elsewhere = { ...gcpLink, probe: { ...gcpProbe, zones: ['us-west1-a'] } }
  const literal = environment(withProbe, { papers: second, images: elsewhere })
  const { deploy } = await openDeployment(literal, { aws, google })
  expect((await deploy(literal)).errors).toEqual([])
  expect(tasksOf(aws).map(targetsIn)[0]).toEqual([
    'test/search/in01-840ec44485bf25d',
    'test/search/in01-9c3d7e8f1a2b4c6',
    'test/papers/in01-0a1b2c3d4e5f607'
  ])
  expect(tasksOf(aws).map(task => configIn(task).probes)).toEqual([2, 2])
  const vms = [...google.instanceGroupManagers.values()].flatMap(({ instances }) => instances)
  expect(vms.map(({ metadata }) => JSON.parse(metadata['privatelink-probe-config'] ?? ''))).toMatchObject([
    { probes: 1, targets: [{ name: 'test/images/in01-61e949d971f841b' }] }
  ])
  expect(rulesOf(aws, groupCalled(aws, 'Probe')).filter(rule => rule.endsWith('endpoint'))).toEqual([
    'egress tcp 19531 endpoint',
    'egress tcp 19532 endpoint',
    'egress tcp 19533 endpoint'
  ])
})

test('a probe in subnets of its own is deployed there, and refused in those of another VPC', async () => {
  const aws = awsWorld()
  const literal = (subnetId: string) => environment({ ...oneHost, probe: { ...awsProbe, subnetIds: [subnetId] } })
  const { deploy, plan } = await openDeployment(literal(subnetB), { aws })
  expect((await deploy(literal(subnetB))).errors).toEqual([])
  expect(tasksOf(aws).map(({ subnetId }) => subnetId)).toEqual([subnetB])
  const { errors } = await plan(literal('subnet-0a1b2c3d4e5f607ff'))
  expect(errors.map(({ summary }) => summary)).toEqual(['no matching EC2 Subnet found'])
})

test('a config that a task cannot hold is refused before it is deployed', async () => {
  const hosts = Array.from(
    { length: 150 },
    (_, index) => `https://in01-${String(index).padStart(15, '0')}.aws-us-west-2.vectordb.zillizcloud.com:19531`
  )
  const aws = awsWorld()
  const literal = environment({ ...awsLink, zone: 'parent', hosts, probe: awsProbe })
  const { deploy } = await openDeployment(literal, { aws })
  const { errors } = await deploy(literal)
  expect(errors.map(({ detail }) => detail.replaceAll(/\d{5,}/g, '…'))).toEqual([
    "test/search/probe/task: Amazon ECS takes 64 KiB for a task, and the probe's config is … characters of JSON. Put some of the clusters on a link of another environment, whose probe then watches them."
  ])
  expect(aws.taskDefinitions.size).toBe(0)
})
