import { blocks, text, textMap } from '../attributes.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, sameValue } from '../value.ts'
import { requireUnused } from './argument.ts'
import { regionalArn } from './arn.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { modelledError } from './aws-error.ts'
import { changeTags } from './tags.ts'

/** A cluster of ECS. */
export interface EcsCluster {
  readonly arn: string
  readonly region: string
  readonly name: string
  /** By name; a new cluster has Container Insights disabled. */
  settings: Readonly<Record<string, string>>
  tags: Record<string, string>
}

/** Plays aws_ecs_cluster. */
export function ecsCluster(cloud: AwsCloud): Resource {
  return {
    type: 'aws_ecs_cluster',
    forcesReplacement: ['name'],
    computedBlocks: ['setting'],
    // The provider fills in the block setting where the configuration has none.
    legacyTypeSystem: true,

    plan: ({ config }) => requireUnused('aws_ecs_cluster', config, ['configuration', 'service_connect_defaults']),

    create: planned => {
      const region = text(planned, 'region')
      const name = text(planned, 'name')
      if (!/^[\w-]{1,255}$/.test(name)) {
        throw modelledError(`creating ECS Cluster (${name})`, 'ECS', {
          call: 'CreateCluster',
          code: 'InvalidParameterException',
          message: 'Invalid identifier: a cluster name is up to 255 letters, numbers, underscores and hyphens.'
        })
      }
      const arn = regionalArn(cloud, 'ecs', region, `cluster/${name}`)
      // Whoever creates a cluster that is there gets that one.
      const standing = cloud.ecsClusters.get(arn)
      const settings = { containerInsights: 'disabled', ...settingsOf(planned) }
      cloud.ecsClusters.set(arn, standing ?? { arn, region, name, settings, tags: textMap(planned, 'tags_all') })
      cloud.note('ecs:CreateCluster', arn)
      return arn
    },

    read: ({ id }) => {
      const cluster = cloud.ecsClusters.get(String(id))
      if (cluster === undefined) return undefined
      return {
        arn: cluster.arn,
        configuration: [],
        name: cluster.name,
        region: cluster.region,
        service_connect_defaults: [],
        setting: Object.entries(cluster.settings).map(([name, value]) => ({ name, value })),
        tags_all: cluster.tags
      }
    },

    update: (planned, prior) => {
      const cluster = cloud.ecsClusters.get(text(prior, 'id'))
      if (cluster === undefined) return
      changeTags(cloud, { set: 'ecs:TagResource', remove: 'ecs:UntagResource' }, cluster, cluster.arn, planned)
      if (!sameValue(planned.setting, prior.setting)) {
        cluster.settings = { ...cluster.settings, ...settingsOf(planned) }
        cloud.note('ecs:UpdateCluster', cluster.arn)
      }
    },

    delete: ({ id }) => {
      const arn = String(id)
      if (!cloud.ecsClusters.has(arn)) return
      if ([...cloud.ecsServices.values()].some(({ clusterArn }) => clusterArn === arn)) {
        throw modelledError(`deleting ECS Cluster (${arn})`, 'ECS', {
          call: 'DeleteCluster',
          code: 'ClusterContainsServicesException',
          message: 'The Cluster cannot be deleted while Services are active.'
        })
      }
      cloud.ecsClusters.delete(arn)
      cloud.note('ecs:DeleteCluster', arn)
    }
  }
}

function settingsOf(planned: Attributes): Record<string, string> {
  return Object.fromEntries(blocks(planned, 'setting').map(block => [text(block, 'name'), text(block, 'value')]))
}
