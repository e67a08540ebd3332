import type { z } from 'zod'
import type { ApiAccess } from './access.ts'
import {
  Cluster,
  ClusterPage,
  type EndpointService,
  EndpointServicePage,
  OnDemandClusterPage,
  type PrivateEndpoint,
  PrivateEndpointPage
} from './answers.ts'
import { ApiError } from './api-error.ts'
import { call, defaultPatience, type Retry, type RetryPolicy } from './call.ts'

/** What Zilliz Cloud's control plane is asked for: https://docs.zilliz.com/reference/restful. Nothing changes anything. */
export interface ZillizApi {
  /** What Zilliz Cloud publishes in a region, by its own spelling: `aws-us-west-2`. */
  endpointServices(regionId: string): Promise<readonly EndpointService[]>
  /** The endpoints that are registered with a project. */
  privateEndpoints(projectId: string): Promise<readonly PrivateEndpoint[]>
  cluster(clusterId: string): Promise<Cluster>
  /** All clusters that the key may see, without those that are on-demand. */
  clusters(): Promise<readonly Cluster[]>
  /** The on-demand clusters of a project in a region, by its own spelling: `aws-us-west-2`. */
  onDemandClusters(projectId: string, regionId: string): Promise<readonly Cluster[]>
}

export interface ZillizApiOptions {
  readonly access: ApiAccess
  /** @default - a minute for a try, four tries, with pauses of a second and more between them */
  readonly patience?: RetryPolicy
  /** Aborting it ends every wait; what waits rejects with its reason. */
  readonly signal?: AbortSignal
  /** Told before each pause, so that a person knows what is waited for. */
  readonly onRetry?: (retry: Retry) => void
}

type Page<Item> = z.ZodType<{ readonly items: readonly Item[]; readonly count?: number | null | undefined }>

const pageSize = 100
const mostPages = 100

/** Opens the API; nothing is asked yet. Every call throws an ApiError when it is not answered. */
export function createZillizApi({
  access,
  patience = defaultPatience,
  signal,
  onRetry = () => {}
}: ZillizApiOptions): ZillizApi {
  const calling = { access, patience, signal, onRetry }

  async function all<Item>(path: string, asking: string, answer: Page<Item>): Promise<readonly Item[]> {
    const items: Item[] = []
    for (let page = 1; page <= mostPages; page += 1) {
      const separator = path.includes('?') ? '&' : '?'
      const paged = `${path}${separator}currentPage=${page}&pageSize=${pageSize}`
      const found = await call({ path: paged, asking, answer }, calling)
      items.push(...found.items)
      const isLast = typeof found.count === 'number' ? items.length >= found.count : found.items.length < pageSize
      if (isLast || found.items.length === 0) return items
    }
    throw new ApiError({
      fault: 'not-understood',
      happened: `Zilliz Cloud, asked for ${asking}: there is no end to them after ${mostPages} pages`,
      remedy: 'The API may have changed: check its documentation for how it marks the last page.'
    })
  }

  return {
    endpointServices: regionId =>
      all(
        `privateEndpointServices?regionId=${encodeURIComponent(regionId)}`,
        `the endpoint services of ${regionId}`,
        EndpointServicePage
      ),
    privateEndpoints: async projectId =>
      all(
        `projects/${segment(projectId, 'no-such-project', 'project')}/privateEndpoints`,
        `the private endpoints of ${projectId}`,
        PrivateEndpointPage
      ),
    cluster: async clusterId =>
      call(
        {
          path: `clusters/${segment(clusterId, 'no-such-cluster', 'cluster')}`,
          asking: `cluster ${clusterId}`,
          answer: Cluster
        },
        calling
      ),
    clusters: async () => eachOnce(await all('clusters', 'the clusters', ClusterPage)),
    onDemandClusters: async (projectId, regionId) =>
      eachOnce(
        await all(
          `clusters/onDemandClusters?projectId=${segment(projectId, 'no-such-project', 'project')}&regionId=${encodeURIComponent(regionId)}`,
          `the on-demand clusters of ${projectId} in ${regionId}`,
          OnDemandClusterPage
        )
      )
  }
}

/** One that is made or dropped meanwhile moves others to the next page or back. */
function eachOnce(clusters: readonly Cluster[]): readonly Cluster[] {
  return [...new Map(clusters.map(cluster => [cluster.clusterId, cluster])).values()]
}

/** An id as a part of a path, which it must not leave. */
function segment(id: string, fault: 'no-such-project' | 'no-such-cluster', of: string): string {
  if (/^[\w-]+$/.test(id)) return id
  throw new ApiError({
    fault,
    happened: `${JSON.stringify(id.slice(0, 100))} is not the id of a ${of}`,
    remedy: 'Copy it from the Zilliz Cloud console.'
  })
}
