import { optionalNumber, text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource } from '../provider.ts'
import { requireKey } from './project.ts'
import { cloudOf, requireRegion } from './region.ts'
import type { ZillizCloud } from './zilliz-cloud.ts'
import type { Refuse } from './zilliz-error.ts'
import { privateEndpointServicesSchema } from './zilliz-schemas.ts'

/** Plays the data source zillizcloud_private_endpoint_services. */
export function privateEndpointServicesData(cloud: ZillizCloud): DataSource {
  return {
    type: 'zillizcloud_private_endpoint_services',
    schema: privateEndpointServicesSchema,

    read: config => {
      const refuse: Refuse = answer =>
        new CloudError('Client Error', `Unable to ListEndpointServices, got error: ${answer}`)
      requireKey(cloud, refuse)
      const { id, endpointService, whitelistRequired } = requireRegion(cloud, text(config, 'region_id'), refuse)
      // The provider turns a page without services into null.
      if (endpointService === undefined) return { endpoint_services: null, total_count: 0 }
      const isFirstPage = (optionalNumber(config, 'current_page') ?? 1) <= 1
      const service = {
        cloud_id: cloudOf(id),
        endpoint_service: endpointService,
        region_id: id,
        whitelist_required: whitelistRequired
      }
      return { endpoint_services: isFirstPage ? [service] : null, total_count: 1 }
    }
  }
}
