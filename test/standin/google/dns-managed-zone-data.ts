import { optionalText, text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource } from '../provider.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { googleAnswer } from './google-error.ts'

/** Plays the data source google_dns_managed_zone, which does not tell which networks see a zone. */
export function managedZoneData(cloud: GoogleCloud): DataSource {
  return {
    type: 'google_dns_managed_zone',
    read: (config, settings) => {
      const project = optionalText(config, 'project') ?? optionalText(settings, 'project') ?? cloud.project
      const name = text(config, 'name')
      const zone = cloud.managedZones.get(`projects/${project}/managedZones/${name}`)
      if (zone === undefined) {
        const message = `The 'parameters.managedZone' resource named '${name}' does not exist.`
        throw new CloudError(googleAnswer(404, message, 'notFound'))
      }
      return {
        description: zone.description,
        dns_name: zone.name,
        id: zone.path,
        managed_zone_id: zone.numericId,
        name: zone.zoneName,
        name_servers: zone.records.filter(({ type }) => type === 'NS').flatMap(({ values }) => values),
        project,
        visibility: zone.visibility
      }
    }
  }
}
