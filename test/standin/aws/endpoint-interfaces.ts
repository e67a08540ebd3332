import { isInRange, pickAddress } from '../address-range.ts'
import { blocks, optionalText, texts } from '../attributes.ts'
import type { CloudError } from '../cloud-error.ts'
import type { Attributes } from '../value.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { reservedAddresses, type Subnet, takenAddresses } from './subnet.ts'

/** Where an endpoint stands in a subnet. */
export interface NetworkInterface {
  readonly id: string
  readonly subnetId: string
  readonly zone: string
  readonly address: string
}

/** Refuses with one of EC2's codes and a message. */
export type Refuse = (code: string, message: string) => CloudError

/** Puts an endpoint into the subnets planned for it, leaving it where it stands already. */
export function placeInterfaces(
  cloud: AwsCloud,
  refuse: Refuse,
  endpoint: { readonly id: string; readonly vpcId: string; readonly serviceName: string },
  planned: Attributes,
  standing: readonly NetworkInterface[]
): NetworkInterface[] {
  const wanted = new Map(
    blocks(planned, 'subnet_configuration').map(each => [optionalText(each, 'subnet_id'), optionalText(each, 'ipv4')])
  )
  const subnets = requireSubnets(cloud, refuse, endpoint, texts(planned, 'subnet_ids'))
  return subnets.map(subnet => {
    const address = wanted.get(subnet.id)
    const already = standing.find(({ subnetId }) => subnetId === subnet.id)
    if (already !== undefined && (address === undefined || address === already.address)) return already
    return {
      id: `eni-0${cloud.identifiers.hex(16, 'interface', endpoint.id, subnet.id)}`,
      subnetId: subnet.id,
      zone: subnet.zone,
      address: allocate(cloud, refuse, endpoint.id, subnet, address)
    }
  })
}

function requireSubnets(
  cloud: AwsCloud,
  refuse: Refuse,
  { vpcId, serviceName }: { readonly vpcId: string; readonly serviceName: string },
  subnetIds: readonly string[]
): Subnet[] {
  const covered = cloud.services?.get(serviceName)?.zoneIds
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
  const taken = takenAddresses(cloud, subnet)
  if (wanted !== undefined && (taken.has(wanted) || !isInRange(wanted, subnet.cidr))) {
    throw refuse('InvalidParameter', `The IP address ${wanted} is not available in subnet ${subnet.id}`)
  }
  const address = wanted ?? pickAddress(subnet.cidr, `${endpointId} ${subnet.id}`, taken, reservedAddresses)
  if (address === undefined) {
    throw refuse('InsufficientFreeAddressesInSubnet', `Insufficient free addresses in subnet ${subnet.id}`)
  }
  return address
}
