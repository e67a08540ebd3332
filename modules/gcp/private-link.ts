import { Fn, Token } from 'cdktf'
import { Construct } from 'constructs'
import type { Target } from '../../probe/target.ts'
import { targetName } from '../../probe/target-name.ts'
import type { EndpointIdentity } from '../endpoint-identity.ts'
import type { PrivateLink, PrivateRecord } from '../private-link.ts'
import type { PrivateZone } from '../private-zone.ts'
import type { Probe } from '../probe.ts'
import { ByApi } from '../zilliz/by-api.ts'
import { byHand } from '../zilliz/by-hand.ts'
import type { Host } from '../zilliz/host.ts'
import { EgressFirewall } from './egress-firewall.ts'
import { IapSshFirewall } from './iap-ssh-firewall.ts'
import { serviceAttachmentForm } from './identifiers.ts'
import type { GcpLink } from './link.ts'
import { LinkNetwork } from './link-network.ts'
import { names } from './names.ts'
import { GcpProbe, type WatchedPscEndpoint } from './probe.ts'
import type { GcpProbeOptions } from './probe-options.ts'
import type { HostOfPscEndpoint } from './psc-endpoint.ts'
import { PscEndpoint } from './psc-endpoint.ts'
import { networkProject } from './zone.ts'

export interface GcpPrivateLinkProps {
  /** The environment's name: the first part of the targets' names. */
  readonly environment: string
  readonly link: GcpLink
  /**
   * What answers the hosts inside the network.
   *
   * @default - others do
   */
  readonly zone?: PrivateZone<HostOfPscEndpoint> | undefined
  /** Refuse to destroy or replace the endpoint. */
  readonly isProtected: boolean
}

/** A private link on Google Cloud: Private Service Connect endpoint, firewall, and what answers each host. */
export class GcpPrivateLink extends Construct implements PrivateLink {
  readonly registration: Readonly<Record<string, string | readonly string[]>>
  readonly endpointId: EndpointIdentity
  readonly registrationId: string | undefined
  readonly connectionStatus: string
  readonly addresses: readonly string[]
  readonly records: readonly PrivateRecord[]
  readonly targets: readonly Target[]
  /** The endpoint, as a probe must know it to watch it. */
  readonly toWatch: WatchedPscEndpoint
  private readonly environment: string
  private readonly link: GcpLink
  private readonly network: LinkNetwork

  /** @param id the link's name; it keys the Terraform addresses of all that the link makes */
  constructor(scope: Construct, id: string, { environment, link, zone, isProtected }: GcpPrivateLinkProps) {
    super(scope, id)
    this.environment = environment
    this.link = link
    const { project, region } = link
    const linkNames = names(link)

    const network = new LinkNetwork(this, 'network', {
      project: networkProject(link),
      region,
      network: link.network,
      subnetwork: link.subnetwork,
      address: link.address
    })
    const inNetwork = { project: networkProject(link), networkSelfLink: network.networkSelfLink }
    const vendor =
      link.vendor.kind === 'by-hand'
        ? byHand(link.vendor.endpointService, link.hosts)
        : new ByApi(this, 'zilliz', {
            ...link.vendor.zilliz,
            endpointService: link.vendor.endpointService,
            serviceForm: serviceAttachmentForm(region),
            hosts: link.hosts,
            cloud: 'gcp',
            region,
            account: project,
            endpointProject: project,
            isProtected
          })
    const endpoint = new PscEndpoint(this, 'endpoint', {
      ...link,
      serviceAttachment: vendor.endpointService,
      lookedUpService: vendor.lookedUpService,
      dependsOn: vendor.before,
      whenPending: vendor.whenPending,
      names: linkNames,
      network,
      adopt: link.adopt.includes('endpoint'),
      isProtected
    })
    const registered = vendor.register(endpoint.name)
    const hosts = [...vendor.written, ...registered.hosts]
    if (hosts.length > 0) {
      new EgressFirewall(this, 'egress', {
        ...inNetwork,
        name: linkNames.egressFirewall,
        address: endpoint.address,
        ports: portsOf(hosts),
        priority: link.egressPriority,
        targetTags: link.egressTargetTags,
        targetServiceAccounts: link.egressTargetServiceAccounts
      })
    }
    if (link.iapSshTargetTags !== undefined) {
      new IapSshFirewall(this, 'iap-ssh', {
        ...inNetwork,
        name: linkNames.iapSshFirewall,
        targetTags: link.iapSshTargetTags
      })
    }
    const answered = hosts.map(host => ({
      host,
      record: zone?.addHost(new Construct(this, `host-${host.cluster}`), {
        host,
        address: endpoint.address,
        adoptRecord: link.adopt.includes('records')
      })
    }))

    // The labels of the Add Private Link dialog: https://docs.zilliz.com/docs/setup-a-private-link-gcp
    this.registration = {
      'Cloud Provider': 'Google Cloud',
      Region: region,
      'Google Cloud Project ID': project,
      'VPC Name': link.network,
      'Subnet Name': link.subnetwork,
      'Private Service Connect Endpoint prefix': link.endpointPrefix,
      'Your Endpoint': linkNames.endpoint
    }
    this.endpointId = { id: linkNames.endpoint, project }
    this.registrationId = registered.id
    this.connectionStatus = endpoint.connectionStatus
    this.network = network
    this.toWatch = { name: id, link, address: endpoint.address, ports: portsOf(hosts) }
    this.addresses = [endpoint.address]
    this.records = answered.flatMap(({ record }) => record ?? [])
    this.targets = answered.map(({ host, record }) => ({
      name: targetName({ environment, link: id, cluster: host.cluster }),
      environment,
      cloud: 'gcp',
      region,
      host: host.name,
      port: host.port,
      project,
      network: link.network,
      ...(record === undefined ? {} : { managedZone: record.zone }),
      forwardingRule: linkNames.endpoint,
      endpointAddress: endpoint.address,
      egressFirewall: linkNames.egressFirewall
    }))
  }

  /**
   * Adds the probe to the link's network.
   *
   * @param watched the links there whose hosts it watches, this one among them
   */
  addProbe(options: GcpProbeOptions, watched: readonly GcpPrivateLink[]): Probe {
    const { environment, link, network } = this
    return new GcpProbe(this, 'probe', {
      environment,
      linkName: this.node.id,
      link,
      options,
      network,
      endpoints: watched.map(({ toWatch }) => toWatch),
      targets: watched.flatMap(({ targets }) => targets)
    })
  }
}

/** The ports of hosts as a firewall rule lists them, each once; some may be known only at the deploy. */
function portsOf(hosts: readonly Host[]): string[] {
  const ports = [...new Set(hosts.map(({ port }) => port))]
  const isWritten = ports.every(port => !Token.isUnresolved(port))
  if (isWritten) return ports.map(String)
  return Token.asList(Fn.distinct(ports.map(port => Token.asString(Fn.tostring(port)))))
}
