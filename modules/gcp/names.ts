import type { Claim } from '../claim.ts'

/** The most characters that Google Cloud takes in a resource's name: https://cloud.google.com/compute/docs/naming-resources */
export const longestName = 63

/** What the guide calls the zone `vectordb.zillizcloud.com`. */
export const parentZoneName = 'zilliz-privatelink-zone'

/** The peering zone in the projects of spokes, of which each asks for a zone. */
export function peeringZoneName(zoneName: string): string {
  return `${zoneName}-peering`
}

/**
 * Names of what a link makes, all from the endpoint prefix. They are unique within a project as long as no two of its
 * links have the same prefix in the same region.
 */
export interface LinkResourceNames {
  /** The forwarding rule: the endpoint's name, which Zilliz Cloud asks for. */
  readonly endpoint: string
  readonly address: string
  readonly egressFirewall: string
  readonly iapSshFirewall: string
  /** The managed zone of one host. */
  readonly hostZone: (cluster: string) => string
}

/** What decides a link's names. */
export interface Naming {
  readonly endpointPrefix: string
  readonly region: string
  /** The endpoint's name, where it has one of its own. */
  readonly endpointName?: string | undefined
  /** The address's name, where it has one of its own. */
  readonly addressName?: string | undefined
}

/** The names of a link's resources. */
export function names({ endpointPrefix, region, endpointName, addressName }: Naming): LinkResourceNames {
  const prefix = `${endpointPrefix}-${region}`
  return {
    endpoint: endpointName ?? prefix,
    address: addressName ?? `${prefix}-address`,
    egressFirewall: `${prefix}-egress`,
    iapSshFirewall: `${prefix}-iap-ssh`,
    hostZone: cluster => `${endpointPrefix}-${cluster}`
  }
}

/**
 * A resource of a name that follows from the endpoint prefix.
 *
 * @param what its kind, name and place: `the firewall rule zilliz-us-west1-egress in my-project`
 */
export function nameClaim(what: string): Claim {
  return { what, wayOut: 'Give one of them another endpointPrefix.' }
}
