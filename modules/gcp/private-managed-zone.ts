import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone/index.js'
import { Construct } from 'constructs'

export interface PrivateManagedZoneProps {
  readonly project: string
  readonly name: string
  /** The name it answers for, without the dot at its end. */
  readonly dnsName: string
  readonly description: string
  /** Paths of the networks in which it answers; without any, it answers nowhere. */
  readonly networks: readonly string[]
  /** Import the zone of that name, which was created by hand. */
  readonly adopt: boolean
}

/** A private managed zone. */
export class PrivateManagedZone extends Construct {
  /** Its name, known once it is there. */
  readonly zone: string

  constructor(scope: Construct, id: string, props: PrivateManagedZoneProps) {
    super(scope, id)

    const zone = new DnsManagedZone(this, 'Resource', {
      project: props.project,
      name: props.name,
      dnsName: `${props.dnsName}.`,
      description: props.description,
      visibility: 'private',
      ...(props.networks.length === 0
        ? {}
        : { privateVisibilityConfig: { networks: props.networks.map(networkUrl => ({ networkUrl })) } })
    })
    if (props.adopt) zone.importFrom(`projects/${props.project}/managedZones/${props.name}`)
    this.zone = zone.name
  }
}
