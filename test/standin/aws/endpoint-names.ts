import { createHash } from 'node:crypto'
import type { AddressType } from '../private-dns.ts'
import type { Attributes } from '../value.ts'
import type { AwsCloud, DnsEntryOrder } from './aws-cloud.ts'
import type { NetworkInterface } from './endpoint-interfaces.ts'
import type { VpcEndpoint } from './vpc-endpoint.ts'

/** A DNS name of an endpoint; a zonal one answers with the addresses in its zone alone. */
export interface EndpointName {
  readonly name: string
  readonly zone?: string
}

/** The name of an endpoint service, with the region and the service in it. */
export const serviceNamePattern = /^com\.amazonaws\.vpce\.([a-z0-9-]+)\.(vpce-svc-[0-9a-f]{17})$/

/** Names an endpoint in its zones and in its region, the region last. */
export function endpointNames(
  cloud: AwsCloud,
  id: string,
  serviceName: string,
  interfaces: readonly NetworkInterface[]
): EndpointName[] {
  const regional = cloud.vpcEndpoints.get(id)?.names.at(-1)?.name
  const label = regional?.split('.')[0] ?? `${id}-${cloud.identifiers.smalls(8, 'endpoint label', id)}`
  const [, region, service] = serviceNamePattern.exec(serviceName) ?? []
  const domain = `${service}.${region}.vpce.amazonaws.com`
  const zones = interfaces.map(({ zone }) => zone).toSorted()
  return [...zones.map(zone => ({ name: `${label}-${zone}.${domain}`, zone })), { name: `${label}.${domain}` }]
}

/** What public DNS answers for a name of an endpoint, or nothing where it is the name of none. */
export function endpointAddresses(cloud: AwsCloud, name: string, type: AddressType): readonly string[] | undefined {
  for (const { names, interfaces, dnsOptions } of cloud.vpcEndpoints.values()) {
    const entry = names.find(candidate => candidate.name === name)
    if (entry === undefined) continue
    if (dnsOptions.recordIpType === (type === 'A' ? 'ipv6' : 'ipv4')) return []
    const { zone } = entry
    const inZone = interfaces.filter(each => zone === undefined || each.zone === zone)
    return inZone.flatMap(({ address, ipv6Address }) => (type === 'A' ? address : (ipv6Address ?? [])))
  }
  return undefined
}

/** Lists the names of an endpoint in the order that the cloud is set to. */
export function dnsEntries(cloud: AwsCloud, { names, region }: VpcEndpoint): readonly Attributes[] {
  const entries = (isWanted: (name: EndpointName) => boolean) =>
    names.filter(isWanted).map(({ name }) => ({ dns_name: name, hosted_zone_id: endpointHostedZoneId(region) }))
  const zonal = entries(({ zone }) => zone !== undefined)
  const regional = entries(({ zone }) => zone === undefined)
  const orders: Record<DnsEntryOrder, readonly Attributes[]> = {
    'zonal-first': [...zonal, ...regional],
    'regional-first': [...regional, ...zonal],
    empty: []
  }
  return orders[cloud.dnsEntryOrder]
}

/** AWS's own hosted zone of a region in which the names of endpoints are, and which an alias to one must give. */
export function endpointHostedZoneId(region: string): string {
  return `Z${createHash('sha256').update(`vpce ${region}`).digest('hex').toUpperCase().slice(0, 13)}`
}
