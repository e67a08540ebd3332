import { blocks, flag, text, textMap } from '../attributes.ts'
import type { ZoneRecord } from '../private-dns.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, isWhollyKnown, sameValue, type Value } from '../value.ts'
import type { RecordSet } from './dns-record-set.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { googleError, invalidEntity } from './google-error.ts'
import { planLabels } from './labels.ts'
import { linkOf, pathOf } from './link.ts'

/** A managed zone of Cloud DNS. */
export interface ManagedZone {
  readonly path: string
  readonly project: string
  /** The name of the zone as a resource. */
  readonly zoneName: string
  /** The name the zone answers for, with the dot at its end. */
  readonly name: string
  readonly visibility: 'private' | 'public'
  readonly numericId: number
  description: string
  /** The paths of the networks that see it. */
  networks: readonly string[]
  /** The path of the network that answers in its place; only a peering zone has one. */
  peer?: string | undefined
  logsQueries: boolean
  /** The record sets, the zone's own SOA and NS among them. */
  records: RecordSet[]
  labels: Record<string, string>
}

/** A managed zone in which nothing has been done yet, which no network sees. */
export function newManagedZone(
  { identifiers }: GoogleCloud,
  zone: Pick<ManagedZone, 'project' | 'zoneName' | 'name' | 'visibility'>
): ManagedZone {
  const path = `projects/${zone.project}/managedZones/${zone.zoneName}`
  const numericId = identifiers.number('managed zone', path)
  const records = zoneRecords(zone.name)
  return { ...zone, path, numericId, description: '', networks: [], logsQueries: false, records, labels: {} }
}

/** Plays google_dns_managed_zone without forwarding and DNSSEC. */
export function dnsManagedZone(cloud: GoogleCloud): Resource {
  return {
    type: 'google_dns_managed_zone',
    forcesReplacement: ['dns_name', 'name', 'project', 'visibility'],
    defaults: { description: 'Managed by Terraform', force_destroy: false, visibility: 'public' },
    computedBlocks: ['cloud_logging_config'],
    sameMeaning: { private_visibility_config: isSameVisibility, peering_config: isSamePeer },
    // The provider keeps full links of networks where the configuration may have paths, and fills in a block.
    legacyTypeSystem: true,

    plan: (change, settings) => {
      for (const name of ['forwarding_config', 'dnssec_config']) {
        if (blocks(change.config, name).length > 0) throw new Error(`the stand-in plays no ${name} of a managed zone`)
      }
      planLabels(change, settings, 'attributed')
    },

    create: planned => {
      const doing = 'Error creating ManagedZone'
      const project = text(planned, 'project')
      const zoneName = text(planned, 'name')
      const name = text(planned, 'dns_name')
      const path = `projects/${project}/managedZones/${zoneName}`
      if (!/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(zoneName)) {
        throw invalidEntity(doing, 'managedZone.name', zoneName)
      }
      if (!/^([a-z0-9_-]{1,63}\.)+$/.test(name)) throw invalidEntity(doing, 'managedZone.dnsName', name)
      if (cloud.managedZones.has(path)) {
        const message = `The resource 'entity.managedZone' named '${zoneName}' already exists`
        throw googleError(doing, 409, message, 'alreadyExists')
      }
      const networks = networksOf(planned)
      requireNetworks(cloud, doing, path, name, networks)
      const peer = requirePeer(cloud, doing, planned)
      const visibility = planned.visibility === 'private' ? 'private' : 'public'
      cloud.managedZones.set(path, {
        ...newManagedZone(cloud, { project, zoneName, name, visibility }),
        description: text(planned, 'description'),
        networks,
        ...(peer === undefined ? {} : { peer }),
        logsQueries: logsQueries(planned),
        labels: textMap(planned, 'effective_labels')
      })
      cloud.note('managedZones.create', path)
      return path
    },

    read: ({ id, force_destroy }) => {
      const zone = cloud.managedZones.get(String(id))
      if (zone === undefined) return undefined
      const networks = zone.networks.map(network => ({ network_url: linkOf(network) }))
      return {
        cloud_logging_config: [{ enable_logging: zone.logsQueries }],
        creation_time: cloud.now,
        description: zone.description,
        dns_name: zone.name,
        effective_labels: zone.labels,
        force_destroy: force_destroy ?? false,
        managed_zone_id: zone.numericId,
        name: zone.zoneName,
        name_servers: zone.records.filter(({ type }) => type === 'NS').flatMap(({ values }) => values),
        peering_config: zone.peer === undefined ? [] : [{ target_network: [{ network_url: linkOf(zone.peer) }] }],
        private_visibility_config: networks.length === 0 ? [] : [{ gke_clusters: [], networks }],
        project: zone.project,
        visibility: zone.visibility
      }
    },

    update: (planned, prior) => {
      const zone = cloud.managedZones.get(text(prior, 'id'))
      if (zone === undefined) return
      const changing = [
        'description',
        'effective_labels',
        'private_visibility_config',
        'peering_config',
        'cloud_logging_config'
      ]
      if (changing.every(name => sameValue(planned[name], prior[name]))) return
      const networks = networksOf(planned)
      const doing = `Error updating ManagedZone "${zone.path}"`
      requireNetworks(cloud, doing, zone.path, zone.name, networks)
      zone.peer = requirePeer(cloud, doing, planned)
      zone.description = text(planned, 'description')
      zone.labels = textMap(planned, 'effective_labels')
      zone.networks = networks
      zone.logsQueries = logsQueries(planned)
      cloud.note('managedZones.update', zone.path)
    },

    delete: state => {
      const zone = cloud.managedZones.get(text(state, 'id'))
      if (zone === undefined) return
      const isOwn = ({ name, type }: ZoneRecord) => name === zone.name && (type === 'SOA' || type === 'NS')
      if (flag(state, 'force_destroy') && !zone.records.every(isOwn)) {
        zone.records = zone.records.filter(isOwn)
        cloud.note('changes.create', zone.path)
      }
      if (!zone.records.every(isOwn)) {
        const message = `The resource named '${zone.zoneName}' cannot be deleted because it is not empty`
        throw googleError('Error when reading or editing ManagedZone', 400, message, 'containerNotEmpty')
      }
      cloud.managedZones.delete(zone.path)
      cloud.note('managedZones.delete', zone.path)
    }
  }
}

