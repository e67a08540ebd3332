import { z } from 'zod'
import { readHostName } from './host.ts'

const id = z.string().min(1)
/** What may be missing, `null` or empty, which all mean the same. */
const text = z
  .string()
  .nullish()
  .transform(given => given ?? '')

const EndpointService = z.object({
  regionId: id,
  cloudId: text,
  endpointService: id,
  whitelistRequired: z
    .boolean()
    .nullish()
    .transform(given => given ?? false)
})

/** The service that Zilliz Cloud publishes in a region, for endpoints to connect to. */
export type EndpointService = Readonly<z.output<typeof EndpointService>>

const PrivateEndpoint = z.object({
  regionId: id,
  cloudId: text,
  endpointService: text,
  endpointServiceStatus: text,
  /** The endpoint's id, or its name on a cloud that gives endpoints no id. */
  endpointId: id,
  endpointStatus: text,
  /** Empty if the endpoint is on another cloud. */
  gcpProjectId: text
})

/** An endpoint that was registered with a project of Zilliz Cloud. */
export type PrivateEndpoint = Readonly<z.output<typeof PrivateEndpoint>>

export const Cluster = z.object({
  clusterId: id,
  clusterName: text,
  projectId: text,
  regionId: text,
  plan: text,
  status: text,
  connectAddress: text,
  privateLinkAddress: text
})

/** A cluster; texts that Zilliz Cloud did not tell are empty. */
export type Cluster = Readonly<z.output<typeof Cluster>>

/** An on-demand cluster, read as any other; the private link is that of its project: https://docs.zilliz.com/docs/manage-on-demand-clusters */
const OnDemandCluster = z
  .object({
    clusterId: id,
    clusterName: text,
    projectId: text,
    regionId: text,
    status: text,
    endpoint: text,
    privateLink: text
  })
  .transform(
    ({ endpoint, privateLink, ...cluster }): Cluster => ({
      ...cluster,
      plan: '',
      connectAddress: endpoint,
      privateLinkAddress: privateLink
    })
  )

const paging = { count: z.number().int().nonnegative().nullish() }

export const EndpointServicePage = z
  .object({ endpointServices: z.array(EndpointService).nullish(), ...paging })
  .transform(({ endpointServices, count }) => ({ items: endpointServices ?? [], count }))
export const PrivateEndpointPage = z
  .object({ endpoints: z.array(PrivateEndpoint).nullish(), ...paging })
  .transform(({ endpoints, count }) => ({ items: endpoints ?? [], count }))
export const ClusterPage = z
  .object({ clusters: z.array(Cluster).nullish(), ...paging })
  .transform(({ clusters, count }) => ({ items: clusters ?? [], count }))

export const OnDemandClusterPage = z
  .object({ onDemandClusters: z.array(OnDemandCluster).nullish(), ...paging })
  .transform(({ onDemandClusters, count }) => ({ items: onDemandClusters ?? [], count }))

/** Every answer's envelope: `code` is 0, or what is wrong. */
export const Envelope = z.object({ code: z.number().int(), message: text, data: z.unknown().optional() })

// No list of the statuses is published; these are the ones in the documentation's examples and the provider's tests.
const readyStatuses = ['available', 'accepted']

/** Whether an endpoint works as far as Zilliz Cloud tells: a status that is not known to say so does not. */
export function isReady({ endpointStatus, endpointServiceStatus }: PrivateEndpoint): boolean {
  return isOneOf(endpointStatus, readyStatuses) && isOneOf(endpointServiceStatus, readyStatuses)
}

/** Whether Zilliz Cloud is getting rid of a cluster, or has. */
export function isGone({ status }: Cluster): boolean {
  return isOneOf(status, ['deleting', 'deleted'])
}

/** Whether a cluster is on-demand: it starts with a request, and shares its host with those of its project in the region. */
export function isOnDemand({ clusterId }: Cluster): boolean {
  return clusterId.startsWith('in07-')
}

/** Whether a cluster does what it is for; while Zilliz Cloud works on it, no private link is allocated. */
export function isRunning(cluster: Cluster): boolean {
  return isOneOf(cluster.status, isOnDemand(cluster) ? ['running', 'suspending', 'suspended'] : ['running'])
}

/** Whether a cluster cannot have a private link before its plan is upgraded. */
export function lacksPrivateLink({ clusterId, plan }: Cluster): boolean {
  // The API is known to leave the plan of free clusters out.
  return isOneOf(plan, ['free', 'serverless', 'standard']) || /^in0[35]-/.test(clusterId)
}

function isOneOf(status: string, statuses: readonly string[]): boolean {
  return statuses.includes(status.trim().toLowerCase())
}

/** A host and the port that Zilliz Cloud allocated to it, if the API returns them. */
export interface PrivateLinkAddress {
  readonly host: string
  readonly port: number | undefined
}

/** Where a cluster is reached over the private link, once that is allocated. */
export function privateLinkOf({ privateLinkAddress }: Cluster): PrivateLinkAddress | undefined {
  const [, host = '', port] = /^(?:https?:\/\/)?([^:/]*)(?::(\d{1,5}))?\/?$/i.exec(privateLinkAddress.trim()) ?? []
  if (host === '') {
    return privateLinkAddress.trim() === '' ? undefined : { host: privateLinkAddress.trim(), port: undefined }
  }
  const name = host.toLowerCase()
  // The endpoint of a project is printed without its port.
  return { host: name, port: port === undefined ? readHostName(name)?.form.port : Number(port) }
}
