import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js'
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone/index.js'
import type { Construct } from 'constructs'
import type { PrivateRecord } from '../private-link.ts'
import type { Host } from '../zilliz.ts'
import type { InterfaceEndpoint } from './interface-endpoint.ts'
import type { PrivateZone } from './private-zone.ts'

export interface PerHostZoneProps {
  readonly region: string
  readonly vpcId: string
}

/** A zone for each host, named exactly as the host, so that it hides no other name. */
export class PerHostZone implements PrivateZone {
  private readonly props: PerHostZoneProps

  constructor(props: PerHostZoneProps) {
    this.props = props
  }

  addHost(scope: Construct, host: Host, endpoint: InterfaceEndpoint): PrivateRecord {
    const { region, vpcId } = this.props
    const zone = new Route53Zone(scope, 'zone', {
      name: host.name,
      comment: `Private link to the Zilliz Cloud cluster ${host.cluster}`,
      vpc: [{ vpcId, vpcRegion: region }]
    })
    new Route53Record(scope, 'record', {
      zoneId: zone.zoneId,
      name: host.name,
      type: 'A',
      // An alias: at the apex of a zone a CNAME is not legal (RFC 1034, section 3.6.2).
      alias: { name: endpoint.dnsName, zoneId: endpoint.dnsHostedZoneId, evaluateTargetHealth: false },
      lifecycle: endpoint.requireDnsName
    })
    return { name: host.name, type: 'A', value: endpoint.dnsName, zone: zone.zoneId }
  }
}
