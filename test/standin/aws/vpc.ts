import { blocks, flag, optionalText, text, textMap } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource, Resource } from '../provider.ts'
import { regionalArn } from './arn.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { ec2Error } from './aws-error.ts'
import { callerOf } from './caller.ts'

/** A VPC. */
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

/** Plays aws_vpc with an IPv4 range of its own. */
export function vpc(cloud: AwsCloud): Resource {
  return {
    type: 'aws_vpc',
    forcesReplacement: ['cidr_block'],
    defaults: { enable_dns_hostnames: false, enable_dns_support: true, instance_tenancy: 'default' },

    plan: ({ config }) => {
      const given = ['assign_generated_ipv6_cidr_block', 'ipv4_ipam_pool_id', 'ipv6_cidr_block', 'ipv6_ipam_pool_id']
      for (const name of given) {
        if (config[name] !== null) throw new Error(`the stand-in plays no ${name} of a VPC`)
      }
    },

    create: (planned, settings) => {
      const cidr = text(planned, 'cidr_block')
      const id = `vpc-0${cloud.identifiers.hex(16, 'vpc', cidr)}`
      const defaultSecurityGroupId = `sg-0${cloud.identifiers.hex(16, 'default security group', id)}`
      const region = text(planned, 'region')
      cloud.vpcs.set(id, {
        id,
        region,
        accountId: callerOf(cloud, settings).accountId,
        cidrs: [cidr],
        ipv6Cidr: undefined,
        dnsSupport: flag(planned, 'enable_dns_support'),
        dnsHostnames: flag(planned, 'enable_dns_hostnames'),
        defaultSecurityGroupId,
        tags: textMap(planned, 'tags_all')
      })
      cloud.securityGroups.set(defaultSecurityGroupId, {
        id: defaultSecurityGroupId,
        region,
        vpcId: id,
        name: 'default',
        description: 'default VPC security group',
        tags: {}
      })
      cloud.note('CreateVpc', id)
      return id
    },

    read: ({ id }) => {
      const found = cloud.vpcs.get(String(id))
      if (found === undefined) return undefined
      const part = (kind: string) => `${kind}-0${cloud.identifiers.hex(16, kind, found.id)}`
      return {
        arn: regionalArn(cloud, 'ec2', found.region, `vpc/${found.id}`),
        cidr_block: found.cidrs[0] ?? null,
        default_network_acl_id: part('acl'),
        default_route_table_id: part('rtb'),
        default_security_group_id: found.defaultSecurityGroupId,
        dhcp_options_id: part('dopt'),
        enable_dns_hostnames: found.dnsHostnames,
        enable_dns_support: found.dnsSupport,
        enable_network_address_usage_metrics: false,
        instance_tenancy: 'default',
        ipv6_association_id: '',
        ipv6_cidr_block: '',
        ipv6_cidr_block_network_border_group: '',
        main_route_table_id: part('rtb'),
        owner_id: found.accountId,
        region: found.region,
        tags_all: found.tags
      }
    },

    update: (planned, prior) => {
      const found = cloud.vpcs.get(text(prior, 'id'))
      if (found === undefined) return
      found.dnsSupport = flag(planned, 'enable_dns_support')
      found.dnsHostnames = flag(planned, 'enable_dns_hostnames')
      found.tags = textMap(planned, 'tags_all')
      cloud.note('ModifyVpcAttribute', found.id)
    },

    delete: ({ id }) => {
      const found = cloud.vpcs.get(String(id))
      if (found === undefined) return
      const isHere = ({ vpcId }: { readonly vpcId: string }) => vpcId === found.id
      const isInUse =
        [...cloud.subnets.values(), ...cloud.vpcEndpoints.values()].some(isHere) ||
        [...cloud.securityGroups.values()].some(group => isHere(group) && group.id !== found.defaultSecurityGroupId)
      if (isInUse) {
        throw ec2Error(`deleting EC2 VPC (${found.id})`, {
          call: 'DeleteVpc',
          code: 'DependencyViolation',
          message: `The vpc '${found.id}' has dependencies and cannot be deleted.`
        })
      }
      cloud.vpcs.delete(found.id)
      cloud.securityGroups.delete(found.defaultSecurityGroupId)
      cloud.note('DeleteVpc', found.id)
    }
  }
}
