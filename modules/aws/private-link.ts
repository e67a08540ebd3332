import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js'
import { Construct } from 'constructs'
import type { Target } from '../../probe/target.ts'
import { targetName } from '../../probe/target-name.ts'
import { areWritten, countOf, isEmpty, listArgument, noElements } from '../elements.ts'
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
import { type AllocatedHost, addedHost, type Host, readAddedHost } from '../zilliz/host.ts'
import { requireZillizProvider } from '../zilliz/provider.ts'
import { urlOf } from '../zilliz/url-of.ts'
import { ClientEgress } from './client-egress.ts'
import { ConnectionNotification } from './connection-notification.ts'
import { EndpointSecurityGroup } from './endpoint-security-group.ts'
import { allocatedPorts, type HostPort, isBeforeEndpoint, writtenPorts } from './host-ports.ts'
import type { HostOfVpcEndpoint } from './interface-endpoint.ts'
import { InterfaceEndpoint } from './interface-endpoint.ts'
import { serviceRegionOf } from './link.ts'
import { LinkVpc } from './link-vpc.ts'
import {
  type AwsPrivateLinkOptions,
  type AwsPrivateLinkProps,
  type AwsSourceElements,
  type AwsSources,
  readAwsPrivateLink,
  readAwsSources
} from './private-link-props.ts'
import { AwsProbe } from './probe.ts'
import type { AwsProbeOptions } from './probe-options.ts'
import type { WatchedVpcEndpoint } from './probe-security-group.ts'
import { requireGroupsInVpc } from './require-groups-in-vpc.ts'
import { checkManyRules, warnOfManyGroups, warnOfManyRules } from './rule-quota.ts'
import { serviceNameForm } from './service-name.ts'
import { AwsZones } from './zones.ts'

// What the package exports for this cloud.
export { ParentHostedZone } from './parent-hosted-zone.ts'
export type {
  AwsExistingZone,
  AwsOwnZone,
  AwsPrivateLinkProps,
  AwsSources,
  AwsZoneChoice,
  AwsZoneStep
} from './private-link-props.ts'

const noSources: AwsSourceElements = {
  ipv4: noElements,
  ipv6: noElements,
  securityGroupIds: noElements,
  prefixListIds: noElements
}

