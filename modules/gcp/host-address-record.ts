import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set/index.js'
import type { ITerraformDependable, Precondition, TerraformProvider } from 'cdktf'
import { Construct } from 'constructs'
import type { PrivateRecord } from '../private-link.ts'
import type { HostOfPscEndpoint } from './psc-endpoint.ts'

export interface HostAddressRecordProps extends HostOfPscEndpoint {
  /** The project of the zone. */
  readonly project: string
  /** The zone's name, a Terraform expression where the zone is ours. */
  readonly zone: string
  /** The zone's name as text, which an import needs. */
  readonly zoneName: string
  /**
   * What writes it.
   *
   * @default - the provider of the link
   */
  readonly provider?: TerraformProvider | undefined
  /**
   * What must hold before it is made.
   *
   * @default - nothing
   */
  readonly require?: readonly Precondition[]
}

/** The A record that leads a host to the endpoint's address. Its TTL is the guide's. */
export class HostAddressRecord extends Construct {
  readonly record: PrivateRecord
  /** What depends on the record. */
  readonly made: ITerraformDependable

  constructor(scope: Construct, id: string, props: HostAddressRecordProps) {
    super(scope, id)
    const { host, address, project, zone } = props

    const record = new DnsRecordSet(this, 'Resource', {
      project,
      managedZone: zone,
      name: `${host.name}.`,
      type: 'A',
      ttl: 60,
      rrdatas: [address],
      ...(props.provider === undefined ? {} : { provider: props.provider }),
      ...(props.require === undefined || props.require.length === 0
        ? {}
        : { lifecycle: { precondition: [...props.require] } })
    })
    if (props.adoptRecord) {
      record.importFrom(`projects/${project}/managedZones/${props.zoneName}/rrsets/${host.name}./A`)
    }
    this.made = record
    this.record = { name: host.name, type: 'A', value: address, zone }
  }
}
