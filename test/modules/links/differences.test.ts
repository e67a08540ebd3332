import { describe, expect, test } from 'vitest'
import type { RegisteredEndpoint } from '../../../modules/links/at-zilliz.ts'
import type { DeployedLink } from '../../../modules/links/deployed-link.ts'
import { differences, type Facts } from '../../../modules/links/differences.ts'
import { type DifferenceKind, type DifferenceRemedy, kinds, type LinkInProject } from '../../../modules/links/kinds.ts'
import { shell } from '../../../probe/clouds/shell.ts'
import type { PackageCommand } from '../../../probe/command/how-started.ts'
import type { Cluster } from '../../../probe/zilliz/answers.ts'
import { awsCluster, awsEndpoint, awsHost, gcpCluster, gcpEndpoint, gcpHost, otherProject, project } from './worlds.ts'

const aws: LinkInProject = {
  environment: 'dev',
  name: 'search',
  cloud: 'aws',
  regionId: 'aws-us-west-2',
  projectId: project,
  isRegisteredByDeploy: false,
  clusters: [],
  endpoint: { id: awsEndpoint.endpointId, project: undefined },
  connectionStatus: 'available',
  hosts: [
    {
      cluster: awsCluster.clusterId,
      name: awsHost,
      port: 19531,
      record: { type: 'CNAME', zone: 'Z0CFJJD0BFQ120CMNFFQF' }
    }
  ],
  written: [{ cluster: awsCluster.clusterId, name: awsHost }],
  isDeployed: true
}

const gcp: LinkInProject = {
  ...aws,
  name: 'papers',
  cloud: 'gcp',
  regionId: 'gcp-us-west1',
  endpoint: { id: gcpEndpoint.endpointId, project: gcpEndpoint.gcpProjectId },
  connectionStatus: 'ACCEPTED',
  hosts: [
    {
      cluster: gcpCluster.clusterId,
      name: gcpHost,
      port: 443,
      record: { type: 'A', zone: 'zilliz-privatelink-zone' }
    }
  ],
  written: [{ cluster: gcpCluster.clusterId, name: gcpHost }]
}

const registeredAws: RegisteredEndpoint = { ...awsEndpoint, projectId: project }
const registeredGcp: RegisteredEndpoint = { ...gcpEndpoint, projectId: project }

interface World {
  readonly links?: readonly LinkInProject[]
  readonly others?: readonly DeployedLink[]
  readonly endpoints?: readonly RegisteredEndpoint[]
  readonly clusters?: readonly Cluster[]
}

/** A healthy environment but for what is given. */
function facts({
  links = [aws, gcp],
  others = [],
  endpoints = [registeredAws, registeredGcp],
  clusters = [awsCluster, gcpCluster]
}: World = {}): Facts {
  return { environment: 'dev', links, others, zilliz: { endpoints, clusters, unread: [] } }
}

const inProd = (link: LinkInProject): DeployedLink => ({ ...link, environment: 'prod', name: 'live' })
const newCluster: Cluster = {
  ...awsCluster,
  clusterId: 'in01-0a0b0c0d0e0f010',
  clusterName: 'new',
  privateLinkAddress: 'https://in01-0a0b0c0d0e0f010-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19540'
}
const projectHost = `${project}.aws-us-west-2.api.zillizcloud.com`
const onDemand: Cluster = {
  ...awsCluster,
  clusterId: 'in07-840ec44485bf25d',
  clusterName: 'batch',
  plan: '',
  status: 'SUSPENDED',
  privateLinkAddress: `https://${projectHost}`
}
const withProjectHost: LinkInProject = {
  ...aws,
  hosts: [...aws.hosts, { cluster: project, name: projectHost, port: 443, record: undefined }],
  written: [...aws.written, { cluster: project, name: projectHost }]
}
const noHosts = { hosts: [], written: [] }
const deploy: PackageCommand = { command: 'deploy', words: shell`dev` }
const dialog = `in the Add Private Link dialog of ${project}.`
const page = 'the Private Link page of the Zilliz Cloud console'

