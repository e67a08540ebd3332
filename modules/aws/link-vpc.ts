import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet/index.js'
import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc/index.js'
import { Construct } from 'constructs'
import { countOf, type Elements, lengthNote } from '../elements.ts'
import { address, expression, listOf, raw } from '../expression.ts'
import { isToken } from '../token.ts'

/** The families in which an endpoint has addresses. */
export type IpAddressType = 'ipv4' | 'dualstack'

export interface LinkVpcProps {
  readonly region: string
  readonly vpcId: string
  readonly subnetIds: Elements
  /** What the addresses in the subnets must be. */
  readonly ipAddressType: IpAddressType
}

/**
 * The VPC and the subnets of a link as AWS has them. Read at plan time, so that what only AWS knows stops the deploy
 * before anything is made: a subnet of another VPC or without the addresses, two subnets of one availability zone, DNS
 * switched off.
 */
export class LinkVpc extends Construct {
  /** The VPC's own IPv4 ranges. */
  readonly ipv4Cidrs: string[]
  /** A Terraform expression, without `${}`, of the number of these. */
  readonly ipv4CidrCount: string
  /** The VPC's own IPv6 range, if it has one. */
  readonly ipv6Cidrs: string[]
  /** A Terraform expression, without `${}`, that holds when no two subnets are in one availability zone. */
  readonly zonesAreDistinct: string
  /** A Terraform template that shows which subnet is in which availability zone. */
  readonly zonesShown: string

  constructor(scope: Construct, id: string, { region, vpcId, subnetIds, ipAddressType }: LinkVpcProps) {
    super(scope, id)

    const vpc = new DataAwsVpc(this, 'vpc', {
      region,
      id: vpcId,
      lifecycle: {
        postcondition: [
          {
            // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
            condition: '${self.enable_dns_support && self.enable_dns_hostnames}',
            errorMessage: `${this.node.path}: a private hosted zone answers in ${vpcId} only with DNS on, but enableDnsSupport is \${self.enable_dns_support} and enableDnsHostnames is \${self.enable_dns_hostnames}. Turn on DNS resolution and DNS hostnames in the VPC's settings.`
          }
        ]
      }
    })
    const dataOf = (key: string, subnetId: string, shown: string) =>
      new DataAwsSubnet(this, key, {
        region,
        id: subnetId,
        lifecycle: {
          postcondition: [
            {
              condition: expression`self.vpc_id == ${vpcId}`,
              errorMessage: `${this.node.path}: ${shown} is in \${self.vpc_id}, not in ${vpcId}. Name a subnet of the link's VPC.`
            },
            {
              condition: '${!self.ipv6_native}',
              errorMessage: `${this.node.path}: ${shown} must have IPv4 addresses, got an IPv6-only subnet. Name a subnet with an IPv4 range.`
            },
            ...(ipAddressType === 'ipv4'
              ? []
              : [
                  {
                    condition: '${length(compact([self.ipv6_cidr_block])) == 1}',
                    errorMessage: `${this.node.path}: ${shown} must have IPv6 addresses for ipAddressType: '${ipAddressType}', got a subnet without an IPv6 range. Give it one, name another subnet, or choose ipAddressType: 'ipv4'.`
                  }
                ])
          ]
        }
      })
    const single = subnetIds.elements.map(({ value }, index) =>
      address(dataOf(isToken(value) ? String(index) : value, value, value))
    )
    const several = subnetIds.lists.map((list, ordinal) => {
      const data = dataOf(`list-${ordinal}`, expression`tolist(${list})[count.index]`, '${self.id}')
      data.addOverride('count', expression`length(${list}) ${raw(lengthNote(`${scope.node.path}: subnetIds`))}`)
      return address(data)
    })

    const ipv4Cidrs = `[for range in ${address(vpc)}.cidr_block_associations : range.cidr_block if range.state == "associated"]`
    this.ipv4Cidrs = listOf(ipv4Cidrs)
    this.ipv4CidrCount = `length(${ipv4Cidrs})`
    this.ipv6Cidrs = listOf(`compact([${address(vpc)}.ipv6_cidr_block])`)
    const zones = [
      ...(single.length === 0 ? [] : [`[${single.map(subnet => `${subnet}.availability_zone`).join(', ')}]`]),
      ...several.map(subnets => `${subnets}[*].availability_zone`)
    ]
    const count = [String(countOf(subnetIds)), ...several.map(subnets => `length(${subnets})`)]
    this.zonesAreDistinct = `length(distinct(concat(${zones.join(', ')}))) == ${count.join(' + ')}`
    this.zonesShown = [
      ...single.map((subnet, index) => `${subnetIds.elements[index]?.value} is in \${${subnet}.availability_zone}`),
      ...several.map(
        subnets => `\${join(", ", [for subnet in ${subnets} : "\${subnet.id} is in \${subnet.availability_zone}"])}`
      )
    ].join(', ')
  }
}
