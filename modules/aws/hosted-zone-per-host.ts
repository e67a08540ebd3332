import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone/index.js'
import { Route53ProfilesResourceAssociation } from '@cdktf/provider-aws/lib/route53profiles-resource-association/index.js'
import type { Construct } from 'constructs'
import type { PrivateRecord } from '../private-link.ts'
import type { PrivateZone } from '../private-zone.ts'
import { AliasRecords } from './alias-records.ts'
import type { HostOfVpcEndpoint } from './interface-endpoint.ts'
import type { ZoneVpc } from './zone.ts'
import { vpcsOfZone, ZoneVpcs } from './zone-vpcs.ts'

export interface HostedZonePerHostProps {
  /** The VPCs in which the zones answer. */
  readonly vpcs: readonly ZoneVpc[]
  /** Zones to import, which were created by hand: the name of a host and the id of its zone. */
  readonly adoptZoneIds: Readonly<Record<string, string>>
  /**
   * The Route 53 Profile, in its region, whose VPCs see the zones as well.
   *
   * @default - no profile
   */
  readonly profile?: { readonly id: string; readonly region: string } | undefined
}

/** A zone for each host, named exactly as the host, so that it hides no other name. */
export class HostedZonePerHost implements PrivateZone<HostOfVpcEndpoint> {
  private readonly props: HostedZonePerHostProps

  constructor(props: HostedZonePerHostProps) {
    this.props = props
  }

  addHost(scope: Construct, answer: HostOfVpcEndpoint): PrivateRecord {
    const { host } = answer
    const zone = new Route53Zone(scope, 'zone', {
      name: host.name,
      comment: `Private link to the Zilliz Cloud cluster ${host.cluster}`,
      ...vpcsOfZone(scope.node.path, this.props.vpcs)
    })
    const importZoneId = this.props.adoptZoneIds[host.name]
    if (importZoneId !== undefined) zone.importFrom(importZoneId)
    const { vpcs, profile } = this.props
    new ZoneVpcs(scope, 'vpcs', { zone, vpcs })
    if (profile !== undefined) {
      new Route53ProfilesResourceAssociation(scope, 'profile', {
        region: profile.region,
        profileId: profile.id,
        name: `zilliz-${host.cluster}`,
        resourceArn: zone.arn
      })
    }
    return new AliasRecords(scope, 'record', { ...answer, zoneId: zone.zoneId, importZoneId }).record
  }
}