test('two links that use one endpoint of others differ in nothing from Zilliz Cloud where it is registered once', () => {
  const other = { ...aws, name: 'papers', ...noHosts }
  expect(differences(facts({ links: [aws, other, gcp] }))).toEqual([])
  expect(
    differences(facts({ links: [aws, other, gcp], endpoints: [registeredGcp] })).map(({ kind, link }) => [kind, link])
  ).toEqual([
    ['endpoint-not-registered', 'search'],
    ['endpoint-not-registered', 'papers']
  ])
})

const cases: readonly {
  readonly when: string
  readonly world: World
  readonly kind: DifferenceKind
  readonly what: string
  readonly remedy: DifferenceRemedy
}[] = [
  {
    when: 'a link is written and not deployed',
    world: { links: [{ ...aws, isDeployed: false, endpoint: undefined, ...noHosts }, gcp], endpoints: [registeredGcp] },
    kind: 'link-not-deployed',
    what: 'the outputs do not have this link',
    remedy: {
      do: 'Deploy it, and write the outputs again.',
      run: { command: 'deploy', words: shell`dev --outputs-file outputs.json` }
    }
  },
  {
    when: 'on-demand clusters have a private link that no link answers, which is said once',
    world: { clusters: [awsCluster, gcpCluster, onDemand, { ...onDemand, clusterId: 'in07-2' }] },
    kind: 'cluster-without-record',
    what: `cluster in07-840ec44485bf25d "batch" has the private link ${projectHost}:443, and dev has no record of it`,
    remedy: { do: `Add 'https://${projectHost}:443' to the hosts of search, and deploy.`, run: deploy }
  },
  {
    when: 'a link answers for on-demand clusters of a project that has none',
    world: { links: [withProjectHost, gcp] },
    kind: 'record-without-cluster',
    what: `dev answers ${projectHost}, but there is no on-demand cluster of ${project} that the API key may see`,
    remedy: {
      do: 'Remove it from search, and deploy. Or, if the cluster exists, use a key that may see it.',
      run: deploy
    }
  },
  {
    when: 'on-demand clusters have no private link yet, and are suspended, as they are most of the time',
    world: {
      links: [withProjectHost, gcp],
      clusters: [awsCluster, gcpCluster, { ...onDemand, privateLinkAddress: '' }]
    },
    kind: 'private-link-not-allocated',
    what: 'cluster in07-840ec44485bf25d "batch" has no private link yet. Its status is SUSPENDED',
    remedy: { do: 'Wait about five minutes after the endpoint is registered, and check again.' }
  },
  {
    when: 'the API answers a private link that has the form of none',
    world: { clusters: [{ ...awsCluster, privateLinkAddress: 'https://amazonaws.com:443' }, gcpCluster] },
    kind: 'host-differs',
    what: `cluster in01-840ec44485bf25d "search" is at amazonaws.com:443, but dev has ${awsHost}:19531`,
    remedy: {
      do: 'Compare it with the page of the cluster in the console, because no private link of Zilliz Cloud has that form. Until they agree, do not add it.'
    }
  },
  {
    when: 'nobody registered an endpoint',
    world: { endpoints: [registeredGcp] },
    kind: 'endpoint-not-registered',
    what: `vpce-0a3e36be28cd7f26c is not registered with ${project}`,
    remedy: { do: `Enter the values of search in the output "register" ${dialog}` }
  },
  {
    when: 'nobody registered an endpoint that the deploy registers itself',
    world: { links: [aws, { ...gcp, isRegisteredByDeploy: true }], endpoints: [registeredAws] },
    kind: 'endpoint-not-registered',
    what: `zilliz-us-west1 of search-dev is not registered with ${project}`,
    remedy: { do: `Deploy again. The deploy registers it.`, run: deploy }
  },
  {
    when: 'nobody registered an endpoint whose id is not known',
    world: { links: [{ ...aws, endpoint: undefined }, gcp], endpoints: [registeredGcp] },
    kind: 'endpoint-not-registered',
    what: `no endpoint in aws-us-west-2 is registered with ${project}`,
    remedy: { do: `Enter the values of search in the output "register" ${dialog}` }
  },
  {
    when: 'the endpoint of another Google Cloud project has the same name',
    world: { endpoints: [registeredAws, { ...registeredGcp, projectId: otherProject, gcpProjectId: 'search-prod' }] },
    kind: 'endpoint-not-registered',
    what: `zilliz-us-west1 of search-dev is not registered with ${project}`,
    remedy: { do: `Enter the values of papers in the output "register" ${dialog}` }
  },
  {
    when: 'an endpoint is registered with another project',
    world: { endpoints: [{ ...registeredAws, projectId: otherProject }, registeredGcp] },
    kind: 'endpoint-registered-elsewhere',
    what: `vpce-0a3e36be28cd7f26c is registered with ${otherProject} in aws-us-west-2, not with ${project} in aws-us-west-2`,
    remedy: {
      do: `Register it with ${project} in aws-us-west-2, and remove the other registration on ${page}. Or correct the project or region of the link.`
    }
  },
  {
    when: 'an endpoint is registered in another region',
    world: { endpoints: [{ ...registeredAws, regionId: 'aws-us-east-2' }, registeredGcp] },
    kind: 'endpoint-registered-elsewhere',
    what: `vpce-0a3e36be28cd7f26c is registered with ${project} in aws-us-east-2, not with ${project} in aws-us-west-2`,
    remedy: {
      do: `Register it with ${project} in aws-us-west-2, and remove the other registration on ${page}. Or correct the project or region of the link.`
    }
  },
  {
    when: 'an endpoint is registered with two projects',
    world: { endpoints: [registeredAws, { ...registeredAws, projectId: otherProject }, registeredGcp] },
    kind: 'endpoint-registered-twice',
    what: `vpce-0a3e36be28cd7f26c is registered 2 times: with ${project} in aws-us-west-2 and with ${otherProject} in aws-us-west-2`,
    remedy: { do: `Keep the one with ${project} in aws-us-west-2, and remove the others on ${page}.` }
  },
  {
    when: 'an endpoint is not accepted yet',
    world: { endpoints: [{ ...registeredAws, endpointStatus: 'Pending_Acceptance' }, registeredGcp] },
    kind: 'endpoint-not-ready',
    what: 'vpce-0a3e36be28cd7f26c is registered but not ready: its status is Pending_Acceptance, that of its service AVAILABLE',
    remedy: {
      do: `Wait about five minutes. If it is still not ready, check the endpoint on ${page} and in the Amazon VPC console.`
    }
  },
  {
    when: 'nothing is said of an endpoint, and its service is down',
    world: { endpoints: [registeredAws, { ...registeredGcp, endpointStatus: '', endpointServiceStatus: 'DOWN' }] },
    kind: 'endpoint-not-ready',
    what: 'zilliz-us-west1 of search-dev is registered but not ready: its status is —, that of its service DOWN',
    remedy: {
      do: `Wait about five minutes. If it is still not ready, check the endpoint on ${page} and in the Google Cloud console.`
    }
  },
  {
    when: 'a status would clear the screen',
    world: { endpoints: [{ ...registeredAws, endpointStatus: '\u001b[2J' }, registeredGcp] },
    kind: 'endpoint-not-ready',
    what: 'vpce-0a3e36be28cd7f26c is registered but not ready: its status is \\u{1b}[2J, that of its service AVAILABLE',
    remedy: {
      do: `Wait about five minutes. If it is still not ready, check the endpoint on ${page} and in the Amazon VPC console.`
    }
  },
  {
    when: 'a cluster of the project has no host',
    world: { clusters: [awsCluster, gcpCluster, newCluster] },
    kind: 'cluster-without-record',
    what: 'cluster in01-0a0b0c0d0e0f010 "new" has the private link in01-0a0b0c0d0e0f010-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19540, and dev has no record of it',
    remedy: {
      do: `Add 'https://in01-0a0b0c0d0e0f010-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19540' to the hosts of search, and deploy.`,
      run: deploy
    }
  },
  {
    when: 'a host is written and not deployed',
    world: { links: [{ ...aws, hosts: [] }, gcp] },
    kind: 'cluster-without-record',
    what: `cluster in01-840ec44485bf25d "search" has the private link ${awsHost}:19531, and dev has no record of it`,
    remedy: { do: `Deploy again.`, run: deploy }
  },
  {
    when: 'a cluster is named and its host not deployed',
    world: { links: [{ ...aws, ...noHosts, clusters: [awsCluster.clusterId] }, gcp] },
    kind: 'cluster-without-record',
    what: `cluster in01-840ec44485bf25d "search" has the private link ${awsHost}:19531, and dev has no record of it`,
    remedy: { do: `Deploy again.`, run: deploy }
  },
  {
    when: 'the cluster of a host is dropped',
    world: { clusters: [gcpCluster] },
    kind: 'record-without-cluster',
    what: `dev answers ${awsHost}, but there is no cluster in01-840ec44485bf25d that the API key may see`,
    remedy: {
      do: `Remove it from search, and deploy. Or, if the cluster exists, use a key that may see it.`,
      run: deploy
    }
  },
  {
    when: 'the cluster of a host is being dropped',
    world: { clusters: [{ ...awsCluster, status: 'Deleting' }, gcpCluster] },
    kind: 'record-without-cluster',
    what: `dev answers ${awsHost}, but the status of cluster in01-840ec44485bf25d "search" is Deleting`,
    remedy: { do: `Remove it from search, and deploy.`, run: deploy }
  },
  {
    when: 'a named cluster is not there',
    world: { links: [{ ...aws, ...noHosts, clusters: ['in01-1'] }, gcp] },
    kind: 'cluster-not-found',
    what: 'there is no cluster in01-1 that the API key may see',
    remedy: { do: 'Correct the id in search, or use a key that may see the cluster.' }
  },
  {
    when: 'a cluster is of another project',
    world: { clusters: [{ ...awsCluster, projectId: otherProject }, gcpCluster] },
    kind: 'cluster-in-another-project',
    what: `cluster in01-840ec44485bf25d "search" is of ${otherProject}, but the link is of ${project}`,
    remedy: {
      do: `Correct the project of the link, or give the cluster a link of ${otherProject}. An endpoint serves only clusters of the project that it is registered with.`
    }
  },
  {
    when: 'a named cluster is in another region',
    world: {
      links: [{ ...aws, clusters: [newCluster.clusterId] }, gcp],
      clusters: [awsCluster, gcpCluster, { ...newCluster, regionId: 'aws-us-east-2' }]
    },
    kind: 'cluster-in-another-region',
    what: 'cluster in01-0a0b0c0d0e0f010 "new" is in aws-us-east-2, but the link is to aws-us-west-2',
    remedy: { do: 'Give the cluster a link to aws-us-east-2.' }
  },
  {
    when: 'the plan of a cluster has no private link',
    world: { clusters: [{ ...awsCluster, plan: 'Standard', privateLinkAddress: '' }, gcpCluster] },
    kind: 'plan-without-private-link',
    what: 'cluster in01-840ec44485bf25d "search" is of the plan Standard, which has no private link',
    remedy: { do: `Upgrade its plan to Enterprise or above. Or remove it from search, and deploy.`, run: deploy }
  },
  {
    when: 'the private link of a cluster is not allocated',
    world: { clusters: [{ ...awsCluster, privateLinkAddress: '' }, gcpCluster] },
    kind: 'private-link-not-allocated',
    what: 'cluster in01-840ec44485bf25d "search" has no private link yet. Its status is RUNNING',
    remedy: { do: 'Wait about five minutes after the endpoint is registered, and check again.' }
  },
  {
    when: 'the private link of a cluster is not allocated while Zilliz Cloud works on it',
    world: { clusters: [{ ...awsCluster, privateLinkAddress: '', status: 'SET_PRIVATE_LINK' }, gcpCluster] },
    kind: 'private-link-not-allocated',
    what: 'cluster in01-840ec44485bf25d "search" has no private link yet. Its status is SET_PRIVATE_LINK',
    remedy: { do: 'Wait until the status of the cluster is RUNNING. Then Zilliz Cloud allocates the private link.' }
  },
  {
    when: 'the port of a cluster is another',
    world: { clusters: [{ ...awsCluster, privateLinkAddress: `https://${awsHost}:19999` }, gcpCluster] },
    kind: 'host-differs',
    what: `cluster in01-840ec44485bf25d "search" is at ${awsHost}:19999, but dev has ${awsHost}:19531`,
    remedy: { do: `Replace it with 'https://${awsHost}:19999' in the hosts of search, and deploy.`, run: deploy }
  },
  {
    when: 'the host of a named cluster is another',
    world: {
      links: [{ ...aws, clusters: [awsCluster.clusterId] }, gcp],
      clusters: [{ ...awsCluster, privateLinkAddress: 'https://in01-840ec44485bf25d.example:19531' }, gcpCluster]
    },
    kind: 'host-differs',
    what: `cluster in01-840ec44485bf25d "search" is at in01-840ec44485bf25d.example:19531, but dev has ${awsHost}:19531`,
    remedy: { do: `Deploy again.`, run: deploy }
  },
  {
    when: 'an endpoint of another environment is registered with the same project',
    world: {
      others: [inProd({ ...gcp, endpoint: { id: 'zilliz-us-west1', project: 'search-prod' } })],
      endpoints: [registeredAws, registeredGcp, { ...registeredGcp, gcpProjectId: 'search-prod' }]
    },
    kind: 'endpoint-of-others',
    what: `zilliz-us-west1 of search-prod is registered with ${project} in gcp-us-west1, and dev does not deploy it; prod/live does`,
    remedy: { do: 'Nothing to do.' }
  },
  {
    when: 'an endpoint of nobody that is known is registered with the same project',
    world: { endpoints: [registeredAws, registeredGcp, { ...registeredAws, endpointId: 'vpce-1' }] },
    kind: 'endpoint-of-others',
    what: `vpce-1 is registered with ${project} in aws-us-west-2, and dev does not deploy it; no other environment is known to`,
    remedy: { do: `If it is unused, remove it on ${page}. Its clients lose their connections at once.` }
  },
  {
    when: 'eight endpoints are registered with a project',
    world: {
      others: ['1', '2', '3', '4', '5', '6'].map(id => inProd({ ...aws, endpoint: { id, project: undefined } })),
      endpoints: [
        registeredAws,
        registeredGcp,
        ...['1', '2', '3', '4', '5', '6'].map(endpointId => ({ ...registeredAws, endpointId }))
      ]
    },
    kind: 'endpoint-limit-near',
    what: `8 private endpoints are registered with ${project}, which may have 10`,
    remedy: { do: `Remove unused ones on ${page} before you need another.` }
  }
]

