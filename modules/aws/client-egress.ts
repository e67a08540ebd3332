import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js'
import { Construct } from 'constructs'
import { type Elements, forEachOf } from '../elements.ts'
import type { HostPort } from './host-ports.ts'

export interface ClientEgressProps {
  /** The tag `Name`. */
  readonly name: string
  readonly region: string
  /** The security groups that clients have attached. */
  readonly clientSecurityGroupIds: Elements
  /** The endpoint's own security group. */
  readonly endpointSecurityGroupId: string
}

/**
 * The way out for clients whose security groups do not let everything out. Zilliz Cloud names both halves: "one for the
 * EC2 instance, which must allow traffic on the port associated with your private link, and another for the VPC endpoint"
 * (https://docs.zilliz.com/docs/setup-a-private-link-aws).
 */
export class ClientEgress extends Construct {
  private readonly props: ClientEgressProps

  constructor(scope: Construct, id: string, props: ClientEgressProps) {
    super(scope, id)
    this.props = props
  }

  /** Allows the clients outbound to the endpoint on a port. */
  admit({ key, port, hasRule }: HostPort): void {
    const { clientSecurityGroupIds, region, endpointSecurityGroupId, name } = this.props
    const where = `${this.node.scope?.node.path}: clientSecurityGroupIds`
    new VpcSecurityGroupEgressRule(this, key, {
      forEach: forEachOf(this, where, clientSecurityGroupIds, { unless: hasRule }),
      region,
      securityGroupId: '${each.value}',
      referencedSecurityGroupId: endpointSecurityGroupId,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      description: 'Private link to Zilliz Cloud',
      tags: { Name: name }
    })
  }
}
