import { isIPv4 } from 'node:net'
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js'
import { TerraformIterator } from 'cdktf'
import { Construct } from 'constructs'

export interface EndpointSecurityGroupProps {
  /** What the group's name begins with; AWS needs the rest to be free for a replacement beside it. */
  readonly namePrefix: string
  readonly region: string
  readonly vpcId: string
  /** The hosts' TCP ports; without any, nothing is let in. */
  readonly ports: readonly number[]
  /** Address ranges that may connect. */
  readonly sources: Sources
}

/** Address ranges by family: AWS has an argument for each. */
export interface Sources {
  readonly ipv4: string[]
  readonly ipv6: string[]
}

/** Sorts address ranges by family. */
export function sourcesByFamily(cidrs: readonly string[]): Sources {
  const isV4 = (cidr: string) => isIPv4(cidr.split('/')[0] ?? '')
  return { ipv4: cidrs.filter(isV4), ipv6: cidrs.filter(cidr => !isV4(cidr)) }
}

/**
 * The endpoint's own security group: one rule for each source and port. It lets nothing out, because an endpoint
 * only answers.
 */
export class EndpointSecurityGroup extends Construct {
  readonly securityGroupId: string
  /** What lets clients in. */
  readonly rules: readonly VpcSecurityGroupIngressRule[]

  constructor(scope: Construct, id: string, props: EndpointSecurityGroupProps) {
    super(scope, id)

    const group = new SecurityGroup(this, 'Resource', {
      region: props.region,
      namePrefix: `${props.namePrefix}-`,
      // A change of the description would replace the group, so it says only what never changes.
      description: 'Clients of the private link to Zilliz Cloud',
      vpcId: props.vpcId,
      tags: { Name: props.namePrefix },
      lifecycle: { createBeforeDestroy: true }
    })
    this.securityGroupId = group.id

    const families = [
      { family: 'ipv4', cidrs: props.sources.ipv4, cidr: { cidrIpv4: '${each.value}' } },
      { family: 'ipv6', cidrs: props.sources.ipv6, cidr: { cidrIpv6: '${each.value}' } }
    ]
    this.rules = props.ports.flatMap(port =>
      families
        .filter(({ cidrs }) => cidrs.length > 0)
        .map(
          ({ family, cidrs, cidr }) =>
            new VpcSecurityGroupIngressRule(this, `${family}-${port}`, {
              ...cidr,
              // Keyed by range, so that ranges read from the VPC and the same ranges written down are the same rules.
              forEach: TerraformIterator.fromList(cidrs),
              region: props.region,
              securityGroupId: group.id,
              ipProtocol: 'tcp',
              fromPort: port,
              toPort: port,
              tags: { Name: props.namePrefix }
            })
        )
    )
  }
}
