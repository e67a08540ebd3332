import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone/index.js'
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set/index.js'
import type { Construct } from 'constructs'
import type { PrivateRecord } from '../private-link.ts'
import type { Host } from '../zilliz.ts'
import type { Names } from './names.ts'
import type { PrivateZone } from './private-zone.ts'

export interface PerHostZoneProps {
  readonly project: string
  /** The network's name. */
  readonly network: string
  readonly names: Names
}

/** A zone for each host, named exactly as the host, so that it hides no other name. */
export class PerHostZone implements PrivateZone {
  private readonly props: PerHostZoneProps

  constructor(props: PerHostZoneProps) {
    this.props = props
  }

  addHost(scope: Construct, host: Host, address: string): PrivateRecord {
    const { project, network, names } = this.props
    const zone = new DnsManagedZone(scope, 'zone', {
      project,
      name: names.hostZone(host.cluster),
      dnsName: `${host.name}.`,
      description: `Private link to the Zilliz Cloud cluster ${host.cluster}`,
      visibility: 'private',
      privateVisibilityConfig: {
        networks: [{ networkUrl: `projects/${project}/global/networks/${network}` }]
      }
    })
    new DnsRecordSet(scope, 'record', {
      project,
      managedZone: zone.name,
      name: `${host.name}.`,
      type: 'A',
      ttl: 60,
      rrdatas: [address]
    })
    return { name: host.name, type: 'A', value: address, zone: zone.name }
  }
}
