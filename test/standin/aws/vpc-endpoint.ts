import { blocks, flag, optionalText, text, textMap, texts } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, sameValue } from '../value.ts'
import { regionalArn } from './arn.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { ec2Error } from './aws-error.ts'
import {
  type DnsOptions,
  dnsOptionsOf,
  type IpAddressType,
  isSameDnsOptions,
  keepDnsOptions
} from './endpoint-dns-options.ts'
import { type NetworkInterface, placeInterfaces, type Refuse, type WantedAddresses } from './endpoint-interfaces.ts'
import { dnsEntries, type EndpointName, endpointNames } from './endpoint-names.ts'
import { type Acceptance, requireAddressType, requireService } from './endpoint-service.ts'

/** An interface endpoint of a VPC. */
export interface VpcEndpoint {
  readonly id: string
  readonly region: string
  readonly vpcId: string
  readonly serviceName: string
  readonly serviceRegion: string
  /** What the service's owner decided about this endpoint. @default - what it decided about the service's endpoints */
  acceptance?: Acceptance
  ipAddressType: IpAddressType
  dnsOptions: DnsOptions
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

/** Plays aws_vpc_endpoint for interface endpoints to the services of others, over IPv4 or both families. */
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
    sameMeaning: { dns_options: isSameDnsOptions },
    // The provider fills in the blocks dns_options and subnet_configuration where the configuration has none.
    legacyTypeSystem: true,

    plan: ({ config }) => {
      if (config.ip_address_type === 'ipv6') throw new Error('the stand-in plays no endpoints without IPv4')
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
      requireService(cloud, refuse, planned)
      const groups = requireSecurityGroups(cloud, refuse, planned, vpcId)
      const ipAddressType = addressTypeOf(planned)
      requireAddressType(cloud, refuse, serviceName, ipAddressType)
      const id = `vpce-0${cloud.identifiers.hex(16, 'endpoint', vpcId, serviceName)}`
      const endpoint = { id, region, vpcId, serviceName, serviceRegion, ipAddressType }
      const dnsOptions = dnsOptionsOf(refuse, planned, ipAddressType)
      const interfaces = placeInterfaces(cloud, refuse, { endpoint, ...placesOf(planned), standing: [] })
      cloud.vpcEndpoints.set(id, {
        ...endpoint,
        dnsOptions,
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
      return endpoint && attributesOf(cloud, endpoint)
    },

    update: (planned, prior) => {
      const endpoint = requireEndpoint(cloud, text(prior, 'id'))
      const { id } = endpoint
      const hasChanged = (name: string) => !sameValue(planned[name], prior[name])
      const changing = ['dns_options', 'ip_address_type', 'security_group_ids', 'subnet_configuration', 'subnet_ids']
      if (changing.some(hasChanged)) {
        modify(cloud, endpoint, planned, hasChanged('dns_options'))
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

/** The account that owns an endpoint, which is that of its VPC. */
export function ownerOf(cloud: AwsCloud, { vpcId }: VpcEndpoint): string {
  return cloud.vpcs.get(vpcId)?.accountId ?? cloud.accountId
}

/** An endpoint as Terraform sees it. */
export function attributesOf(cloud: AwsCloud, endpoint: VpcEndpoint): Attributes {
  const { id, interfaces, region, vpcId, dnsOptions } = endpoint
  return {
    arn: regionalArn(cloud, 'ec2', region, `vpc-endpoint/${id}`),
    cidr_blocks: [],
    dns_entry: dnsEntries(cloud, endpoint),
    dns_options: [
      {
        dns_record_ip_type: dnsOptions.recordIpType,
        private_dns_only_for_inbound_resolver_endpoint: dnsOptions.onlyForInboundResolver
      }
    ],
    ip_address_type: endpoint.ipAddressType,
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
    subnet_configuration: interfaces.map(({ address, ipv6Address, subnetId }) => ({
      ipv4: address,
      ipv6: ipv6Address ?? null,
      subnet_id: subnetId
    })),
    subnet_ids: interfaces.map(({ subnetId }) => subnetId),
    tags_all: endpoint.tags,
    vpc_endpoint_type: 'Interface',
    vpc_id: vpcId
  }
}

function modify(cloud: AwsCloud, endpoint: VpcEndpoint, planned: Attributes, changesDns: boolean): void {
  const { id, serviceName, vpcId, interfaces: standing } = endpoint
  const refuse: Refuse = (code, message) =>
    ec2Error(`updating EC2 VPC Endpoint (${id})`, { call: 'ModifyVpcEndpoint', code, message })
  const ipAddressType = addressTypeOf(planned)
  requireAddressType(cloud, refuse, serviceName, ipAddressType)
  const groups = requireSecurityGroups(cloud, refuse, planned, vpcId)
  const dnsOptions = changesDns
    ? dnsOptionsOf(refuse, planned, ipAddressType)
    : keepDnsOptions(endpoint.dnsOptions, ipAddressType)
  const moved = { ...endpoint, ipAddressType }
  const interfaces = placeInterfaces(cloud, refuse, { endpoint: moved, ...placesOf(planned), standing })
  const names = endpointNames(cloud, id, serviceName, interfaces)
  Object.assign(endpoint, { ipAddressType, dnsOptions, interfaces, names, securityGroupIds: groups })
}

function addressTypeOf(planned: Attributes): IpAddressType {
  return planned.ip_address_type === 'dualstack' ? 'dualstack' : 'ipv4'
}

function placesOf(planned: Attributes): { subnetIds: string[]; wanted: Map<string, WantedAddresses> } {
  const configured = blocks(planned, 'subnet_configuration').map((each): [string, WantedAddresses] => [
    text(each, 'subnet_id'),
    { ipv4: optionalText(each, 'ipv4'), ipv6: optionalText(each, 'ipv6') }
  ])
  return { subnetIds: texts(planned, 'subnet_ids'), wanted: new Map(configured) }
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
