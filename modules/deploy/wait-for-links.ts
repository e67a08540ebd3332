import { setTimeout as sleep } from 'node:timers/promises'
import { isGone, lacksPrivateLink, privateLinkOf } from '../../probe/zilliz/answers.ts'
import type { ZillizApi } from '../../probe/zilliz/client.ts'
import { addressWords, valueWords } from '../links/kinds.ts'
import type { AwaitedCluster } from './awaited-cluster.ts'

interface Waiting {
  readonly api: Pick<ZillizApi, 'cluster' | 'privateEndpoints'>
  /** Between two looks at a cluster. */
  readonly pauseMs: number
  readonly signal: AbortSignal
  /** Told what Zilliz Cloud says of it: `RUNNING, private link not allocated`. */
  readonly tell: (state: string) => void
}

interface Pending {
  /** Their private links are not allocated yet. */
  readonly pending: readonly AwaitedCluster[]
  /** Some are not worth waiting for: a plan without private links, a cluster that is being deleted, no registered endpoint. */
  readonly isHopeless: boolean
}

/**
 * The clusters that are waited for.
 *
 * @throws ApiError when Zilliz Cloud does not say
 */
export async function pendingClusters(clusters: readonly AwaitedCluster[], api: Waiting['api']): Promise<Pending> {
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
  const unallocated = looked.filter(({ seen }) => privateLinkOf(seen) === undefined)
  const isWorthWaiting = ({ cluster, seen }: (typeof looked)[number]) =>
    !isGone(seen) && !lacksPrivateLink(seen) && registered.includes(`${cluster.projectId} ${cluster.regionId}`)
  return {
    pending: unallocated.map(({ cluster }) => cluster),
    isHopeless: !unallocated.every(isWorthWaiting)
  }
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
    tell(`${valueWords(seen.status)}, private link not allocated`)
    await sleep(pauseMs, undefined, { signal })
  }
}
