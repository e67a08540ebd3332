import { Construct } from 'constructs'
import type { Target } from '../../probe/target.ts'
import type { PrivateLink, PrivateRecord } from '../private-link.ts'
import type { Host } from '../zilliz.ts'
import { EndpointSecurityGroup, sourcesByFamily } from './endpoint-security-group.ts'
import { InterfaceEndpoint } from './interface-endpoint.ts'
import { Network } from './network.ts'
import type { PrivateZone } from './private-zone.ts'

export interface AwsPrivateLinkProps {
  /** The environment's name: the first part of the targets' names. */
  readonly environment: string
  /** The VPC's region, `us-west-2`. */
  readonly region: string
  /** The endpoint service that Zilliz Cloud names: `com.amazonaws.vpce.<region>.vpce-svc-…`. */
  readonly serviceName: string
  readonly vpcId: string
  /** One subnet for each availability zone. */
  readonly subnetIds: readonly string[]
  /** None before the endpoint is registered. */
  readonly hosts: readonly Host[]
  /**
   * Address ranges that may connect.
   *
   * @default - the VPC's own IPv4 ranges, read from AWS
   */
  readonly sources?: readonly string[] | undefined
  /** What answers the hosts inside the VPC. */
  readonly zone: PrivateZone
}

/** A private link on AWS: interface endpoint, its security group, and a record for each host. */
export class AwsPrivateLink extends Construct implements PrivateLink {
  readonly registration: Readonly<Record<string, string | readonly string[]>>
  readonly connectionStatus: string
  readonly addresses: readonly string[]
  readonly records: readonly PrivateRecord[]
  readonly targets: readonly Target[]

  /** @param id the link's name; it keys the Terraform addresses of all that the link makes */
  constructor(scope: Construct, id: string, props: AwsPrivateLinkProps) {
    super(scope, id)
    const { region, vpcId, subnetIds, hosts } = props
    const name = `zilliz-${props.environment}-${id}`

    const network = new Network(this, 'network', { region, vpcId, subnetIds })
    const securityGroup = new EndpointSecurityGroup(this, 'security-group', {
      namePrefix: name,
      region,
      vpcId,
      ports: [...new Set(hosts.map(({ port }) => port))],
      sources: props.sources === undefined ? { ipv4: network.ipv4Cidrs, ipv6: [] } : sourcesByFamily(props.sources)
    })
    const endpoint = new InterfaceEndpoint(this, 'endpoint', {
      name,
      region,
      serviceName: props.serviceName,
      vpcId,
      subnetIds,
      network,
      securityGroup
    })
    const published = hosts.map(host => ({
      host,
      record: props.zone.addHost(new Construct(this, `host-${host.cluster}`), host, endpoint)
    }))

    // The labels of the Add Private Link dialog: https://docs.zilliz.com/docs/setup-a-private-link-aws
    this.registration = {
      'Cloud Provider': 'AWS',
      Region: region,
      'VPC ID': vpcId,
      'Subnet IDs': subnetIds,
      'Your VPC Private Link ID': endpoint.endpointId
    }
    this.connectionStatus = endpoint.state
    this.addresses = endpoint.addresses
    this.records = published.map(({ record }) => record)
    this.targets = published.map(({ host, record }) => ({
      name: `${props.environment}/${id}/${host.cluster}`,
      environment: props.environment,
      cloud: 'aws',
      region,
      host: host.name,
      port: host.port,
      vpcId,
      hostedZoneId: record.zone,
      endpointId: endpoint.endpointId,
      endpointDnsName: endpoint.dnsName,
      securityGroupId: securityGroup.securityGroupId
    }))
  }
}
