import type { TerraformProvider } from 'cdktf'
import type { Construct } from 'constructs'
import { zillizDomain } from '../../probe/facts/zilliz-domain.ts'
import { type PrivateZone, ZonePair } from '../private-zone.ts'
import { isWithParent } from '../zone.ts'
import { ExistingHostedZone } from './existing-hosted-zone.ts'
import { HostedZonePerHost } from './hosted-zone-per-host.ts'
import type { HostOfVpcEndpoint } from './interface-endpoint.ts'
import { ParentHostedZone } from './parent-hosted-zone.ts'
import { type LinkedVpc, type LinkInVpc, ownVpcs, profileOf, type ZoneVpc } from './zone.ts'
import type { ZoneOwner } from './zone-role.ts'

/** A link as far as its zone is concerned. */
export interface ZonedLink extends LinkInVpc {
  /** Zones to import, which were created by hand. */
  readonly adoptZoneIds: Readonly<Record<string, string>>
}

export interface AwsZonesProps {
  /** All that may share a parent zone, because those on one VPC share one. */
  readonly links: readonly ZonedLink[]
  /** Acts for the account of the existing zone of a link, if another account owns it. */
  readonly ownerOf: (link: ZonedLink) => ZoneOwner | undefined
  /** Acts for the account of a VPC, if another account owns it. */
  readonly associatorOf: (vpc: LinkedVpc) => TerraformProvider | undefined
  /** The id of the parent zone of a VPC. */
  readonly parentId: (vpcId: string) => string
  /** The id of the existing zone of a link. */
  readonly existingId: (link: string) => string
}

/** The zones of links on AWS: the kind that each link chose. */
export class AwsZones {
  private readonly scope: Construct
  private readonly props: AwsZonesProps
  private readonly parents = new Map<string, ParentHostedZone>()

  constructor(scope: Construct, props: AwsZonesProps) {
    this.scope = scope
    this.props = props
  }

  /**
   * What answers a link's hosts.
   *
   * @returns nothing for a link that leaves that to others
   */
  of(name: string, link: ZonedLink): PrivateZone<HostOfVpcEndpoint> | undefined {
    const { zone } = link
    switch (zone.kind) {
      case 'parent':
        return this.parent(link.vpcId)
      case 'prepare-per-host':
        return new ZonePair(this.parent(link.vpcId), this.perHost(link, [stagingVpc(link, zone)]))
      case 'switch-to-per-host':
        return new ZonePair(this.perHost(link, [...this.vpcsOf(link), stagingVpc(link, zone)]), this.parent(link.vpcId))
      case 'per-host':
        return this.perHost(link, this.vpcsOf(link))
      case 'existing':
        return new ExistingHostedZone(this.scope, this.props.existingId(name), {
          zoneId: zone.zoneId,
          owner: this.props.ownerOf(link),
          associate: zone.associateZone ? this.vpcsOf(link) : undefined,
          profile: zone.profileId === undefined ? undefined : { id: zone.profileId, region: link.region }
        })
      case 'none':
        return undefined
    }
  }

  // A VPC has at most one zone of a name, whichever link comes first or goes, so it is keyed by the VPC.
  private parent(vpcId: string): ParentHostedZone {
    const made = this.parents.get(vpcId)
    if (made !== undefined) return made
    const sharing = this.props.links.filter(link => link.vpcId === vpcId && isWithParent(link.zone.kind))
    const vpcs = new Map(sharing.flatMap(link => this.vpcsOf(link)).map(vpc => [vpc.vpcId, vpc]))
    const zone = new ParentHostedZone(this.scope, this.props.parentId(vpcId), {
      vpcs: [...vpcs.values()],
      profileIds: [...new Set(sharing.flatMap(link => profileOf(link) ?? []))],
      adoptZoneId: sharing.map(link => link.adoptZoneIds[zillizDomain]).find(id => id !== undefined)
    })
    this.parents.set(vpcId, zone)
    return zone
  }

  private perHost(link: ZonedLink, vpcs: readonly ZoneVpc[]): HostedZonePerHost {
    const { region, adoptZoneIds } = link
    const profileId = profileOf(link)
    const profile = profileId === undefined ? undefined : { id: profileId, region }
    return new HostedZonePerHost({ vpcs, adoptZoneIds, profile })
  }

  private vpcsOf(link: ZonedLink): readonly ZoneVpc[] {
    return ownVpcs(link).map(vpc => {
      const { vpcId, region } = vpc
      return { vpcId, region, provider: this.props.associatorOf(vpc) }
    })
  }
}

/** Where no client sees a zone while its record is made: Route 53 makes no private zone without a VPC. */
function stagingVpc({ region }: ZonedLink, { stagingVpcId }: { readonly stagingVpcId: string }): ZoneVpc {
  return { vpcId: stagingVpcId, region }
}
