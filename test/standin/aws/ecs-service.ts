import { blocks, flag, optionalNumber, optionalText, text, textMap, texts } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Change, Resource } from '../provider.ts'
import { type Attributes, isAttributes, isList, sameValue } from '../value.ts'
import { requireUnused } from './argument.ts'
import { regionalArn } from './arn.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { modelledError } from './aws-error.ts'
import { deploy, type RunningTask, registryOf } from './ecs-task.ts'
import { findTaskDefinition } from './ecs-task-definition.ts'
import type { Refuse } from './endpoint-interfaces.ts'
import { changeTags } from './tags.ts'

/** A service of ECS that runs one task, or none. */
export interface EcsService {
  readonly arn: string
  readonly region: string
  readonly name: string
  readonly clusterArn: string
  taskDefinitionArn: string
  desiredCount: number
  subnetIds: readonly string[]
  securityGroupIds: readonly string[]
  assignPublicIp: boolean
  /** The service of Cloud Map in which its task is registered. */
  registryArn: string | undefined
  circuitBreaker: { readonly enable: boolean; readonly rollback: boolean }
  minimumHealthyPercent: number
  maximumPercent: number
  zoneRebalancing: string
  platformVersion: string
  propagateTags: string
  managedTags: boolean
  executeCommand: boolean
  tags: Record<string, string>
  /** The task that runs. */
  task: RunningTask | undefined
  /** The registry that the running task is in. */
  runningIn: string | undefined
  /** Why the task of the last deployment does not run. */
  stoppedReason: string | undefined
}

/** Plays aws_ecs_service for one task on Fargate. */
export function ecsService(cloud: AwsCloud): Resource {
  return {
    type: 'aws_ecs_service',
    forcesReplacement: ['cluster', 'iam_role', 'launch_type', 'name', 'scheduling_strategy'],
    defaults: {
      deployment_maximum_percent: 200,
      deployment_minimum_healthy_percent: 100,
      enable_ecs_managed_tags: false,
      enable_execute_command: false,
      propagate_tags: 'NONE',
      scheduling_strategy: 'REPLICA',
      wait_for_steady_state: false
    },
    computedBlocks: ['alarms', 'deployment_circuit_breaker', 'deployment_configuration', 'deployment_controller'],
    // The provider fills in blocks where the configuration has none.
    legacyTypeSystem: true,

    plan: change => {
      requirePlayed(change.config)
      fillPublicIp(change)
    },

    create: planned => {
      const region = text(planned, 'region')
      const name = text(planned, 'name')
      const refuse: Refuse = (code, message) =>
        modelledError(`creating ECS Service (${name})`, 'ECS', { call: 'CreateService', code, message })
      const cluster = findCluster(cloud, region, optionalText(planned, 'cluster') ?? 'default')
      if (cluster === undefined) throw refuse('ClusterNotFoundException', 'Cluster not found.')
      if (!/^[\w-]{1,255}$/.test(name)) {
        const message = 'Invalid identifier: a service name is up to 255 letters, numbers, underscores and hyphens.'
        throw refuse('InvalidParameterException', message)
      }
      const arn = regionalArn(cloud, 'ecs', region, `service/${cluster.name}/${name}`)
      if (cloud.ecsServices.has(arn)) {
        throw refuse('InvalidParameterException', 'Creation of service was not idempotent.')
      }
      const content = contentOf(cloud, refuse, planned, region)
      const tags = textMap(planned, 'tags_all')
      const idle = { task: undefined, runningIn: undefined, stoppedReason: undefined }
      const service = { ...content, arn, region, name, clusterArn: cluster.arn, tags, ...idle }
      cloud.ecsServices.set(arn, service)
      deploy(cloud, service)
      cloud.note('ecs:CreateService', arn)
      return arn
    },

    settle: (id, planned) => awaitSteadyState(cloud, id, planned, 'create'),

    read: state => {
      const service = cloud.ecsServices.get(text(state, 'id'))
      return service && attributesOf(service, state)
    },

    update: (planned, prior) => {
      const service = cloud.ecsServices.get(text(prior, 'id'))
      if (service === undefined) return
      changeTags(cloud, { set: 'ecs:TagResource', remove: 'ecs:UntagResource' }, service, service.arn, planned)
      const unasked = ['force_delete', 'tags', 'tags_all', 'timeouts']
      const changing = Object.keys(planned).filter(name => !unasked.includes(name))
      if (changing.every(name => sameValue(planned[name], prior[name]))) return
      const refuse: Refuse = (code, message) =>
        modelledError(`updating ECS Service (${service.arn})`, 'ECS', { call: 'UpdateService', code, message })
      const hasNewTask = !sameValue(planned.task_definition, prior.task_definition)
      const content = contentOf(cloud, refuse, planned, service.region, hasNewTask)
      const needsTask = content.desiredCount !== service.desiredCount || startsDeployment(service, content)
      Object.assign(service, content)
      if (needsTask || flag(planned, 'force_new_deployment')) deploy(cloud, service)
      cloud.note('ecs:UpdateService', service.arn)
      awaitSteadyState(cloud, service.arn, planned, 'update')
    },

    delete: state => {
      const service = cloud.ecsServices.get(text(state, 'id'))
      if (service === undefined) return
      if (!flag(state, 'force_delete')) cloud.note('ecs:UpdateService', service.arn)
      service.desiredCount = 0
      deploy(cloud, service)
      cloud.ecsServices.delete(service.arn)
      cloud.note('ecs:DeleteService', service.arn)
    }
  }
}

