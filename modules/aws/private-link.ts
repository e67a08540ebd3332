import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js'
import { Construct } from 'constructs'
import type { Target } from '../../probe/target.ts'
import { targetName } from '../../probe/target-name.ts'
import { areWritten, listArgument, noElements } from '../elements.ts'
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
import { registerByHand } from '../zilliz/by-hand.ts'
import { type Host, readAddedHost } from '../zilliz/host.ts'
import { requireZillizProvider } from '../zilliz/provider.ts'
import { urlOf } from '../zilliz/url-of.ts'
import type { VendorSide } from '../zilliz/vendor-side.ts'
import type { Vendor, ZillizOption } from '../zilliz/zilliz-option.ts'
import { ExistingEndpoint } from './existing-endpoint.ts'
import type { AnsweredEndpoint, HostOfVpcEndpoint } from './interface-endpoint.ts'
import { groupsMissing, serviceRegionOf, subnetsMissing } from './link.ts'
import { LinkVpc } from './link-vpc.ts'
import { OwnEndpoint } from './own-endpoint.ts'
import {
  type AwsPrivateLinkOptions,
  type AwsPrivateLinkProps,
  type AwsSources,
  readAwsPrivateLink,
  readAwsSources
} from './private-link-props.ts'
import { AwsProbe } from './probe.ts'
import type { AwsProbeOptions } from './probe-options.ts'
import type { WatchedVpcEndpoint } from './probe-security-group.ts'
import { requireGroupsInVpc } from './require-groups-in-vpc.ts'
import { serviceNameForm } from './service-name.ts'
import { AwsZones } from './zones.ts'

// What the package exports for this cloud.
export { ParentHostedZone } from './parent-hosted-zone.ts'
export type {
  AwsEndpointProps,
  AwsExistingZone,
  AwsOwnZone,
  AwsPrivateLinkProps,
  AwsSources,
  AwsZoneChoice,
  AwsZoneStep
} from './private-link-props.ts'

/**
 * A private link to Zilliz Cloud on AWS, in any stack: interface endpoint, its security group, and what answers each host; or, for an
 * endpoint that others made, only what answers each host.
 *
 * Attributes are Terraform expressions until the deploy.
 */
export class AwsPrivateLink extends Construct implements PrivateLink {
  /** What the Add Private Link dialog of Zilliz Cloud asks for, by its own labels. */
  readonly registration: Readonly<Record<string, string | readonly string[]>>
  /** The id of the endpoint: `vpce-…`. */
  readonly endpointId: string
  /** The endpoint as Zilliz Cloud tells it apart from others. */
  readonly identity: EndpointIdentity
  /** The registration with Zilliz Cloud, if the deploy makes it. */
  readonly registrationId: string | undefined
  /** The regional DNS name of the endpoint: `vpce-….vpce-svc-….<region>.vpce.amazonaws.com`. */
  readonly dnsName: string
  /** The endpoint's addresses, one in each subnet and family; none for an endpoint of others that is not read. */
  readonly addresses: readonly string[]
  /** AWS's own word: `pendingAcceptance`, `available`, `rejected`, …; undefined for an endpoint of others that is not read. */
  readonly connectionStatus: string | undefined
  private readonly environment: string
  private readonly stack: string | undefined
  private readonly linkName: string
  private readonly link: AwsPrivateLinkOptions
  private readonly network: LinkVpc
  private readonly endpoint: AnsweredEndpoint
  /** Undefined if others made the endpoint. */
  private readonly own: OwnEndpoint | undefined
  private readonly zone: PrivateZone<HostOfVpcEndpoint> | undefined
  private readonly answered: { readonly host: Host; readonly record: PrivateRecord | undefined }[] = []

