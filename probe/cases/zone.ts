import type { DnsObservation, Soa } from './observation.ts'

/**
 * Primary name servers that the clouds write into the SOA of every private zone, and into no public one:
 * seen in replies of Route 53 and of Cloud DNS that people published.
 */
const privatePrimaries = new Set(['ns-1536.awsdns-00.co.uk', 'ns-gcp-private.googledomains.com'])

/** Whether a zone is a private one of the cloud's DNS. */
export function isPrivateZone(soa: Soa): boolean {
  return privatePrimaries.has(soa.primary)
}

/** The zone that a reply comes from, if it says so: the asked name's own, or the one a negative answer names. */
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
