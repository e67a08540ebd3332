import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js'
import { Construct } from 'constructs'
import { type HostPort, ruleForEach } from './host-ports.ts'

export interface ClientEgressProps {
  /** The tag `Name`. */
  readonly name: string
  readonly region: string
  /** The security groups that clients have attached. */
  readonly clientSecurityGroupIds: readonly string[]
  /** The endpoint's own security group. */
  readonly endpointSecurityGroupId: string
  /** The hosts' ports. */
  readonly ports: readonly HostPort[]
}

/**
 * The way out for clients whose security groups do not let everything out. Zilliz Cloud names both halves: "one for the
 * EC2 instance, which must allow traffic on the port associated with your private link, and another for the VPC endpoint"
 * (https://docs.zilliz.com/docs/setup-a-private-link-aws).
 */
export class ClientEgress extends Construct {
  constructor(scope: Construct, id: string, props: ClientEgressProps) {
    super(scope, id)

    for (const hostPort of props.ports) {
      const { key, port } = hostPort
      new VpcSecurityGroupEgressRule(this, key, {
        forEach: ruleForEach(props.clientSecurityGroupIds, hostPort),
        region: props.region,
        securityGroupId: '${each.value}',
        referencedSecurityGroupId: props.endpointSecurityGroupId,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        description: 'Private link to Zilliz Cloud',
        tags: { Name: props.name }
      })
    }
  }
}
