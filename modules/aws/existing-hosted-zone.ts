import { DataAwsRoute53Zone } from '@cdktf/provider-aws/lib/data-aws-route53-zone/index.js'
import { Route53VpcAssociationAuthorization } from '@cdktf/provider-aws/lib/route53-vpc-association-authorization/index.js'
import { Route53ZoneAssociation } from '@cdktf/provider-aws/lib/route53-zone-association/index.js'
import { Route53ProfilesResourceAssociation } from '@cdktf/provider-aws/lib/route53profiles-resource-association/index.js'
import { Construct } from 'constructs'
import { address, expression, raw } from '../expression.ts'
import type { PrivateRecord } from '../private-link.ts'
import type { PrivateZone } from '../private-zone.ts'
import { isToken } from '../token.ts'
import { AliasRecords } from './alias-records.ts'
import type { HostOfVpcEndpoint } from './interface-endpoint.ts'
import type { ZoneVpc } from './zone.ts'
import type { ZoneOwner } from './zone-role.ts'

export interface ExistingHostedZoneProps {
  readonly zoneId: string
  /**
   * Acts for the account of the zone.
   *
   * @default - the zone is in the account of the link
   */
  readonly owner?: ZoneOwner | undefined
  /**
   * Let the zone answer in these VPCs.
   *
   * @default - the zone answers where it is needed already
   */
  readonly associate?: readonly ZoneVpc[] | undefined
  /**
   * The Route 53 Profile, in its region, whose VPCs see the zone as well.
   *
   * @default - no profile
   */
  readonly profile?: { readonly id: string; readonly region: string } | undefined
}

/** A private hosted zone that others made, in this account or another; only the hosts' records are ours. */
export class ExistingHostedZone extends Construct implements PrivateZone<HostOfVpcEndpoint> {
  private readonly props: ExistingHostedZoneProps
  private readonly name: string

  constructor(scope: Construct, id: string, props: ExistingHostedZoneProps) {
    super(scope, id)
    this.props = props
    const { zoneId } = props
    const { owner } = props
    const ofZone = owner === undefined ? {} : { provider: owner.provider }

    const zone = new DataAwsRoute53Zone(this, 'zone', {
      ...ofZone,
      zoneId,
      lifecycle: {
        postcondition: [
          {
            condition: '${self.private_zone}',
            errorMessage: `${this.node.path}: ${zoneId} is a public zone, \${self.name}. Name a private one, because a record there would tell everyone your addresses.`
          }
        ]
      }
    })
    this.name = `trimsuffix(${address(zone)}.name, ".")`

    const { profile } = props
    if (profile !== undefined) {
      new Route53ProfilesResourceAssociation(this, 'profile', {
        ...ofZone,
        region: profile.region,
        profileId: profile.id,
        name: 'zilliz-privatelink',
        resourceArn: zone.arn,
        dependsOn: [...(owner?.dependsOn ?? [])]
      })
    }

    for (const [index, { vpcId, region, provider }] of (props.associate ?? []).entries()) {
      const key = isToken(vpcId) ? String(index) : vpcId
      const vpc = { zoneId, vpcId, vpcRegion: region }
      // Across accounts the owner of the zone authorizes first, then the owner of the VPC associates.
      const authorized =
        owner === undefined && provider === undefined
          ? []
          : [
              new Route53VpcAssociationAuthorization(this, `authorization-${key}`, {
                ...ofZone,
                ...vpc,
                dependsOn: [...(owner?.dependsOn ?? [])]
              })
            ]
      new Route53ZoneAssociation(this, `association-${key}`, {
        ...vpc,
        ...(provider === undefined ? {} : { provider }),
        dependsOn: authorized
      })
    }
  }

  addHost(scope: Construct, answer: HostOfVpcEndpoint): PrivateRecord {
    const { host } = answer
    const { zoneId, owner } = this.props
    const inZone = {
      condition: expression`${host.name} == ${raw(this.name)} || endswith(${host.name}, ".\${${raw(this.name)}}")`,
      errorMessage: `${scope.node.path}: ${host.name} is not in the zone ${zoneId}, which is \${${this.name}}. Name a zone that the host belongs to.`
    }
    return new AliasRecords(scope, 'existing-record', {
      ...answer,
      zoneId,
      importZoneId: zoneId,
      owner,
      require: [inZone]
    }).record
  }
}
