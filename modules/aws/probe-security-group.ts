import { DataAwsEc2ManagedPrefixList } from '@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list/index.js'
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js'
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js'
import { TerraformIterator } from 'cdktf'
import { Construct } from 'constructs'
import type { HostPort } from './host-ports.ts'
import type { LinkVpc } from './link-vpc.ts'
import { warnOfManyRules } from './rule-quota.ts'
import { type Sources, sourceKinds, sourcesByKind } from './source.ts'

/** An endpoint that the probe connects to. */
export interface WatchedVpcEndpoint {
  /** Its link's name. */
  readonly link: string
  /** Its own security group. */
  readonly securityGroupId: string
  /** The hosts' ports. */
  readonly ports: readonly HostPort[]
  /** Whether every client in the VPC may connect, including the probe. */
  readonly admitsVpc: boolean
}

export interface ProbeSecurityGroupProps {
  /** The tag `Name`, and what the group's name begins with. */
  readonly name: string
  readonly region: string
  readonly vpcId: string
  readonly network: LinkVpc
  /** The TCP port of its metrics. */
  readonly port: number
  /** Who may read the metrics. */
  readonly scrapeFrom: readonly string[]
  /**
   * Where image and logs are reached.
   *
   * @default - the VPC's own ranges and Amazon S3
   */
  readonly httpsTo?: readonly string[] | undefined
  readonly endpoints: readonly WatchedVpcEndpoint[]
  /** Whether the probe also has a group of the clients attached, which allows it. */
  readonly isClient: boolean
}

/**
 * The probe's own security group: metrics for the scrapers that are named; out to the endpoints it watches, to resolvers in
 * the VPC, and for image and logs.
 *
 * An endpoint that admits only named clients admits the probe by a rule that belongs to the probe, so that the link is the same
 * with and without it.
 */
export class ProbeSecurityGroup extends Construct {
  readonly securityGroupId: string

  constructor(scope: Construct, id: string, props: ProbeSecurityGroupProps) {
    super(scope, id)
    const { name, region, network, port } = props

    const group = new SecurityGroup(this, 'Resource', {
      region,
      namePrefix: `${name}-`,
      // A change of the description would replace the group, so it says only what never changes.
      description: 'Probe of the private link to Zilliz Cloud',
      vpcId: props.vpcId,
      tags: { Name: name },
      lifecycle: { createBeforeDestroy: true }
    })
    this.securityGroupId = group.id
    const tcp = (port: number) => ({
      region,
      securityGroupId: group.id,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      tags: { Name: name }
    })

    for (const { kind, sources, argument } of sourceKinds(sourcesByKind(props.scrapeFrom))) {
      new VpcSecurityGroupIngressRule(this, `scrape-${kind}`, {
        ...argument,
        ...tcp(port),
        forEach: TerraformIterator.fromList(sources),
        description: 'Prometheus'
      })
    }
    for (const { link, securityGroupId, ports, admitsVpc } of props.endpoints) {
      for (const { key, port, hasRule } of ports) {
        const out = new VpcSecurityGroupEgressRule(this, `to-${link}-${key}`, {
          ...tcp(port),
          referencedSecurityGroupId: securityGroupId,
          description: 'Private link to Zilliz Cloud'
        })
        const into =
          admitsVpc || props.isClient
            ? []
            : [
                new VpcSecurityGroupIngressRule(this, `into-${link}-${key}`, {
                  ...tcp(port),
                  securityGroupId,
                  referencedSecurityGroupId: group.id,
                  description: 'Probe of the private link'
                })
              ]
        if (hasRule === undefined) continue
        for (const rule of [out, ...into]) rule.addOverride('count', `\${${hasRule} ? 0 : 1}`)
      }
    }
    // The VPC's own resolver needs no rule, because security groups do not apply to it; one that DHCP options name does:
    // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
    for (const protocol of ['udp', 'tcp']) {
      new VpcSecurityGroupEgressRule(this, `dns-${protocol}`, {
        ...tcp(53),
        ipProtocol: protocol,
        cidrIpv4: '${each.value}',
        forEach: TerraformIterator.fromList(network.ipv4Cidrs),
        description: 'Resolvers in the VPC'
      })
    }
    const https = this.https(props)
    const scrape = sourcesByKind(props.scrapeFrom)
    const inBoth = ({ securityGroupIds, prefixListIds }: Sources) => securityGroupIds.length + prefixListIds.length
    warnOfManyRules(this, {
      group: 'the security group of the probe',
      direction: 'inbound',
      because: `${props.scrapeFrom.length} sources in scrapeFrom`,
      ipv4: scrape.ipv4.length + inBoth(scrape),
      ipv6: scrape.ipv6.length + inBoth(scrape)
    })
    const ports = props.endpoints.reduce((sum, { ports }) => sum + ports.length, 0)
    warnOfManyRules(this, {
      group: 'the security group of the probe',
      direction: 'outbound',
      because: `${ports} ports of endpoints, two rules for DNS, and those for image and logs`,
      ipv4: ports + 2 + https.ipv4.length + inBoth(https),
      ipv6: ports + https.ipv6.length + inBoth(https)
    })
    for (const { kind, sources, argument } of sourceKinds(https)) {
      new VpcSecurityGroupEgressRule(this, `https-${kind}`, {
        ...argument,
        ...tcp(443),
        forEach: TerraformIterator.fromList(sources),
        description: 'Image and logs'
      })
    }
  }

  private https({ httpsTo, network, region }: ProbeSecurityGroupProps): Sources {
    if (httpsTo !== undefined) return sourcesByKind(httpsTo)
    // The layers of an image in ECR come from Amazon S3, by a gateway endpoint:
    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
    const s3 = new DataAwsEc2ManagedPrefixList(this, 's3', { region, name: `com.amazonaws.${region}.s3` })
    return { ipv4: network.ipv4Cidrs, ipv6: [], securityGroupIds: [], prefixListIds: [s3.id] }
  }
}
