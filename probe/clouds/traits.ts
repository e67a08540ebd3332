import type { CloudTraits } from '../cases/evidence.ts'
import { allClouds, type CloudId, cloudOf } from '../clouds.ts'

/** The zones of every cloud. */
export const zoneTraits = allClouds.map(({ zones: { privatePrimary, publicPrimary } }) => ({
  privatePrimary,
  publicPrimary: publicPrimary.source
}))

const endpointNames = allClouds.flatMap(({ endpoint }) =>
  endpoint.by === 'name' ? [{ regional: endpoint.regional.source, zonal: endpoint.zonal.source }] : []
)

/** What judgement has to know of the clouds to judge a target on one of them. */
export function cloudTraits(id: CloudId): CloudTraits {
  const { endpoint, hasGlobalIpv6 } = cloudOf(id)
  return { endpointBy: endpoint.by, hasGlobalIpv6, zones: zoneTraits, endpointNames }
}
