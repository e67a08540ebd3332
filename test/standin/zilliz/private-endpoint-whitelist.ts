import { text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import { requireProject } from './project.ts'
import { requireRegion } from './region.ts'
import type { ZillizCloud } from './zilliz-cloud.ts'
import type { Refuse } from './zilliz-error.ts'
import { privateEndpointWhitelistSchema } from './zilliz-schemas.ts'

/** An account whose endpoints may be registered. */
export interface WhitelistEntry {
  readonly projectId: string
  readonly regionId: string
  /** The account's number or id with the cloud. */
  readonly outerUserId: string
}

/** Plays zillizcloud_private_endpoint_whitelist, which neither reads nor deletes. */
export function privateEndpointWhitelist(cloud: ZillizCloud): Resource {
  return {
    type: 'zillizcloud_private_endpoint_whitelist',
    schema: privateEndpointWhitelistSchema,
    forcesReplacement: ['outer_user_id', 'project_id', 'region_id'],
    isImportable: false,

    create: planned => {
      const projectId = text(planned, 'project_id')
      const refuse: Refuse = answer =>
        new CloudError('Failed to add endpoint whitelist', `projectId=${projectId} error=${answer}`)
      requireProject(cloud, projectId, refuse)
      const regionId = requireRegion(cloud, text(planned, 'region_id'), refuse).id
      const outerUserId = text(planned, 'outer_user_id')
      cloud.whitelist.push({ projectId, regionId, outerUserId })
      cloud.note('AddPrivateEndpointWhitelistEntry', outerUserId)
      return projectId
    },

    read: () => ({}),

    delete: () => {}
  }
}
