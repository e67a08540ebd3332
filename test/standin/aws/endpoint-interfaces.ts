import { isInRange, pickAddress, pickIpv6Address } from '../address-range.ts'
import type { CloudError } from '../cloud-error.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { reservedAddresses, type Subnet, takenAddresses } from './subnet.ts'
import type { VpcEndpoint } from './vpc-endpoint.ts'

/** Where an endpoint stands in a subnet. */
export interface NetworkInterface {
  readonly id: string
  readonly subnetId: string
  readonly zone: string
  readonly address: string
  readonly ipv6Address: string | undefined
}

/** The addresses that an endpoint is to have in a subnet; any will do where none is given. */
export interface WantedAddresses {
  readonly ipv4: string | undefined
  readonly ipv6: string | undefined
}

/** An endpoint and where it is to stand. */
export interface Placement {
  readonly endpoint: Pick<VpcEndpoint, 'id' | 'region' | 'vpcId' | 'serviceName' | 'serviceRegion' | 'ipAddressType'>
  readonly subnetIds: readonly string[]
  /** By subnet. */
  readonly wanted: ReadonlyMap<string, WantedAddresses>
  /** Where it stands already. */
  readonly standing: readonly NetworkInterface[]
}

/** Refuses with one of EC2's codes and a message. */
export type Refuse = (code: string, message: string) => CloudError

/** Puts an endpoint into subnets, leaving it where it stands already. */
export function placeInterfaces(cloud: AwsCloud, refuse: Refuse, placement: Placement): NetworkInterface[] {
  const { endpoint, wanted, standing } = placement
  return requireSubnets(cloud, refuse, placement).map(subnet => {
    const { ipv4, ipv6 } = wanted.get(subnet.id) ?? { ipv4: undefined, ipv6: undefined }
    const already = standing.find(({ subnetId }) => subnetId === subnet.id)
    const isSame = already !== undefined && (ipv4 === undefined || ipv4 === already.address)
    const { id, address } = isSame
      ? already
      : {
          id: `eni-0${cloud.identifiers.hex(16, 'interface', endpoint.id, subnet.id)}`,
          address: allocate(cloud, refuse, endpoint.id, subnet, ipv4)
        }
    const ipv6Address =
      endpoint.ipAddressType === 'ipv4'
        ? undefined
        : allocateIpv6(cloud, refuse, endpoint.id, subnet, ipv6, already?.ipv6Address)
    return { id, subnetId: subnet.id, zone: subnet.zone, address, ipv6Address }
  })
}

function requireSubnets(cloud: AwsCloud, refuse: Refuse, { endpoint, subnetIds }: Placement): Subnet[] {
  const { vpcId, serviceName, region, serviceRegion } = endpoint
  // From another region, the zones of the service do not matter.
  const covered = region === serviceRegion ? cloud.services?.get(serviceName)?.zoneIds : undefined
  const zones = new Set<string>()
  return subnetIds.map(subnetId => {
    const subnet = cloud.subnets.get(subnetId)
    if (subnet === undefined) throw refuse('InvalidSubnetId.NotFound', `The subnet ID '${subnetId}' does not exist`)
    const { zoneId } = subnet
    if (subnet.vpcId !== vpcId) {
      throw refuse('InvalidParameter', `The subnet ID '${subnetId}' does not belong to VPC '${vpcId}'`)
    }
    if (covered?.includes(zoneId) === false) {
      throw refuse(
        'InvalidParameter',
        `The VPC endpoint service ${serviceName} does not support the availability zone of the subnet: ${subnetId}.`
      )
    }
    if (zones.has(zoneId)) {
      throw refuse(
        'DuplicateSubnetsInSameZone',
        `Found another VPC endpoint subnet in the availability zone of ${subnetId}. VPC endpoint subnets should be in different availability zones supported by the VPC endpoint service.`
      )
    }
    zones.add(zoneId)
    return subnet
  })
}

function allocate(
  cloud: AwsCloud,
  refuse: Refuse,
  endpointId: string,
  subnet: Subnet,
  wanted: string | undefined
): string {
  const { cidr } = subnet
  if (cidr === undefined) {
    // The address types "ipv4" and "dualstack" want a range of IPv4 in every subnet:
    // https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html#connect-to-endpoint-service
    throw refuse('InvalidParameter', `The subnet ${subnet.id} has no IPv4 CIDR block, which the VPC endpoint needs.`)
  }
  const taken = takenAddresses(cloud, subnet)
  if (wanted !== undefined && (taken.has(wanted) || !isInRange(wanted, cidr))) {
    throw refuse('InvalidParameter', `The IP address ${wanted} is not available in subnet ${subnet.id}`)
  }
  const address = wanted ?? pickAddress(cidr, `${endpointId} ${subnet.id}`, taken, reservedAddresses)
  if (address === undefined) {
    throw refuse('InsufficientFreeAddressesInSubnet', `Insufficient free addresses in subnet ${subnet.id}`)
  }
  return address
}

function allocateIpv6(
  cloud: AwsCloud,
  refuse: Refuse,
  endpointId: string,
  { id, ipv6Cidr }: Subnet,
  wanted: string | undefined,
  already: string | undefined
): string {
  if (ipv6Cidr === undefined) {
    throw refuse('InvalidParameter', `The subnet ${id} has no IPv6 CIDR block, which a dualstack VPC endpoint needs.`)
  }
  if (already !== undefined && (wanted === undefined || wanted === already)) return already
  const interfaces = [...cloud.vpcEndpoints.values()].flatMap(endpoint => endpoint.interfaces)
  const taken = new Set(interfaces.flatMap(({ ipv6Address }) => ipv6Address ?? []))
  if (wanted !== undefined && (taken.has(wanted) || !isInRange(wanted, ipv6Cidr))) {
    throw refuse('InvalidParameter', `The IP address ${wanted} is not available in subnet ${id}`)
  }
  return wanted ?? pickIpv6Address(ipv6Cidr, `${endpointId} ${id}`, taken)
}
