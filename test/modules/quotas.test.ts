import { describe, expect, test as plain } from 'vitest'
import { readEnvironments } from '../../modules/environment/read-environments.ts'
import { MistakesError } from '../../modules/mistakes.ts'
import { AwsCloud } from '../standin/aws/aws-cloud.ts'
import { openDeployment } from '../support/deployment.ts'
import { synthWarnings } from '../support/synth-warnings.ts'
import { testWith } from '../support/test-with.ts'
import { awsLink, awsProbe, gcpLink, gcpProbe } from './literals.ts'

const test = testWith('terraform')

const literal = (link: object) => ({ name: 'test', backend: { type: 'local' }, links: { search: link } })
const many = <Item>(count: number, item: (index: number) => Item) =>
  Array.from({ length: count }, (_, index) => item(index))
const hostsOn = (count: number, cloudRegion: string, isOnePort = false) =>
  many(count, index => `in01-${index}.${cloudRegion}.vectordb.zillizcloud.com:${isOnePort ? 443 : 19530 + index}`)
const group = (index: number) => `sg-${index.toString(16).padStart(17, '0')}`
const raise = 'or raise the quota "Inbound or outbound rules per security group" in AWS first.'
const ranges = (count: number) => many(count, index => `10.${index}.0.0/16`)

describe('synth warns of more rules than AWS accepts in a security group', () => {
  for (const { when, link, warnings } of [
    {
      when: '16 hosts and 5 sources',
      link: { hosts: hostsOn(16, 'aws-us-west-2'), sources: ranges(5) },
      warnings: [
        `test/search: the security group of the endpoint gets 80 inbound rules for IPv4: 16 ports for each of 5 sources. AWS accepts 60 unless the quota is raised. Give fewer and wider ranges, ${raise}`
      ]
    },
    {
      when: 'ranges of IPv6, and groups that count in both families',
      link: {
        hosts: hostsOn(16, 'aws-us-west-2'),
        sources: ['10.0.0.0/16', 'fd00:1::/32', 'fd00:2::/32', group(1), group(2)]
      },
      warnings: [
        `test/search: the security group of the endpoint gets 64 inbound rules for IPv6: 16 ports for each of 5 sources. AWS accepts 60 unless the quota is raised. Give fewer and wider ranges, ${raise}`
      ]
    },
    {
      when: '16 hosts on one port',
      link: { hosts: hostsOn(16, 'aws-us-west-2', true), sources: ranges(5) },
      warnings: []
    },
    { when: '12 hosts and 5 sources', link: { hosts: hostsOn(12, 'aws-us-west-2'), sources: ranges(5) }, warnings: [] },
    {
      when: 'half of the sources of each family',
      link: {
        hosts: hostsOn(16, 'aws-us-west-2'),
        sources: ['10.0.0.0/16', '10.1.0.0/16', '10.2.0.0/16', 'fd00:1::/32', 'fd00:2::/32', 'fd00:3::/32']
      },
      warnings: []
    },
    {
      when: 'clusters whose ports are not known before the deploy',
      link: {
        hosts: [],
        zilliz: { projectId: 'proj-0a1b2c3d4e5f60718293a4', clusters: many(13, index => `in01-${index}`) },
        sources: ranges(5)
      },
      warnings: [
        `test/search: the security group of the endpoint gets 65 inbound rules for IPv4: 13 ports for each of 5 sources. AWS accepts 60 unless the quota is raised. Give fewer and wider ranges, ${raise}`
      ]
    },
    {
      when: 'the groups of clients, which each get a way out',
      link: {
        hosts: hostsOn(61, 'aws-us-west-2'),
        sources: ranges(1).slice(0, 0).concat(group(1)),
        clientSecurityGroupIds: [group(1)]
      },
      warnings: [
        `test/search: the security group of the endpoint gets 61 inbound rules for IPv4: 61 ports for each of 1 sources. AWS accepts 60 unless the quota is raised. Give fewer and wider ranges, ${raise}`,
        `test/search: each security group in clientSecurityGroupIds gets 61 outbound rules for IPv4: 61 ports. AWS accepts 60 unless the quota is raised. Give fewer and wider ranges, ${raise}`
      ]
    },
    {
      when: 'a probe that is scraped from many places',
      link: { hosts: [], probe: { ...awsProbe, scrapeFrom: many(61, index => `10.0.${index}.0/24`) } },
      warnings: [
        `test/search/probe/security-group: the security group of the probe gets 61 inbound rules for IPv4: 61 sources in scrapeFrom. AWS accepts 60 unless the quota is raised. Give fewer and wider ranges, ${raise}`
      ]
    },
    {
      when: 'a probe that goes out to many ports',
      link: { hosts: hostsOn(58, 'aws-us-west-2'), sources: [group(1)], probe: awsProbe },
      warnings: [
        `test/search/probe/security-group: the security group of the probe gets 62 outbound rules for IPv4: 58 ports of endpoints, two rules for DNS, and those for image and logs. AWS accepts 60 unless the quota is raised. Give fewer and wider ranges, ${raise}`
      ]
    },
    {
      when: 'more groups than an interface has',
      link: { hosts: [], extraSecurityGroupIds: many(5, group) },
      warnings: [
        'test/search: the endpoint has 6 security groups attached, and AWS accepts 5 unless the quota is raised. Attach fewer, or raise the quota "Security groups per network interface" in AWS first.'
      ]
    }
  ]) {
    plain(when, async () => {
      expect(await synthWarnings(literal({ ...awsLink, ...link }))).toEqual(warnings)
    })
  }
})

