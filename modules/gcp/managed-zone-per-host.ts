import type { Construct } from 'constructs'
import type { PrivateRecord } from '../private-link.ts'
import type { PrivateZone } from '../private-zone.ts'
import { HostAddressRecord } from './host-address-record.ts'
import type { LinkResourceNames } from './names.ts'
import { PeeringZones, type ZonePeering } from './peering-zones.ts'
import { PrivateManagedZone } from './private-managed-zone.ts'
import type { HostOfPscEndpoint } from './psc-endpoint.ts'

export interface ManagedZonePerHostProps {
  readonly project: string
  /** Paths of the networks in which the zones answer. */
  readonly networks: readonly string[]
  readonly names: LinkResourceNames
  /** Spokes that ask `hub`, the network of the link. */
  readonly peerings: readonly ZonePeering[]
  readonly hub: string
  /** Import the zones, which were created by hand. */
  readonly adopt: boolean
}

/** A zone for each host, named exactly as the host, so that it hides no other name. */
export class ManagedZonePerHost implements PrivateZone<HostOfPscEndpoint> {
  private readonly props: ManagedZonePerHostProps

  constructor(props: ManagedZonePerHostProps) {
    this.props = props
  }

  addHost(scope: Construct, answer: HostOfPscEndpoint): PrivateRecord {
    const { project, networks, names, adopt, peerings, hub } = this.props
    const { host } = answer
    const zoneName = names.hostZone(host.cluster)
    const { zone } = new PrivateManagedZone(scope, 'zone', {
      project,
      name: zoneName,
      dnsName: host.name,
      description: `Private link to the Zilliz Cloud cluster ${host.cluster}`,
      networks,
      adopt
    })
    // Only a zone that was there can hold a record that was there.
    const adoptRecord = adopt && answer.adoptRecord
    const { record, made } = new HostAddressRecord(scope, 'record', { ...answer, adoptRecord, project, zone, zoneName })
    new PeeringZones(scope, 'peerings', { peerings, zoneName, dnsName: host.name, hub, after: [made] })
    return record
  }
}
