import { Fn, Token } from 'cdktf'
import { Construct } from 'constructs'
import type { Target } from '../../probe/target.ts'
import { targetName } from '../../probe/target-name.ts'
import { areWritten, type Elements, joined, listArgument } from '../elements.ts'
import type { EndpointIdentity } from '../endpoint-identity.ts'
import { namesOf } from '../link-name.ts'
import { MistakesError } from '../mistakes.ts'
import type { PrivateLink, PrivateRecord } from '../private-link.ts'
import type { PrivateZone } from '../private-zone.ts'
import type { Probe } from '../probe.ts'
import { requireOneLibrary } from '../require-one-library.ts'
import { isToken } from '../token.ts'
import { useProvider } from '../use-provider.ts'
import { ByApi } from '../zilliz/by-api.ts'
import { byHand } from '../zilliz/by-hand.ts'
import { type Host, readAddedHost } from '../zilliz/host.ts'
import { requireZillizProvider } from '../zilliz/provider.ts'
import { urlOf } from '../zilliz/url-of.ts'
import { EgressFirewall } from './egress-firewall.ts'
import { IapSshFirewall } from './iap-ssh-firewall.ts'
import { serviceAttachmentForm } from './identifiers.ts'
import { LinkNetwork } from './link-network.ts'
import { type LinkResourceNames, names } from './names.ts'
import { nameIn, pathOfToken } from './path-of.ts'
import {
  type GcpClients,
  type GcpPrivateLinkOptions,
  type GcpPrivateLinkProps,
  readGcpClients,
  readGcpPrivateLink
} from './private-link-props.ts'
import { GcpProbe, type WatchedPscEndpoint } from './probe.ts'
import type { GcpProbeOptions } from './probe-options.ts'
import type { HostOfPscEndpoint } from './psc-endpoint.ts'
import { PscEndpoint } from './psc-endpoint.ts'
import { networkProject } from './zone.ts'
import { GcpZones } from './zones.ts'

// What the package exports for this cloud.
export { ParentManagedZone } from './parent-managed-zone.ts'
export type {
  GcpClients,
  GcpExistingZone,
  GcpOwnZone,
  GcpPrivateLinkProps,
  GcpZoneChoice
} from './private-link-props.ts'

/**
 * A private link to Zilliz Cloud on Google Cloud, in any stack: Private Service Connect endpoint, firewall, and what answers each
 * host.
 *
 * Attributes are Terraform expressions until the deploy.
 */
export class GcpPrivateLink extends Construct implements PrivateLink {
  /** What the Add Private Link dialog of Zilliz Cloud asks for, by its own labels. */
  readonly registration: Readonly<Record<string, string | readonly string[]>>
  /** The name of the endpoint, which is a forwarding rule: Zilliz Cloud identifies it by that, with the project. */
  readonly endpointId: string
  /** The endpoint as Zilliz Cloud tells it apart from others. */
  readonly identity: EndpointIdentity
  /** The registration with Zilliz Cloud, if the deploy makes it. */
  readonly registrationId: string | undefined
  /** The endpoint's address. */
  readonly addresses: readonly string[]
  /** Google's own word: `PENDING`, `ACCEPTED`, `REJECTED`, `CLOSED`. */
  readonly connectionStatus: string
  private readonly environment: string
  private readonly stack: string | undefined
  private readonly linkName: string
  private readonly link: GcpPrivateLinkOptions
  private readonly names: LinkResourceNames
  private readonly network: LinkNetwork
  private readonly endpoint: PscEndpoint
  private readonly zone: PrivateZone<HostOfPscEndpoint> | undefined
  private readonly answered: { readonly host: Host; readonly record: PrivateRecord | undefined }[] = []
  private egress: EgressFirewall | undefined
  private targetTags: Elements | undefined
  private targetServiceAccounts: Elements | undefined

