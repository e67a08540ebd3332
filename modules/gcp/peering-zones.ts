import type { ITerraformDependable, TerraformProvider } from 'cdktf'
import { Construct } from 'constructs'
import { keyed, written } from '../elements.ts'
import { peeringZoneName } from './names.ts'
import { PrivateManagedZone } from './private-managed-zone.ts'

/** Spoke networks that ask the network of a link, by DNS peering zones of one project. */
export interface ZonePeering {
  /** The project that gets the peering zones: most often that of the networks. */
  readonly project: string
  /** The paths of the networks (`projects/<project>/global/networks/<name>`) or, of tokens, their ids. */
  readonly networks: readonly string[]
  /**
   * The provider that makes the peering zones. To remove the peering, keep the provider for that deploy.
   *
   * @default - the provider of the link
   */
  readonly provider?: TerraformProvider | undefined
}

export interface PeeringZonesProps {
  readonly peerings: readonly ZonePeering[]
  /** The name of the zone that the spokes ask for. */
  readonly zoneName: string
  /** The name it answers for, without the dot at its end. */
  readonly dnsName: string
  /** The path of the network that is asked. */
  readonly hub: string
  /** What the hub must have before it is asked. A resolver remembers that a name does not exist. */
  readonly after: readonly ITerraformDependable[]
}

/**
 * A peering zone in each project of spokes. It has no records: Cloud DNS asks the network of the link what it would answer itself. So
 * a record is changed in one place, and the owner of a spoke need not allow others to bind zones to it.
 */
export class PeeringZones extends Construct {
  constructor(scope: Construct, id: string, { peerings, zoneName, dnsName, hub, after }: PeeringZonesProps) {
    super(scope, id)
    const projects = written(peerings.map(({ project }) => project)).elements
    for (const [key, project] of keyed(this, `${scope.node.path}: zonePeerings`, projects)) {
      const same = peerings.filter(peering => peering.project === project)
      new PrivateManagedZone(this, key, {
        project,
        name: peeringZoneName(zoneName),
        dnsName,
        description: 'Asks the network of the private link to Zilliz Cloud',
        networks: [...new Set(same.flatMap(({ networks }) => networks))],
        adopt: false,
        hub,
        provider: same.find(({ provider }) => provider !== undefined)?.provider,
        after
      })
    }
  }
}
