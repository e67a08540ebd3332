import type { CloudId } from '../../probe/clouds.ts'
import type { EndpointIdentity } from '../endpoint-identity.ts'
import type { Environment } from '../environment/environment.ts'

/** A host that a link answers. */
export interface DeployedHost {
  readonly cluster: string
  readonly name: string
  readonly port: number
  /** Its record as it was deployed; undefined if others answer it, or if that is not known. */
  readonly record: { readonly type: string; readonly zone: string } | undefined
}

/** A link as its environment deploys it. */
export interface DeployedLink {
  readonly environment: string
  readonly name: string
  readonly cloud: CloudId
  /** The region of the service, in Zilliz Cloud's own spelling: `aws-us-west-2`. */
  readonly regionId: string
  /** The project of Zilliz Cloud, if the link names it. */
  readonly projectId: string | undefined
  /** Whether the deploy registers the endpoint; otherwise a person does. */
  readonly isRegisteredByDeploy: boolean
  /** The clusters that the link names, in addition to those of its hosts. */
  readonly clusters: readonly string[]
  /** Undefined if that cannot be known from what was read. */
  readonly endpoint: EndpointIdentity | undefined
  /** The cloud's own word for it, once deployed. */
  readonly connectionStatus: string | undefined
  readonly hosts: readonly DeployedHost[]
  /** Hosts that are written in the program, deployed or not yet. */
  readonly written: readonly Pick<DeployedHost, 'cluster' | 'name'>[]
  /** Whether the outputs have it; undefined without outputs. */
  readonly isDeployed: boolean | undefined
}

/** What a deploy put out of an environment, by the names of its links. */
export type EnvironmentOutputs = ReadonlyMap<string, Pick<DeployedLink, 'endpoint' | 'connectionStatus' | 'hosts'>>

/** The links of an environment: what its literal says, and what its outputs say where they are given. */
export function deployedLinks(
  environment: Environment,
  outputs: EnvironmentOutputs | undefined
): readonly DeployedLink[] {
  return Object.entries(environment.links).map(([name, link]) => {
    const out = outputs?.get(name)
    const { zilliz } = link
    const common = {
      environment: environment.name,
      name,
      regionId: link.regionId,
      projectId: zilliz?.projectId,
      isRegisteredByDeploy: zilliz !== undefined && zilliz.registered !== true,
      clusters: zilliz?.clusters ?? [],
      connectionStatus: out?.connectionStatus,
      hosts: out?.hosts ?? link.hosts.map(({ cluster, name, port }) => ({ cluster, name, port, record: undefined })),
      written: link.hosts,
      isDeployed: outputs === undefined ? undefined : out !== undefined
    }
    return { ...common, cloud: link.cloud, endpoint: out?.endpoint ?? link.endpointId }
  })
}