  /**
   * @param id the name of the link. It keys the Terraform addresses of all that the link makes, so keep it.
   * @throws MistakesError with one line for each mistake in the props
   */
  constructor(scope: Construct, id: string, props: GcpPrivateLinkProps) {
    super(scope, id)
    requireOneLibrary(this)
    const given = readGcpPrivateLink(this.node.path, namesOf(this, undefined).link, props)
    const { project, region } = given
    const inProject = ['projects', networkProject(given)]
    const isProjectToken = isToken(networkProject(given))
    const link = {
      ...given,
      network:
        isToken(given.network) || isProjectToken
          ? pathOfToken(given.network, [...inProject, 'global', 'networks'])
          : given.network,
      subnetwork:
        isToken(given.subnetwork) || isProjectToken || isToken(region)
          ? pathOfToken(given.subnetwork, [...inProject, 'regions', region, 'subnetworks'])
          : given.subnetwork
    }
    const { environment, link: linkName, stack } = namesOf(this, link.environment)
    this.environment = environment
    this.stack = stack
    this.linkName = linkName
    this.link = link
    this.targetTags = link.egressTargetTags
    this.targetServiceAccounts = link.egressTargetServiceAccounts
    if (link.provider !== undefined) useProvider(this, 'google_', link.provider)
    const linkNames = names(link)
    this.names = linkNames

    this.network = new LinkNetwork(this, 'network', {
      project: networkProject(link),
      region,
      network: link.network,
      subnetwork: link.subnetwork,
      address: link.address
    })
    if (link.vendor.kind === 'by-api') requireZillizProvider(this)
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
            isProtected: link.protect
          })
    const endpoint = new PscEndpoint(this, 'endpoint', {
      ...link,
      linkName,
      serviceAttachment: vendor.endpointService,
      lookedUpService: vendor.lookedUpService,
      dependsOn: vendor.before,
      whenPending: vendor.whenPending,
      names: linkNames,
      network: this.network,
      adopt: link.adopt.includes('endpoint'),
      isProtected: link.protect
    })
    this.endpoint = endpoint
    const registered = vendor.register(endpoint.name)
    const hosts = [...vendor.written, ...registered.hosts]
    if (hosts.length > 0) this.openPorts(hosts)
    if (link.iapSshTargetTags !== undefined) {
      new IapSshFirewall(this, 'iap-ssh', {
        project: networkProject(link),
        networkSelfLink: this.network.networkSelfLink,
        name: linkNames.iapSshFirewall,
        targetTags: listArgument(link.iapSshTargetTags)
      })
    }
    this.zone = zoneOf(this, link)
    for (const host of hosts) this.answer(host)

    // The labels of the Add Private Link dialog: https://docs.zilliz.com/docs/setup-a-private-link-gcp
    this.registration = {
      'Cloud Provider': 'Google Cloud',
      Region: region,
      'Google Cloud Project ID': project,
      'VPC Name': nameIn(link.network),
      'Subnet Name': nameIn(link.subnetwork),
      'Private Service Connect Endpoint prefix': link.endpointPrefix,
      'Your Endpoint': linkNames.endpoint
    }
    this.endpointId = endpoint.name
    this.identity = { id: linkNames.endpoint, project }
    this.registrationId = registered.id
    this.connectionStatus = endpoint.connectionStatus
    this.addresses = [endpoint.address]
  }

  /** The records that answer the hosts. */
  get records(): readonly PrivateRecord[] {
    return this.answered.flatMap(({ record }) => record ?? [])
  }

  /** What clients connect to: the id of each cluster, and `https://host:port`. */
  get uris(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.answered.map(({ host }) => [host.cluster, urlOf(host)]))
  }

  /** The hosts, as targets of the probe. */
  get targets(): readonly Target[] {
    const { environment, stack, linkName, link, endpoint } = this
    return this.answered.map(({ host, record }) => ({
      name: targetName({ environment, link: linkName, cluster: host.cluster }),
      environment,
      ...(stack === undefined ? {} : { stack }),
      cloud: 'gcp',
      region: link.region,
      host: host.name,
      port: host.port,
      project: link.project,
      network: nameIn(link.network),
      ...(record === undefined ? {} : { managedZone: record.zone }),
      forwardingRule: this.names.endpoint,
      endpointAddress: endpoint.address,
      egressFirewall: this.names.egressFirewall
    }))
  }

  /** The endpoint, as a probe must know it to watch it. */
  get toWatch(): WatchedPscEndpoint {
    return {
      name: this.linkName,
      link: this.probed(),
      address: this.endpoint.address,
      ports: portsOf(this.answered.map(({ host }) => host))
    }
  }

  /**
   * Allows outbound connections of more VMs to the endpoint, in addition to those that the link names.
   *
   * @throws MistakesError if the link names no VMs, so that every VM is allowed, or names them in the other way
   */
  allowFrom(clients: GcpClients): void {
    const where = `${this.node.path}: allowFrom`
    const { targetTags, targetServiceAccounts } = readGcpClients(where, clients)
    if (this.targetTags === undefined && this.targetServiceAccounts === undefined) {
      throw new MistakesError([
        `${where}: every VM of the network is allowed already, so a list would allow fewer. Give the link egressTargetTags or egressTargetServiceAccounts first.`
      ])
    }
    if ((targetTags === undefined) !== (this.targetTags === undefined)) {
      const [mine, other] =
        this.targetTags === undefined
          ? ['targetServiceAccounts', 'targetTags']
          : ['targetTags', 'targetServiceAccounts']
      throw new MistakesError([
        `${where}: must be ${mine} as those of the link are, got ${other}; Google Cloud accepts only one of them in a rule`
      ])
    }
    if (targetTags !== undefined && this.targetTags !== undefined) {
      this.targetTags = joined(this.targetTags, targetTags)
      this.egress?.setTargetTags(listArgument(this.targetTags))
    }
    if (targetServiceAccounts !== undefined && this.targetServiceAccounts !== undefined) {
      this.targetServiceAccounts = joined(this.targetServiceAccounts, targetServiceAccounts)
      this.egress?.setTargetServiceAccounts(listArgument(this.targetServiceAccounts))
    }
  }

  /**
   * Adds a host: its port to the firewall rule, and what answers its name.
   *
   * @param url the private link of the cluster as Zilliz Cloud prints it, `https://host:port`
   * @throws MistakesError if it is no host of the link's service, or its cluster has one already
   */
  addHost(url: string): void {
    const hosts = this.answered.map(({ host }) => host)
    const host = readAddedHost(`${this.node.path}: addHost`, url, { cloud: 'gcp', region: this.link.region, hosts })
    this.openPorts([...hosts, host])
    this.answer(host)
  }

  private openPorts(hosts: readonly Host[]): void {
    const { link } = this
    if (this.egress !== undefined) {
      this.egress.setPorts(portsOf(hosts))
      return
    }
    this.egress = new EgressFirewall(this, 'egress', {
      project: networkProject(link),
      networkSelfLink: this.network.networkSelfLink,
      name: this.names.egressFirewall,
      address: this.endpoint.address,
      ports: portsOf(hosts),
      priority: link.egressPriority,
      targetTags: this.targetTags && listArgument(this.targetTags),
      targetServiceAccounts: this.targetServiceAccounts && listArgument(this.targetServiceAccounts)
    })
  }

  private answer(host: Host): void {
    const record = this.zone?.addHost(new Construct(this, `host-${host.cluster}`), {
      host,
      address: this.endpoint.address,
      adoptRecord: this.link.adopt.includes('records')
    })
    this.answered.push({ host, record })
  }

  private probed() {
    const { link } = this
    return {
      ...link,
      egressTargetTags: this.targetTags && listArgument(this.targetTags),
      egressTargetServiceAccounts: this.targetServiceAccounts && listArgument(this.targetServiceAccounts)
    }
  }

  /**
   * Adds the probe to the link's network. Project, region, network and subnet must be known at synth, because they key what it
   * makes.
   *
   * @param watched the links there whose hosts it watches, this one among them
   * @throws MistakesError if one of them is a token
   */
  addProbe(options: GcpProbeOptions, watched: readonly GcpPrivateLink[]): Probe {
    const { environment, link, network } = this
    const { project, region, subnetwork, endpointPrefix } = link
    const tags = this.targetTags === undefined || areWritten(this.targetTags)
    if ([project, region, link.network, subnetwork, endpointPrefix].some(isToken) || !tags) {
      throw new MistakesError([
        `${this.node.path}: the probe needs project, region, network, subnetwork, endpointPrefix and egressTargetTags that are known at synth, got a token of Terraform. Write them down.`
      ])
    }
    return new GcpProbe(this, 'probe', {
      environment,
      linkName: this.linkName,
      link: this.probed(),
      options,
      network,
      endpoints: watched.map(({ toWatch }) => toWatch),
      targets: watched.flatMap(({ targets }) => targets)
    })
  }
}

/** What answers the hosts of a link: a zone that was made for several links, or the link's own. */
function zoneOf(scope: Construct, link: GcpPrivateLinkOptions): PrivateZone<HostOfPscEndpoint> | undefined {
  const { zone } = link
  if (zone.kind === 'made') return zone.zone
  const own = { ...link, zone }
  const writer = zone.kind === 'existing' ? zone.provider : undefined
  return new GcpZones(scope, {
    links: [own],
    writerOf: () => writer,
    parentId: () => 'parent-zone',
    existingId: () => 'existing-zone'
  }).of('', own)
}

/** The ports of hosts as a firewall rule lists them, each once; some may be known only at the deploy. */
function portsOf(hosts: readonly Host[]): string[] {
  const ports = [...new Set(hosts.map(({ port }) => port))]
  const isWritten = ports.every(port => !Token.isUnresolved(port))
  if (isWritten) return ports.map(String)
  return Token.asList(Fn.distinct(ports.map(port => Token.asString(Fn.tostring(port)))))
}
