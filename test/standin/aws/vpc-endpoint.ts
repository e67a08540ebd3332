import { flag, optionalText, text, textMap, texts } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, sameValue } from '../value.ts'
import { regionalArn } from './arn.ts'
import type { Acceptance, AwsCloud } from './aws-cloud.ts'
import { ec2Error } from './aws-error.ts'
import { type NetworkInterface, placeInterfaces, type Refuse } from './endpoint-interfaces.ts'
import { dnsEntries, type EndpointName, endpointNames, serviceNamePattern } from './endpoint-names.ts'

/** An interface endpoint of a VPC. */
export interface VpcEndpoint {
  readonly id: string
  readonly region: string
  readonly vpcId: string
  readonly serviceName: string
  readonly serviceRegion: string
  /** What the service's owner decided about this endpoint. @default - what it decided about the service's endpoints */
  acceptance?: Acceptance
  names: readonly EndpointName[]
  interfaces: readonly NetworkInterface[]
  securityGroupIds: readonly string[]
  tags: Record<string, string>
}

/** What `state` says of an endpoint, by what the service's owner decided. */
const states: Readonly<Record<Acceptance, string>> = {
  pending: 'pendingAcceptance',
  granted: 'available',
  rejected: 'rejected'
}

const openPolicy = JSON.stringify({ Statement: [{ Action: '*', Effect: 'Allow', Principal: '*', Resource: '*' }] })

/** Plays aws_vpc_endpoint for interface endpoints to the services of others, over IPv4. */
export function vpcEndpoint(cloud: AwsCloud): Resource {
  return {
    type: 'aws_vpc_endpoint',
    forcesReplacement: [
      'resource_configuration_arn',
      'service_name',
      'service_network_arn',
      'service_region',
      'vpc_endpoint_type',
      'vpc_id'
    ],
    defaults: { vpc_endpoint_type: 'Gateway' },
    changesWith: { network_interface_ids: ['subnet_ids'], subnet_configuration: ['subnet_ids'] },
    computedBlocks: ['dns_options', 'subnet_configuration'],
    // The provider fills in the blocks dns_options and subnet_configuration where the configuration has none.
    legacyTypeSystem: true,

    plan: ({ config }) => {
      if ((optionalText(config, 'ip_address_type') ?? 'ipv4') !== 'ipv4') {
        throw new Error('the stand-in plays endpoints over IPv4 only')
      }
      if (config.policy !== null) throw new Error('the stand-in plays no policies of endpoints')
    },

    create: planned => {
      const region = text(planned, 'region')
      const vpcId = text(planned, 'vpc_id')
      const serviceName = text(planned, 'service_name')
      const serviceRegion = optionalText(planned, 'service_region') ?? region
      const refuse: Refuse = (code, message) =>
        ec2Error(`creating EC2 VPC Endpoint (${serviceName})`, { call: 'CreateVpcEndpoint', code, message })
      const vpc = cloud.vpcs.get(vpcId)
      if (vpc?.region !== region) throw refuse('InvalidVpcId.NotFound', `The Vpc ID '${vpcId}' does not exist`)
      requireService(cloud, refuse, planned, serviceRegion)
      const groups = requireSecurityGroups(cloud, refuse, planned, vpcId)
      const id = `vpce-0${cloud.identifiers.hex(16, 'endpoint', vpcId, serviceName)}`
      const interfaces = placeInterfaces(cloud, refuse, { id, vpcId, serviceName }, planned, [])
      cloud.vpcEndpoints.set(id, {
        id,
        region,
        vpcId,
        serviceName,
        serviceRegion,
        interfaces,
        names: endpointNames(cloud, id, serviceName, interfaces),
        securityGroupIds: groups.length > 0 ? groups : [vpc.defaultSecurityGroupId],
        tags: textMap(planned, 'tags_all')
      })
      cloud.note('CreateVpcEndpoint', id)
      return id
    },

    settle: (id, planned) => {
      const endpoint = requireEndpoint(cloud, id)
      const { serviceName } = endpoint
      if (flag(planned, 'auto_accept') && acceptanceOf(cloud, endpoint) === 'pending') {
        // Only the owner of a service can accept, and the services here are those of others.
        const reading = `reading EC2 VPC Endpoint Service Configuration (${serviceName})`
        throw new CloudError(`${reading}: couldn't find resource`)
      }
      awaitAvailable(cloud, `waiting for EC2 VPC Endpoint (${serviceName}) create`, endpoint)
    },

    read: ({ id }) => {
      const endpoint = cloud.vpcEndpoints.get(String(id))
      if (endpoint === undefined) return undefined
      const { interfaces, region } = endpoint
      return {
        arn: regionalArn(cloud, 'ec2', region, `vpc-endpoint/${endpoint.id}`),
        cidr_blocks: [],
        dns_entry: dnsEntries(cloud, endpoint),
        dns_options: [{ dns_record_ip_type: 'ipv4', private_dns_only_for_inbound_resolver_endpoint: false }],
        ip_address_type: 'ipv4',
        network_interface_ids: interfaces.map(each => each.id),
        owner_id: cloud.accountId,
        policy: openPolicy,
        private_dns_enabled: false,
        region,
        requester_managed: false,
        route_table_ids: [],
        security_group_ids: endpoint.securityGroupIds,
        service_name: endpoint.serviceName,
        service_region: endpoint.serviceRegion,
        state: states[acceptanceOf(cloud, endpoint)],
        subnet_configuration: interfaces.map(({ address, subnetId }) => ({
          ipv4: address,
          ipv6: null,
          subnet_id: subnetId
        })),
        subnet_ids: interfaces.map(({ subnetId }) => subnetId),
        tags_all: endpoint.tags,
        vpc_endpoint_type: 'Interface',
        vpc_id: endpoint.vpcId
      }
    },

    update: (planned, prior) => {
      const endpoint = requireEndpoint(cloud, text(prior, 'id'))
      const { id } = endpoint
      const hasChanged = (name: string) => !sameValue(planned[name], prior[name])
      if (['subnet_ids', 'security_group_ids', 'subnet_configuration'].some(hasChanged)) {
        const refuse: Refuse = (code, message) =>
          ec2Error(`updating EC2 VPC Endpoint (${id})`, { call: 'ModifyVpcEndpoint', code, message })
        const groups = requireSecurityGroups(cloud, refuse, planned, endpoint.vpcId)
        endpoint.interfaces = placeInterfaces(cloud, refuse, endpoint, planned, endpoint.interfaces)
        endpoint.names = endpointNames(cloud, id, endpoint.serviceName, endpoint.interfaces)
        endpoint.securityGroupIds = groups
        cloud.note('ModifyVpcEndpoint', id)
        awaitAvailable(cloud, `waiting for EC2 VPC Endpoint (${id}) update`, endpoint)
      }
      if (hasChanged('tags_all')) {
        endpoint.tags = textMap(planned, 'tags_all')
        cloud.note('CreateTags', id)
      }
    },

    delete: ({ id }) => {
      if (cloud.vpcEndpoints.delete(String(id))) cloud.note('DeleteVpcEndpoints', String(id))
    }
  }
}