test('a plan warns of more rules than AWS accepts where the ranges are those of the VPC', async () => {
  const subnets = awsLink.subnetIds.map((id, index) => ({
    id,
    cidr: `10.20.${index + 1}.0/24`,
    zone: `us-west-2${'ab'.charAt(index)}`,
    zoneId: `usw2-az${index + 1}`
  }))
  const cloud = (count: number) => new AwsCloud({ vpcs: [{ id: awsLink.vpcId, cidrs: ranges(count), subnets }] })
  const link = literal({ ...awsLink, hosts: hostsOn(16, 'aws-us-west-2') })
  const warningsOf = async (count: number) => {
    const { plan } = await openDeployment(link, { aws: cloud(count) })
    return (await plan(link)).warnings.map(({ detail }) => detail).filter(line => line.includes('rules'))
  }
  expect(await warningsOf(5)).toEqual([
    'test/search: the security group of the endpoint gets 80 inbound rules for IPv4. AWS accepts 60 unless the quota is raised. Give fewer and wider ranges in sources, or raise the quota "Inbound or outbound rules per security group" in AWS first.'
  ])
  expect(await warningsOf(3)).toEqual([])
})

describe('what a cloud accepts in no case is a mistake', () => {
  const linesOf = (link: object): readonly string[] => {
    try {
      readEnvironments([literal(link)])
    } catch (error) {
      if (error instanceof MistakesError) return error.mistakes
      throw error
    }
    return []
  }
  const accounts = many(11, index => `a${index}@search-test.iam.gserviceaccount.com`)
  const tags = many(71, index => `tag-${index}`)
  for (const { when, link, less, line } of [
    {
      when: 'more than 16 security groups on an endpoint',
      link: { ...awsLink, extraSecurityGroupIds: many(16, group) },
      less: { ...awsLink, extraSecurityGroupIds: many(15, group) },
      line: 'extraSecurityGroupIds: must be at most 15. AWS accepts at most 16 security groups on an endpoint, and one is the own of the link.'
    },
    {
      when: 'more than 5 security groups on a probe',
      link: { ...awsLink, probe: { ...awsProbe, clientSecurityGroupIds: many(5, group) } },
      less: { ...awsLink, probe: { ...awsProbe, clientSecurityGroupIds: many(4, group) } },
      line: 'probe.clientSecurityGroupIds: must be at most 4. Amazon ECS accepts 5 security groups for a task, and one is the own of the probe.'
    },
    {
      when: 'more than 10 target service accounts',
      link: { ...gcpLink, egressTargetServiceAccounts: accounts },
      less: { ...gcpLink, egressTargetServiceAccounts: accounts.slice(1) },
      line: 'egressTargetServiceAccounts: must be at most 10. Google Cloud accepts no more target service accounts in a firewall rule.'
    },
    {
      when: 'more than 70 target tags',
      link: { ...gcpLink, egressTargetTags: tags },
      less: { ...gcpLink, egressTargetTags: tags.slice(1) },
      line: 'egressTargetTags: must be at most 70. Google Cloud accepts no more target tags in a firewall rule.'
    },
    {
      when: 'more than 30 source tags',
      link: { ...gcpLink, probe: { ...gcpProbe, scrapeFrom: tags.slice(0, 31) } },
      less: { ...gcpLink, probe: { ...gcpProbe, scrapeFrom: tags.slice(0, 30) } },
      line: 'probe.scrapeFrom: must have at most 30 network tags, got 31. Google Cloud accepts no more source tags in a firewall rule. Give address ranges.'
    }
  ]) {
    plain(when, () => {
      expect(linesOf(link)).toEqual([`test: links.search.${line}`])
      expect(linesOf(less)).toEqual([])
    })
  }
})