type Content = Omit<
  EcsService,
  'arn' | 'region' | 'name' | 'clusterArn' | 'tags' | 'task' | 'runningIn' | 'stoppedReason'
>

function contentOf(cloud: AwsCloud, refuse: Refuse, planned: Attributes, region: string, isNewTask = true): Content {
  const [network] = blocks(planned, 'network_configuration')
  if (network === undefined) {
    const message = "Network Configuration must be provided when networkMode 'awsvpc' is specified."
    throw refuse('InvalidParameterException', message)
  }
  const taskDefinitionArn = requireTaskDefinition(cloud, refuse, planned, region, isNewTask)
  const subnetIds = texts(network, 'subnets')
  const securityGroupIds = texts(network, 'security_groups')
  requireNetwork(cloud, refuse, region, subnetIds, securityGroupIds)
  const maximumPercent = optionalNumber(planned, 'deployment_maximum_percent') ?? 200
  const minimumHealthyPercent = optionalNumber(planned, 'deployment_minimum_healthy_percent') ?? 100
  const zoneRebalancing =
    optionalText(planned, 'availability_zone_rebalancing') ?? (maximumPercent > 100 ? 'ENABLED' : 'DISABLED')
  requireDeployable(refuse, { maximumPercent, minimumHealthyPercent, zoneRebalancing })
  const [breaker] = blocks(planned, 'deployment_circuit_breaker')
  return {
    taskDefinitionArn,
    desiredCount: optionalNumber(planned, 'desired_count') ?? 0,
    subnetIds,
    securityGroupIds,
    assignPublicIp: flag(network, 'assign_public_ip'),
    registryArn: requireRegistry(cloud, refuse, planned, region),
    circuitBreaker: { enable: flag(breaker ?? {}, 'enable'), rollback: flag(breaker ?? {}, 'rollback') },
    minimumHealthyPercent,
    maximumPercent,
    zoneRebalancing,
    platformVersion: optionalText(planned, 'platform_version') ?? 'LATEST',
    propagateTags: optionalText(planned, 'propagate_tags') ?? 'NONE',
    managedTags: flag(planned, 'enable_ecs_managed_tags'),
    executeCommand: flag(planned, 'enable_execute_command')
  }
}

