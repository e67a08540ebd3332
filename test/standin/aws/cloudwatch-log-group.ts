import { flag, optionalNumber, optionalText, text, textMap } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import { requireUnused } from './argument.ts'
import { regionalArn } from './arn.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { modelledError } from './aws-error.ts'
import { changeTags } from './tags.ts'
import { prefixOf, uniqueName } from './unique-name.ts'

/** A log group of CloudWatch. */
export interface LogGroup {
  readonly arn: string
  readonly region: string
  readonly name: string
  /** 0 is for ever. */
  retentionInDays: number
  tags: Record<string, string>
}

const retentions = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]

/** Plays aws_cloudwatch_log_group of the standard class, without a key of one's own. */
export function cloudwatchLogGroup(cloud: AwsCloud): Resource {
  return {
    type: 'aws_cloudwatch_log_group',
    forcesReplacement: ['log_group_class', 'name', 'name_prefix'],
    defaults: { retention_in_days: 0, skip_destroy: false },

    validate: config => {
      requireName(config.name, 'name', 512)
      // Room for the digits that the provider appends.
      requireName(config.name_prefix, 'name_prefix', 483)
      const days = optionalNumber(config, 'retention_in_days')
      if (days !== undefined && !retentions.includes(days)) {
        throw new CloudError(`expected retention_in_days to be one of [${retentions.join(' ')}], got ${days}`)
      }
    },

    plan: ({ config }) => {
      requireUnused('aws_cloudwatch_log_group', config, ['deletion_protection_enabled', 'kms_key_id'])
      if ((optionalText(config, 'log_group_class') ?? 'STANDARD') !== 'STANDARD') {
        throw new Error('the stand-in plays log groups of the class STANDARD only')
      }
    },

    create: planned => {
      const region = text(planned, 'region')
      const arnOf = (name: string) => logGroupArn(cloud, region, name)
      const isTaken = (name: string) => cloud.logGroups.has(arnOf(name))
      const name = optionalText(planned, 'name') ?? uniqueName(optionalText(planned, 'name_prefix'), isTaken)
      if (isTaken(name)) {
        throw modelledError(`creating CloudWatch Logs Log Group (${name})`, 'CloudWatch Logs', {
          call: 'CreateLogGroup',
          code: 'ResourceAlreadyExistsException',
          message: 'The specified log group already exists'
        })
      }
      const group = { arn: arnOf(name), region, name, retentionInDays: 0, tags: textMap(planned, 'tags_all') }
      cloud.logGroups.set(group.arn, group)
      cloud.note('logs:CreateLogGroup', name)
      retain(cloud, group, planned.retention_in_days)
      return name
    },

    read: state => {
      const group = cloud.logGroups.get(logGroupArn(cloud, text(state, 'region'), text(state, 'id')))
      if (group === undefined) return undefined
      return {
        arn: group.arn,
        deletion_protection_enabled: false,
        kms_key_id: '',
        log_group_class: 'STANDARD',
        name: group.name,
        name_prefix: prefixOf(group.name),
        region: group.region,
        retention_in_days: group.retentionInDays,
        tags_all: group.tags
      }
    },

    update: (planned, prior) => {
      const group = cloud.logGroups.get(text(prior, 'arn'))
      if (group === undefined) return
      changeTags(cloud, { set: 'logs:TagResource', remove: 'logs:UntagResource' }, group, group.name, planned)
      retain(cloud, group, planned.retention_in_days)
    },

    delete: state => {
      if (flag(state, 'skip_destroy')) return
      if (cloud.logGroups.delete(text(state, 'arn'))) cloud.note('logs:DeleteLogGroup', text(state, 'id'))
    }
  }
}

/** The ARN of a log group, which is without the asterisk that the API ends it with. */
export function logGroupArn(cloud: AwsCloud, region: string, name: string): string {
  return regionalArn(cloud, 'logs', region, `log-group:${name}`)
}

function retain(cloud: AwsCloud, group: LogGroup, days: unknown): void {
  if (typeof days !== 'number' || days === group.retentionInDays) return
  group.retentionInDays = days
  cloud.note(days === 0 ? 'logs:DeleteRetentionPolicy' : 'logs:PutRetentionPolicy', group.name)
}

function requireName(value: unknown, argument: string, most: number): void {
  if (typeof value !== 'string') return
  if (value.length > most) {
    throw new CloudError(`"${argument}" cannot be longer than ${most} characters: "${value}"`)
  }
  if (!/^[0-9A-Za-z_./#-]+$/.test(value)) {
    const allowed = 'alphanumeric characters, underscores, hyphens, slashes, hash signs and dots are allowed'
    throw new CloudError(`"${argument}" isn't a valid log group name (${allowed}): "${value}"`)
  }
}
