import type { Construct } from 'constructs'
import { countOf, type Elements, isEmpty, listArgument, noElements } from '../elements.ts'
import type { TextMap } from '../text-map.ts'
import type { Timeouts } from '../timeouts.ts'
import type { AllocatedHost, Host } from '../zilliz/host.ts'
import { addedHost } from '../zilliz/host.ts'
import type { VendorSide } from '../zilliz/vendor-side.ts'
import { ClientEgress } from './client-egress.ts'
import { ConnectionNotification } from './connection-notification.ts'
import { EndpointSecurityGroup } from './endpoint-security-group.ts'
import { allocatedPorts, type HostPort, isBeforeEndpoint, writtenPorts } from './host-ports.ts'
import { InterfaceEndpoint } from './interface-endpoint.ts'
import type { IpAddressType, LinkVpc } from './link-vpc.ts'
import type { AwsSourceElements } from './private-link-props.ts'
import type { WatchedVpcEndpoint } from './probe-security-group.ts'
import { checkManyRules, warnOfManyGroups, warnOfManyRules } from './rule-quota.ts'

/** What an endpoint of a link is made of, as it was read. */
export interface OwnEndpointOptions {
  readonly subnetIds: Elements
  /** @default - the ranges of the VPC */
  readonly sources?: AwsSourceElements | undefined
  readonly clientSecurityGroupIds: Elements
  readonly extraSecurityGroupIds: Elements
  readonly tags: TextMap
  readonly timeouts?: Timeouts | undefined
  readonly notificationTopicArn?: string | undefined
  readonly adoptEndpointId?: string | undefined
}

export interface OwnEndpointProps {
  readonly options: OwnEndpointOptions
  readonly linkName: string
  /** The prefix of the names of resources. */
  readonly name: string
  readonly region: string
  readonly serviceRegion?: string | undefined
  readonly vpcId: string
  readonly network: LinkVpc
  readonly ipAddressType: IpAddressType
  readonly vendor: VendorSide
  readonly isProtected: boolean
}

const noSources: AwsSourceElements = {
  ipv4: noElements,
  ipv6: noElements,
  securityGroupIds: noElements,
  prefixListIds: noElements
}

/** The endpoint that a link makes, and the rules by which clients reach it. What it makes is below the link. */
export class OwnEndpoint {
  readonly endpoint: InterfaceEndpoint
  readonly securityGroupId: string
  /** What the Add Private Link dialog of Zilliz Cloud asks for. */
  readonly place: Readonly<Record<string, string | readonly string[]>>
  /** The hosts that are read from Zilliz Cloud. */
  readonly allocated: AllocatedHost[]
  readonly registrationId: string | undefined
  private readonly link: Construct
  private readonly props: OwnEndpointProps
  private readonly securityGroup: EndpointSecurityGroup
  private readonly clientEgress: ClientEgress | undefined
  private readonly ports: HostPort[] = []
  private readonly written: Host[]
  private sources: AwsSourceElements

