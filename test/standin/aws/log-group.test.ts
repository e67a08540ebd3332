import {
  CloudwatchLogGroup,
  type CloudwatchLogGroupConfig
} from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js'
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { type Build, openStack, refusals } from '../small-stack.ts'
import { AwsCloud } from './aws-cloud.ts'

const test = testWith('terraform')

function withGroups(groups: Readonly<Record<string, CloudwatchLogGroupConfig>>): Build {
  return stack => {
    new AwsProvider(stack, 'aws', { region: 'us-west-2', defaultTags: [{ tags: { team: 'search' } }] })
    for (const [id, config] of Object.entries(groups)) new CloudwatchLogGroup(stack, id, config)
  }
}

test('a log group comes, is left alone, changes in place, is replaced and goes', async () => {
  const aws = new AwsCloud({ vpcs: [] })
  const stack = await openStack({ aws }, withGroups({ it: { name: '/ecs/probe', retentionInDays: 14 } }))
  await stack.apply()
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })
  const arn = 'arn:aws:logs:us-west-2:123456789012:log-group:/ecs/probe'
  expect((await stack.state()).map(({ values }) => values)).toEqual([
    {
      arn,
      deletion_protection_enabled: false,
      id: '/ecs/probe',
      kms_key_id: null,
      log_group_class: 'STANDARD',
      name: '/ecs/probe',
      name_prefix: '',
      region: 'us-west-2',
      retention_in_days: 14,
      skip_destroy: false,
      tags: null,
      tags_all: { team: 'search' }
    }
  ])
  await stack.rebuild(withGroups({ it: { name: '/ecs/probe', tags: { Name: 'probe' } } }))
  expect((await stack.apply()).done).toEqual([{ address: 'aws_cloudwatch_log_group.it', action: 'update' }])
  expect(aws.logGroups.get(arn)).toEqual({
    arn,
    region: 'us-west-2',
    name: '/ecs/probe',
    retentionInDays: 0,
    tags: { Name: 'probe', team: 'search' }
  })
  await stack.rebuild(withGroups({ it: { namePrefix: '/ecs/', retentionInDays: 7 } }))
  expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['delete', 'create'])
  expect([...aws.logGroups.values()].map(({ name }) => name)).toEqual([expect.stringMatching(/^\/ecs\/\d{26}$/)])
  expect((await stack.destroy()).errors).toEqual([])
  expect(aws.logGroups.size).toBe(0)
  expect(aws.calls.map(({ action }) => action)).toEqual([
    'logs:CreateLogGroup',
    'logs:PutRetentionPolicy',
    'logs:TagResource',
    'logs:DeleteRetentionPolicy',
    'logs:DeleteLogGroup',
    'logs:CreateLogGroup',
    'logs:PutRetentionPolicy',
    'logs:DeleteLogGroup'
  ])
})

test('CloudWatch refuses a log group that is there', async () => {
  const aws = new AwsCloud({ vpcs: [] })
  const first = await openStack({ aws }, withGroups({ it: { name: '/ecs/probe' } }))
  await first.apply()
  const second = await openStack({ aws }, withGroups({ it: { name: '/ecs/probe' } }))
  expect(refusals(await second.apply())).toEqual({
    'aws_cloudwatch_log_group.it':
      'creating CloudWatch Logs Log Group (/ecs/probe): operation error CloudWatch Logs: CreateLogGroup, https response error StatusCode: 400, RequestID: …, ResourceAlreadyExistsException: The specified log group already exists'
  })
})

test('a log group is kept where it is told to be', async () => {
  const aws = new AwsCloud({ vpcs: [] })
  const stack = await openStack({ aws }, withGroups({ it: { name: '/ecs/probe', skipDestroy: true } }))
  await stack.apply()
  await stack.destroy()
  expect([...aws.logGroups.values()].map(({ name }) => name)).toEqual(['/ecs/probe'])
})

for (const { when, config, says } of [
  {
    when: 'for a number of days that CloudWatch does not know',
    config: { name: 'probe', retentionInDays: 31 },
    says: 'expected retention_in_days to be one of [0 1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653], got 31'
  },
  {
    when: 'with a name of 513 characters',
    config: { name: 'p'.repeat(513) },
    says: `"name" cannot be longer than 512 characters: "${'p'.repeat(513)}"`
  },
  {
    when: 'with a prefix of 484 characters',
    config: { namePrefix: 'p'.repeat(484) },
    says: `"name_prefix" cannot be longer than 483 characters: "${'p'.repeat(484)}"`
  },
  {
    when: 'with a colon in its name',
    config: { name: 'ecs:probe' },
    says: `"name" isn't a valid log group name (alphanumeric characters, underscores, hyphens, slashes, hash signs and dots are allowed): "ecs:probe"`
  }
]) {
  test(`no log group is planned ${when}`, async () => {
    const stack = await openStack({ aws: new AwsCloud({ vpcs: [] }) }, withGroups({ it: config }))
    expect((await stack.validate()).map(({ summary }) => summary)).toEqual([says])
  })
}
