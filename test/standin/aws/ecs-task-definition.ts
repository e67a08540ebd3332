import { blocks, flag, optionalText, text, textMap, texts } from '../attributes.ts'
import type { Resource } from '../provider.ts'
import type { Attributes } from '../value.ts'
import { requireLength, requireMatch, requireUnused } from './argument.ts'
import { regionalArn } from './arn.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { modelledError } from './aws-error.ts'
import {
  type ContainerDefinition,
  isSameContainers,
  parseContainers,
  writeContainers
} from './container-definitions.ts'
import { cpuUnits, faultOfTask, memoryMebibytes, type Task } from './fargate.ts'
import { changeTags } from './tags.ts'

/** A revision of a task definition; ECS keeps it after it is deregistered. */
export interface TaskDefinition {
  readonly arn: string
  readonly region: string
  readonly family: string
  readonly revision: number
  isActive: boolean
  readonly containers: readonly ContainerDefinition[]
  /** In CPU units. */
  readonly cpu: number
  /** In MiB. */
  readonly memory: number
  readonly executionRoleArn: string | undefined
  readonly taskRoleArn: string | undefined
  /** The names of the volumes that containers share. */
  readonly volumes: readonly string[]
  readonly runtimePlatform: readonly Attributes[]
  readonly ephemeralStorage: readonly Attributes[]
  tags: Record<string, string>
}

const longestBytes = 65_536

/** Plays aws_ecs_task_definition for tasks on Fargate. */
export function ecsTaskDefinition(cloud: AwsCloud): Resource {
  return {
    type: 'aws_ecs_task_definition',
    forcesReplacement: [
      ...['container_definitions', 'cpu', 'enable_fault_injection', 'ephemeral_storage', 'execution_role_arn'],
      ...['family', 'ipc_mode', 'memory', 'network_mode', 'pid_mode', 'placement_constraints', 'proxy_configuration'],
      ...['requires_compatibilities', 'runtime_platform', 'task_role_arn', 'volume']
    ],
    defaults: { skip_destroy: false, track_latest: false },
    sameMeaning: { container_definitions: isSameContainers },
    // The state holds the container definitions as ECS words them.
    legacyTypeSystem: true,

    validate: config => {
      const json = optionalText(config, 'container_definitions')
      if (json !== undefined) parseContainers(json)
      const documented = 'see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html'
      requireLength(config, 'family', 1, 255)
      requireMatch(config, 'family', /^[0-9A-Za-z_-]+$/, documented)
    },

    plan: ({ config }) => {
      const unplayed = [
        'enable_fault_injection',
        'ipc_mode',
        'pid_mode',
        'placement_constraints',
        'proxy_configuration'
      ]
      requireUnused('aws_ecs_task_definition', config, unplayed)
      for (const volume of blocks(config, 'volume')) {
        const kinds = ['docker', 'efs', 'fsx_windows_file_server'].map(kind => `${kind}_volume_configuration`)
        requireUnused('a volume', volume, ['configure_at_launch', 'host_path', ...kinds])
      }
      const compatibilities = texts(config, 'requires_compatibilities')
      if (compatibilities.length !== 1 || compatibilities[0] !== 'FARGATE') {
        throw new Error('the stand-in plays tasks that require FARGATE only')
      }
    },

    create: planned => {
      const family = text(planned, 'family')
      const region = text(planned, 'region')
      const content = contentOf(planned)
      requireRegistrable(cloud, planned, content)
      const standing = [...cloud.taskDefinitions.values()].filter(
        other => other.family === family && other.region === region
      )
      const revision = Math.max(0, ...standing.map(other => other.revision)) + 1
      const arn = regionalArn(cloud, 'ecs', region, `task-definition/${family}:${revision}`)
      const tags = textMap(planned, 'tags_all')
      for (const role of rolesOf(content)) cloud.note('iam:PassRole', role)
      cloud.taskDefinitions.set(arn, { ...content, arn, region, family, revision, isActive: true, tags })
      cloud.note('ecs:RegisterTaskDefinition', arn)
      return family
    },

    read: state => {
      const definition = findOwn(cloud, state)
      return definition?.isActive ? attributesOf(definition) : undefined
    },

    update: (planned, prior) => {
      const definition = findOwn(cloud, prior)
      const actions = { set: 'ecs:TagResource', remove: 'ecs:UntagResource' }
      if (definition !== undefined) changeTags(cloud, actions, definition, definition.arn, planned)
    },

    delete: state => {
      const definition = cloud.taskDefinitions.get(text(state, 'arn'))
      if (definition === undefined || flag(state, 'skip_destroy')) return
      definition.isActive = false
      cloud.note('ecs:DeregisterTaskDefinition', definition.arn)
    }
  }
}

