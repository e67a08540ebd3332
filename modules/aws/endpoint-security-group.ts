import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js'
import { Construct } from 'constructs'
import { type Elements, forEachOf, isEmpty, joined } from '../elements.ts'
import { type HostPort, isBeforeEndpoint } from './host-ports.ts'
import { eachSource, type SourceKind } from './source.ts'

export interface EndpointSecurityGroupProps {
  /** The prefix of the group's name. AWS completes it, so that a replacement can exist at the same time. */
  readonly namePrefix: string
  readonly region: string
  readonly vpcId: string
  /** Who may connect. */
  readonly sources: Readonly<Record<SourceKind, Elements>>
  /**
   * Ranges that AWS has and that may connect, too, in lists that Terraform knows at plan.
   *
   * @default - none
   */
  readonly vpcRanges?: Readonly<Partial<Record<SourceKind, string[]>>> | undefined
}

/**
 * The endpoint's own security group: one rule for each source and port. It allows no outbound traffic, because an
 * endpoint only answers.
 */
export class EndpointSecurityGroup extends Construct {
  readonly securityGroupId: string
  private readonly props: EndpointSecurityGroupProps
  private readonly ports: HostPort[] = []
  private readonly rules = new Map<string, VpcSecurityGroupIngressRule>()
  private sources: EndpointSecurityGroupProps['sources']

  constructor(scope: Construct, id: string, props: EndpointSecurityGroupProps) {
    super(scope, id)

    this.props = props
    this.sources = props.sources
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
    this.ports.push(hostPort)
    return this.rulesOf(hostPort)
  }

  /** Who may connect by now, apart from the ranges that AWS has. */
  get allowed(): EndpointSecurityGroupProps['sources'] {
    return this.sources
  }

  /**
   * Allows more clients inbound, on every port.
   *
   * @returns the rules that can exist before the endpoint: those of ports that are written down
   */
  allowFrom(more: EndpointSecurityGroupProps['sources']): readonly VpcSecurityGroupIngressRule[] {
    const { ipv4, ipv6, securityGroupIds, prefixListIds } = this.sources
    this.sources = {
      ipv4: joined(ipv4, more.ipv4),
      ipv6: joined(ipv6, more.ipv6),
      securityGroupIds: joined(securityGroupIds, more.securityGroupIds),
      prefixListIds: joined(prefixListIds, more.prefixListIds)
    }
    return this.ports.flatMap(hostPort => {
      const rules = this.rulesOf(hostPort)
      return isBeforeEndpoint(hostPort) ? rules : []
    })
  }

  private rulesOf({ key, port, hasRule }: HostPort): readonly VpcSecurityGroupIngressRule[] {
    const { region, namePrefix, vpcRanges } = this.props
    return eachSource.flatMap(({ kind, prefix, argument }) => {
      const read = vpcRanges?.[kind]
      if (isEmpty(this.sources[kind]) && (read === undefined || read.length === 0)) return []
      const where = `${this.node.scope?.node.path}: sources.${kind}`
      const forEach = forEachOf(this, where, this.sources[kind], { unless: hasRule, read })
      const id = `${prefix}-${key}`
      const made = this.rules.get(id)
      if (made !== undefined) {
        made.forEach = forEach
        return [made]
      }
      const rule = new VpcSecurityGroupIngressRule(this, id, {
        ...argument,
        forEach,
        region,
        securityGroupId: this.securityGroupId,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        description: 'Clients of the private link to Zilliz Cloud',
        tags: { Name: namePrefix }
      })
      this.rules.set(id, rule)
      return [rule]
    })
  }
}
