import { Fn, Token } from 'cdktf'
import { Construct } from 'constructs'
import type { Target } from '../../probe/target.ts'
import { targetName } from '../../probe/target-name.ts'
import { areWritten, type Elements, joined, listArgument } from '../elements.ts'
import type { EndpointIdentity } from '../endpoint-identity.ts'
import { namesOf } from '../link-name.ts'
import { marksOf } from '../marks.ts'
import { MistakesError } from '../mistakes.ts'
import type { PrivateLink, PrivateRecord } from '../private-link.ts'
import type { PrivateZone } from '../private-zone.ts'
import type { Probe } from '../probe.ts'
import { requireOneLibrary } from '../require-one-library.ts'
import { isToken } from '../token.ts'
import { useProvider } from '../use-provider.ts'
import { ByApi } from '../zilliz/by-api.ts'
import { registerByHand } from '../zilliz/by-hand.ts'
import { type Host, readAddedHost } from '../zilliz/host.ts'
import { requireZillizProvider } from '../zilliz/provider.ts'
import { urlOf } from '../zilliz/url-of.ts'
import type { VendorSide } from '../zilliz/vendor-side.ts'
import type { Vendor, ZillizOption } from '../zilliz/zilliz-option.ts'
import { EgressFirewall } from './egress-firewall.ts'
import { ExistingEndpoint } from './existing-endpoint.ts'
import { IapSshFirewall } from './iap-ssh-firewall.ts'
import { serviceAttachmentForm } from './identifiers.ts'
import { subnetworkMissing, usualPriority } from './link.ts'
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
  GcpEndpointProps,
  GcpExistingZone,
  GcpOwnZone,
  GcpPrivateLinkProps,
  GcpZoneChoice
} from './private-link-props.ts'

/** What the endpoint of a link is made of. */
type OwnOptions = Extract<GcpPrivateLinkOptions['endpoint'], { kind: 'managed' }>['own'] & {
  readonly names: LinkResourceNames
}

