import { allClouds } from '../clouds.ts'
import { vendorDomain } from '../zilliz/host.ts'
import type { DnsObservation, Soa } from './observation.ts'

/**
 * Whether a zone is a private one: of a cloud's DNS, or below Zilliz Cloud's domain and of a server that is no public DNS
 * service's, such as BIND's on premises.
 */
export function isPrivateZone({ primary, zone }: Soa): boolean {
  const zones = allClouds.map(cloud => cloud.zones)
  return (
    zones.some(({ privatePrimary }) => privatePrimary === primary) ||
    (zone.endsWith(`.${vendorDomain}`) && !zones.some(({ publicPrimary }) => publicPrimary.test(primary)))
  )
}

/** The zone that a reply comes from, if the reply has it: the zone of the queried name, or the zone in a negative answer. */
export function zoneOf(seen: DnsObservation): Soa | undefined {
  switch (seen.kind) {
    case 'zone':
    case 'nodata':
    case 'nxdomain':
      return seen.soa
    default:
      return undefined
  }
}
