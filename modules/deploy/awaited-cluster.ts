import type { Environment } from '../environment/environment.ts'

/** A cluster whose private link a deploy waits for. */
export interface AwaitedCluster {
  readonly clusterId: string
  readonly projectId: string
  /** In Zilliz Cloud's spelling: `aws-us-west-2`. */
  readonly regionId: string
}

/** The clusters whose hosts a deploy of these environments reads from Zilliz Cloud. */
export function awaitedClusters(environments: readonly Environment[]): readonly AwaitedCluster[] {
  return environments
    .flatMap(({ links }) => Object.values(links))
    .flatMap(link => {
      if (link.zilliz === undefined) return []
      const { clusters, projectId } = link.zilliz
      return clusters.map(clusterId => ({ clusterId, projectId, regionId: link.regionId }))
    })
}