function requireNetworks(
  cloud: GoogleCloud,
  doing: string,
  path: string,
  name: string,
  networks: readonly string[]
): void {
  for (const [index, network] of networks.entries()) {
    if (!cloud.networks.has(network)) {
      const entity = `managedZone.privateVisibilityConfig.networks[${index}].networkUrl`
      throw invalidEntity(doing, entity, linkOf(network))
    }
    const rival = [...cloud.managedZones.values()].find(
      zone => zone.path !== path && zone.name === name && zone.networks.includes(network)
    )
    if (rival !== undefined) {
      const message = `Network '${linkOf(network)}' is already bound to a private zone '${rival.zoneName}' with the same DNS name '${name}'`
      throw googleError(doing, 400, message, 'invalid')
    }
  }
}

function peerOf(planned: Attributes): string | undefined {
  const [target] = blocks(planned, 'peering_config').flatMap(config => blocks(config, 'target_network'))
  return target && pathOf(text(target, 'network_url'))
}

/** The network that a peering zone asks, which must be there. */
function requirePeer(cloud: GoogleCloud, doing: string, planned: Attributes): string | undefined {
  const peer = peerOf(planned)
  if (peer === undefined || cloud.networks.has(peer)) return peer
  throw invalidEntity(doing, 'managedZone.peeringConfig.targetNetwork.networkUrl', linkOf(peer))
}

function isSamePeer(before: Value, after: Value): boolean {
  if (!isWhollyKnown(after)) return false
  return peerOf({ peering_config: before }) === peerOf({ peering_config: after })
}

function networksOf(planned: Attributes): string[] {
  return blocks(planned, 'private_visibility_config')
    .flatMap(config => blocks(config, 'networks'))
    .map(network => pathOf(text(network, 'network_url')))
}

function logsQueries(planned: Attributes): boolean {
  return blocks(planned, 'cloud_logging_config').some(config => flag(config, 'enable_logging'))
}

function isSameVisibility(before: Value, after: Value): boolean {
  if (!isWhollyKnown(after)) return false
  const wording = (visibility: Value): Attributes => ({ private_visibility_config: visibility })
  const clusters = (visibility: Value) =>
    blocks(wording(visibility), 'private_visibility_config').flatMap(config => blocks(config, 'gke_clusters'))
  return (
    sameValue(networksOf(wording(before)).toSorted(), networksOf(wording(after)).toSorted()) &&
    sameValue(clusters(before), clusters(after))
  )
}

function zoneRecords(name: string): RecordSet[] {
  const server = 'ns-gcp-private.googledomains.com.'
  return [
    { name, type: 'NS', ttl: 21_600, values: [server] },
    {
      name,
      type: 'SOA',
      ttl: 21_600,
      values: [`${server} cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300`]
    }
  ]
}
