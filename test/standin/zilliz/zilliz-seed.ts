import type { Access, Plan } from './project.ts'
import { cloudOf } from './region.ts'
import type { ApiKey, ZillizCloud } from './zilliz-cloud.ts'

/** What is there before Terraform runs. */
export interface ZillizSeed {
  /** @default valid */
  readonly apiKey?: ApiKey
  readonly projects: readonly ProjectSeed[]
  readonly regions: readonly RegionSeed[]
  readonly clusters?: readonly ClusterSeed[]
  readonly endpoints?: readonly EndpointSeed[]
}

/** A project that somebody made. */
export interface ProjectSeed {
  /** `proj-…` */
  readonly id: string
  /** @default granted */
  readonly access?: Access
  /** @default Enterprise */
  readonly plan?: Plan
}

/** A region of Zilliz Cloud. */
export interface RegionSeed {
  /** `aws-us-west-2`, `gcp-us-west1` */
  readonly id: string
  /** The endpoint service's name on AWS, the service attachment on Google Cloud. @default - there are no private links */
  readonly endpointService?: string
  /** @default false */
  readonly whitelistRequired?: boolean
}

/** A cluster that somebody made. */
export interface ClusterSeed {
  /** `in01-840ec44485bf25d` */
  readonly id: string
  /** @default - the id */
  readonly name?: string
  readonly projectId: string
  readonly regionId: string
  /** @default - the project's */
  readonly plan?: Plan
  /** @default RUNNING */
  readonly status?: string
  /** @default - 443 on Google Cloud, 19530 elsewhere */
  readonly publicPort?: number
  /** @default - 443 on Google Cloud, 19531 elsewhere */
  readonly privatePort?: number
  /** What Zilliz Cloud answers as its private link, whatever that is. @default - the link that it has */
  readonly privateLink?: string
}

/** An endpoint that somebody registered. */
export interface EndpointSeed {
  readonly projectId: string
  readonly regionId: string
  readonly endpointId: string
  readonly gcpProjectId?: string
}

/** Puts into a cloud what is there before Terraform runs. */
export function plant(cloud: ZillizCloud, seed: ZillizSeed): void {
  for (const { id, access = 'granted', plan = 'Enterprise' } of seed.projects) {
    cloud.projects.set(id, { id, access, plan })
  }
  for (const { id, endpointService, whitelistRequired = false } of seed.regions) {
    cloud.regions.set(id, { id, endpointService, whitelistRequired })
  }
  for (const cluster of seed.clusters ?? []) plantCluster(cloud, cluster)
  for (const { gcpProjectId, ...endpoint } of seed.endpoints ?? []) cloud.endpoints.push({ ...endpoint, gcpProjectId })
}

function plantCluster(cloud: ZillizCloud, seed: ClusterSeed): void {
  const { id, name = id, projectId, regionId, status = 'RUNNING' } = seed
  const project = cloud.projects.get(projectId)
  if (project === undefined) throw new Error(`the seed of ${id} cannot be: there is no project ${projectId}`)
  const isOnGoogle = cloudOf(regionId) === 'gcp'
  const { plan = project.plan, publicPort = isOnGoogle ? 443 : 19530, privatePort = isOnGoogle ? 443 : 19531 } = seed
  cloud.clusters.set(id, {
    id,
    name,
    projectId,
    regionId,
    plan,
    status,
    publicPort,
    privatePort,
    privateLink: seed.privateLink
  })
}
