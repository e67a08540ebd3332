import { blocks, optionalText, textMap } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource } from '../provider.ts'
import { regionalArn } from './arn.ts'
import type { AwsCloud } from './aws-cloud.ts'

/** Plays the data source aws_security_group, which finds by id, name, VPC or tags. */
export function securityGroupData(cloud: AwsCloud): DataSource {
  return {
    type: 'aws_security_group',
    read: (config, settings) => {
      if (blocks(config, 'filter').length > 0) throw new Error('the stand-in finds a group without filters only')
      const region = optionalText(config, 'region') ?? optionalText(settings, 'region') ?? cloud.region
      const isAsked = (name: string, value: string) => (optionalText(config, name) ?? value) === value
      const [group, another] = [...cloud.securityGroups.values()].filter(
        each =>
          each.region === region &&
          isAsked('id', each.id) &&
          isAsked('name', each.name) &&
          isAsked('vpc_id', each.vpcId) &&
          Object.entries(textMap(config, 'tags')).every(([key, value]) => each.tags[key] === value)
      )
      if (group === undefined) throw new CloudError('no matching EC2 Security Group found')
      if (another !== undefined) {
        throw new CloudError(
          'multiple EC2 Security Groups matched; use additional constraints to reduce matches to a single EC2 Security Group'
        )
      }
      return {
        arn: regionalArn(cloud, 'ec2', region, `security-group/${group.id}`),
        description: group.description,
        id: group.id,
        name: group.name,
        region,
        tags: group.tags,
        vpc_id: group.vpcId
      }
    }
  }
}
