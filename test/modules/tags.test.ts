import { describe, expect, test as plain } from 'vitest'
import { readEnvironments } from '../../modules/environment/read-environments.ts'
import { MistakesError } from '../../modules/mistakes.ts'
import { openDeployment } from '../support/deployment.ts'
import { testWith } from '../support/test-with.ts'
import { awsLink, awsProbe, gcpLink, gcpProbe } from './literals.ts'
import { awsWorld, googleWorld } from './world.ts'

const test = testWith('terraform')

const aws = { ...awsLink, hosts: [] }
const gcp = { ...gcpLink, hosts: [] }
const environment = (links: object, more: object) => ({ name: 'test', backend: { type: 'local' }, links, ...more })

function linesOf(literal: object): readonly string[] {
  try {
    readEnvironments([literal])
  } catch (error) {
    if (error instanceof MistakesError) return error.mistakes
    throw error
  }
  return []
}

test('tags and labels of the keys that every resource has are kept as they were given', async () => {
  const clouds = { aws: awsWorld(), google: googleWorld() }
  const given = { environment: 'production', 'managed-by': 'me' }
  const literal = environment({ search: { ...aws, probe: awsProbe }, papers: gcp }, { tags: given, labels: given })
  const { deploy, plan } = await openDeployment(literal, clouds)
  expect((await deploy(literal)).errors).toEqual([])
  const ours = [
    ...clouds.aws.vpcEndpoints.values(),
    ...[...clouds.aws.securityGroups.values()].filter(({ name }) => name.startsWith('zilliz-')),
    ...clouds.aws.iamRoles.values()
  ]
  expect(ours).toHaveLength(4)
  for (const { tags } of ours) expect(tags).toMatchObject(given)
  for (const { labels } of clouds.google.forwardingRules.values()) expect(labels).toMatchObject(given)
  expect((await plan(literal)).changes).toEqual([])
})

test('tags that differ only in case are accepted where no role gets them', async () => {
  const cloud = awsWorld()
  const literal = environment({ search: aws }, { tags: { Environment: 'x', Team: 'search', team: 'search' } })
  const { deploy } = await openDeployment(literal, { aws: cloud })
  expect((await deploy(literal)).errors).toEqual([])
  const [endpoint] = cloud.vpcEndpoints.values()
  expect(endpoint?.tags).toMatchObject({ Environment: 'x', environment: 'test', Team: 'search', team: 'search' })
})

describe('tags of a probe whose role the deploy makes are refused with a line that names both keys', () => {
  for (const { given, lines } of [
    {
      given: { Environment: 'x' },
      lines: [
        'test: tags.Environment: must not differ from the tag environment of every resource in case alone, got "Environment". IAM accepts one of the two on the role of a probe. Write environment, or give the probe an executionRoleArn.'
      ]
    },
    {
      given: { Team: 'a', team: 'b' },
      lines: [
        'test: tags.team: must not differ from tags.Team in case alone, got "team". IAM accepts one of the two on the role of a probe. Write Team, or give the probe an executionRoleArn.'
      ]
    },
    {
      given: { name: 'x', 'Managed-By': 'y' },
      lines: [
        'test: tags.name: must not differ from the tag Name of every resource in case alone, got "name". IAM accepts one of the two on the role of a probe. Write Name, or give the probe an executionRoleArn.',
        'test: tags.Managed-By: must not differ from the tag managed-by of every resource in case alone, got "Managed-By". IAM accepts one of the two on the role of a probe. Write managed-by, or give the probe an executionRoleArn.'
      ]
    },
    { given: { Team: 'a', Teams: 'b' }, lines: [] }
  ]) {
    plain(Object.keys(given).join(' and '), () => {
      expect(linesOf(environment({ search: { ...aws, probe: awsProbe } }, { tags: given }))).toEqual(lines)
      // Google Cloud has no such role, and no tags.
      expect(linesOf(environment({ papers: { ...gcp, probe: gcpProbe } }, { tags: given }))).toEqual([])
    })
  }
})

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, 'x']))

for (const { when, literal, lines } of [
  {
    when: 'a tag that would name every resource alike',
    literal: environment({ search: aws }, { tags: { Name: 'search' } }),
    lines: [
      'test: tags.Name: must not be given for a whole environment, because the project names each resource by it, got "search". Remove it, or give it in the tags of a link, for its endpoint.'
    ]
  },
  {
    when: 'a label by which probes are found',
    literal: environment({ papers: gcp }, { labels: { 'privatelink-probe': 'x' } }),
    lines: [
      'test: labels.privatelink-probe: must not be given, because Prometheus finds the VMs of a probe by it, got "x". Choose another key.'
    ]
  },
  {
    when: 'more tags than AWS accepts',
    literal: environment({ search: aws }, { tags: many(48) }),
    lines: [
      'test: tags: must be at most 50 with environment, managed-by, Name, which every resource has, got 51. Remove some.'
    ]
  },
  {
    when: 'more tags than AWS accepts on an endpoint',
    literal: environment({ search: { ...aws, tags: { DataClass: 'x' } } }, { tags: many(47) }),
    lines: [
      'test: links.search.tags: must be at most 50 with environment, managed-by, Name, which every resource has, got 51. Remove some.'
    ]
  },
  {
    when: 'more labels than Google Cloud accepts',
    literal: environment({ papers: gcp }, { labels: many(62) }),
    lines: ['test: labels: must be at most 64 with environment, managed-by, privatelink-probe, got 65. Remove some.']
  },
  {
    when: 'as many tags and labels as there may be',
    literal: environment({ search: aws, papers: gcp }, { tags: many(47), labels: many(61) }),
    lines: []
  }
]) {
  plain(`an environment is ${lines.length === 0 ? 'read' : 'refused with one line'} with ${when}`, () => {
    expect(linesOf(literal)).toEqual(lines)
  })
}
