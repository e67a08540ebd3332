/** The most characters that Google Cloud takes in a resource's name: https://cloud.google.com/compute/docs/naming-resources */
export const longestName = 63

/**
 * Names of what a link makes, all from the endpoint prefix. They are unique within a project as long as no two of its
 * links have the same prefix in the same region.
 */
export interface Names {
  /** The forwarding rule: the endpoint's name, which Zilliz Cloud asks for. */
  readonly endpoint: string
  readonly address: string
  readonly egressFirewall: string
  readonly iapSshFirewall: string
  /** The managed zone of one host. */
  readonly hostZone: (cluster: string) => string
}

/** The names of a link's resources. */
export function names(endpointPrefix: string, region: string): Names {
  const endpoint = `${endpointPrefix}-${region}`
  return {
    endpoint,
    address: `${endpoint}-address`,
    egressFirewall: `${endpoint}-egress`,
    iapSshFirewall: `${endpoint}-iap-ssh`,
    hostZone: cluster => `${endpointPrefix}-${cluster}`
  }
}
