import type { DnsObservation, Soa } from './observation.ts'

/**
 * Primary name servers that the clouds write into the SOA of every private zone, and into no public one:
 * seen in replies of Route 53 and of Cloud DNS that people published.
 */
const privatePrimaries = new Set(['ns-1536.awsdns-00.co.uk', 'ns-gcp-private.googledomains.com'])

/** The primary name servers of Route 53's public zones, and of Cloud DNS'. */
const publicPrimary = /^ns-\d+\.awsdns-\d+\.(com|net|org|co\.uk)$|^ns-cloud-[a-e]\d\.googledomains\.com$/

/** Zilliz Cloud's domain. Its zone is public; a zone below it is, if at all, in a public DNS service. */
const vendorDomain = 'zillizcloud.com'

/**
 * Whether a zone is a private one: of a cloud's DNS, or below Zilliz Cloud's domain and of a server that is no public DNS
 * service's, such as BIND's on premises.
 */
export function isPrivateZone({ primary, zone }: Soa): boolean {
  return privatePrimaries.has(primary) || (zone.endsWith(`.${vendorDomain}`) && !publicPrimary.test(primary))
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
