import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js'
import { TerraformIterator } from 'cdktf'
import { Construct } from 'constructs'
import type { Sources } from './source.ts'
import { sourceKinds } from './source-kinds.ts'

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

    this.rules = props.ports.flatMap(port =>
      sourceKinds(props.sources).map(
        ({ kind, sources, argument }) =>
          new VpcSecurityGroupIngressRule(this, `${kind}-${port}`, {
            ...argument,
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
