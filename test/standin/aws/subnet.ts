import { isInRange } from '../address-range.ts'
import { blocks, optionalText, text, textMap } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource, Resource } from '../provider.ts'
import { regionalArn } from './arn.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { ec2Error } from './aws-error.ts'

/** A subnet. */
export interface Subnet {
  readonly id: string
  readonly region: string
  readonly vpcId: string
  /** An IPv6-only subnet has none. */
  readonly cidr?: string | undefined
  readonly ipv6Cidr: string | undefined
  /** The zone's name, such as `us-west-2a`. */
  readonly zone: string
  /** The zone's id, such as `usw2-az1`. */
  readonly zoneId: string
  tags: Record<string, string>
}

/** Plays the data source aws_subnet, which finds by id, VPC, CIDR block, zone or tags. */
export function subnetData(cloud: AwsCloud): DataSource {
  return {
    type: 'aws_subnet',
    read: (config, settings) => {
      if (blocks(config, 'filter').length > 0) throw new Error('the stand-in finds a subnet without filters only')
      const region = optionalText(config, 'region') ?? optionalText(settings, 'region') ?? cloud.region
      const isAsked = (name: string, value: string) => (optionalText(config, name) ?? value) === value
      const [subnet, another] = [...cloud.subnets.values()].filter(
        each =>
          each.region === region &&
          isAsked('id', each.id) &&
          isAsked('vpc_id', each.vpcId) &&
          isAsked('cidr_block', each.cidr ?? '') &&
          isAsked('availability_zone', each.zone) &&
          isAsked('availability_zone_id', each.zoneId) &&
          Object.entries(textMap(config, 'tags')).every(([key, value]) => each.tags[key] === value)
      )
      if (subnet === undefined) throw new CloudError('no matching EC2 Subnet found')
      if (another !== undefined) {
        throw new CloudError(
          'multiple EC2 Subnets matched; use additional constraints to reduce matches to a single EC2 Subnet'
        )
      }
      return {
        arn: regionalArn(cloud, 'ec2', region, `subnet/${subnet.id}`),
        assign_ipv6_address_on_creation: false,
        availability_zone: subnet.zone,
        availability_zone_id: subnet.zoneId,
        available_ip_address_count: availableAddresses(cloud, subnet),
        cidr_block: subnet.cidr ?? '',
        default_for_az: false,
        enable_dns64: false,
        enable_resource_name_dns_a_record_on_launch: false,
        enable_resource_name_dns_aaaa_record_on_launch: false,
        id: subnet.id,
        ipv6_cidr_block: subnet.ipv6Cidr ?? null,
        ipv6_cidr_block_association_id:
          subnet.ipv6Cidr === undefined ? null : `subnet-cidr-assoc-06${subnet.id.slice(-15)}`,
        ipv6_native: subnet.cidr === undefined,
        map_customer_owned_ip_on_launch: false,
        map_public_ip_on_launch: false,
        owner_id: cloud.vpcs.get(subnet.vpcId)?.accountId ?? cloud.accountId,
        private_dns_hostname_type_on_launch: 'ip-name',
        region,
        state: 'available',
        tags: subnet.tags,
        vpc_id: subnet.vpcId
      }
    }
  }
}

/** Plays aws_subnet with an IPv4 range in a zone that it names. */
export function subnet(cloud: AwsCloud): Resource {
  return {
    type: 'aws_subnet',
    forcesReplacement: ['availability_zone', 'cidr_block', 'vpc_id'],
    defaults: {
      assign_ipv6_address_on_creation: false,
      enable_dns64: false,
      enable_resource_name_dns_a_record_on_launch: false,
      enable_resource_name_dns_aaaa_record_on_launch: false,
      ipv6_native: false,
      map_public_ip_on_launch: false
    },

    create: planned => {
      const [vpcId, cidr] = [text(planned, 'vpc_id'), text(planned, 'cidr_block')]
      const region = text(planned, 'region')
      if (cloud.vpcs.get(vpcId)?.region !== region) {
        throw ec2Error('creating EC2 Subnet', {
          call: 'CreateSubnet',
          code: 'InvalidVpcID.NotFound',
          message: `The vpc ID '${vpcId}' does not exist`
        })
      }
      const zone = text(planned, 'availability_zone')
      const id = `subnet-0${cloud.identifiers.hex(16, 'subnet', vpcId, cidr)}`
      // The ids of zones are those of the examples: the letters in their order.
      const zoneId = `usw2-az${zone.charCodeAt(zone.length - 1) - 'a'.charCodeAt(0) + 1}`
      const tags = textMap(planned, 'tags_all')
      cloud.subnets.set(id, { id, region, vpcId, cidr, ipv6Cidr: undefined, zone, zoneId, tags })
      cloud.note('CreateSubnet', id)
      return id
    },

    read: ({ id }) => {
      const found = cloud.subnets.get(String(id))
      if (found === undefined) return undefined
      return {
        arn: regionalArn(cloud, 'ec2', found.region, `subnet/${found.id}`),
        availability_zone: found.zone,
        availability_zone_id: found.zoneId,
        cidr_block: found.cidr ?? null,
        ipv6_cidr_block: '',
        ipv6_cidr_block_association_id: '',
        owner_id: cloud.accountId,
        private_dns_hostname_type_on_launch: 'ip-name',
        region: found.region,
        tags_all: found.tags,
        vpc_id: found.vpcId
      }
    },

    delete: ({ id }) => {
      const found = cloud.subnets.get(String(id))
      if (found === undefined) return
      if (takenAddresses(cloud, found).size > 0) {
        throw ec2Error(`deleting EC2 Subnet (${found.id})`, {
          call: 'DeleteSubnet',
          code: 'DependencyViolation',
          message: `The subnet '${found.id}' has dependencies and cannot be deleted.`
        })
      }
      cloud.subnets.delete(found.id)
      cloud.note('DeleteSubnet', found.id)
    }
  }
}

/** The addresses of a subnet that endpoints and tasks hold. */
export function takenAddresses(cloud: AwsCloud, { cidr, vpcId }: Subnet): Set<string> {
  const inVpc = [...cloud.vpcEndpoints.values()].filter(endpoint => endpoint.vpcId === vpcId)
  const addresses = inVpc.flatMap(({ interfaces }) => interfaces.map(({ address }) => address))
  const tasks = [...cloud.ecsServices.values()].flatMap(({ task }) => (task?.vpcId === vpcId ? task.address : []))
  return new Set([...addresses, ...tasks].filter(address => cidr !== undefined && isInRange(address, cidr)))
}

/** AWS keeps the first four addresses of a subnet and the last. */
export const reservedAddresses = { first: 4, last: 1 }

function availableAddresses(cloud: AwsCloud, subnet: Subnet): number {
  if (subnet.cidr === undefined) return 0
  const prefix = Number(subnet.cidr.split('/')[1])
  return 2 ** (32 - prefix) - reservedAddresses.first - reservedAddresses.last - takenAddresses(cloud, subnet).size
}