describe('a difference is reported with what to do, when', () => {
  test.for(cases)('$when', ({ world, kind, what, remedy }) => {
    const found = differences(facts(world)).filter(each => each.kind === kind)
    expect(found.map(({ what, remedy }) => ({ what, remedy }))).toEqual([{ what, remedy }])
    expect(found[0]?.needsDoing).toBe(kinds[kind].needsDoing)
  })

  test('whatever its kind, for each has a case', () => {
    expect([...new Set(cases.map(({ kind }) => kind))].sort()).toEqual(Object.keys(kinds).sort())
  })

  test.for(cases.filter(({ kind }) => kind !== 'endpoint-limit-near'))(
    '$when, and of nothing else',
    ({ world, kind }) => {
      expect(differences(facts(world)).map(each => each.kind)).toEqual([kind])
    }
  )
})

describe('nothing is reported, when', () => {
  test.for<{ when: string; world: World }>([
    { when: 'all is as it should be', world: {} },
    {
      when: 'statuses are written in another case',
      world: {
        endpoints: [
          { ...registeredAws, endpointStatus: 'Available' },
          { ...registeredGcp, endpointStatus: 'ACCEPTED' }
        ]
      }
    },
    {
      when: 'Google Cloud names the endpoint, and Zilliz Cloud not its project',
      world: { endpoints: [registeredAws, { ...registeredGcp, gcpProjectId: '' }] }
    },
    {
      when: 'the first step is deployed and registered, and there is no cluster yet',
      world: { links: [{ ...aws, ...noHosts }, gcp], clusters: [gcpCluster] }
    },
    {
      when: 'the private link of a cluster without a host is not allocated',
      world: { clusters: [awsCluster, gcpCluster, { ...newCluster, privateLinkAddress: '' }] }
    },
    {
      when: 'a free cluster is in the project',
      world: { clusters: [awsCluster, gcpCluster, { ...newCluster, plan: 'Free', privateLinkAddress: '' }] }
    },
    {
      when: 'another environment has the host of a cluster',
      world: {
        others: [
          inProd({
            ...aws,
            endpoint: undefined,
            hosts: [{ cluster: newCluster.clusterId, name: 'x', port: 1, record: undefined }]
          })
        ],
        clusters: [awsCluster, gcpCluster, newCluster]
      }
    },
    {
      when: 'a link names its clusters, and others are in the project',
      world: {
        links: [{ ...aws, clusters: [awsCluster.clusterId] }, gcp],
        clusters: [awsCluster, gcpCluster, newCluster]
      }
    },
    {
      when: 'a cluster without a host is in a region to which no link leads',
      world: { clusters: [awsCluster, gcpCluster, { ...newCluster, regionId: 'aws-us-east-2' }] }
    },
    {
      when: 'a cluster without a host is being dropped',
      world: { clusters: [awsCluster, gcpCluster, { ...newCluster, status: 'DELETED' }] }
    },
    {
      when: 'the id of the endpoint is not known, and one that may be it is registered',
      world: { links: [{ ...aws, endpoint: undefined, isDeployed: undefined }, gcp] }
    },
    {
      when: 'two regions have an endpoint of the same name',
      world: {
        links: [aws, gcp, { ...gcp, name: 'east', regionId: 'gcp-us-east4', ...noHosts }],
        endpoints: [registeredAws, registeredGcp, { ...registeredGcp, regionId: 'gcp-us-east4' }]
      }
    },
    {
      when: 'the host of a cluster has another id in it',
      world: { clusters: [{ ...awsCluster, clusterId: 'in01-other' }, gcpCluster] }
    },
    {
      when: 'the port of a cluster is not told',
      world: { clusters: [{ ...awsCluster, privateLinkAddress: `https://${awsHost}` }, gcpCluster] }
    },
    {
      when: 'an endpoint of another environment is registered with its own project',
      world: {
        others: [inProd({ ...aws, projectId: otherProject, endpoint: { id: 'vpce-1', project: undefined } })],
        endpoints: [registeredAws, registeredGcp, { ...registeredAws, endpointId: 'vpce-1', projectId: otherProject }]
      }
    }
  ])('$when', ({ world }) => {
    expect(differences(facts(world))).toEqual([])
  })
})

