import { optionalText, text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource, Resource } from '../provider.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { alreadyExists, googleError, notFound } from './google-error.ts'
import { fullPath, linkOf } from './link.ts'

/** A VPC network. */
export interface Network {
  readonly path: string
  readonly project: string
  readonly name: string
  readonly numericId: number
}

/** Plays the data source google_compute_network. */
export function networkData(cloud: GoogleCloud): DataSource {
  return {
    type: 'google_compute_network',
    read: (config, settings) => {
      const project = optionalText(config, 'project') ?? optionalText(settings, 'project') ?? cloud.project
      const reference = optionalText(config, 'self_link') ?? optionalText(config, 'name')
      if (reference === undefined) throw new CloudError('must provide either `self_link` or `name`')
      const path = fullPath(reference, project, 'global/networks')
      const network = cloud.networks.get(path)
      if (network === undefined) throw notFound(`Error when reading or editing Network Not Found : ${reference}`, path)
      const subnetworks = [...cloud.subnetworks.values()].filter(subnetwork => subnetwork.network === path)
      return {
        description: '',
        gateway_ipv4: '',
        id: path,
        internal_ipv6_range: '',
        name: network.name,
        network_id: network.numericId,
        numeric_id: String(network.numericId),
        project: network.project,
        self_link: linkOf(path),
        subnetworks_self_links: subnetworks.map(subnetwork => linkOf(subnetwork.path))
      }
    }
  }
}

/** Plays google_compute_network without subnets that Google makes by itself. */
export function network(cloud: GoogleCloud): Resource {
  return {
    type: 'google_compute_network',
    forcesReplacement: ['auto_create_subnetworks', 'description', 'name', 'project'],
    defaults: {
      auto_create_subnetworks: true,
      delete_default_routes_on_create: false,
      network_firewall_policy_enforcement_order: 'AFTER_CLASSIC_FIREWALL'
    },
    legacyTypeSystem: true,

    plan: ({ planned }) => {
      if (planned.auto_create_subnetworks !== false) {
        throw new Error('the stand-in plays a network with auto_create_subnetworks = false only')
      }
    },

    create: planned => {
      const [project, name] = [text(planned, 'project'), text(planned, 'name')]
      const path = `projects/${project}/global/networks/${name}`
      if (cloud.networks.has(path)) throw alreadyExists('Error creating Network', path)
      cloud.networks.set(path, { path, project, name, numericId: cloud.identifiers.number('network', path) })
      cloud.note('networks.insert', path)
      return path
    },

    read: ({ id }) => {
      const found = cloud.networks.get(String(id))
      if (found === undefined) return undefined
      return {
        bgp_always_compare_med: false,
        bgp_best_path_selection_mode: 'LEGACY',
        bgp_inter_region_cost: '',
        gateway_ipv4: '',
        internal_ipv6_range: '',
        mtu: 0,
        name: found.name,
        network_id: String(found.numericId),
        numeric_id: String(found.numericId),
        project: found.project,
        routing_mode: 'REGIONAL',
        self_link: linkOf(found.path)
      }
    },

    delete: ({ id }) => {
      const path = String(id)
      const isUsed =
        [...cloud.subnetworks.values(), ...cloud.forwardingRules.values(), ...cloud.firewalls.values()].some(
          ({ network }) => network === path
        ) || [...cloud.managedZones.values()].some(({ networks }) => networks.includes(path))
      if (isUsed) {
        throw googleError(
          'Error waiting for Deleting Network',
          400,
          `The network resource '${path}' is already being used`,
          'resourceInUseByAnotherResource'
        )
      }
      cloud.networks.delete(path)
      cloud.note('networks.delete', path)
    }
  }
}