  /**
   * @param id the name of the link. It keys the Terraform addresses of all that the link makes, so keep it.
   * @throws MistakesError with one line for each mistake in the props
   */
  constructor(scope: Construct, id: string, props: AwsPrivateLinkProps) {
    super(scope, id)
    requireOneLibrary(this)
    const link = readAwsPrivateLink(this.node.path, props)
    const { region, vpcId, ipAddressType } = link
    const names = namesOf(this, link.environment)
    this.link = link
    this.environment = names.environment
    this.stack = names.stack
    this.linkName = names.link
    const name = `zilliz-${this.environment}-${this.linkName}`
    if (link.provider !== undefined) useProvider(this, 'aws_', link.provider)

    const chosen = link.endpoint
    this.network = new LinkVpc(this, 'network', {
      region,
      vpcId,
      subnetIds: chosen.kind === 'managed' ? chosen.own.subnetIds : noElements,
      ipAddressType
    })
    if (chosen.kind === 'managed') {
      requireGroupsInVpc(new Construct(this, 'extra-security-groups'), {
        region,
        vpcId,
        securityGroupIds: chosen.own.extraSecurityGroupIds,
        where: `${this.node.path}: extraSecurityGroupIds`
      })
      const vendor = this.vendorOf(chosen.vendor)
      const own = new OwnEndpoint(this, {
        options: chosen.own,
        linkName: this.linkName,
        name,
        region,
        serviceRegion: link.serviceRegion,
        vpcId,
        network: this.network,
        ipAddressType,
        vendor,
        isProtected: link.protect
      })
      const { endpoint } = own
      this.own = own
      this.endpoint = endpoint
      this.endpointId = endpoint.endpointId
      this.registrationId = own.registrationId
      this.connectionStatus = endpoint.state
      this.addresses = endpoint.addresses
      this.registration = this.dialog(own.place)
      this.zone = zoneOf(this, link)
      for (const host of [...vendor.written, ...own.allocated]) this.answer(host)
    } else {
      const registrar =
        chosen.zilliz === undefined
          ? registerByHand(link.hosts)
          : this.byApi(chosen.zilliz, {
              endpointService: undefined,
              // The account of an endpoint that is not read is not known.
              account: chosen.others.kind === 'read' && !chosen.zilliz.registered ? this.accountId() : undefined
            })
      const endpoint = new ExistingEndpoint(this, 'endpoint', {
        linkName: this.linkName,
        ownName: name,
        region,
        serviceRegion: serviceRegionOf(link),
        endpoint: chosen.others,
        ipAddressType,
        whenPending: registrar.whenPending,
        lookedUpService: registrar.lookedUpService
      })
      const registered = registrar.register(endpoint.endpointId)
      this.own = undefined
      this.endpoint = endpoint
      this.endpointId = endpoint.endpointId
      this.registrationId = registered.id
      this.connectionStatus = endpoint.state
      this.addresses = endpoint.addresses
      this.registration = this.dialog(endpoint.place)
      this.zone = zoneOf(this, link)
      for (const host of [...registrar.written, ...registered.hosts]) this.answer(host)
    }
    this.identity = { id: this.endpointId, project: undefined }
    this.dnsName = this.endpoint.dnsName
  }

  /**
   * The id of the endpoint's own security group: `sg-…`.
   *
   * @throws MistakesError if others made the endpoint
   */
  get securityGroupId(): string {
    if (this.own === undefined) throw new MistakesError([`${this.node.path}: securityGroupId ${rulesOfOthers}`])
    return this.own.securityGroupId
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
    const { environment, stack, linkName, link, own } = this
    return this.answered.map(({ host, record }) => ({
      name: targetName({ environment, link: linkName, cluster: host.cluster }),
      environment,
      ...(stack === undefined ? {} : { stack }),
      cloud: 'aws',
      region: link.region,
      host: host.name,
      port: host.port,
      vpcId: link.vpcId,
      ...(record === undefined ? {} : { hostedZoneId: record.zone }),
      endpointId: this.endpointId,
      endpointDnsName: this.dnsName,
      ...(own === undefined ? {} : { securityGroupId: own.securityGroupId })
    }))
  }

  /** The endpoint, as a probe must know it to watch it; undefined if others made it, whose rules a probe does not change. */
  get toWatch(): WatchedVpcEndpoint | undefined {
    return this.own?.toWatch
  }

  /**
   * Allows more clients to connect, on the ports of all hosts, in addition to `sources`.
   *
   * @param sources literals of any kind in one list, or ids and ranges by kind, which may be tokens
   * @throws MistakesError with one line for each mistake, or if others made the endpoint
   */
  allowFrom(sources: readonly string[] | AwsSources): void {
    const where = `${this.node.path}: allowFrom`
    const more = readAwsSources(where, sources)
    if (this.own === undefined) throw new MistakesError([`${where}: ${rulesOfOthers}`])
    this.own.allowFrom(more)
  }

  /**
   * Adds a host: rules for its port, and what answers its name.
   *
   * @param url the private link of the cluster as Zilliz Cloud prints it, `https://host:port`
   * @throws MistakesError if it is no host of the link's service, or its cluster has one already
   */
  addHost(url: string): void {
    const host = readAddedHost(`${this.node.path}: addHost`, url, {
      cloud: 'aws',
      region: serviceRegionOf(this.link),
      hosts: this.answered.map(({ host }) => host)
    })
    this.own?.openPort(host)
    this.answer(host)
  }

