import type { Construct } from 'constructs'
import { type PrivateZone, ZonePair } from '../private-zone.ts'
import { isWithParent } from '../zone.ts'
import { ExistingManagedZone } from './existing-managed-zone.ts'
import type { GcpLink } from './link.ts'
import { ManagedZonePerHost } from './managed-zone-per-host.ts'
import { names } from './names.ts'
import { ParentManagedZone } from './parent-managed-zone.ts'
import type { HostOfPscEndpoint } from './psc-endpoint.ts'
import { networkPath, networkProject, ownNetworks } from './zone.ts'

/** The zones of an environment's links on Google Cloud: the kind that each link chose. */
export class GcpZones {
  private readonly scope: Construct
  private readonly links: readonly GcpLink[]
  private readonly parents = new Map<string, ParentManagedZone>()

  /** @param links all of the environment, because those on one network share one parent zone */
  constructor(scope: Construct, links: readonly GcpLink[]) {
    this.scope = scope
    this.links = links
  }

  /**
   * What answers a link's hosts.
   *
   * @returns nothing for a link that leaves that to others
   */
  of(name: string, link: GcpLink): PrivateZone<HostOfPscEndpoint> | undefined {
    const { zone } = link
    switch (zone.kind) {
      case 'parent':
        return this.parent(link)
      case 'prepare-per-host':
        return new ZonePair(this.parent(link), perHost(link, []))
      case 'switch-to-per-host':
        return new ZonePair(perHost(link, ownNetworks(link)), this.parent(link))
      case 'per-host':
        return perHost(link, ownNetworks(link))
      case 'existing':
        return new ExistingManagedZone(this.scope, `existing-zone-${name}`, {
          project: zone.zoneProject ?? networkProject(link),
          zoneName: zone.zoneName
        })
      case 'none':
        return undefined
    }
  }

  // A network has at most one zone of a name, whichever link comes first or goes, so it is keyed by the network.
  private parent(link: GcpLink): ParentManagedZone {
    const network = networkPath(link)
    const made = this.parents.get(network)
    if (made !== undefined) return made
    const sharing = this.links.filter(other => networkPath(other) === network && isWithParent(other.zone.kind))
    const zone = new ParentManagedZone(this.scope, `parent-zone-${networkProject(link)}-${link.network}`, {
      project: networkProject(link),
      networks: [...new Set(sharing.flatMap(ownNetworks))],
      adopt: sharing.some(({ adopt }) => adopt.includes('zone'))
    })
    this.parents.set(network, zone)
    return zone
  }
}

function perHost(link: GcpLink, networks: readonly string[]): ManagedZonePerHost {
  return new ManagedZonePerHost({
    project: networkProject(link),
    networks,
    names: names(link),
    // On the way from the parent zone the zones are new, whatever else is taken over.
    adopt: link.zone.kind === 'per-host' && link.adopt.includes('zone')
  })
}
