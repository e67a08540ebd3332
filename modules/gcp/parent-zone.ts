import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone/index.js'
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set/index.js'
import { Annotations } from 'cdktf'
import { Construct } from 'constructs'
import type { PrivateRecord } from '../private-link.ts'
import { type Host, zillizDomain } from '../zilliz.ts'
import type { PrivateZone } from './private-zone.ts'

export interface ParentZoneProps {
  readonly project: string
  /** The network's name. */
  readonly network: string
}

/**
 * The guide's zone: `vectordb.zillizcloud.com`, with an A record for each host. A network has at most one, so the links
 * of an environment share it.
 */
export class ParentZone extends Construct implements PrivateZone {
  private readonly project: string
  private readonly zoneName: string

  constructor(scope: Construct, id: string, { project, network }: ParentZoneProps) {
    super(scope, id)

    const zone = new DnsManagedZone(this, 'Resource', {
      project,
      name: 'zilliz-privatelink-zone',
      dnsName: `${zillizDomain}.`,
      description: 'Private links to Zilliz Cloud',
      visibility: 'private',
      privateVisibilityConfig: {
        networks: [{ networkUrl: `projects/${project}/global/networks/${network}` }]
      }
    })
    this.project = project
    this.zoneName = zone.name

    Annotations.of(this).addWarning(
      `the zone ${zillizDomain} hides every other Zilliz Cloud name from ${network}: a cluster that has no record in it does not resolve there, not even by its public name; choose zone: 'per-host' to hide nothing`
    )
  }

  addHost(scope: Construct, host: Host, address: string): PrivateRecord {
    new DnsRecordSet(scope, 'parent-record', {
      project: this.project,
      managedZone: this.zoneName,
      name: `${host.name}.`,
      type: 'A',
      ttl: 60,
      rrdatas: [address]
    })
    return { name: host.name, type: 'A', value: address, zone: this.zoneName }
  }
}
