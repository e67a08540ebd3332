import { CloudError } from '../cloud-error.ts'
import type { Provider } from '../provider.ts'
import { clusterData } from './cluster.ts'
import { privateEndpoint } from './private-endpoint.ts'
import { privateEndpointServicesData } from './private-endpoint-services.ts'
import { privateEndpointWhitelist } from './private-endpoint-whitelist.ts'
import type { ZillizCloud } from './zilliz-cloud.ts'
import { providerSchema } from './zilliz-schemas.ts'

/** Plays zilliztech/zillizcloud over projects in memory. */
export function zillizProvider(cloud: ZillizCloud): Provider {
  return {
    name: 'zillizcloud',
    namespace: 'zilliztech',
    schema: providerSchema,
    resources: [privateEndpoint(cloud), privateEndpointWhitelist(cloud)],
    dataSources: [clusterData(cloud), privateEndpointServicesData(cloud)],
    configure: ({ api_key }) => {
      const hasKey = api_key === null ? cloud.apiKey !== 'missing' : api_key !== ''
      if (!hasKey) throw new CloudError('failed to create client', 'ApiKey is required')
    },
    plan: () => {},
    read: seen => seen
  }
}
