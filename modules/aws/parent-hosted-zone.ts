import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js'
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone/index.js'
import { Route53ProfilesResourceAssociation } from '@cdktf/provider-aws/lib/route53profiles-resource-association/index.js'
import { Annotations } from 'cdktf'
import { Construct } from 'constructs'
import { zillizDomain } from '../../probe/facts/zilliz-domain.ts'
import type { PrivateRecord } from '../private-link.ts'
import type { PrivateZone } from '../private-zone.ts'
import { requireOneLibrary } from '../require-one-library.ts'
import { isToken } from '../token.ts'
import { requireInParent } from '../zone.ts'
import type { HostOfVpcEndpoint } from './interface-endpoint.ts'
import type { ZoneVpc } from './zone.ts'
import { vpcsOfZone, ZoneVpcs } from './zone-vpcs.ts'

export interface ParentHostedZoneProps {
  /** The VPCs in which it answers, the first of them of the account that gets the zone. */
  readonly vpcs: readonly ZoneVpc[]
  /**
   * Route 53 Profiles in the region of the first VPC (`rp-…`), whose VPCs see the zone as well.
   *
   * @default - none
   */
  readonly profileIds?: readonly string[] | undefined
  /**
   * Import this zone, which was created by hand.
   *
   * @default - create a zone
   */
  readonly adoptZoneId?: string | undefined
}

/**
 * The guide's zone: `vectordb.zillizcloud.com`, with a CNAME for each host. A VPC has at most one, so the links of an
 * environment share it.
 */
export class ParentHostedZone extends Construct implements PrivateZone<HostOfVpcEndpoint> {
  private readonly zoneId: string
  private readonly adoptZoneId: string | undefined

  constructor(scope: Construct, id: string, { vpcs, profileIds = [], adoptZoneId }: ParentHostedZoneProps) {
    super(scope, id)
    requireOneLibrary(this)

    const zone = new Route53Zone(this, 'Resource', {
      name: zillizDomain,
      comment: 'Private links to Zilliz Cloud',
      ...vpcsOfZone(this.node.path, vpcs)
    })
    new ZoneVpcs(this, 'vpcs', { zone, vpcs })
    for (const [index, profileId] of profileIds.entries()) {
      new Route53ProfilesResourceAssociation(this, `profile-${isToken(profileId) ? index : profileId}`, {
        ...(vpcs[0] === undefined ? {} : { region: vpcs[0].region }),
        profileId,
        name: 'zilliz-privatelink',
        resourceArn: zone.arn
      })
    }
    this.zoneId = zone.zoneId
    this.adoptZoneId = adoptZoneId
    if (adoptZoneId !== undefined) zone.importFrom(adoptZoneId)

    const hidden = vpcs.map(({ vpcId }) => (isToken(vpcId) ? 'the VPC of the link' : vpcId)).join(', ')
    Annotations.of(this).addWarning(
      `the zone ${zillizDomain} hides every other Zilliz Cloud name from ${hidden}: a cluster that has no record in it does not resolve there, not even by its public name. Choose zone: 'per-host' to hide nothing.`
    )
  }

  addHost(scope: Construct, { host, endpoint, adoptRecord }: HostOfVpcEndpoint): PrivateRecord {
    requireInParent(scope.node.path, host.name)
    const record = new Route53Record(scope, 'parent-record', {
      zoneId: this.zoneId,
      name: host.name,
      type: 'CNAME',
      ttl: 300,
      records: [endpoint.dnsTarget.name],
      lifecycle: { precondition: [...endpoint.dnsConditions] }
    })
    if (adoptRecord && this.adoptZoneId !== undefined) record.importFrom(`${this.adoptZoneId}_${host.name}_CNAME`)
    return { name: host.name, type: 'CNAME', value: endpoint.dnsName, zone: this.zoneId }
  }
}
