import ipaddr from 'ipaddr.js'
import { flag, optionalText, text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource, Resource } from '../provider.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { alreadyExists, googleError, notFound } from './google-error.ts'
import { fullPath, isSameLink, linkOf } from './link.ts'
import { placeOf } from './place.ts'

/** A subnetwork. */
export interface Subnetwork {
  readonly path: string
  readonly project: string
  readonly region: string
  readonly name: string
  /** The path of its network. */
  readonly network: string
  readonly range: string
  readonly purpose: string
  readonly stackType: string
  /** Whether what has no external address reaches Google's APIs from it. */
  readonly privateGoogleAccess: boolean
}

/** Google keeps the first two addresses of a subnetwork and the last two. */
export const reservedAddresses = { first: 2, last: 2 }

/** The addresses of a subnetwork that are reserved or that an instance has. */
export function takenAddresses(cloud: GoogleCloud, path: string): Set<string> {
  const instances = [...cloud.instanceGroupManagers.values()].flatMap(({ instances }) => instances)
  const here = [...cloud.addresses.values(), ...instances].filter(({ subnetwork }) => subnetwork === path)
  return new Set(here.map(({ address }) => address))
}

/** Plays the data source google_compute_subnetwork. */
export function subnetworkData(cloud: GoogleCloud): DataSource {
  return {
    type: 'google_compute_subnetwork',
    read: (config, settings) => {
      const project = optionalText(config, 'project') ?? optionalText(settings, 'project') ?? cloud.project
      const region = optionalText(config, 'region') ?? optionalText(settings, 'region') ?? cloud.region
      const reference = optionalText(config, 'self_link') ?? optionalText(config, 'name')
      if (reference === undefined) throw new CloudError('must provide either `self_link` or `name`')
      const path = fullPath(reference, project, `regions/${region}/subnetworks`)
      const subnetwork = cloud.subnetworks.get(path)
      if (subnetwork === undefined) {
        throw notFound(`Error when reading or editing Subnetwork Not Found : ${reference}`, path)
      }
      const [network] = ipaddr.IPv4.parseCIDR(subnetwork.range)
      return {
        description: '',
        external_ipv6_prefix: '',
        gateway_address: network.toString().replace(/\d+$/, last => String(Number(last) + 1)),
        id: path,
        internal_ipv6_prefix: '',
        ip_cidr_range: subnetwork.stackType === 'IPV6_ONLY' ? '' : subnetwork.range,
        ipv6_access_type: '',
        name: subnetwork.name,
        network: linkOf(subnetwork.network),
        private_ip_google_access: subnetwork.privateGoogleAccess,
        project: subnetwork.project,
        region: subnetwork.region,
        secondary_ip_range: [],
        self_link: linkOf(path),
        stack_type: subnetwork.stackType
      }
    }
  }
}

/** Plays google_compute_subnetwork for IPv4. */
export function subnetwork(cloud: GoogleCloud): Resource {
  return {
    type: 'google_compute_subnetwork',
    forcesReplacement: ['ip_cidr_range', 'name', 'network', 'project', 'region'],
    sameMeaning: { network: isSameLink, region: isSameLink },
    legacyTypeSystem: true,

    create: (planned, settings) => {
      const doing = 'Error creating Subnetwork'
      const { project, region } = placeOf(planned, settings)
      const name = text(planned, 'name')
      const path = `projects/${project}/regions/${region}/subnetworks/${name}`
      const network = fullPath(text(planned, 'network'), project, 'global/networks')
      if (!cloud.networks.has(network)) throw notFound(doing, network)
      if (cloud.subnetworks.has(path)) throw alreadyExists(doing, path)
      cloud.subnetworks.set(path, {
        path,
        project,
        region,
        name,
        network,
        range: text(planned, 'ip_cidr_range'),
        purpose: 'PRIVATE',
        stackType: 'IPV4_ONLY',
        privateGoogleAccess: flag(planned, 'private_ip_google_access')
      })
      cloud.note('subnetworks.insert', path)
      return path
    },

    read: ({ id }) => {
      const found = cloud.subnetworks.get(String(id))
      if (found === undefined) return undefined
      const [range] = ipaddr.IPv4.parseCIDR(found.range)
      return {
        creation_timestamp: cloud.now,
        enable_flow_logs: false,
        external_ipv6_prefix: '',
        fingerprint: 'fingerprint',
        gateway_address: range.toString().replace(/\d+$/, last => String(Number(last) + 1)),
        internal_ipv6_prefix: '',
        ip_cidr_range: found.range,
        ipv6_cidr_range: '',
        ipv6_gce_endpoint: '',
        name: found.name,
        network: linkOf(found.network),
        private_ip_google_access: found.privateGoogleAccess,
        private_ipv6_google_access: 'DISABLE_GOOGLE_ACCESS',
        project: found.project,
        purpose: found.purpose,
        region: found.region,
        secondary_ip_range: [],
        self_link: linkOf(found.path),
        stack_type: found.stackType,
        state: '',
        subnetwork_id: cloud.identifiers.number('subnetwork', found.path)
      }
    },

    delete: ({ id }) => {
      const path = String(id)
      if (takenAddresses(cloud, path).size > 0) {
        throw googleError(
          'Error when reading or editing Subnetwork',
          400,
          `The subnetwork resource '${path}' is already being used`,
          'resourceInUseByAnotherResource'
        )
      }
      cloud.subnetworks.delete(path)
      cloud.note('subnetworks.delete', path)
    }
  }
}
