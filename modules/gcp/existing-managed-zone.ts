import { DataGoogleDnsManagedZone } from '@cdktf/provider-google/lib/data-google-dns-managed-zone/index.js'
import type { Precondition, TerraformProvider } from 'cdktf'
import { Construct } from 'constructs'
import { address, expression, raw } from '../expression.ts'
import type { PrivateRecord } from '../private-link.ts'
import type { PrivateZone } from '../private-zone.ts'
import { isToken } from '../token.ts'
import { HostAddressRecord } from './host-address-record.ts'
import { nameIn } from './path-of.ts'
import type { HostOfPscEndpoint } from './psc-endpoint.ts'

export interface ExistingManagedZoneProps {
  readonly project: string
  /** The zone's name; of a token also its id. */
  readonly zoneName: string
  /**
   * What writes the records.
   *
   * @default - the provider of the link
   */
  readonly provider?: TerraformProvider | undefined
}

/** A private managed zone that others made, in this project or another; only the hosts' records are ours. */
export class ExistingManagedZone extends Construct implements PrivateZone<HostOfPscEndpoint> {
  private readonly props: ExistingManagedZoneProps
  /** An expression of the name that it answers for; undefined if the zone is not read. */
  private readonly dnsName: string | undefined

  constructor(scope: Construct, id: string, props: ExistingManagedZoneProps) {
    super(scope, id)
    this.props = props
    const { project, zoneName } = props
    // While its resource has a change of its own, it would be read only at apply.
    if (isToken(zoneName)) return

    const zone = new DataGoogleDnsManagedZone(this, 'zone', {
      ...(props.provider === undefined ? {} : { provider: props.provider }),
      project,
      name: zoneName,
      lifecycle: {
        postcondition: [
          {
            condition: '${self.visibility == "private"}',
            errorMessage: `${this.node.path}: ${zoneName} is a \${self.visibility} zone, \${self.dns_name}. Name a private one, because a record there would tell everyone your addresses.`
          }
        ]
      }
    })
    this.dnsName = `${address(zone)}.dns_name`
  }

  addHost(scope: Construct, answer: HostOfPscEndpoint): PrivateRecord {
    const { project, provider } = this.props
    const zoneName = nameIn(this.props.zoneName)
    return new HostAddressRecord(scope, 'existing-record', {
      ...answer,
      project,
      provider,
      zone: zoneName,
      zoneName,
      require: this.dnsName === undefined ? [] : [this.inZone(scope, answer.host.name, this.dnsName)]
    }).record
  }

  private inZone(scope: Construct, host: string, zone: string): Precondition {
    const fqdn = `${host}.`
    return {
      condition: expression`${fqdn} == ${raw(zone)} || endswith(${fqdn}, ".\${${raw(zone)}}")`,
      errorMessage: `${scope.node.path}: ${host} is not in the zone ${this.props.zoneName}, which is \${${zone}}. Name a zone that the host belongs to.`
    }
  }
}
