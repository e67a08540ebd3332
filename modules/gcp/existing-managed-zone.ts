import { DataGoogleDnsManagedZone } from '@cdktf/provider-google/lib/data-google-dns-managed-zone/index.js'
import { Construct } from 'constructs'
import { address } from '../expression.ts'
import type { PrivateRecord } from '../private-link.ts'
import type { PrivateZone } from '../private-zone.ts'
import { HostAddressRecord } from './host-address-record.ts'
import type { HostOfPscEndpoint } from './psc-endpoint.ts'

export interface ExistingManagedZoneProps {
  readonly project: string
  /** The zone's name. */
  readonly zoneName: string
}

/** A private managed zone that others made, in this project or another; only the hosts' records are ours. */
export class ExistingManagedZone extends Construct implements PrivateZone<HostOfPscEndpoint> {
  private readonly props: ExistingManagedZoneProps
  private readonly dnsName: string

  constructor(scope: Construct, id: string, props: ExistingManagedZoneProps) {
    super(scope, id)
    this.props = props
    const { project, zoneName } = props

    const zone = new DataGoogleDnsManagedZone(this, 'zone', {
      project,
      name: zoneName,
      lifecycle: {
        postcondition: [
          {
            condition: '${self.visibility == "private"}',
            errorMessage: `${this.node.path}: ${zoneName} is a \${self.visibility} zone, \${self.dns_name}; name a private one, because a record there would tell everyone your addresses`
          }
        ]
      }
    })
    this.dnsName = `${address(zone)}.dns_name`
  }

  addHost(scope: Construct, answer: HostOfPscEndpoint): PrivateRecord {
    const { project, zoneName } = this.props
    const fqdn = `${answer.host.name}.`
    const inZone = {
      condition: `\${"${fqdn}" == ${this.dnsName} || endswith("${fqdn}", ".\${${this.dnsName}}")}`,
      errorMessage: `${scope.node.path}: ${answer.host.name} is not in the zone ${zoneName}, which is \${${this.dnsName}}; name a zone that the host belongs to`
    }
    return new HostAddressRecord(scope, 'existing-record', {
      ...answer,
      project,
      zone: zoneName,
      zoneName,
      require: [inZone]
    }).record
  }
}
