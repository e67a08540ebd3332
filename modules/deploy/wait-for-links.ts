import { setTimeout as sleep } from 'node:timers/promises'
import { addressWords, said } from '../links/kinds.ts'
import { isGone, lacksPrivateLink, privateLinkOf } from '../zilliz-api/answers.ts'
import type { ZillizApi } from '../zilliz-api/client.ts'
import type { AwaitedCluster } from './awaited-cluster.ts'

interface Waiting {
  readonly api: Pick<ZillizApi, 'cluster' | 'privateEndpoints'>
  /** Between two looks at a cluster. */
  readonly pauseMs: number
  readonly signal: AbortSignal
  /** Told what Zilliz Cloud says of it: `RUNNING, private link not allocated`. */
  readonly tell: (state: string) => void
}

/**
 * The clusters that may be waited for: an endpoint is registered with their project in their region, and Zilliz Cloud has not
 * allocated their private link yet. A plan without private links, and a cluster that goes, are not worth waiting.
 *
 * @throws ApiError when Zilliz Cloud does not say
 */
export async function pendingClusters(
  clusters: readonly AwaitedCluster[],
  api: Waiting['api']
): Promise<readonly AwaitedCluster[]> {
  const projects = [...new Set(clusters.map(({ projectId }) => projectId))]
  const registered = (
    await Promise.all(
      projects.map(async projectId => {
        const endpoints = await api.privateEndpoints(projectId)
        return endpoints.map(({ regionId }) => `${projectId} ${regionId}`)
      })
    )
  ).flat()
  const looked = await Promise.all(
    clusters.map(async cluster => ({ cluster, seen: await api.cluster(cluster.clusterId) }))
  )
  return looked.flatMap(({ cluster, seen }) =>
    privateLinkOf(seen) === undefined &&
    !isGone(seen) &&
    !lacksPrivateLink(seen) &&
    registered.includes(`${cluster.projectId} ${cluster.regionId}`)
      ? [cluster]
      : []
  )
}

/**
 * Waits until Zilliz Cloud has allocated a cluster's private link.
 *
 * @returns the private link, `host:port`
 * @throws ApiError when Zilliz Cloud does not say; the signal's reason when that is aborted
 */
export async function waitForLink(cluster: AwaitedCluster, { api, pauseMs, signal, tell }: Waiting): Promise<string> {
  for (;;) {
    const seen = await api.cluster(cluster.clusterId)
    const link = privateLinkOf(seen)
    if (link !== undefined) return addressWords(link)
    tell(`${said(seen.status)}, private link not allocated`)
    await sleep(pauseMs, undefined, { signal })
  }
}
