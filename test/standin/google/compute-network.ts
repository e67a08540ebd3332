import { optionalText } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource } from '../provider.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { notFound } from './google-error.ts'
import { fullPath, linkOf } from './link.ts'

/** A VPC network, which the stack finds and never makes. */
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
