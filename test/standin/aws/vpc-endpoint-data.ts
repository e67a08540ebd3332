import { blocks, optionalText, text, textMap } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource } from '../provider.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { attributesOf, ownerOf } from './vpc-endpoint.ts'

/** Plays the data source aws_vpc_endpoint, which finds an endpoint of the account by its id. */
export function vpcEndpointData(cloud: AwsCloud): DataSource {
  return {
    type: 'aws_vpc_endpoint',
    read: (config, settings) => {
      if (blocks(config, 'filter').length > 0) throw new Error('the stand-in finds an endpoint without filters only')
      const region = optionalText(config, 'region') ?? optionalText(settings, 'region') ?? cloud.region
      const endpoint = cloud.vpcEndpoints.get(optionalText(config, 'id') ?? '')
      if (endpoint?.region !== region || ownerOf(cloud, endpoint) !== cloud.accountId) {
        throw new CloudError('no matching EC2 VPC Endpoint found')
      }
      const {
        service_region: _,
        subnet_configuration: __,
        tags_all: tags,
        ...attributes
      } = attributesOf(cloud, endpoint)
      return { ...attributes, id: endpoint.id, tags: tags ?? null }
    }
  }
}

/** Plays the data source aws_network_interface for the interfaces of endpoints of the account. */
export function networkInterfaceData(cloud: AwsCloud): DataSource {
  return {
    type: 'aws_network_interface',
    read: (config, settings) => {
      if (blocks(config, 'filter').length > 0) throw new Error('the stand-in finds an interface without filters only')
      const region = optionalText(config, 'region') ?? optionalText(settings, 'region') ?? cloud.region
      const id = text(config, 'id')
      const [found] = [...cloud.vpcEndpoints.values()]
        .filter(endpoint => endpoint.region === region && ownerOf(cloud, endpoint) === cloud.accountId)
        .flatMap(endpoint => endpoint.interfaces.filter(each => each.id === id).map(each => ({ endpoint, each })))
      if (found === undefined) throw new CloudError('no matching EC2 Network Interface found')
      const { endpoint, each } = found
      return {
        availability_zone: each.zone,
        description: `VPC Endpoint Interface ${endpoint.id}`,
        id,
        interface_type: 'vpc_endpoint',
        ipv6_addresses: each.ipv6Address === undefined ? [] : [each.ipv6Address],
        owner_id: cloud.accountId,
        private_ip: each.address,
        private_ips: [each.address],
        region,
        security_groups: endpoint.securityGroupIds,
        subnet_id: each.subnetId,
        tags: textMap(config, 'tags'),
        vpc_id: endpoint.vpcId
      }
    }
  }
}
