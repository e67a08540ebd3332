import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js'
import { TerraformIterator } from 'cdktf'
import { Construct } from 'constructs'
import type { Sources } from './source.ts'

export interface EndpointSecurityGroupProps {
  /** What the group's name begins with; AWS needs the rest to be free for a replacement beside it. */
  readonly namePrefix: string
  readonly region: string
  readonly vpcId: string
  /** The hosts' TCP ports; without any, nothing is let in. */
  readonly ports: readonly number[]
  /** Who may connect. */
  readonly sources: Sources
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

    const source = '${each.value}'
    const kinds = [
      { kind: 'ipv4', sources: props.sources.ipv4, argument: { cidrIpv4: source } },
      { kind: 'ipv6', sources: props.sources.ipv6, argument: { cidrIpv6: source } },
      { kind: 'group', sources: props.sources.securityGroupIds, argument: { referencedSecurityGroupId: source } },
      { kind: 'prefix-list', sources: props.sources.prefixListIds, argument: { prefixListId: source } }
    ].filter(({ sources }) => sources.length > 0)
    this.rules = props.ports.flatMap(port =>
      kinds.map(
        ({ kind, sources, argument }) =>
          new VpcSecurityGroupIngressRule(this, `${kind}-${port}`, {
            ...argument,
            // Keyed by source, so that ranges read from the VPC and the same ranges written down are the same rules.
            forEach: TerraformIterator.fromList(sources),
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