/** Finds a task definition by its ARN, by family and revision, or the newest of a family. */
export function findTaskDefinition(cloud: AwsCloud, region: string, reference: string): TaskDefinition | undefined {
  if (reference.startsWith('arn:')) return cloud.taskDefinitions.get(reference)
  const [family, revision] = reference.split(':')
  return [...cloud.taskDefinitions.values()]
    .filter(definition => definition.region === region && definition.family === family)
    .filter(definition => (revision === undefined ? definition.isActive : String(definition.revision) === revision))
    .at(-1)
}

type Content = Task & Pick<TaskDefinition, 'taskRoleArn' | 'runtimePlatform' | 'ephemeralStorage'>

// The id is that of the family, and the ARN says which of its revisions is meant, once there is one.
function findOwn(cloud: AwsCloud, state: Attributes): TaskDefinition | undefined {
  const arn = flag(state, 'track_latest') ? undefined : optionalText(state, 'arn')
  return findTaskDefinition(cloud, text(state, 'region'), arn ?? text(state, 'id'))
}

function contentOf(planned: Attributes): Content {
  return {
    containers: parseContainers(text(planned, 'container_definitions')),
    cpu: cpuUnits(optionalText(planned, 'cpu') ?? ''),
    memory: memoryMebibytes(optionalText(planned, 'memory') ?? ''),
    executionRoleArn: optionalText(planned, 'execution_role_arn'),
    taskRoleArn: optionalText(planned, 'task_role_arn'),
    volumes: blocks(planned, 'volume').map(volume => text(volume, 'name')),
    runtimePlatform: blocks(planned, 'runtime_platform'),
    ephemeralStorage: blocks(planned, 'ephemeral_storage')
  }
}

function rolesOf({ executionRoleArn, taskRoleArn }: Content): string[] {
  return [executionRoleArn, taskRoleArn].filter(role => role !== undefined)
}

function requireRegistrable(cloud: AwsCloud, planned: Attributes, content: Content): void {
  const message = faultOf(cloud, planned, content)
  if (message === undefined) return
  const doing = `creating ECS Task Definition (${text(planned, 'family')})`
  throw modelledError(doing, 'ECS', { call: 'RegisterTaskDefinition', code: 'ClientException', message })
}

function faultOf(cloud: AwsCloud, planned: Attributes, content: Content): string | undefined {
  const length = Buffer.byteLength(JSON.stringify(content))
  if (length > longestBytes) return `Actual length: '${length}'. Max allowed length is '${longestBytes}' bytes.`
  if ((optionalText(planned, 'network_mode') ?? 'bridge') !== 'awsvpc') {
    return 'Fargate only supports network mode ‘awsvpc’.'
  }
  for (const setting of ['cpu', 'memory']) {
    if (!optionalText(planned, setting)) return `Fargate requires that '${setting}' be defined at the task level.`
  }
  const [storage] = content.ephemeralStorage
  const size = Number(storage?.size_in_gib ?? 21)
  if (size < 21 || size > 200) return `Invalid ephemeral storage size ${size}: it must be between 21 and 200 GiB.`
  const arns = new Set([...cloud.iamRoles.values()].map(({ arn }) => arn))
  if (rolesOf(content).some(role => !arns.has(role))) return 'Role is not valid'
  return faultOfTask(content)
}

function attributesOf(definition: TaskDefinition): Attributes {
  return {
    arn: definition.arn,
    arn_without_revision: definition.arn.replace(/:\d+$/, ''),
    container_definitions: writeContainers(definition.containers),
    cpu: String(definition.cpu),
    enable_fault_injection: false,
    ephemeral_storage: definition.ephemeralStorage,
    execution_role_arn: definition.executionRoleArn ?? '',
    family: definition.family,
    ipc_mode: '',
    memory: String(definition.memory),
    network_mode: 'awsvpc',
    pid_mode: '',
    placement_constraints: [],
    proxy_configuration: [],
    region: definition.region,
    requires_compatibilities: ['FARGATE'],
    revision: definition.revision,
    runtime_platform: definition.runtimePlatform,
    tags_all: definition.tags,
    task_role_arn: definition.taskRoleArn ?? '',
    volume: definition.volumes.map(volumeAttributes)
  }
}

function volumeAttributes(name: string): Attributes {
  return {
    configure_at_launch: false,
    docker_volume_configuration: [],
    efs_volume_configuration: [],
    fsx_windows_file_server_volume_configuration: [],
    host_path: null,
    name
  }
}
