import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone/index.js'
import type { ITerraformDependable, TerraformProvider } from 'cdktf'
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
  /**
   * The path of a network that is asked in place of the zone.
   *
   * @default - the zone answers by itself
   */
  readonly hub?: string | undefined
  /**
   * What makes it.
   *
   * @default - the provider of the link
   */
  readonly provider?: TerraformProvider | undefined
  /**
   * What must be there before it.
   *
   * @default - nothing
   */
  readonly after?: readonly ITerraformDependable[] | undefined
}

/** A private managed zone. */
export class PrivateManagedZone extends Construct {
  /** Its name, known once it is there. */
  readonly zone: string
  /** What depends on the whole zone. */
  readonly made: ITerraformDependable

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
        : { privateVisibilityConfig: { networks: props.networks.map(networkUrl => ({ networkUrl })) } }),
      ...(props.hub === undefined ? {} : { peeringConfig: { targetNetwork: { networkUrl: props.hub } } }),
      ...(props.provider === undefined ? {} : { provider: props.provider }),
      ...(props.after === undefined ? {} : { dependsOn: [...props.after] })
    })
    if (props.adopt) zone.importFrom(`projects/${props.project}/managedZones/${props.name}`)
    this.zone = zone.name
    this.made = zone
  }
}
