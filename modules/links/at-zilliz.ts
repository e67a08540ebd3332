import type { Cluster, PrivateEndpoint } from '../../probe/zilliz/answers.ts'
import { ApiError } from '../../probe/zilliz/api-error.ts'
import type { ZillizApi } from '../../probe/zilliz/client.ts'

/** An endpoint, and the project that it is registered with. */
export interface RegisteredEndpoint extends PrivateEndpoint {
  readonly projectId: string
}

/** What Zilliz Cloud has. */
export interface AtZilliz {
  readonly endpoints: readonly RegisteredEndpoint[]
  readonly clusters: readonly Cluster[]
  /** Projects that were not to be looked into, and why. Of the environment's own, only on-demand clusters can be missing. */
  readonly unread: readonly { readonly projectId: string; readonly why: string }[]
}

/**
 * Asks what Zilliz Cloud has: all clusters, with the on-demand clusters of `projects` in `regionIds`, and the endpoints of the projects that an endpoint may be registered with.
 *
 * @param projects those of the environment's own links
 * @param alsoIn those of other environments, where an endpoint may be by mistake
 * @param regionIds of the environment's links: projects with clusters there are looked into as well
 * @throws ApiError if one of `projects` cannot be read
 */
export async function askZilliz(
  api: ZillizApi,
  {
    projects,
    alsoIn,
    regionIds
  }: {
    readonly projects: ReadonlySet<string>
    readonly alsoIn: readonly string[]
    readonly regionIds: ReadonlySet<string>
  }
): Promise<AtZilliz> {
  const clusters = [...(await api.clusters())]
  const endpoints: RegisteredEndpoint[] = []
  const unread: { projectId: string; why: string }[] = []
  for (const projectId of projects) endpoints.push(...(await endpointsOf(api, projectId)))

  const near = clusters.filter(({ regionId }) => regionIds.has(regionId)).map(({ projectId }) => projectId)
  const others = new Set([...alsoIn, ...near].filter(projectId => projectId !== '' && !projects.has(projectId)))
  for (const projectId of others) {
    try {
      endpoints.push(...(await endpointsOf(api, projectId)))
    } catch (error) {
      if (!(error instanceof ApiError) || !hidden.has(error.fault)) throw error
      unread.push({ projectId, why: error.message })
    }
  }
  for (const projectId of projects) {
    for (const regionId of regionIds) {
      try {
        clusters.push(...(await api.onDemandClusters(projectId, regionId)))
      } catch (error) {
        // They are in few regions, and a key may see less than all of a project.
        if (!(error instanceof ApiError) || !hidden.has(error.fault)) throw error
        unread.push({ projectId, why: error.message })
      }
    }
  }
  return { endpoints, clusters, unread }
}

/** A key may see less than all projects, and a region may have less than others. */
const hidden: ReadonlySet<string> = new Set(['no-permission', 'no-such-project', 'no-such-region', 'plan', 'refused'])

async function endpointsOf(api: ZillizApi, projectId: string): Promise<readonly RegisteredEndpoint[]> {
  return (await api.privateEndpoints(projectId)).map(endpoint => ({ ...endpoint, projectId }))
}
