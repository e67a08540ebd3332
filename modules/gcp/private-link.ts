import { Construct } from 'constructs'
import type { Target } from '../../probe/target.ts'
import type { PrivateLink, PrivateRecord } from '../private-link.ts'
import type { Host } from '../zilliz.ts'
import { EgressFirewall } from './egress-firewall.ts'
import { IapSshFirewall } from './iap-ssh-firewall.ts'
import type { Names } from './names.ts'
import { Network } from './network.ts'
import type { PrivateZone } from './private-zone.ts'
import { PscEndpoint } from './psc-endpoint.ts'

export interface GcpPrivateLinkProps {
  /** The environment's name: the first part of the targets' names. */
  readonly environment: string
  readonly project: string
  /** The subnet's region, `us-west1`. */
  readonly region: string
  /** The service attachment that Zilliz Cloud names. */
  readonly serviceAttachment: string
  /** The network's name. */
  readonly network: string
  /** The subnet's name. */
  readonly subnetwork: string
  /** What the names of all that the link makes begin with. */
  readonly endpointPrefix: string
  /** The names themselves. */
  readonly names: Names
  /** None before the endpoint is registered. */
  readonly hosts: readonly Host[]
  /**
   * Network tags of test VMs to be reached by SSH through Identity-Aware Proxy.
   *
   * @default - no rule for SSH
   */
  readonly iapSshTargetTags?: readonly string[] | undefined
  /** What answers the hosts inside the network. */
  readonly zone: PrivateZone
}

/** A private link on Google Cloud: Private Service Connect endpoint, firewall, and a record for each host. */
export class GcpPrivateLink extends Construct implements PrivateLink {
  readonly registration: Readonly<Record<string, string | readonly string[]>>
  readonly connectionStatus: string
  readonly addresses: readonly string[]
  readonly records: readonly PrivateRecord[]
  readonly targets: readonly Target[]

  /** @param id the link's name; it keys the Terraform addresses of all that the link makes */
  constructor(scope: Construct, id: string, props: GcpPrivateLinkProps) {
    super(scope, id)
    const { project, region, names, hosts } = props

    const network = new Network(this, 'network', {
      project,
      region,
      network: props.network,
      subnetwork: props.subnetwork
    })
    const endpoint = new PscEndpoint(this, 'endpoint', {
      project,
      region,
      names,
      serviceAttachment: props.serviceAttachment,
      network
    })
    if (hosts.length > 0) {
      new EgressFirewall(this, 'egress', {
        project,
        name: names.egressFirewall,
        networkSelfLink: network.networkSelfLink,
        address: endpoint.address,
        ports: [...new Set(hosts.map(({ port }) => port))]
      })
    }
    if (props.iapSshTargetTags !== undefined) {
      new IapSshFirewall(this, 'iap-ssh', {
        project,
        name: names.iapSshFirewall,
        networkSelfLink: network.networkSelfLink,
        targetTags: props.iapSshTargetTags
      })
    }
    const published = hosts.map(host => ({
      host,
      record: props.zone.addHost(new Construct(this, `host-${host.cluster}`), host, endpoint.address)
    }))

    // The labels of the Add Private Link dialog: https://docs.zilliz.com/docs/setup-a-private-link-gcp
    this.registration = {
      'Cloud Provider': 'Google Cloud',
      Region: region,
      'Google Cloud Project ID': project,
      'VPC Name': props.network,
      'Subnet Name': props.subnetwork,
      'Private Service Connect Endpoint prefix': props.endpointPrefix,
      'Your Endpoint': names.endpoint
    }
    this.connectionStatus = endpoint.connectionStatus
    this.addresses = [endpoint.address]
    this.records = published.map(({ record }) => record)
    this.targets = published.map(({ host, record }) => ({
      name: `${props.environment}/${id}/${host.cluster}`,
      environment: props.environment,
      cloud: 'gcp',
      region,
      host: host.name,
      port: host.port,
      project,
      network: props.network,
      managedZone: record.zone,
      forwardingRule: names.endpoint,
      endpointAddress: endpoint.address,
      egressFirewall: names.egressFirewall
    }))
  }
}
