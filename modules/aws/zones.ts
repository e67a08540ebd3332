import type { Construct } from 'constructs'
import { zillizDomain } from '../../probe/facts/zilliz-domain.ts'
import { type PrivateZone, ZonePair } from '../private-zone.ts'
import { isWithParent } from '../zone.ts'
import { ExistingHostedZone } from './existing-hosted-zone.ts'
import { HostedZonePerHost } from './hosted-zone-per-host.ts'
import type { HostOfVpcEndpoint } from './interface-endpoint.ts'
import type { AwsLink } from './link.ts'
import { ParentHostedZone } from './parent-hosted-zone.ts'
import { ownVpcs, type ZoneVpc } from './zone.ts'
import type { ZoneRole } from './zone-role.ts'

/** The zones of an environment's links on AWS: the kind that each link chose. */
export class AwsZones {
  private readonly scope: Construct
  private readonly links: readonly AwsLink[]
  private readonly parents = new Map<string, ParentHostedZone>()
  private readonly theirRole: ZoneRole

  /**
   * @param links all of the environment, because those on one VPC share one parent zone
   * @param theirRole acts for the other account that owns zones
   */
  constructor(scope: Construct, links: readonly AwsLink[], theirRole: ZoneRole) {
    this.scope = scope
    this.links = links
    this.theirRole = theirRole
  }

  /**
   * What answers a link's hosts.
   *
   * @returns nothing for a link that leaves that to others
   */
  of(name: string, link: AwsLink): PrivateZone<HostOfVpcEndpoint> | undefined {
    const { zone } = link
    switch (zone.kind) {
      case 'parent':
        return this.parent(link.vpcId)
      case 'prepare-per-host':
        return new ZonePair(this.parent(link.vpcId), this.perHost(link, [stagingVpc(link, zone)]))
      case 'switch-to-per-host':
        return new ZonePair(this.perHost(link, [...ownVpcs(link), stagingVpc(link, zone)]), this.parent(link.vpcId))
      case 'per-host':
        return this.perHost(link, ownVpcs(link))
      case 'existing':
        return new ExistingHostedZone(this.scope, `existing-zone-${name}`, {
          zoneId: zone.zoneId,
          role: zone.zoneRoleArn === undefined ? undefined : this.theirRole,
          associate: zone.associateZone ? ownVpcs(link) : undefined
        })
      case 'none':
        return undefined
    }
  }

  // A VPC has at most one zone of a name, whichever link comes first or goes, so it is keyed by the VPC.
  private parent(vpcId: string): ParentHostedZone {
    const made = this.parents.get(vpcId)
    if (made !== undefined) return made
    const sharing = this.links.filter(link => link.vpcId === vpcId && isWithParent(link.zone.kind))
    const vpcs = new Map(sharing.flatMap(ownVpcs).map(vpc => [vpc.vpcId, vpc]))
    const zone = new ParentHostedZone(this.scope, `parent-zone-${vpcId}`, {
      vpcs: [...vpcs.values()],
      adoptZoneId: sharing.map(link => link.adoptZoneIds[zillizDomain]).find(id => id !== undefined)
    })
    this.parents.set(vpcId, zone)
    return zone
  }

  private perHost({ adoptZoneIds }: AwsLink, vpcs: readonly ZoneVpc[]): HostedZonePerHost {
    return new HostedZonePerHost({ vpcs, adoptZoneIds })
  }
}

/** Where no client sees a zone while its record is made: Route 53 makes no private zone without a VPC. */
function stagingVpc({ region }: AwsLink, { stagingVpcId }: { readonly stagingVpcId: string }): ZoneVpc {
  return { vpcId: stagingVpcId, region }
}