/**
 * A private link to Zilliz Cloud on Google Cloud, in any stack: Private Service Connect endpoint, firewall, and what answers each
 * host; or, for an endpoint that others made, only what answers each host.
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
  /** Google's own word: `PENDING`, `ACCEPTED`, `REJECTED`, `CLOSED`; undefined for an endpoint of others that is not read. */
  readonly connectionStatus: string | undefined
  private readonly environment: string
  private readonly stack: string | undefined
  private readonly linkName: string
  private readonly link: GcpPrivateLinkOptions
  private readonly network: LinkNetwork
  private readonly endpoint: Pick<PscEndpoint, 'name' | 'address'>
  /** Undefined if others made the endpoint. */
  private readonly own: OwnOptions | undefined
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
        given.subnetwork !== undefined && (isToken(given.subnetwork) || isProjectToken || isToken(region))
          ? pathOfToken(given.subnetwork, [...inProject, 'regions', region, 'subnetworks'])
          : given.subnetwork
    }
    const { environment, link: linkName, stack } = namesOf(this, link.environment)
    this.environment = environment
    this.stack = stack
    this.linkName = linkName
    this.link = link
    if (link.provider !== undefined) useProvider(this, 'google_', link.provider)

    const chosen = link.endpoint
    this.network = new LinkNetwork(this, 'network', {
      project: networkProject(link),
      region,
      network: link.network,
      subnetwork: link.subnetwork,
      address: chosen.kind === 'managed' ? chosen.own.address : undefined
    })
    if (chosen.kind === 'managed') {
      const own = { ...chosen.own, names: names({ ...link, ...chosen.own }) }
      this.own = own
      this.targetTags = own.egressTargetTags
      this.targetServiceAccounts = own.egressTargetServiceAccounts
      const vendor = this.vendorOf(chosen.vendor)
      const endpoint = new PscEndpoint(this, 'endpoint', {
        ...own,
        project,
        region,
        linkName,
        serviceAttachment: vendor.endpointService,
        lookedUpService: vendor.lookedUpService,
        dependsOn: vendor.before,
        whenPending: vendor.whenPending,
        network: this.network,
        adopt: link.adopt.includes('endpoint'),
        isProtected: link.protect
      })
      this.endpoint = endpoint
      this.connectionStatus = endpoint.connectionStatus
      const registered = vendor.register(endpoint.name)
      this.registrationId = registered.id
      const hosts = [...vendor.written, ...registered.hosts]
      if (hosts.length > 0) this.openPorts(own, hosts)
      if (own.iapSshTargetTags !== undefined) {
        new IapSshFirewall(this, 'iap-ssh', {
          project: networkProject(link),
          networkSelfLink: this.network.networkSelfLink,
          name: own.names.iapSshFirewall,
          targetTags: listArgument(own.iapSshTargetTags)
        })
      }
      this.identity = { id: own.names.endpoint, project }
      this.zone = zoneOf(this, link)
      for (const host of hosts) this.answer(host)
    } else {
      this.own = undefined
      const { others } = chosen
      const ofEndpoint = others.project ?? project
      const registrar =
        chosen.zilliz === undefined
          ? registerByHand(link.hosts)
          : this.byApi(chosen.zilliz, {
              endpointService: undefined,
              account: chosen.zilliz.registered ? undefined : ofEndpoint,
              endpointProject: ofEndpoint
            })
      const endpoint = new ExistingEndpoint(this, 'endpoint', {
        linkName,
        marks: marksOf(environment),
        ownName: names(link).endpoint,
        project: ofEndpoint,
        region,
        endpoint: others,
        whenPending: registrar.whenPending,
        lookedUpService: registrar.lookedUpService
      })
      this.endpoint = endpoint
      this.connectionStatus = endpoint.connectionStatus
      const registered = registrar.register(endpoint.name)
      this.registrationId = registered.id
      this.identity = { id: endpoint.name, project: ofEndpoint }
      this.zone = zoneOf(this, link)
      for (const host of [...registrar.written, ...registered.hosts]) this.answer(host)
    }

    // The labels of the Add Private Link dialog: https://docs.zilliz.com/docs/setup-a-private-link-gcp
    this.registration = {
      'Cloud Provider': 'Google Cloud',
      Region: region,
      'Google Cloud Project ID': this.identity.project ?? project,
      ...(this.own === undefined
        ? {}
        : {
            'VPC Name': nameIn(link.network),
            'Subnet Name': nameIn(link.subnetwork ?? this.own.subnetwork),
            'Private Service Connect Endpoint prefix': link.endpointPrefix
          }),
      'Your Endpoint': this.identity.id
    }
    this.endpointId = this.endpoint.name
    this.addresses = [this.endpoint.address]
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
    const { environment, stack, linkName, link, endpoint, identity, own } = this
    return this.answered.map(({ host, record }) => ({
      name: targetName({ environment, link: linkName, cluster: host.cluster }),
      environment,
      ...(stack === undefined ? {} : { stack }),
      cloud: 'gcp',
      region: link.region,
      host: host.name,
      port: host.port,
      project: identity.project ?? link.project,
      network: nameIn(link.network),
      ...(record === undefined ? {} : { managedZone: record.zone }),
      forwardingRule: identity.id,
      endpointAddress: endpoint.address,
      ...(own === undefined ? {} : { egressFirewall: own.names.egressFirewall })
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
   * @throws MistakesError if the link names no VMs, so that every VM is allowed, names them in the other way, or has an endpoint of
   * others
   */
  allowFrom(clients: GcpClients): void {
    const where = `${this.node.path}: allowFrom`
    const { targetTags, targetServiceAccounts } = readGcpClients(where, clients)
    if (this.own === undefined) {
      throw new MistakesError([
        `${where}: is for an endpoint that the link makes, and this one is an endpoint of others. Ask the owner of the network to allow the clients.`
      ])
    }
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
        `${where}: must be ${mine} as those of the link are, got ${other}. Google Cloud accepts only one of them in a rule.`
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
    if (this.own !== undefined) this.openPorts(this.own, [...hosts, host])
    this.answer(host)
  }

  private vendorOf(vendor: Vendor): VendorSide {
    const { project } = this.link
    if (vendor.kind === 'by-hand') {
      return { ...registerByHand(this.link.hosts), endpointService: vendor.endpointService, before: [] }
    }
    const { endpointService } = vendor
    return this.byApi(vendor.zilliz, { endpointService, account: project, endpointProject: project })
  }

  private byApi(
    zilliz: ZillizOption,
    more: {
      readonly endpointService: string | undefined
      readonly account: string | undefined
      readonly endpointProject: string
    }
  ): ByApi {
    requireZillizProvider(this)
    const { region, hosts, protect } = this.link
    return new ByApi(this, 'zilliz', {
      ...zilliz,
      ...more,
      serviceForm: serviceAttachmentForm(region),
      hosts,
      cloud: 'gcp',
      region,
      isProtected: protect
    })
  }

  private openPorts(own: OwnOptions, hosts: readonly Host[]): void {
    const { link } = this
    if (this.egress !== undefined) {
      this.egress.setPorts(portsOf(hosts))
      return
    }
    this.egress = new EgressFirewall(this, 'egress', {
      project: networkProject(link),
      networkSelfLink: this.network.networkSelfLink,
      name: own.names.egressFirewall,
      address: this.endpoint.address,
      ports: portsOf(hosts),
      priority: own.egressPriority,
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
    const { link, own } = this
    return {
      ...link,
      egressPriority: own?.egressPriority ?? usualPriority,
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
    if (subnetwork === undefined) throw new MistakesError([`${this.node.path}: subnetwork: ${subnetworkMissing}`])
    if ([project, region, link.network, subnetwork, endpointPrefix].some(isToken) || !tags) {
      throw new MistakesError([
        `${this.node.path}: the probe needs project, region, network, subnetwork, endpointPrefix and egressTargetTags that are known at synth, got a token of Terraform. Write them down.`
      ])
    }
    return new GcpProbe(this, 'probe', {
      environment,
      linkName: this.linkName,
      link: { ...this.probed(), subnetwork },
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
  const peerers = new Map('zonePeerings' in zone ? zone.zonePeerings.map(each => [each.project, each.provider]) : [])
  return new GcpZones(scope, {
    links: [own],
    writerOf: () => writer,
    peererOf: ({ project }) => peerers.get(project),
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