function requireTaskDefinition(
  cloud: AwsCloud,
  refuse: Refuse,
  planned: Attributes,
  region: string,
  isNewTask: boolean
): string {
  const definition = findTaskDefinition(cloud, region, text(planned, 'task_definition'))
  if (definition === undefined) throw refuse('ClientException', 'TaskDefinition not found.')
  // A service goes on with the definition that it has after that is deregistered.
  if (isNewTask && !definition.isActive) throw refuse('ClientException', 'TaskDefinition is inactive')
  return definition.arn
}

function requireNetwork(
  cloud: AwsCloud,
  refuse: Refuse,
  region: string,
  subnetIds: readonly string[],
  securityGroupIds: readonly string[]
): void {
  const invalid = (message: string) => refuse('InvalidParameterException', message)
  const subnets = subnetIds.map(id => {
    const subnet = cloud.subnets.get(id)
    if (subnet?.region === region) return subnet
    const problem = `The subnet ID '${id}' does not exist (ErrorCode: InvalidSubnetID.NotFound)`
    throw invalid(`Error retrieving subnet information for [${subnetIds.join(', ')}]: ${problem}`)
  })
  const [vpcId, another] = new Set(subnets.map(subnet => subnet.vpcId))
  if (another !== undefined) throw invalid('The input subnets do not all belong to the same VPC.')
  for (const id of securityGroupIds) {
    const group = cloud.securityGroups.get(id)
    if (group === undefined) {
      const problem = `The security group '${id}' does not exist (ErrorCode: InvalidGroup.NotFound)`
      throw invalid(`Error retrieving security group information for [${securityGroupIds.join(', ')}]: ${problem}`)
    }
    if (group.vpcId !== vpcId) {
      throw invalid(`Security group ${id} does not appear to belong to the same VPC as the input subnets.`)
    }
  }
}

function requireDeployable(
  refuse: Refuse,
  content: Pick<Content, 'maximumPercent' | 'minimumHealthyPercent' | 'zoneRebalancing'>
): void {
  const { maximumPercent, minimumHealthyPercent, zoneRebalancing } = content
  if (maximumPercent === 100 && minimumHealthyPercent === 100) {
    const message = 'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.'
    throw refuse('InvalidParameterException', message)
  }
  if (zoneRebalancing === 'ENABLED' && maximumPercent <= 100) {
    const message = 'maximumPercent must be greater than 100 when availabilityZoneRebalancing is ENABLED.'
    throw refuse('InvalidParameterException', message)
  }
}

function requireRegistry(cloud: AwsCloud, refuse: Refuse, planned: Attributes, region: string): string | undefined {
  const [registry] = blocks(planned, 'service_registries')
  if (registry === undefined) return undefined
  const arn = text(registry, 'registry_arn')
  const invalid = (message: string) => refuse('InvalidParameterException', message)
  if (!/^arn:aws[a-z-]*:servicediscovery:[a-z0-9-]+:\d{12}:service\/srv-[a-z0-9]+$/.test(arn)) {
    throw invalid(`The format of the supplied service registry ARN is invalid: ${arn}.`)
  }
  if (registryOf(cloud, arn)?.region !== region) {
    throw invalid(`The supplied service registry does not exist: ${arn}.`)
  }
  for (const name of ['port', 'container_port']) {
    if (optionalNumber(registry, name)) {
      throw invalid('A port was provided but is not required by the specified service registry')
    }
  }
  return arn
}

function startsDeployment(before: EcsService, after: Content): boolean {
  const deployed = ({ taskDefinitionArn, subnetIds, securityGroupIds, ...content }: Content) => [
    taskDefinitionArn,
    [...subnetIds],
    [...securityGroupIds],
    content.assignPublicIp,
    content.registryArn ?? null,
    content.platformVersion,
    content.executeCommand
  ]
  return !sameValue(deployed(before), deployed(after))
}

