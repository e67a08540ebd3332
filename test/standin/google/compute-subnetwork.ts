import ipaddr from 'ipaddr.js'
import { optionalText } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource } from '../provider.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { notFound } from './google-error.ts'
import { fullPath, linkOf } from './link.ts'

/** A subnetwork, which the stack finds and never makes. */
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
