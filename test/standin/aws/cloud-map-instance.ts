import type { AwsCloud } from './aws-cloud.ts'
import type { DiscoveryService } from './service-discovery-service.ts'

/** Registers an address under the name of a service. */
export function registerInstance(cloud: AwsCloud, service: DiscoveryService, id: string, address: string): void {
  service.instances.set(id, address)
  writeRecord(cloud, service)
}

/** Takes an address away from the name of a service. */
export function deregisterInstance(cloud: AwsCloud, service: DiscoveryService, id: string): void {
  service.instances.delete(id)
  writeRecord(cloud, service)
}

/**
 * Writes what a service answers. Cloud Map keeps a record set for each instance; together they answer as one with all of
 * the addresses does.
 */
export function writeRecord(cloud: AwsCloud, { name, namespaceId, ttl, instances }: DiscoveryService): void {
  const namespace = cloud.dnsNamespaces.get(namespaceId)
  const zone = namespace && cloud.hostedZones.get(namespace.hostedZoneId)
  if (zone === undefined) return
  const record = { name: `${name}.${zone.name}`.toLowerCase(), type: 'A', ttl, values: [...instances.values()] }
  const others = zone.records.filter(other => other.name !== record.name || other.type !== 'A')
  zone.records = record.values.length > 0 ? [...others, record] : others
}
