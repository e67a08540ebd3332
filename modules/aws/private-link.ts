import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js'
import { Construct } from 'constructs'
import type { Target } from '../../probe/target.ts'
import { targetName } from '../../probe/target-name.ts'
import type { EndpointIdentity } from '../endpoint-identity.ts'
import type { PrivateLink, PrivateRecord } from '../private-link.ts'
import type { PrivateZone } from '../private-zone.ts'
import type { Probe } from '../probe.ts'
import { ByApi } from '../zilliz/by-api.ts'
import { byHand } from '../zilliz/by-hand.ts'
import { ClientEgress } from './client-egress.ts'
import { ConnectionNotification } from './connection-notification.ts'
import { EndpointSecurityGroup } from './endpoint-security-group.ts'
import { allocatedPorts, writtenPorts } from './host-ports.ts'
import type { HostOfVpcEndpoint } from './interface-endpoint.ts'
import { InterfaceEndpoint } from './interface-endpoint.ts'
import { type AwsLink, serviceRegionOf } from './link.ts'
import { LinkVpc } from './link-vpc.ts'
import { AwsProbe } from './probe.ts'
import type { AwsProbeOptions } from './probe-options.ts'
import type { WatchedVpcEndpoint } from './probe-security-group.ts'
import { requireGroupsInVpc } from './require-groups-in-vpc.ts'
import { checkManyRules, warnOfManyGroups, warnOfManyRules } from './rule-quota.ts'
import { serviceNameForm } from './service-name.ts'
import { type Sources, sourcesByKind } from './source.ts'

export interface AwsPrivateLinkProps {
  /** The environment's name: the first part of the targets' names. */
  readonly environment: string
  readonly link: AwsLink
  /**
   * What answers the hosts inside the VPC.
   *
   * @default - others do
   */
  readonly zone?: PrivateZone<HostOfVpcEndpoint> | undefined
  /** Refuse to destroy or replace the endpoint. */
  readonly isProtected: boolean
}

/** A private link on AWS: interface endpoint, its security group, and what answers each host. */
export class AwsPrivateLink extends Construct implements PrivateLink {
  readonly registration: Readonly<Record<string, string | readonly string[]>>
  readonly endpointId: EndpointIdentity
  readonly registrationId: string | undefined
  readonly connectionStatus: string
  readonly addresses: readonly string[]
  readonly records: readonly PrivateRecord[]
  readonly targets: readonly Target[]
  /** The endpoint, as a probe must know it to watch it. */
  readonly toWatch: WatchedVpcEndpoint
  private readonly environment: string
  private readonly link: AwsLink
  private readonly network: LinkVpc