function acceptanceOf(cloud: AwsCloud, { acceptance, serviceName }: VpcEndpoint): Acceptance {
  return acceptance ?? cloud.services?.get(serviceName)?.acceptance ?? cloud.acceptance
}

function awaitAvailable(cloud: AwsCloud, waiting: string, endpoint: VpcEndpoint): void {
  if (acceptanceOf(cloud, endpoint) !== 'rejected') return
  const why = "unexpected state 'rejected', wanted target 'available, pendingAcceptance'. last error: %!s(<nil>)"
  throw new CloudError(`${waiting}: ${why}`)
}

function requireEndpoint(cloud: AwsCloud, id: string): VpcEndpoint {
  const endpoint = cloud.vpcEndpoints.get(id)
  if (endpoint !== undefined) return endpoint
  throw ec2Error(`updating EC2 VPC Endpoint (${id})`, {
    call: 'ModifyVpcEndpoint',
    code: 'InvalidVpcEndpointId.NotFound',
    message: `The VpcEndpoint Id '${id}' does not exist`
  })
}

function requireService(cloud: AwsCloud, refuse: Refuse, planned: Attributes, serviceRegion: string): void {
  const serviceName = text(planned, 'service_name')
  const region = serviceNamePattern.exec(serviceName)?.[1]
  if (region !== serviceRegion || cloud.services?.has(serviceName) === false) {
    throw refuse('InvalidServiceName', `The Vpc Endpoint Service '${serviceName}' does not exist`)
  }
  const type = text(planned, 'vpc_endpoint_type')
  if (type !== 'Interface' && texts(planned, 'subnet_ids').length > 0) {
    const message = 'Subnet IDs are only supported for Interface and GatewayLoadBalancer type VPC Endpoints.'
    throw refuse('InvalidParameter', message)
  }
  if (type !== 'Interface') {
    const message = `Endpoint type (${type}) does not match available service types ([Interface]).`
    throw refuse('InvalidParameter', message)
  }
  if (flag(planned, 'private_dns_enabled')) {
    const message = `Private DNS can't be enabled because the service ${serviceName} does not provide a private DNS name.`
    throw refuse('InvalidParameter', message)
  }
}

function requireSecurityGroups(cloud: AwsCloud, refuse: Refuse, planned: Attributes, vpcId: string): string[] {
  const groups = texts(planned, 'security_group_ids')
  for (const id of groups) {
    const group = cloud.securityGroups.get(id)
    if (group === undefined) throw refuse('InvalidGroup.NotFound', `The security group '${id}' does not exist`)
    if (group.vpcId !== vpcId) {
      throw refuse('InvalidParameter', `Security group ${id} and VPC ${vpcId} belong to different networks.`)
    }
  }
  return groups
}
