import type { ContainerDefinition } from './container-definitions.ts'
import type { TaskDefinition } from './ecs-task-definition.ts'

/** The memory in MiB that Fargate has for an amount of CPU units. */
const sizes: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, upTo(4096, 1024, 1024)],
  [1024, upTo(8192, 1024, 2048)],
  [2048, upTo(16_384, 1024, 4096)],
  [4096, upTo(30_720, 1024, 8192)],
  [8192, upTo(61_440, 4096, 16_384)],
  [16_384, upTo(122_880, 8192, 32_768)]
])

const unsupported = [
  ...['disableNetworking', 'dnsSearchDomains', 'dnsServers', 'dockerSecurityOptions', 'extraHosts', 'hostname'],
  ...['links', 'privileged']
]
const unsupportedForLinux = ['devices', 'maxSwap', 'sharedMemorySize', 'swappiness', 'tmpfs']
const logOptions = ['awslogs-group', 'awslogs-region', 'awslogs-stream-prefix']
/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html: account, region and repository. */
export const ecrImage = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com|on\.aws)\/([^:@]+)/

/** CPU units of a task, which may be given as vCPUs. */
export function cpuUnits(cpu: string): number {
  const [, virtual] = /^([\d.]+) ?vcpu$/i.exec(cpu) ?? []
  return virtual === undefined ? Number(cpu) : Number(virtual) * 1024
}

/** MiB of a task's memory, which may be given in GB. */
export function memoryMebibytes(memory: string): number {
  const [, gigabytes] = /^([\d.]+) ?gb$/i.exec(memory) ?? []
  return gigabytes === undefined ? Number(memory) : Number(gigabytes) * 1024
}

/** What a task definition asks of Fargate. */
export type Task = Pick<TaskDefinition, 'containers' | 'cpu' | 'memory' | 'executionRoleArn' | 'volumes'>

/** What Fargate finds wrong with a task definition. */
export function faultOfTask({ containers, cpu, memory, executionRoleArn, volumes }: Task): string | undefined {
  if (!sizes.get(cpu)?.includes(memory)) {
    return `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. See the Amazon ECS documentation for the valid values.`
  }
  if (containers.length === 0) return 'Container list cannot be empty.'
  if (new Set(containers.map(({ name }) => name)).size < containers.length) {
    return 'Container names must be unique within a task definition.'
  }
  if (!containers.some(({ essential }) => essential)) {
    return 'A task definition must have at least one essential container.'
  }
  for (const container of containers) {
    const fault =
      faultOfContainer(container) ??
      faultOfShare(container, cpu, memory) ??
      faultOfRole(container, executionRoleArn) ??
      faultOfMounts(container, volumes)
    if (fault !== undefined) return fault
  }
  return undefined
}

function faultOfContainer(container: ContainerDefinition): string | undefined {
  const { name, image, portMappings, logConfiguration, linuxParameters = {} } = container
  if (!name) return 'Container.name should not be null or empty.'
  if (!image) return 'Container.image should not be null or empty.'
  if (!/^[\w-]{1,255}$/.test(name)) return 'Container.name contains invalid characters.'
  if (/\s/.test(image)) return 'Container.image contains invalid characters.'
  if (portMappings.some(({ containerPort, hostPort }) => hostPort && hostPort !== containerPort)) {
    return 'When networkMode=awsvpc, the host ports and container ports in port mappings must match.'
  }
  for (const parameter of unsupported) {
    const value = container[parameter]
    if (value && !(Array.isArray(value) && value.length === 0)) return unsupportedBy(parameter)
  }
  for (const parameter of unsupportedForLinux) {
    if (linuxParameters[parameter] !== undefined) return unsupportedBy(`linuxParameters.${parameter}`)
  }
  const { add = [] } = (linuxParameters.capabilities ?? {}) as { add?: readonly string[] }
  if (add.some(capability => capability !== 'SYS_PTRACE')) return unsupportedBy('linuxParameters.capabilities.add')
  if (logConfiguration === undefined) return undefined
  const { logDriver, options = {} } = logConfiguration
  if (logDriver !== 'awslogs') throw new Error('the stand-in plays containers that log to awslogs only')
  const missing = logOptions.filter(option => !options[option])
  return missing.length > 0 ? `Log driver awslogs requires options: ${missing.join(', ')}` : undefined
}

function unsupportedBy(parameter: string): string {
  return `The container parameter ${parameter} is not supported on Fargate.`
}

function faultOfShare(container: ContainerDefinition, cpu: number, memory: number): string | undefined {
  const greater = (setting: string) =>
    `The '${setting}' setting for container '${container.name}' is greater than for the task.`
  if ((container.cpu ?? 0) > cpu) return greater('cpu')
  if ((container.memory ?? 0) > memory) return greater('memory')
  return (container.memoryReservation ?? 0) > memory ? greater('memoryReservation') : undefined
}

function faultOfRole(container: ContainerDefinition, executionRoleArn: string | undefined): string | undefined {
  if (executionRoleArn !== undefined) return undefined
  const { image, logConfiguration, secrets = [] } = container
  const needed = 'Fargate requires task definition to have execution role ARN to support'
  if (logConfiguration !== undefined) return `${needed} log driver ${logConfiguration.logDriver}.`
  if (ecrImage.test(image)) return `${needed} ECR images.`
  if (secrets.length === 0) return undefined
  return "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
}

function faultOfMounts({ mountPoints }: ContainerDefinition, volumes: readonly string[]): string | undefined {
  const unknown = mountPoints.find(({ sourceVolume }) => !volumes.includes(`${sourceVolume}`))
  return unknown && `Unknown volume '${unknown.sourceVolume}'.`
}

function upTo(most: number, step: number, least: number): number[] {
  return Array.from({ length: (most - least) / step + 1 }, (_, index) => least + index * step)
}