test('a link whose endpoint is not registered is advised to begin there', () => {
  const found = differences(
    facts({ endpoints: [registeredGcp], clusters: [{ ...awsCluster, privateLinkAddress: '' }, gcpCluster] })
  )
  expect(found.map(({ kind, remedy }) => ({ kind, remedy }))).toEqual([
    {
      kind: 'endpoint-not-registered',
      remedy: { do: `Enter the values of search in the output "register" ${dialog}` }
    },
    {
      kind: 'private-link-not-allocated',
      remedy: { do: 'Register the endpoint. Zilliz Cloud allocates the private link about five minutes later.' }
    }
  ])
})

test('seven endpoints of a project are not near the limit', () => {
  const more = ['1', '2', '3', '4', '5'].map(endpointId => ({ ...registeredAws, endpointId }))
  const found = differences(facts({ endpoints: [registeredAws, registeredGcp, ...more] }))
  expect(found.map(({ kind }) => kind)).toEqual(more.map(() => 'endpoint-of-others'))
})

test('what needs doing comes before what is good to know', () => {
  const stray = { ...registeredAws, endpointId: 'vpce-1' }
  const found = differences(facts({ endpoints: [stray, registeredAws], links: [aws, gcp] }))
  expect(found.map(({ kind }) => kind)).toEqual(['endpoint-not-registered', 'endpoint-of-others'])
})