  /** @param id the link's name; it keys the Terraform addresses of all that the link makes */
  constructor(scope: Construct, id: string, { environment, link, zone, isProtected }: AwsPrivateLinkProps) {
    super(scope, id)
    this.environment = environment
    this.link = link
    const { region, vpcId, subnetIds } = link
    const name = `zilliz-${environment}-${id}`

    const network = new LinkVpc(this, 'network', { region, vpcId, subnetIds, ipAddressType: link.ipAddressType })
    this.network = network
    requireGroupsInVpc(new Construct(this, 'extra-security-groups'), {
      region,
      vpcId,
      securityGroupIds: link.extraSecurityGroupIds
    })
    const ipv6Cidrs = link.ipAddressType === 'dualstack' ? network.ipv6Cidrs : []
    const ownRanges = { ipv4: network.ipv4Cidrs, ipv6: ipv6Cidrs, securityGroupIds: [], prefixListIds: [] }
    const sources = link.sources === undefined ? ownRanges : sourcesByKind(link.sources)
    const securityGroup = new EndpointSecurityGroup(this, 'security-group', {
      namePrefix: name,
      region,
      vpcId,
      sources
    })
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
            isProtected
          })
    const written = writtenPorts(vendor.written)
    const endpoint = new InterfaceEndpoint(this, 'endpoint', {
      ...link,
      serviceName: vendor.endpointService,
      lookedUpService: vendor.lookedUpService,
      name,
      network,
      securityGroup,
      // A group whose rules come later would shut clients out meanwhile, when it takes the place of another.
      dependsOn: [...written.flatMap(port => securityGroup.admit(port)), ...vendor.before],
      whenPending: vendor.whenPending,
      isProtected
    })
    const registered = vendor.register(endpoint.endpointId)
    const hosts = [...vendor.written, ...registered.hosts]
    const later = allocatedPorts(registered.hosts, written)
    for (const port of later) securityGroup.admit(port)
    const ports = [...written, ...later]
    this.warnOfQuotas(sources, ports.length)
    if (link.clientSecurityGroupIds.length > 0) {
      new ClientEgress(this, 'client-egress', {
        name,
        region,
        clientSecurityGroupIds: link.clientSecurityGroupIds,
        endpointSecurityGroupId: securityGroup.securityGroupId,
        ports
      })
    }
    if (link.notificationTopicArn !== undefined) {
      new ConnectionNotification(this, 'notification', {
        region,
        endpointId: endpoint.endpointId,
        topicArn: link.notificationTopicArn
      })
    }
    const answered = hosts.map(host => ({
      host,
      record: zone?.addHost(new Construct(this, `host-${host.cluster}`), {
        host,
        endpoint,
        adoptRecord: link.adoptRecords.includes(host.cluster)
      })
    }))

    // The labels of the Add Private Link dialog: https://docs.zilliz.com/docs/setup-a-private-link-aws
    this.registration = {
      'Cloud Provider': 'AWS',
      Region: serviceRegionOf(link),
      'VPC ID': vpcId,
      'Subnet IDs': subnetIds,
      'Your VPC Private Link ID': endpoint.endpointId
    }
    this.endpointId = { id: endpoint.endpointId, project: undefined }
    this.registrationId = registered.id
    this.connectionStatus = endpoint.state
    this.toWatch = {
      link: id,
      securityGroupId: securityGroup.securityGroupId,
      ports,
      admitsVpc: link.sources === undefined
    }
    this.addresses = endpoint.addresses
    this.records = answered.flatMap(({ record }) => record ?? [])
    this.targets = answered.map(({ host, record }) => ({
      name: targetName({ environment, link: id, cluster: host.cluster }),
      environment,
      cloud: 'aws',
      region,
      host: host.name,
      port: host.port,
      vpcId,
      ...(record === undefined ? {} : { hostedZoneId: record.zone }),
      endpointId: endpoint.endpointId,
      endpointDnsName: endpoint.dnsName,
      securityGroupId: securityGroup.securityGroupId
    }))
  }

  private warnOfQuotas(sources: Sources, ports: number): void {
    const { link, network } = this
    const group = 'the security group of the endpoint'
    if (link.sources === undefined) {
      if (ports > 0) checkManyRules(this, `${this.node.id}-rules`, group, `${ports} * ${network.ipv4CidrCount}`)
    } else {
      const inBoth = sources.securityGroupIds.length + sources.prefixListIds.length
      warnOfManyRules(this, {
        group,
        direction: 'inbound',
        because: `${ports} ports for each of ${link.sources.length} sources`,
        ipv4: ports * (sources.ipv4.length + inBoth),
        ipv6: ports * (sources.ipv6.length + inBoth)
      })
    }
    if (link.clientSecurityGroupIds.length > 0) {
      warnOfManyRules(this, {
        group: 'each security group in clientSecurityGroupIds',
        direction: 'outbound',
        because: `${ports} ports`,
        ipv4: ports,
        ipv6: ports
      })
    }
    warnOfManyGroups(this, 'the endpoint', 1 + link.extraSecurityGroupIds.length)
  }

  /**
   * Adds the probe to the link's VPC.
   *
   * @param watched the links there whose hosts it watches, this one among them
   */
  addProbe(options: AwsProbeOptions, watched: readonly AwsPrivateLink[]): Probe {
    const { environment, link, network } = this
    return new AwsProbe(this, 'probe', {
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