  constructor(link: Construct, props: OwnEndpointProps) {
    this.link = link
    this.props = props
    const { options, name, region, vpcId, network, vendor } = props
    this.sources = options.sources ?? noSources
    const ipv6Cidrs = props.ipAddressType === 'dualstack' ? network.ipv6Cidrs : []
    this.securityGroup = new EndpointSecurityGroup(link, 'security-group', {
      namePrefix: name,
      region,
      vpcId,
      sources: this.sources,
      vpcRanges: options.sources === undefined ? { ipv4: network.ipv4Cidrs, ipv6: ipv6Cidrs } : undefined
    })
    this.written = [...vendor.written]
    const written = writtenPorts(vendor.written)
    this.endpoint = new InterfaceEndpoint(link, 'endpoint', {
      ...options,
      linkName: props.linkName,
      region,
      vpcId,
      serviceName: vendor.endpointService,
      serviceRegion: props.serviceRegion,
      lookedUpService: vendor.lookedUpService,
      ipAddressType: props.ipAddressType,
      name,
      network,
      securityGroup: this.securityGroup,
      // A group whose rules come later would shut clients out meanwhile, when it takes the place of another.
      dependsOn: [...written.flatMap(port => this.securityGroup.admit(port)), ...vendor.before],
      whenPending: vendor.whenPending,
      isProtected: props.isProtected
    })
    const registered = vendor.register(this.endpoint.endpointId)
    this.registrationId = registered.id
    this.allocated = [...registered.hosts]
    const later = allocatedPorts(registered.hosts, written)
    for (const port of later) this.securityGroup.admit(port)
    this.ports.push(...written, ...later)
    this.clientEgress = isEmpty(options.clientSecurityGroupIds)
      ? undefined
      : new ClientEgress(link, 'client-egress', {
          name,
          region,
          clientSecurityGroupIds: options.clientSecurityGroupIds,
          endpointSecurityGroupId: this.securityGroup.securityGroupId
        })
    for (const port of this.ports) this.clientEgress?.admit(port)
    this.warnOfQuotas()
    warnOfManyGroups(link, 'the endpoint', 1 + countOf(options.extraSecurityGroupIds))
    if (options.notificationTopicArn !== undefined) {
      new ConnectionNotification(link, 'notification', {
        region,
        endpointId: this.endpoint.endpointId,
        topicArn: options.notificationTopicArn
      })
    }
    this.securityGroupId = this.securityGroup.securityGroupId
    this.place = { 'VPC ID': vpcId, 'Subnet IDs': listArgument(options.subnetIds) }
  }

  /** The endpoint, as a probe must know it to watch it. */
  get toWatch(): WatchedVpcEndpoint {
    return {
      link: this.props.linkName,
      securityGroupId: this.securityGroup.securityGroupId,
      ports: this.ports,
      admitsVpc: this.props.options.sources === undefined
    }
  }

  /** Allows more clients to connect, on the ports of all hosts. */
  allowFrom(sources: AwsSourceElements): void {
    this.endpoint.after(this.securityGroup.allowFrom(sources))
    this.sources = this.securityGroup.allowed
    this.warnOfQuotas()
  }

  /** Allows the clients to connect to the port of one more host, which is written down. */
  openPort(host: Host): void {
    const known = writtenPorts(this.written)
    this.written.push(host)
    const [port] =
      this.allocated.length === 0
        ? writtenPorts([host]).filter(({ port }) => !known.some(other => other.port === port))
        : allocatedPorts([...this.allocated, addedHost(host)], known).slice(-1)
    if (port === undefined || known.some(other => other.port === host.port)) return
    this.ports.push(port)
    const rules = this.securityGroup.admit(port)
    if (isBeforeEndpoint(port)) this.endpoint.after(rules)
    this.clientEgress?.admit(port)
    this.warnOfQuotas()
  }

  private warnOfQuotas(): void {
    const { link, sources } = this
    const { options, network, linkName } = this.props
    const ports = this.ports.length
    const group = 'the security group of the endpoint'
    if (options.sources === undefined) {
      if (ports > 0) checkManyRules(link, `${linkName}-rules`, group, `${ports} * ${network.ipv4CidrCount}`)
    } else {
      const [ipv4, ipv6] = [countOf(sources.ipv4), countOf(sources.ipv6)]
      const inBoth = countOf(sources.securityGroupIds) + countOf(sources.prefixListIds)
      warnOfManyRules(link, {
        group,
        direction: 'inbound',
        because: `${ports} ports for each of ${ipv4 + ipv6 + inBoth} sources`,
        ipv4: ports * (ipv4 + inBoth),
        ipv6: ports * (ipv6 + inBoth)
      })
    }
    if (!isEmpty(options.clientSecurityGroupIds)) {
      warnOfManyRules(link, {
        group: 'each security group in clientSecurityGroupIds',
        direction: 'outbound',
        because: `${ports} ports`,
        ipv4: ports,
        ipv6: ports
      })
    }
  }
}