/**
 * A private link to Zilliz Cloud on AWS, in any stack: interface endpoint, its security group, and what answers each host.
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
  /** The id of the endpoint's own security group: `sg-…`. */
  readonly securityGroupId: string
  /** The regional DNS name of the endpoint: `vpce-….vpce-svc-….<region>.vpce.amazonaws.com`. */
  readonly dnsName: string
  /** The endpoint's addresses, one in each subnet and family. */
  readonly addresses: readonly string[]
  /** AWS's own word: `pendingAcceptance`, `available`, `rejected`, … */
  readonly connectionStatus: string
  private readonly environment: string
  private readonly stack: string | undefined
  private readonly linkName: string
  private readonly link: AwsPrivateLinkOptions
  private readonly network: LinkVpc
  private readonly endpoint: InterfaceEndpoint
  private readonly securityGroup: EndpointSecurityGroup
  private readonly clientEgress: ClientEgress | undefined
  private readonly zone: PrivateZone<HostOfVpcEndpoint> | undefined
  private readonly ports: HostPort[] = []
  private readonly written: Host[]
  private readonly allocated: AllocatedHost[]
  private readonly answered: { readonly host: Host; readonly record: PrivateRecord | undefined }[] = []
  private sources: AwsSourceElements

  /**
   * @param id the name of the link. It keys the Terraform addresses of all that the link makes, so keep it.
   * @throws MistakesError with one line for each mistake in the props
   */
  constructor(scope: Construct, id: string, props: AwsPrivateLinkProps) {
    super(scope, id)
    requireOneLibrary(this)
    const link = readAwsPrivateLink(this.node.path, props)
    const { region, vpcId, subnetIds } = link
    const names = namesOf(this, link.environment)
    this.link = link
    this.environment = names.environment
    this.stack = names.stack
    this.linkName = names.link
    const name = `zilliz-${this.environment}-${this.linkName}`
    if (link.provider !== undefined) useProvider(this, 'aws_', link.provider)

    const network = new LinkVpc(this, 'network', { region, vpcId, subnetIds, ipAddressType: link.ipAddressType })
    this.network = network
    requireGroupsInVpc(new Construct(this, 'extra-security-groups'), {
      region,
      vpcId,
      securityGroupIds: link.extraSecurityGroupIds,
      where: `${this.node.path}: extraSecurityGroupIds`
    })
    this.sources = link.sources ?? noSources
    const ipv6Cidrs = link.ipAddressType === 'dualstack' ? network.ipv6Cidrs : []
    this.securityGroup = new EndpointSecurityGroup(this, 'security-group', {
      namePrefix: name,
      region,
      vpcId,
      sources: this.sources,
      vpcRanges: link.sources === undefined ? { ipv4: network.ipv4Cidrs, ipv6: ipv6Cidrs } : undefined
    })
    if (link.vendor.kind === 'by-api') requireZillizProvider(this)
    const vendor =
      link.vendor.kind === 'by-hand'
        ? byHand(link.vendor.endpointService, link.hosts)
        : new ByApi(this, 'zilliz', {
            ...link.vendor.zilliz,
            endpointService: link.vendor.endpointService,
            serviceForm: serviceNameForm(serviceRegionOf(link)),
            hosts: link.hosts,
            cloud: 'aws',
            region: serviceRegionOf(link),
            account: new DataAwsCallerIdentity(this, 'account', {}).accountId,
            isProtected: link.protect
          })
    this.written = [...vendor.written]
    const written = writtenPorts(vendor.written)
    this.endpoint = new InterfaceEndpoint(this, 'endpoint', {
      ...link,
      linkName: this.linkName,
      serviceName: vendor.endpointService,
      lookedUpService: vendor.lookedUpService,
      name,
      network,
      securityGroup: this.securityGroup,
      // A group whose rules come later would shut clients out meanwhile, when it takes the place of another.
      dependsOn: [...written.flatMap(port => this.securityGroup.admit(port)), ...vendor.before],
      whenPending: vendor.whenPending,
      isProtected: link.protect
    })
    const { endpoint } = this
    const registered = vendor.register(endpoint.endpointId)
    this.allocated = [...registered.hosts]
    const later = allocatedPorts(registered.hosts, written)
    for (const port of later) this.securityGroup.admit(port)
    this.ports.push(...written, ...later)
    this.clientEgress = isEmpty(link.clientSecurityGroupIds)
      ? undefined
      : new ClientEgress(this, 'client-egress', {
          name,
          region,
          clientSecurityGroupIds: link.clientSecurityGroupIds,
          endpointSecurityGroupId: this.securityGroup.securityGroupId
        })
    for (const port of this.ports) this.clientEgress?.admit(port)
    this.warnOfQuotas()
    warnOfManyGroups(this, 'the endpoint', 1 + countOf(link.extraSecurityGroupIds))
    if (link.notificationTopicArn !== undefined) {
      new ConnectionNotification(this, 'notification', {
        region,
        endpointId: endpoint.endpointId,
        topicArn: link.notificationTopicArn
      })
    }
    this.zone = zoneOf(this, link)
    for (const host of [...vendor.written, ...registered.hosts]) this.answer(host)

    // The labels of the Add Private Link dialog: https://docs.zilliz.com/docs/setup-a-private-link-aws
    this.registration = {
      'Cloud Provider': 'AWS',
      Region: serviceRegionOf(link),
      'VPC ID': vpcId,
      'Subnet IDs': listArgument(subnetIds),
      'Your VPC Private Link ID': endpoint.endpointId
    }
    this.endpointId = endpoint.endpointId
    this.identity = { id: endpoint.endpointId, project: undefined }
    this.registrationId = registered.id
    this.securityGroupId = this.securityGroup.securityGroupId
    this.dnsName = endpoint.dnsName
    this.connectionStatus = endpoint.state
    this.addresses = endpoint.addresses
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
      cloud: 'aws',
      region: link.region,
      host: host.name,
      port: host.port,
      vpcId: link.vpcId,
      ...(record === undefined ? {} : { hostedZoneId: record.zone }),
      endpointId: endpoint.endpointId,
      endpointDnsName: endpoint.dnsName,
      securityGroupId: this.securityGroup.securityGroupId
    }))
  }

  /** The endpoint, as a probe must know it to watch it. */
  get toWatch(): WatchedVpcEndpoint {
    return {
      link: this.linkName,
      securityGroupId: this.securityGroup.securityGroupId,
      ports: this.ports,
      admitsVpc: this.link.sources === undefined
    }
  }

  /**
   * Allows more clients to connect, on the ports of all hosts, in addition to `sources`.
   *
   * @param sources literals of any kind in one list, or ids and ranges by kind, which may be tokens
   * @throws MistakesError with one line for each mistake
   */
  allowFrom(sources: readonly string[] | AwsSources): void {
    const more = readAwsSources(`${this.node.path}: allowFrom`, sources)
    this.endpoint.after(this.securityGroup.allowFrom(more))
    this.sources = this.securityGroup.allowed
    this.warnOfQuotas()
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
    const known = writtenPorts(this.written)
    this.written.push(host)
    const [port] =
      this.allocated.length === 0
        ? writtenPorts([host]).filter(({ port }) => !known.some(other => other.port === port))
        : allocatedPorts([...this.allocated, addedHost(host)], known).slice(-1)
    if (port !== undefined && !known.some(other => other.port === host.port)) {
      this.ports.push(port)
      const rules = this.securityGroup.admit(port)
      if (isBeforeEndpoint(port)) this.endpoint.after(rules)
      this.clientEgress?.admit(port)
      this.warnOfQuotas()
    }
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

  private warnOfQuotas(): void {
    const { link, network, sources } = this
    const ports = this.ports.length
    const group = 'the security group of the endpoint'
    if (link.sources === undefined) {
      if (ports > 0) checkManyRules(this, `${this.linkName}-rules`, group, `${ports} * ${network.ipv4CidrCount}`)
    } else {
      const [ipv4, ipv6] = [countOf(sources.ipv4), countOf(sources.ipv6)]
      const inBoth = countOf(sources.securityGroupIds) + countOf(sources.prefixListIds)
      warnOfManyRules(this, {
        group,
        direction: 'inbound',
        because: `${ports} ports for each of ${ipv4 + ipv6 + inBoth} sources`,
        ipv4: ports * (ipv4 + inBoth),
        ipv6: ports * (ipv6 + inBoth)
      })
    }
    if (!isEmpty(link.clientSecurityGroupIds)) {
      warnOfManyRules(this, {
        group: 'each security group in clientSecurityGroupIds',
        direction: 'outbound',
        because: `${ports} ports`,
        ipv4: ports,
        ipv6: ports
      })
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
    const { region, vpcId, subnetIds } = link
    if (isToken(region) || isToken(vpcId) || !areWritten(subnetIds)) {
      throw new MistakesError([
        `${this.node.path}: the probe needs region, vpcId and subnetIds that are known at synth, got a token of Terraform. Write them down.`
      ])
    }
    return new AwsProbe(this, 'probe', {
      environment,
      linkName: this.linkName,
      link: { region, vpcId, subnetIds: listArgument(subnetIds) },
      options,
      network,
      endpoints: watched.map(({ toWatch }) => toWatch),
      targets: watched.flatMap(({ targets }) => targets)
    })
  }
}

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
