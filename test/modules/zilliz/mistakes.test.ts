import { expect, test } from 'vitest'
import { readEnvironments } from '../../../modules/environment/read-environments.ts'
import { MistakesError } from '../../../modules/mistakes.ts'
import { awsLink, environment, gcpLink } from '../literals.ts'

function linesOf(...environments: readonly object[]): readonly string[] {
  try {
    readEnvironments(environments)
  } catch (error) {
    if (error instanceof MistakesError) return error.mistakes
    throw error
  }
  return []
}

const { serviceName: _, hosts: __, ...aws } = awsLink
const { serviceAttachment: ___, hosts: ____, ...gcp } = gcpLink
const zilliz = { projectId: 'proj-0a1b2c3d4e5f60718293a4', clusters: ['in01-840ec44485bf25d'] }
const onDemandHost = (site: string) => `https://${zilliz.projectId}.${site}.api.zillizcloud.com`
const withLinks = (links: object, name = 'test') => ({ ...environment, name, links })

test('with a project and clusters, neither service nor hosts are needed', () => {
  expect(linesOf(withLinks({ search: { ...aws, zilliz }, papers: { ...gcp, zilliz } }))).toEqual([])
})

test('either may still be given', () => {
  const other = 'in01-9c3d7e8f1a2b4c6'
  expect(linesOf(withLinks({ search: { ...awsLink, zilliz: { projectId: zilliz.projectId } } }))).toEqual([])
  expect(linesOf(withLinks({ papers: { ...gcpLink, zilliz: { ...zilliz, clusters: [other] } } }))).toEqual([])
})

