import { text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource } from '../provider.ts'
import type { Allocation } from './private-endpoint.ts'
import { hasPrivateLink, type Plan, requireKey } from './project.ts'
import type { ZillizCloud } from './zilliz-cloud.ts'
import { type Refuse, zillizAnswer } from './zilliz-error.ts'
import { clusterSchema } from './zilliz-schemas.ts'

/** A cluster of Zilliz Cloud. */
export interface Cluster {
  /** `in01-840ec44485bf25d` */
  readonly id: string
  readonly projectId: string
  readonly regionId: string
  name: string
  plan: Plan
  /** Zilliz Cloud's own word: `RUNNING`, `MODIFYING`, `STOPPED`, … */
  status: string
  publicPort: number
  privatePort: number
  /** How far its private link is. @default - the cloud's `allocation` */
  allocation?: Allocation | undefined
  /** What Zilliz Cloud answers as its private link, whatever that is. @default - the link that it has */
  privateLink?: string | undefined
}

/** The private link of a cluster; empty while there is none. */
export function privateLinkAddress(cloud: ZillizCloud, cluster: Cluster): string {
  const { id, projectId, regionId, plan, privatePort, allocation = cloud.allocation, privateLink } = cluster
  if (privateLink !== undefined) return privateLink
  const isRegistered = cloud.endpoints.some(each => each.projectId === projectId && each.regionId === regionId)
  if (!hasPrivateLink(plan) || !isRegistered || allocation === 'pending') return ''
  return `https://${id}-privatelink.${regionId}.vectordb.zillizcloud.com:${privatePort}`
}

/** Plays the data source zillizcloud_cluster. */
export function clusterData(cloud: ZillizCloud): DataSource {
  return {
    type: 'zillizcloud_cluster',
    schema: clusterSchema,

    read: config => {
      const refuse: Refuse = answer => new CloudError('Client Error', `Unable to DescribeCluster, got error: ${answer}`)
      const cluster = requireCluster(cloud, text(config, 'id'), refuse)
      return {
        cluster_name: cluster.name,
        // The API calls it cuType, which the provider does not read.
        cluster_type: '',
        connect_address: `https://${cluster.id}.${cluster.regionId}.vectordb.zillizcloud.com:${cluster.publicPort}`,
        create_time: '2026-01-01T00:00:00Z',
        cu_size: 1,
        description: '',
        private_link_address: privateLinkAddress(cloud, cluster),
        region_id: cluster.regionId,
        status: statuses[cluster.status] ?? cluster.status
      }
    }
  }
}

/** What the provider calls otherwise. */
const statuses: Readonly<Record<string, string>> = { STOPPING: 'SUSPENDING', STOPPED: 'SUSPENDED' }

function requireCluster(cloud: ZillizCloud, id: string, refuse: Refuse): Cluster {
  if (id === '') throw refuse('clusterId is required')
  requireKey(cloud, refuse)
  const cluster = cloud.clusters.get(id)
  const project = cluster && cloud.projects.get(cluster.projectId)
  if (cluster === undefined || project === undefined) throw refuse(zillizAnswer(96018))
  switch (project.access) {
    case 'granted':
      return cluster
    case 'other-organization':
      throw refuse(zillizAnswer(96014))
    case 'not-owner':
      throw refuse(zillizAnswer(96015))
    case 'out-of-scope':
      throw refuse(zillizAnswer(96016))
  }
}