function findCluster(cloud: AwsCloud, region: string, reference: string) {
  const isIt = reference.startsWith('arn:')
    ? ({ arn }: { arn: string }) => arn === reference
    : ({ name }: { name: string }) => name === reference
  return [...cloud.ecsClusters.values()].find(cluster => cluster.region === region && isIt(cluster))
}

function awaitSteadyState(cloud: AwsCloud, arn: string, planned: Attributes, doing: string): void {
  const service = cloud.ecsServices.get(arn)
  if (!flag(planned, 'wait_for_steady_state') || service?.stoppedReason === undefined) return
  const { enable, rollback } = service.circuitBreaker
  const broken = rollback
    ? 'Service deployment rolled back because the circuit breaker threshold was exceeded.'
    : 'ECS deployment circuit breaker: tasks failed to start.'
  const waited = "timeout while waiting for state to become 'tfSTABLE' (last state: 'tfPENDING', timeout: 20m0s)"
  throw new CloudError(`waiting for ECS Service (${arn}) ${doing}: ${enable ? broken : waited}`)
}

function attributesOf(service: EcsService, state: Attributes): Attributes {
  const isArn = (name: string) => optionalText(state, name)?.startsWith('arn:') ?? true
  const [registry] = blocks(state, 'service_registries')
  return {
    alarms: [{ alarm_names: [], enable: false, rollback: false }],
    arn: service.arn,
    availability_zone_rebalancing: service.zoneRebalancing,
    capacity_provider_strategy: [],
    cluster: isArn('cluster') ? service.clusterArn : `${service.clusterArn.split('/').at(-1)}`,
    deployment_circuit_breaker: [service.circuitBreaker],
    deployment_configuration: [
      {
        bake_time_in_minutes: '0',
        canary_configuration: [],
        lifecycle_hook: [],
        linear_configuration: [],
        strategy: 'ROLLING'
      }
    ],
    deployment_controller: [{ type: 'ECS' }],
    deployment_maximum_percent: service.maximumPercent,
    deployment_minimum_healthy_percent: service.minimumHealthyPercent,
    desired_count: service.desiredCount,
    enable_ecs_managed_tags: service.managedTags,
    enable_execute_command: service.executeCommand,
    health_check_grace_period_seconds: 0,
    iam_role: '/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS',
    launch_type: 'FARGATE',
    name: service.name,
    network_configuration: [
      {
        assign_public_ip: service.assignPublicIp,
        security_groups: service.securityGroupIds.length > 0 ? service.securityGroupIds : null,
        subnets: service.subnetIds
      }
    ],
    platform_version: service.platformVersion,
    propagate_tags: service.propagateTags,
    region: service.region,
    scheduling_strategy: 'REPLICA',
    service_registries:
      service.registryArn === undefined
        ? []
        : [{ container_name: null, container_port: null, port: null, ...registry, registry_arn: service.registryArn }],
    tags_all: service.tags,
    task_definition: isArn('task_definition')
      ? service.taskDefinitionArn
      : `${service.taskDefinitionArn.split('/').at(-1)}`
  }
}

function requirePlayed(config: Attributes): void {
  requireUnused('aws_ecs_service', config, [
    ...['alarms', 'capacity_provider_strategy', 'deployment_configuration', 'deployment_controller', 'iam_role'],
    ...['health_check_grace_period_seconds', 'load_balancer', 'ordered_placement_strategy', 'placement_constraints'],
    ...['service_connect_configuration', 'triggers', 'volume_configuration', 'vpc_lattice_configurations']
  ])
  if (config.launch_type !== 'FARGATE') throw new Error('the stand-in plays services of the launch type FARGATE only')
  if ((optionalNumber(config, 'desired_count') ?? 0) > 1) {
    throw new Error('the stand-in lets a service run one task at the most')
  }
}

function fillPublicIp({ planned }: Change): void {
  const network = planned.network_configuration
  if (!isList(network)) return
  planned.network_configuration = network.map(block =>
    isAttributes(block) && block.assign_public_ip === null ? { ...block, assign_public_ip: false } : block
  )
}
