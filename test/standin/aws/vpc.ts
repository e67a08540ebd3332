import { blocks, optionalText, textMap } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource } from '../provider.ts'
import { regionalArn } from './arn.ts'
import type { AwsCloud } from './aws-cloud.ts'

/** A VPC, which the stack finds and never makes. */
export interface Vpc {
  readonly id: string
  readonly region: string
  /** The account that owns it. */
  readonly accountId: string
  readonly cidrs: readonly string[]
  readonly ipv6Cidr: string | undefined
  dnsSupport: boolean
  dnsHostnames: boolean
  readonly defaultSecurityGroupId: string
  tags: Record<string, string>
}

/** Plays the data source aws_vpc, which finds by id, first CIDR block or tags, whoever owns the VPC. */
export function vpcData(cloud: AwsCloud): DataSource {
  return {
    type: 'aws_vpc',
    read: (config, settings) => {
      if (blocks(config, 'filter').length > 0) throw new Error('the stand-in finds a VPC without filters only')
      const region = optionalText(config, 'region') ?? optionalText(settings, 'region') ?? cloud.region
      const isAsked = (name: string, value: string | undefined) => (optionalText(config, name) ?? value) === value
      const [vpc, another] = [...cloud.vpcs.values()].filter(
        each =>
          each.region === region &&
          isAsked('id', each.id) &&
          isAsked('cidr_block', each.cidrs[0]) &&
          Object.entries(textMap(config, 'tags')).every(([key, value]) => each.tags[key] === value)
      )
      if (vpc === undefined) throw new CloudError('no matching EC2 VPC found')
      if (another !== undefined) {
        throw new CloudError(
          'multiple EC2 VPCs matched; use additional constraints to reduce matches to a single EC2 VPC'
        )
      }
      return {
        arn: regionalArn(cloud, 'ec2', region, `vpc/${vpc.id}`),
        cidr_block: vpc.cidrs[0] ?? null,
        cidr_block_associations: vpc.cidrs.map((cidrBlock, index) => ({
          association_id: `vpc-cidr-assoc-0${index}${vpc.id.slice(-15)}`,
          cidr_block: cidrBlock,
          state: 'associated'
        })),
        default: false,
        enable_dns_hostnames: vpc.dnsHostnames,
        enable_dns_support: vpc.dnsSupport,
        enable_network_address_usage_metrics: false,
        id: vpc.id,
        instance_tenancy: 'default',
        ipv6_association_id: vpc.ipv6Cidr === undefined ? null : `vpc-cidr-assoc-06${vpc.id.slice(-15)}`,
        ipv6_cidr_block: vpc.ipv6Cidr ?? null,
        owner_id: vpc.accountId,
        region,
        state: 'available',
        tags: vpc.tags
      }
    }
  }
}
