import { hasForm } from '../facts/dns-name.ts'
import type { DnsObservation, Soa } from '../facts/observation.ts'
import { vendorDomain } from '../facts/zilliz-domain.ts'
import type { ZoneTraits } from './evidence.ts'

/**
 * Whether a zone is a private one: of a cloud's DNS, or below Zilliz Cloud's domain and of a server that is no public DNS
 * service's, such as BIND's on premises.
 *
 * @param zones those of every cloud
 */
export function isPrivateZone({ primary, zone }: Soa, zones: readonly ZoneTraits[]): boolean {
  return (
    zones.some(({ privatePrimary }) => privatePrimary === primary) ||
    (zone.endsWith(`.${vendorDomain}`) && !zones.some(({ publicPrimary }) => hasForm(primary, publicPrimary)))
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
