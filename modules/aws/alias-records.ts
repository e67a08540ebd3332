import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js'
import type { Precondition } from 'cdktf'
import { Construct } from 'constructs'
import type { PrivateRecord } from '../private-link.ts'
import type { HostOfVpcEndpoint } from './interface-endpoint.ts'
import type { ZoneOwner } from './zone-role.ts'

export interface AliasRecordsProps extends HostOfVpcEndpoint {
  /** The zone's id, a Terraform expression where the zone is ours. */
  readonly zoneId: string
  /** The zone's id as text, which an import needs. */
  readonly importZoneId?: string | undefined
  /**
   * Acts for the account of the zone.
   *
   * @default - the account of the link
   */
  readonly owner?: ZoneOwner | undefined
  /**
   * Further preconditions, in addition to the known name of the endpoint.
   *
   * @default - none
   */
  readonly require?: readonly Precondition[]
}

/**
 * What leads a host to the endpoint's addresses, in each family that the endpoint has. Aliases, because at the apex of a
 * zone a CNAME is not legal (RFC 1034, section 3.6.2).
 */
export class AliasRecords extends Construct {
  readonly record: PrivateRecord

  constructor(scope: Construct, id: string, props: AliasRecordsProps) {
    super(scope, id)
    const { host, endpoint, zoneId } = props

    const types = endpoint.ipAddressType === 'dualstack' ? (['A', 'AAAA'] as const) : (['A'] as const)
    for (const type of types) {
      const record = new Route53Record(this, type, {
        zoneId,
        name: host.name,
        type,
        alias: {
          name: endpoint.dnsTarget.name,
          zoneId: endpoint.dnsTarget.hostedZoneId,
          evaluateTargetHealth: false
        },
        lifecycle: { precondition: [...endpoint.dnsConditions, ...(props.require ?? [])] },
        ...(props.owner === undefined
          ? {}
          : { provider: props.owner.provider, dependsOn: [...(props.owner.dependsOn ?? [])] })
      })
      if (props.adoptRecord && props.importZoneId !== undefined) {
        record.importFrom(`${props.importZoneId}_${host.name}_${type}`)
      }
    }
    this.record = { name: host.name, type: 'A', value: endpoint.dnsName, zone: zoneId }
  }
}
