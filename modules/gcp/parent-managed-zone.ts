import { Annotations } from 'cdktf'
import { Construct } from 'constructs'
import { zillizDomain } from '../../probe/facts/zilliz-domain.ts'
import type { PrivateRecord } from '../private-link.ts'
import type { PrivateZone } from '../private-zone.ts'
import { requireOneLibrary } from '../require-one-library.ts'
import { isToken } from '../token.ts'
import { requireInParent } from '../zone.ts'
import { HostAddressRecord } from './host-address-record.ts'
import { parentZoneName } from './names.ts'
import { PeeringZones, type ZonePeering } from './peering-zones.ts'
import { PrivateManagedZone } from './private-managed-zone.ts'
import type { HostOfPscEndpoint } from './psc-endpoint.ts'

export interface ParentManagedZoneProps {
  readonly project: string
  /** Paths of the networks in which it answers. */
  readonly networks: readonly string[]
  /**
   * Spokes that ask the first of the networks.
   *
   * @default - none
   */
  readonly peerings?: readonly ZonePeering[] | undefined
  /**
   * Import the zone, which was created by hand.
   *
   * @default false
   */
  readonly adopt?: boolean
}

/**
 * The guide's zone: `vectordb.zillizcloud.com`, with an A record for each host. A network has at most one, so the links
 * of an environment share it.
 */
export class ParentManagedZone extends Construct implements PrivateZone<HostOfPscEndpoint> {
  private readonly project: string
  private readonly zone: string
  private readonly adopt: boolean

  constructor(
    scope: Construct,
    id: string,
    { project, networks, peerings = [], adopt = false }: ParentManagedZoneProps
  ) {
    super(scope, id)
    requireOneLibrary(this)

    const { zone, made } = new PrivateManagedZone(this, 'Resource', {
      project,
      name: parentZoneName,
      dnsName: zillizDomain,
      description: 'Private links to Zilliz Cloud',
      networks,
      adopt
    })
    this.project = project
    this.zone = zone
    this.adopt = adopt

    const [hub] = networks
    if (hub !== undefined) {
      new PeeringZones(this, 'peerings', {
        peerings,
        zoneName: parentZoneName,
        dnsName: zillizDomain,
        hub,
        after: [made]
      })
    }

    const hidden = [...networks, ...peerings.flatMap(({ networks }) => networks)].map(network =>
      isToken(network) ? 'the network of the link' : network
    )
    Annotations.of(this).addWarning(
      `the zone ${zillizDomain} hides every other Zilliz Cloud name from ${hidden.join(', ')}: a cluster that has no record in it does not resolve there, not even by its public name. Choose zone: 'per-host' to hide nothing.`
    )
  }

  addHost(scope: Construct, host: HostOfPscEndpoint): PrivateRecord {
    requireInParent(scope.node.path, host.host.name)
    const { project, zone } = this
    // Only a zone that was there can hold a record that was there.
    const adoptRecord = this.adopt && host.adoptRecord
    return new HostAddressRecord(scope, 'parent-record', {
      ...host,
      adoptRecord,
      project,
      zone,
      zoneName: parentZoneName
    }).record
  }
}
