import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js'
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone/index.js'
import { Annotations } from 'cdktf'
import { Construct } from 'constructs'
import type { PrivateRecord } from '../private-link.ts'
import { type Host, zillizDomain } from '../zilliz.ts'
import type { InterfaceEndpoint } from './interface-endpoint.ts'
import type { PrivateZone } from './private-zone.ts'

export interface ParentZoneProps {
  readonly region: string
  readonly vpcId: string
}

/**
 * The guide's zone: `vectordb.zillizcloud.com`, with a CNAME for each host. A VPC has at most one, so the links of an
 * environment share it.
 */
export class ParentZone extends Construct implements PrivateZone {
  private readonly zoneId: string

  constructor(scope: Construct, id: string, { region, vpcId }: ParentZoneProps) {
    super(scope, id)

    const zone = new Route53Zone(this, 'Resource', {
      name: zillizDomain,
      comment: 'Private links to Zilliz Cloud',
      vpc: [{ vpcId, vpcRegion: region }]
    })
    this.zoneId = zone.zoneId

    Annotations.of(this).addWarning(
      `the zone ${zillizDomain} hides every other Zilliz Cloud name from ${vpcId}: a cluster that has no record in it does not resolve there, not even by its public name; choose zone: 'per-host' to hide nothing`
    )
  }

  addHost(scope: Construct, host: Host, endpoint: InterfaceEndpoint): PrivateRecord {
    new Route53Record(scope, 'parent-record', {
      zoneId: this.zoneId,
      name: host.name,
      type: 'CNAME',
      ttl: 300,
      records: [endpoint.dnsName],
      lifecycle: endpoint.requireDnsName
    })
    return { name: host.name, type: 'CNAME', value: endpoint.dnsName, zone: this.zoneId }
  }
}
