import { createHash } from 'node:crypto'
import type { Naming } from './names.ts'

/** Names of what a link's probe makes, unique within a project as the link's own are. */
export interface ProbeResourceNames {
  /** The network tag of its VMs. */
  readonly tag: string
  readonly scrapeFirewall: string
  /** The firewall rule that allows egress from the probe, if the link allows egress only from named service accounts. */
  readonly egressFirewall: string
  /** The id of its service account, which may have 30 characters. */
  readonly serviceAccountId: string
  /** The id of the role with which it reads the configuration. */
  readonly cloudFactsRoleId: string
  /** The group of VMs in one zone. */
  readonly group: (zone: string) => string
}

/** The names of a probe's resources. */
export function probeNames({ endpointPrefix, region }: Naming): ProbeResourceNames {
  const name = `${endpointPrefix}-${region}-probe`
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return {
    tag: name,
    scrapeFirewall: `${name}-scrape`,
    egressFirewall: `${name}-egress`,
    serviceAccountId: `privatelink-probe-${digest}`,
    cloudFactsRoleId: `privatelink_cloud_facts_${digest}`,
    group: zone => `${endpointPrefix}-${zone}-probe`
  }
}
