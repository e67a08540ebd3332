import { ServiceDiscoveryPrivateDnsNamespace } from '@cdktf/provider-aws/lib/service-discovery-private-dns-namespace/index.js'
import { ServiceDiscoveryService } from '@cdktf/provider-aws/lib/service-discovery-service/index.js'
import { Construct } from 'constructs'

export interface ProbeNamesProps {
  /** The tag `Name`. */
  readonly name: string
  readonly region: string
  /** The VPC in which the names resolve. */
  readonly vpcId: string
  /** What the names end in. */
  readonly domain: string
}

/** Names in AWS Cloud Map, under which Prometheus finds the addresses of probes. */
export class ProbeNames extends Construct {
  private readonly namespaceId: string
  private readonly props: ProbeNamesProps

  constructor(scope: Construct, id: string, props: ProbeNamesProps) {
    super(scope, id)

    this.props = props
    this.namespaceId = new ServiceDiscoveryPrivateDnsNamespace(this, 'Resource', {
      region: props.region,
      name: props.domain,
      vpc: props.vpcId,
      description: 'Probes of the private link to Zilliz Cloud',
      tags: { Name: props.name }
    }).id
  }

  /**
   * Adds the name `<label>.<domain>`.
   *
   * @returns the ARN of the service registry for an ECS service
   */
  add(label: string): string {
    const { region, name } = this.props
    return new ServiceDiscoveryService(this, label, {
      region,
      name: label,
      // Without health checks: a probe that is not well is to be asked all the more.
      dnsConfig: {
        namespaceId: this.namespaceId,
        routingPolicy: 'MULTIVALUE',
        dnsRecords: [{ type: 'A', ttl: 10 }]
      },
      tags: { Name: name }
    }).arn
  }
}
