import { optionalText } from '../attributes.ts'
import type { DataSource } from '../provider.ts'
import type { AwsCloud } from './aws-cloud.ts'

/** Plays the data source aws_region, which answers the provider's region unless another is asked for. */
export function regionData(cloud: AwsCloud): DataSource {
  return {
    type: 'aws_region',
    read: (config, settings) => {
      if (optionalText(config, 'endpoint') !== undefined) {
        throw new Error('the stand-in finds a region by its name only')
      }
      const asked = optionalText(config, 'region') ?? optionalText(config, 'name')
      const region = asked ?? optionalText(settings, 'region') ?? cloud.region
      return {
        description: regionNames.get(region) ?? region,
        endpoint: `ec2.${region}.amazonaws.com`,
        id: region,
        name: region,
        region
      }
    }
  }
}

const regionNames = new Map([
  ['eu-central-1', 'Europe (Frankfurt)'],
  ['us-east-1', 'US East (N. Virginia)'],
  ['us-west-2', 'US West (Oregon)']
])
