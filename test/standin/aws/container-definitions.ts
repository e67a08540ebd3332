import { CloudError } from '../cloud-error.ts'
import type { Value } from '../value.ts'

/** A container of a task definition, in ECS's words; the parameters that the stand-in does not look at are kept. */
export interface ContainerDefinition {
  readonly name: string
  readonly image: string
  readonly essential: boolean
  readonly environment: readonly { readonly name: string; readonly value: string }[]
  readonly portMappings: readonly PortMapping[]
  readonly mountPoints: readonly { readonly sourceVolume?: string }[]
  readonly cpu?: number
  readonly memory?: number
  readonly memoryReservation?: number
  readonly secrets?: readonly { readonly name: string }[]
  readonly logConfiguration?: { readonly logDriver: string; readonly options?: Readonly<Record<string, string>> }
  readonly linuxParameters?: Readonly<Record<string, unknown>>
  readonly [parameter: string]: unknown
}

/** A port of a container. */
export interface PortMapping {
  readonly containerPort?: number
  readonly hostPort?: number
  readonly protocol?: string
}

const parameters = new Set([
  ...['command', 'cpu', 'credentialSpecs', 'dependsOn', 'disableNetworking', 'dnsSearchDomains', 'dnsServers'],
  ...['dockerLabels', 'dockerSecurityOptions', 'entryPoint', 'environment', 'environmentFiles', 'essential'],
  ...['extraHosts', 'firelensConfiguration', 'healthCheck', 'hostname', 'image', 'interactive', 'links'],
  ...['linuxParameters', 'logConfiguration', 'memory', 'memoryReservation', 'mountPoints', 'name', 'portMappings'],
  ...['privileged', 'pseudoTerminal', 'readonlyRootFilesystem', 'repositoryCredentials', 'resourceRequirements'],
  ...['restartPolicy', 'secrets', 'startTimeout', 'stopTimeout', 'systemControls', 'ulimits', 'user'],
  ...['versionConsistency', 'volumesFrom', 'workingDirectory']
])

/** What is sent where a container leaves it out, so that lists that ECS fills in are there to compare. */
const empty = { environment: [], mountPoints: [], portMappings: [], systemControls: [], volumesFrom: [] }

/** Reads container definitions as the provider does, and refuses what it cannot read. */
export function parseContainers(json: string): ContainerDefinition[] {
  const refuse = (why: string) => new CloudError(`ECS Task Definition container_definitions is invalid: ${why}`)
  const parsed = decode(json, refuse)
  const cannot = (what: unknown, into: string) => refuse(`json: cannot unmarshal ${kindOf(what)} into Go ${into}`)
  if (!Array.isArray(parsed)) throw cannot(parsed, 'value of type []types.ContainerDefinition')
  return parsed.map((container: unknown, index) => {
    if (!isObject(container)) throw cannot(container, 'value of type types.ContainerDefinition')
    if (Object.keys(container).length === 0) {
      throw refuse(`invalid container definition supplied at index (${index})`)
    }
    for (const name of Object.keys(container)) {
      // The provider would drop it in silence.
      if (!parameters.has(name)) throw new Error(`ECS has no parameter ${name} of a container definition`)
    }
    const environment = Array.isArray(container.environment) ? container.environment : []
    for (const { value } of environment.filter(isObject)) {
      if (value !== undefined && typeof value !== 'string') {
        throw cannot(value, 'struct field ContainerDefinition.Environment.Value of type string')
      }
    }
    return { ...empty, essential: true, ...container } as unknown as ContainerDefinition
  })
}

/** Writes container definitions as the provider reads them back from ECS: in order, with what ECS fills in. */
export function writeContainers(containers: readonly ContainerDefinition[]): string {
  return JSON.stringify(
    containers.toSorted(byName).map(container => ({
      ...container,
      environment: container.environment.toSorted(byName),
      portMappings: container.portMappings.map(withPorts)
    })),
    sortedKeys
  )
}

/** Whether container definitions are the same to the provider, whatever their order and however much they leave out. */
export function isSameContainers(before: Value, after: Value): boolean {
  return typeof before === 'string' && typeof after === 'string' && meaningOf(before) === meaningOf(after)
}

/** The environment that a container gets. */
export function environmentOf({ environment }: ContainerDefinition): Record<string, string> {
  return Object.fromEntries(environment.map(({ name, value }) => [name, value]))
}

function meaningOf(json: string): string | undefined {
  return writeContainers(parseContainers(json).map(withoutDefaults))
}

function withoutDefaults(container: ContainerDefinition): ContainerDefinition {
  const { healthCheck, secrets } = container
  const meant = {
    ...container,
    ...(isObject(healthCheck) ? { healthCheck: { interval: 30, retries: 3, timeout: 5, ...healthCheck } } : {}),
    ...(secrets === undefined ? {} : { secrets: secrets.toSorted(byName) })
  }
  const kept = Object.entries(meant).filter(([name, value]) => name in empty || !isNothing(value))
  return Object.fromEntries(kept) as unknown as ContainerDefinition
}

// Without a host's ports in between, a container's port is the task's.
function withPorts({ hostPort, ...mapping }: PortMapping): PortMapping {
  return { protocol: 'tcp', ...mapping, hostPort: hostPort || mapping.containerPort || 0 }
}

function decode(json: string, refuse: (why: string) => CloudError): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const [, token] = /^Unexpected token '(.+?)'/.exec(error.message) ?? []
    throw refuse(token === undefined ? 'unexpected EOF' : `invalid character '${token}' looking for beginning of value`)
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

function isNothing(value: unknown): boolean {
  return value === null || value === 0 || value === '' || (Array.isArray(value) && value.length === 0)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : Number(left.name > right.name)
}

function sortedKeys(_: string, value: unknown): unknown {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)))
}
