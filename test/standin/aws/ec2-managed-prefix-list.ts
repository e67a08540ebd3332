import { createHash } from 'node:crypto'
import { blocks, optionalText } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource } from '../provider.ts'
import type { AwsCloud } from './aws-cloud.ts'

/** The services whose addresses AWS keeps in a prefix list of every region. */
const listedServices = ['dynamodb', 's3', 'vpc-lattice']

/** Plays the data source aws_ec2_managed_prefix_list for the lists of AWS, which it finds by name or id. */
export function managedPrefixListData(cloud: AwsCloud): DataSource {
  return {
    type: 'aws_ec2_managed_prefix_list',
    read: (config, settings) => {
      if (blocks(config, 'filter').length > 0) throw new Error('the stand-in finds a prefix list without filters only')
      const region = optionalText(config, 'region') ?? optionalText(settings, 'region') ?? cloud.region
      const isAsked = (name: string, value: string) => (optionalText(config, name) ?? value) === value
      const [list, another] = awsPrefixLists(region).filter(
        ({ id, name }) => isAsked('id', id) && isAsked('name', name)
      )
      if (list === undefined) throw new CloudError('no matching EC2 Managed Prefix List found')
      if (another !== undefined) {
        throw new CloudError(
          'multiple EC2 Managed Prefix Lists matched; use additional constraints to reduce matches to a single EC2 Managed Prefix List'
        )
      }
      return {
        address_family: 'IPv4',
        arn: `arn:aws:ec2:${region}:aws:prefix-list/${list.id}`,
        entries: [{ cidr: '52.92.128.0/17', description: '' }],
        id: list.id,
        max_entries: 0,
        name: list.name,
        owner_id: 'AWS',
        region,
        tags: {},
        version: 0
      }
    }
  }
}

/** Whether a prefix list is one that AWS keeps in a region. */
export function isAwsPrefixList(id: string, region: string): boolean {
  return awsPrefixLists(region).some(list => list.id === id)
}

function awsPrefixLists(region: string): { readonly id: string; readonly name: string }[] {
  return listedServices.map(service => {
    const name = `com.amazonaws.${region}.${service}`
    return { id: `pl-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`, name }
  })
}