  private answer(host: Host): void {
    const record = this.zone?.addHost(new Construct(this, `host-${host.cluster}`), {
      host,
      endpoint: this.endpoint,
      adoptRecord: this.link.adoptRecords.includes(host.cluster)
    })
    this.answered.push({ host, record })
  }

  private vendorOf(vendor: Vendor): VendorSide {
    if (vendor.kind === 'by-hand') {
      return { ...registerByHand(this.link.hosts), endpointService: vendor.endpointService, before: [] }
    }
    return this.byApi(vendor.zilliz, {
      endpointService: vendor.endpointService,
      account: this.accountId()
    })
  }

  private accountId(): string {
    return new DataAwsCallerIdentity(this, 'account', {}).accountId
  }

  private byApi(
    zilliz: ZillizOption,
    more: { readonly endpointService: string | undefined; readonly account: string | undefined }
  ): ByApi {
    requireZillizProvider(this)
    const region = serviceRegionOf(this.link)
    return new ByApi(this, 'zilliz', {
      ...zilliz,
      ...more,
      serviceForm: serviceNameForm(region),
      hosts: this.link.hosts,
      cloud: 'aws',
      region,
      isProtected: this.link.protect
    })
  }

  /** The labels of the Add Private Link dialog: https://docs.zilliz.com/docs/setup-a-private-link-aws */
  private dialog(place: AwsPrivateLink['registration']): AwsPrivateLink['registration'] {
    return {
      'Cloud Provider': 'AWS',
      Region: serviceRegionOf(this.link),
      ...place,
      'Your VPC Private Link ID': this.endpointId
    }
  }

  /**
   * Adds the probe to the link's VPC. Region, VPC and subnets must be known at synth, because they key what it makes.
   *
   * @param watched the links there whose hosts it watches, this one among them
   * @throws MistakesError if region, VPC or subnets are tokens
   */
  addProbe(options: AwsProbeOptions, watched: readonly AwsPrivateLink[]): Probe {
    const { environment, link, network } = this
    const { region, vpcId, endpoint } = link
    const subnetIds = endpoint.kind === 'managed' ? endpoint.own.subnetIds : noElements
    if (isToken(region) || isToken(vpcId) || !areWritten(subnetIds)) {
      throw new MistakesError([
        `${this.node.path}: the probe needs region, vpcId and subnetIds that are known at synth, got a token of Terraform. Write them down.`
      ])
    }
    const endpoints = watched.flatMap(({ toWatch }) => toWatch ?? [])
    if (options.subnetIds === undefined && endpoint.kind === 'existing') {
      throw new MistakesError([`${this.node.path}: probe.subnetIds: ${subnetsMissing}`])
    }
    if (endpoints.length < watched.length && options.clientSecurityGroupIds.length === 0) {
      throw new MistakesError([`${this.node.path}: probe.clientSecurityGroupIds: ${groupsMissing('endpoint')}`])
    }
    return new AwsProbe(this, 'probe', {
      environment,
      linkName: this.linkName,
      link: { region, vpcId, subnetIds: listArgument(subnetIds) },
      options,
      network,
      endpoints,
      targets: watched.flatMap(({ targets }) => targets)
    })
  }
}

const rulesOfOthers =
  'is for an endpoint that the link makes, and this one is an endpoint of others. Ask its owner to allow the clients.'

/** What answers the hosts of a link: a zone that was made for several links, or the link's own. */
function zoneOf(scope: Construct, link: AwsPrivateLinkOptions): PrivateZone<HostOfVpcEndpoint> | undefined {
  const { zone, vpcId, region, adoptZoneIds } = link
  if (zone.kind === 'made') return zone.zone
  const own = {
    vpcId,
    region,
    adoptZoneIds,
    zone: zone.kind === 'existing' ? { ...zone, associateZone: zone.associate ? (true as const) : undefined } : zone
  }
  const owner = zone.kind === 'existing' ? zone.provider : undefined
  const associators = new Map('zoneVpcs' in zone ? zone.zoneVpcs.map(vpc => [vpc.vpcId, vpc.provider]) : [])
  return new AwsZones(scope, {
    links: [own],
    ownerOf: () => (owner === undefined ? undefined : { provider: owner }),
    associatorOf: vpc => associators.get(vpc.vpcId),
    parentId: () => 'parent-zone',
    existingId: () => 'existing-zone'
  }).of('', own)
}
