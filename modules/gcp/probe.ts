import { Construct } from 'constructs'
import type { Target } from '../../probe/target.ts'
import { addCheck } from '../expression.ts'
import { tellWhoGrants } from '../foreign-image.ts'
import type { Probe } from '../probe.ts'
import { EgressFirewall } from './egress-firewall.ts'
import { artifactRepositoryOf } from './google-image.ts'
import { probeLabel } from './labels.ts'
import type { LinkNetwork } from './link-network.ts'
import { probeNames } from './probe-names.ts'
import type { GcpProbeOptions } from './probe-options.ts'
import { ProbeServiceAccount } from './probe-service-account.ts'
import { ProbeVms } from './probe-vms.ts'
import { ScrapeFirewall } from './scrape-firewall.ts'
import { networkProject } from './zone.ts'

/** A link as far as a probe must know it. */
export interface ProbedGcpLink {
  readonly project: string
  readonly networkProject?: string | undefined
  readonly region: string
  readonly subnetwork: string
  readonly network: string
  readonly endpointPrefix: string
  readonly egressPriority: number
  readonly egressTargetTags?: readonly string[] | undefined
  readonly egressTargetServiceAccounts?: readonly string[] | undefined
}

/** An endpoint that the probe connects to. */
export interface WatchedPscEndpoint {
  /** Its link's name. */
  readonly name: string
  readonly link: Omit<ProbedGcpLink, 'subnetwork'>
  readonly address: string
  /** The hosts' TCP ports, as a firewall rule has them. */
  readonly ports: string[]
}

export interface GcpProbeProps {
  readonly environment: string
  /** The name of the link that it belongs to. */
  readonly linkName: string
  readonly link: ProbedGcpLink
  readonly options: GcpProbeOptions
  /** The link's network. */
  readonly network: LinkNetwork
  /** The endpoints of the targets. */
  readonly endpoints: readonly WatchedPscEndpoint[]
  readonly targets: readonly Target[]
}

/** The probe in the network that it judges: a VM in each zone, so that each is judged from inside. */
export class GcpProbe extends Construct implements Probe {
  readonly scrape: Probe['scrape']
  readonly scrapeConfig: Probe['scrapeConfig']

  constructor(scope: Construct, id: string, props: GcpProbeProps) {
    super(scope, id)
    const { environment, linkName, link, options, network, endpoints } = props
    const { project, region } = link
    const { port, image, zones } = options
    const names = probeNames(link)
    const inNetwork = { project: networkProject(link), networkSelfLink: network.networkSelfLink }

    new ScrapeFirewall(this, 'scrape', {
      ...inNetwork,
      name: names.scrapeFirewall,
      scrapeFrom: options.scrapeFrom,
      tag: names.tag,
      port
    })
    const serviceAccount =
      options.serviceAccount === undefined
        ? new ProbeServiceAccount(this, 'service-account', {
            project,
            accountId: names.serviceAccountId,
            image,
            cloudFactsRoleId: options.cloudFacts ? names.cloudFactsRoleId : undefined
          })
        : { email: options.serviceAccount, grants: [] }
    if (artifactRepositoryOf(image) === undefined) tellWhoGrants(this, image)
    // A host in Prometheus' list is found by its label: the environment and the link, whose hyphens stay apart by two.
    const label = `${environment}--${linkName}`
    new ProbeVms(this, 'vms', {
      ...options,
      project,
      region,
      groupName: names.group,
      subnetworkSelfLink: network.subnetworkSelfLink,
      // A group of one VM in each zone.
      config: {
        targets: [...props.targets],
        probes: zones.length,
        ...(options.cloudFacts ? { cloudFacts: true } : {})
      },
      actsAs: serviceAccount.email,
      // It has the tags of clients that a link allows outbound, so that the same rules allow the probe.
      tags: [
        ...new Set([names.tag, ...options.networkTags, ...endpoints.flatMap(({ link }) => link.egressTargetTags ?? [])])
      ],
      labels: { [probeLabel]: label },
      dependsOn: serviceAccount.grants
    })
    // A VM has one service account, the probe's own. So the probe has a rule of its own where a link allows service accounts outbound.
    for (const { name, link, address, ports } of endpoints) {
      if (link.egressTargetServiceAccounts === undefined || ports.length === 0) continue
      new EgressFirewall(this, `to-${name}`, {
        ...inNetwork,
        name: probeNames(link).egressFirewall,
        address,
        ports,
        priority: link.egressPriority,
        targetTags: [names.tag]
      })
    }
    if (network.reachesGoogle !== undefined)
      addCheck(
        this,
        `${linkName}-probe-reaches-google`,
        network.reachesGoogle,
        `${this.node.path}: the VMs have no external address, and Private Google Access is off in subnet ${link.subnetwork}. Turn it on, or have Cloud NAT, or they fetch no image and write no logs.`
      )

    const filter = `labels.${probeLabel}=${label}`
    this.scrape = { project, zones, filter, port }
    this.scrapeConfig = {
      gce_sd_configs: zones.map(zone => ({ project, zone, filter, port })),
      // The instance is the name of the VM, which has the zone in it.
      relabel_configs: [{ source_labels: ['__meta_gce_instance_name'], target_label: 'instance' }]
    }
  }
}
