import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js'
import { Construct } from 'constructs'
import { type HostPort, ruleForEach } from './host-ports.ts'
import { type Sources, sourceKinds } from './source.ts'

export interface EndpointSecurityGroupProps {
  /** The prefix of the group's name. AWS completes it, so that a replacement can exist at the same time. */
  readonly namePrefix: string
  readonly region: string
  readonly vpcId: string
  /** Who may connect. */
  readonly sources: Sources
}

/**
 * The endpoint's own security group: one rule for each source and port. It allows no outbound traffic, because an
 * endpoint only answers.
 */
export class EndpointSecurityGroup extends Construct {
  readonly securityGroupId: string
  private readonly props: EndpointSecurityGroupProps

  constructor(scope: Construct, id: string, props: EndpointSecurityGroupProps) {
    super(scope, id)

    this.props = props
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
  }

  /** Allows clients inbound on a port. Without a call, nothing is allowed inbound. */
  admit(hostPort: HostPort): readonly VpcSecurityGroupIngressRule[] {
    const { region, namePrefix, sources } = this.props
    const { key, port } = hostPort
    return sourceKinds(sources).map(
      ({ kind, sources, argument }) =>
        new VpcSecurityGroupIngressRule(this, `${kind}-${key}`, {
          ...argument,
          forEach: ruleForEach(sources, hostPort),
          region,
          securityGroupId: this.securityGroupId,
          ipProtocol: 'tcp',
          fromPort: port,
          toPort: port,
          description: 'Clients of the private link to Zilliz Cloud',
          tags: { Name: namePrefix }
        })
    )
  }
}
