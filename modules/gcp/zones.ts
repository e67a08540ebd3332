import type { TerraformProvider } from 'cdktf'
import type { Construct } from 'constructs'
import { type PrivateZone, ZonePair } from '../private-zone.ts'
import { isWithParent } from '../zone.ts'
import { ExistingManagedZone } from './existing-managed-zone.ts'
import { ManagedZonePerHost } from './managed-zone-per-host.ts'
import { type Naming, names } from './names.ts'
import { ParentManagedZone } from './parent-managed-zone.ts'
import type { ZonePeering } from './peering-zones.ts'
import type { HostOfPscEndpoint } from './psc-endpoint.ts'
import { type LinkedPeering, type LinkInNetwork, networkPath, networkProject, ownNetworks, peeringsOf } from './zone.ts'

/** A link as far as its zone is concerned. */
export interface GcpZonedLink extends LinkInNetwork, Naming {
  /** What is imported. */
  readonly adopt: readonly string[]
}

export interface GcpZonesProps {
  /** All that may share a parent zone, because those on one network share one. */
  readonly links: readonly GcpZonedLink[]
  /** What writes the records of the existing zone of a link, if it is not the provider of the link. */
  readonly writerOf: (link: GcpZonedLink) => TerraformProvider | undefined
  /** What makes the peering zones of spokes, if it is not the provider of the link. */
  readonly peererOf: (peering: LinkedPeering) => TerraformProvider | undefined
  /** The id of the parent zone of a link's network. */
  readonly parentId: (link: GcpZonedLink) => string
  /** The id of the existing zone of a link. */
  readonly existingId: (link: string) => string
}

/** The zones of links on Google Cloud: the kind that each link chose. */
export class GcpZones {
  private readonly scope: Construct
  private readonly props: GcpZonesProps
  private readonly parents = new Map<string, ParentManagedZone>()

  constructor(scope: Construct, props: GcpZonesProps) {
    this.scope = scope
    this.props = props
  }

  /**
   * What answers a link's hosts.
   *
   * @returns nothing for a link that leaves that to others
   */
  of(name: string, link: GcpZonedLink): PrivateZone<HostOfPscEndpoint> | undefined {
    const { zone } = link
    switch (zone.kind) {
      case 'parent':
        return this.parent(link)
      case 'prepare-per-host':
        return new ZonePair(this.parent(link), perHost(link, [], []))
      case 'switch-to-per-host':
        return new ZonePair(perHost(link, ownNetworks(link), this.peeringsOf(link)), this.parent(link))
      case 'per-host':
        return perHost(link, ownNetworks(link), this.peeringsOf(link))
      case 'existing':
        return new ExistingManagedZone(this.scope, this.props.existingId(name), {
          project: zone.zoneProject ?? networkProject(link),
          zoneName: zone.zoneName,
          provider: this.props.writerOf(link)
        })
      case 'none':
        return undefined
    }
  }

  private peeringsOf(link: GcpZonedLink): readonly ZonePeering[] {
    return peeringsOf(link).map(peering => ({ ...peering, provider: this.props.peererOf(peering) }))
  }

  // A network has at most one zone of a name, whichever link comes first or goes, so it is keyed by the network.
  private parent(link: GcpZonedLink): ParentManagedZone {
    const network = networkPath(link)
    const made = this.parents.get(network)
    if (made !== undefined) return made
    const sharing = this.props.links.filter(other => networkPath(other) === network && isWithParent(other.zone.kind))
    const zone = new ParentManagedZone(this.scope, this.props.parentId(link), {
      project: networkProject(link),
      networks: [...new Set(sharing.flatMap(ownNetworks))],
      peerings: sharing.flatMap(link => this.peeringsOf(link)),
      adopt: sharing.some(({ adopt }) => adopt.includes('zone'))
    })
    this.parents.set(network, zone)
    return zone
  }
}

function perHost(
  link: GcpZonedLink,
  networks: readonly string[],
  peerings: readonly ZonePeering[]
): ManagedZonePerHost {
  return new ManagedZonePerHost({
    project: networkProject(link),
    networks,
    names: names(link),
    peerings,
    hub: networkPath(link),
    // On the way from the parent zone the zones are new, whatever else is taken over.
    adopt: link.zone.kind === 'per-host' && link.adopt.includes('zone')
  })
}
