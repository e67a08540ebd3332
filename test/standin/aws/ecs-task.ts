import { pickAddress } from '../address-range.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { deregisterInstance, registerInstance } from './cloud-map-instance.ts'
import { logGroupArn } from './cloudwatch-log-group.ts'
import type { ContainerDefinition } from './container-definitions.ts'
import type { EcsService } from './ecs-service.ts'
import type { TaskDefinition } from './ecs-task-definition.ts'
import { ecrImage } from './fargate.ts'
import { trustsService } from './iam-policy.ts'
import type { DiscoveryService } from './service-discovery-service.ts'
import { reservedAddresses, takenAddresses } from './subnet.ts'

/** A task that a service runs. */
export interface RunningTask {
  readonly id: string
  readonly definitionArn: string
  /** What runs, and with which environment. */
  readonly containers: readonly ContainerDefinition[]
  readonly vpcId: string
  readonly subnetId: string
  readonly address: string
  readonly securityGroupIds: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

/** Lets a service run what it now says: a new task before the old one goes, or the old one where the new cannot start. */
export function deploy(cloud: AwsCloud, service: EcsService): void {
  const before = service.task
  const started = service.desiredCount === 0 ? undefined : start(cloud, service)
  service.stoppedReason = typeof started === 'string' ? started : undefined
  if (typeof started === 'string') {
    const { enable, rollback } = service.circuitBreaker
    if (enable && rollback && before !== undefined) service.taskDefinitionArn = before.definitionArn
    return
  }
  service.task = started
  if (before !== undefined) leave(cloud, service.runningIn, before.id)
  const registry = registryOf(cloud, service.registryArn)
  if (started !== undefined && registry !== undefined) registerInstance(cloud, registry, started.id, started.address)
  service.runningIn = started && service.registryArn
}

/** Finds the service of Cloud Map that an ARN is of. */
export function registryOf(cloud: AwsCloud, arn: string | undefined): DiscoveryService | undefined {
  return [...cloud.discoveryServices.values()].find(registry => registry.arn === arn)
}

function leave(cloud: AwsCloud, registryArn: string | undefined, taskId: string): void {
  const registry = registryOf(cloud, registryArn)
  if (registry !== undefined) deregisterInstance(cloud, registry, taskId)
}

/** Starts a task, or says why it stops before it runs. */
function start(cloud: AwsCloud, service: EcsService): RunningTask | string {
  const definition = cloud.taskDefinitions.get(service.taskDefinitionArn)
  const subnet = cloud.subnets.get(`${service.subnetIds[0]}`)
  if (definition === undefined || subnet === undefined) throw new Error(`${service.arn} refers to what is not there`)
  const obstacle = obstacleOf(cloud, service, definition)
  if (obstacle !== undefined) return obstacle
  const id = cloud.identifiers.hex(32, 'task', service.arn)
  if (subnet.cidr === undefined) throw new Error('the stand-in plays no tasks in IPv6-only subnets')
  const address = pickAddress(subnet.cidr, `task ${id}`, takenAddresses(cloud, subnet), reservedAddresses)
  if (address === undefined) {
    return `RESOURCE:ENI: insufficient free addresses in subnet ${subnet.id}`
  }
  return {
    id,
    definitionArn: definition.arn,
    containers: definition.containers,
    vpcId: subnet.vpcId,
    subnetId: subnet.id,
    address,
    securityGroupIds:
      service.securityGroupIds.length > 0
        ? service.securityGroupIds
        : [`${cloud.vpcs.get(subnet.vpcId)?.defaultSecurityGroupId}`],
    tags: tagsOf(service, definition)
  }
}

function obstacleOf(cloud: AwsCloud, { name }: EcsService, definition: TaskDefinition): string | undefined {
  for (const arn of [definition.executionRoleArn, definition.taskRoleArn]) {
    const role = [...cloud.iamRoles.values()].find(each => each.arn === arn)
    if (arn !== undefined && (role === undefined || !trustsService(role.trust, 'ecs-tasks.amazonaws.com'))) {
      return `(service ${name}) failed to launch a task with (error ECS was unable to assume the role '${arn}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.).`
    }
  }
  for (const { image } of definition.containers) {
    const [, account, region, repository] = ecrImage.exec(image) ?? []
    if (account === undefined) continue
    const role = [...cloud.iamRoles.values()].find(each => each.arn === definition.executionRoleArn)
    const arn = `arn:aws:ecr:${region}:${account}:repository/${repository}`
    const isAllowed = ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].every(action =>
      [...(role?.policies.values() ?? [])].some(policy => allows(policy, action, arn))
    )
    if (!isAllowed) {
      return `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: pulling from host ${image.split('/')[0]} failed with status code [manifests]: 403 Forbidden`
    }
  }
  for (const { logConfiguration } of definition.containers) {
    const { 'awslogs-group': group = '', 'awslogs-region': region = '' } = logConfiguration?.options ?? {}
    if (logConfiguration === undefined || logConfiguration.options?.['awslogs-create-group'] === 'true') continue
    if (!cloud.logGroups.has(logGroupArn(cloud, region, group))) {
      return 'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.'
    }
  }
  return undefined
}

function tagsOf(service: EcsService, definition: TaskDefinition): Record<string, string> {
  const [, clusterName = ''] = service.clusterArn.split(':cluster/')
  const managed = service.managedTags
    ? { 'aws:ecs:clusterName': clusterName, 'aws:ecs:serviceName': service.name }
    : undefined
  if (service.propagateTags === 'SERVICE') return { ...managed, ...service.tags }
  return service.propagateTags === 'TASK_DEFINITION' ? { ...managed, ...definition.tags } : { ...managed }
}

/** Whether a policy allows an action on a resource; the stand-in reads lists of actions, one resource and no conditions. */
function allows(policy: string, action: string, arn: string): boolean {
  const { Statement } = JSON.parse(policy) as { Statement: { Action: string | string[]; Resource: string }[] }
  return Statement.some(
    ({ Action, Resource }) => [Action].flat().includes(action) && (Resource === '*' || Resource === arn)
  )
}