for (const { when, link, line } of [
  {
    when: 'it has neither service nor project on AWS',
    link: aws,
    line: '.serviceName: is missing. Give a string, or zilliz to have it looked up.'
  },
  {
    when: 'it has neither service nor project on Google Cloud',
    link: gcp,
    line: '.serviceAttachment: is missing. Give a string, or zilliz to have it looked up.'
  },
  {
    when: 'its project is missing',
    link: { ...aws, zilliz: { clusters: zilliz.clusters } },
    line: '.zilliz.projectId: is missing. Give a string.'
  },
  {
    when: 'its project is the name of one',
    link: { ...aws, zilliz: { ...zilliz, projectId: 'Default Project' } },
    line: '.zilliz.projectId: must not hold spaces, got "Default Project". Remove them.'
  },
  {
    when: 'its project is that of Google Cloud',
    link: { ...aws, zilliz: { ...zilliz, projectId: 'search-test' } },
    line: '.zilliz.projectId: must be the id of a Zilliz Cloud project such as proj-0a1b2c3d4e5f60718293a4, got "search-test". Copy it from the address of its page in the Zilliz Cloud console.'
  },
  {
    when: 'a cluster is a serverless one',
    link: { ...aws, zilliz: { ...zilliz, clusters: ['in05-840ec44485bf25d'] } },
    line: '.zilliz.clusters[0]: is a serverless cluster, got "in05-840ec44485bf25d". It has no private link. Give dedicated clusters.'
  },
  {
    when: 'a cluster is an on-demand one, whose host is that of its project',
    link: { ...aws, zilliz: { ...zilliz, clusters: ['in07-840ec44485bf25d'] } },
    line: '.zilliz.clusters[0]: is an on-demand cluster, got "in07-840ec44485bf25d". All on-demand clusters of a project share the project endpoint: write https://<project>.<cloud>-<region>.api.zillizcloud.com in hosts, with the project\'s id.'
  },
  {
    when: 'a host of on-demand clusters is to be answered by a parent zone on AWS',
    link: { ...awsLink, zone: 'parent', hosts: [...awsLink.hosts, onDemandHost('aws-us-west-2')] },
    line: `.hosts[2]: is not below vectordb.zillizcloud.com, which is all that zone: 'parent' answers, got "${zilliz.projectId}.aws-us-west-2.api.zillizcloud.com". Give a link with zone: 'per-host' or 'existing' to it.`
  },
  {
    when: 'a host of on-demand clusters is to be answered by a parent zone on Google Cloud',
    link: { ...gcpLink, zone: 'switch-to-per-host', hosts: [onDemandHost('gcp-us-west1')] },
    line: `.hosts[0]: is not below vectordb.zillizcloud.com, which is all that zone: 'switch-to-per-host' answers, got "${zilliz.projectId}.gcp-us-west1.api.zillizcloud.com". Give a link with zone: 'per-host' or 'existing' to it.`
  },
  {
    when: 'the on-demand clusters of a project are named twice',
    link: { ...awsLink, hosts: [onDemandHost('aws-us-west-2'), `${onDemandHost('aws-us-west-2')}:443`] },
    line: `.hosts[1]: names project ${zilliz.projectId} again, got "${zilliz.projectId}.aws-us-west-2.api.zillizcloud.com". Remove it: hosts[0] has it already.`
  },
  {
    when: 'a cluster is a host',
    link: { ...aws, zilliz: { ...zilliz, clusters: ['in01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com'] } },
    line: '.zilliz.clusters[0]: must be the id of a dedicated cluster such as in01-840ec44485bf25d, got "in01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com". Copy it from the cluster\'s page.'
  },
  {
    when: 'a cluster is named twice',
    link: { ...aws, zilliz: { ...zilliz, clusters: [...zilliz.clusters, ...zilliz.clusters] } },
    line: '.zilliz.clusters[1]: names in01-840ec44485bf25d again. Remove it: clusters[0] has it already.'
  },
  {
    when: 'the host of a cluster is written down too',
    link: { ...awsLink, zilliz },
    line: '.zilliz.clusters[0]: names in01-840ec44485bf25d, whose host is hosts[0] too. Remove one of them.'
  },
  {
    when: 'an API key is written down',
    link: { ...aws, zilliz: { ...zilliz, apiKey: 'secret' } },
    line: '.zilliz: unknown key "apiKey". Known keys are projectId, clusters, registered.'
  },
  {
    when: 'a record is to be taken over whose host is not known',
    link: { ...aws, zilliz, adoptRecords: ['in01-840ec44485bf25d'] },
    line: '.adoptRecords[0]: names in01-840ec44485bf25d, whose host is not known before the deploy. Write it down in hosts, and take it out of zilliz.clusters.'
  },
  {
    when: 'records are to be taken over whose hosts are not known',
    link: { ...gcp, zilliz, adopt: ['endpoint', 'records'] },
    line: '.adopt[1]: takes records over by their hosts, which are not known before the deploy for in01-840ec44485bf25d. Write them down in hosts, and take them out of zilliz.clusters.'
  }
]) {
  test(`a link is refused with one line when ${when}`, () => {
    expect(linesOf(withLinks({ search: link }))).toEqual([`test: links.search${line}`])
  })
}

test('endpoints of one name, of two Google Cloud projects, are not registered with one project of Zilliz Cloud', () => {
  const other = { ...gcp, project: 'search-prod', zilliz: { projectId: zilliz.projectId } }
  const lines = linesOf(
    withLinks({ search: { ...gcp, zilliz: { projectId: zilliz.projectId } } }, 'one'),
    withLinks({ papers: other }, 'two')
  )
  expect(lines).toEqual([
    'two: links.papers: owns the registration of zilliz-us-west1 with proj-0a1b2c3d4e5f60718293a4, and so does one: links.search. Give one of them another endpointName.'
  ])
})

test('one cluster on one network, of two environments, is found before a deploy', () => {
  const lines = linesOf(
    withLinks({ search: { ...aws, zilliz } }, 'one'),
    withLinks({ papers: { ...aws, zilliz } }, 'two')
  )
  expect(lines).toEqual([
    'two: links.papers: owns the record of cluster in01-840ec44485bf25d on vpc-0a1b2c3d4e5f60718, and so does one: links.search. Take the cluster out of one of them.'
  ])
})
