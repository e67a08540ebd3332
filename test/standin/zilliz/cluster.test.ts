import { TerraformOutput, type TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { DataZillizCluster } from '../../../modules/zilliz/data-cluster.ts'
import { ZillizPrivateEndpoint } from '../../../modules/zilliz/private-endpoint.ts'
import { ZillizProvider } from '../../../modules/zilliz/provider.ts'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import type { Access } from './project.ts'
import { ZillizCloud } from './zilliz-cloud.ts'
import type { ClusterSeed } from './zilliz-seed.ts'

const test = testWith('terraform')

const here = { projectId: 'proj-0a', regionId: 'aws-us-west-2' }
const link = 'https://in01-0a-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531'

function newCloud(clusters: readonly ClusterSeed[] = [{ id: 'in01-0a', ...here }]): ZillizCloud {
  return new ZillizCloud({
    projects: [{ id: 'proj-0a' }, { id: 'proj-0b' }],
    regions: [
      { id: 'aws-us-west-2', endpointService: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0' },
      { id: 'gcp-us-west1', endpointService: 'projects/vendor/regions/us-west1/serviceAttachments/zilliz' }
    ],
    clusters
  })
}

/** A registration, and the private link of a cluster that must be there once it is made. */
function withLink(endpointId = 'vpce-0a') {
  return (stack: TerraformStack) => {
    new ZillizProvider(stack, 'zilliz')
    const endpoint = new ZillizPrivateEndpoint(stack, 'endpoint', { ...here, endpointId })
    const cluster = new DataZillizCluster(stack, 'cluster', {
      clusterId: 'in01-0a',
      dependsOn: [endpoint],
      lifecycle: {
        postcondition: [{ condition: '${self.private_link_address != ""}', errorMessage: 'not allocated yet' }]
      }
    })
    new TerraformOutput(stack, 'link', { value: cluster.privateLinkAddress })
  }
}

/** The private links of clusters, by their ids. */
function withClusters(ids: readonly string[]) {
  return (stack: TerraformStack) => {
    new ZillizProvider(stack, 'zilliz')
    for (const id of ids) {
      const { privateLinkAddress } = new DataZillizCluster(stack, id, { clusterId: id })
      new TerraformOutput(stack, `link-of-${id}`, { value: privateLinkAddress }).overrideLogicalId(id)
    }
  }
}

test('a link that is not allocated yet stops the deploy, which keeps what it made, and a later one goes on', async () => {
  const zilliz = newCloud()
  zilliz.allocation = 'pending'
  const stack = await openStack({ zilliz }, withLink())
  const first = await stack.apply()
  expect(first.done).toEqual([{ address: 'zillizcloud_private_endpoint.endpoint', action: 'create' }])
  expect(refusals(first)).toEqual({ '': 'Resource postcondition failed: not allocated yet' })
  expect((await stack.state()).map(({ address }) => address)).toEqual(['zillizcloud_private_endpoint.endpoint'])
  expect(refusals(await stack.plan())).toEqual({ '': 'Resource postcondition failed: not allocated yet' })
  zilliz.allocation = 'done'
  expect(await stack.apply()).toEqual({ done: [], outputs: { link }, warnings: [], errors: [] })
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })
})

test('what waits for a link can be destroyed', async () => {
  const zilliz = newCloud()
  zilliz.allocation = 'pending'
  const stack = await openStack({ zilliz }, withLink())
  await stack.apply()
  expect((await stack.destroy()).errors).toEqual([])
  expect(zilliz.endpoints).toEqual([])
})

test('a cluster is read while planning, unless what it depends on changes', async () => {
  const stack = await openStack({ zilliz: newCloud() }, withLink())
  expect((await stack.plan()).reads).toEqual(['data.zillizcloud_cluster.cluster'])
  await stack.apply()
  expect((await stack.plan()).reads).toEqual([])
  await stack.rebuild(withLink('vpce-0b'))
  expect((await stack.plan()).reads).toEqual(['data.zillizcloud_cluster.cluster'])
})

test('a link is for the dedicated clusters of the project and region of a registered endpoint', async () => {
  const zilliz = newCloud([
    { id: 'in01-0a', ...here },
    { id: 'in01-0b', ...here, plan: 'BusinessCritical', privatePort: 19534 },
    { id: 'in01-0standard', ...here, plan: 'Standard' },
    { id: 'in01-0late', ...here },
    { id: 'in01-0there', projectId: 'proj-0a', regionId: 'gcp-us-west1' },
    { id: 'in01-0other', projectId: 'proj-0b', regionId: 'aws-us-west-2' }
  ])
  const stack = await openStack({ zilliz }, withClusters([...zilliz.clusters.keys()]))
  expect(new Set(Object.values((await stack.apply()).outputs))).toEqual(new Set(['']))

  zilliz.endpoints.push({ ...here, endpointId: 'vpce-0a', gcpProjectId: undefined })
  const late = zilliz.clusters.get('in01-0late')
  if (late !== undefined) late.allocation = 'pending'
  expect((await stack.apply()).outputs).toEqual({
    'in01-0a': link,
    'in01-0b': 'https://in01-0b-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19534',
    'in01-0standard': '',
    'in01-0late': '',
    'in01-0there': '',
    'in01-0other': ''
  })
  const onGoogle = { projectId: 'proj-0a', regionId: 'gcp-us-west1', endpointId: 'zilliz', gcpProjectId: 'acme' }
  zilliz.endpoints.push(onGoogle)
  expect((await stack.apply()).outputs).toMatchObject({
    'in01-0there': 'https://in01-0there-privatelink.gcp-us-west1.vectordb.zillizcloud.com:443'
  })
})

test('a cluster tells its name, its region, its public endpoint and its status in the words of the provider', async () => {
  const cluster = { id: 'in01-0a', ...here, name: 'search', status: 'STOPPED', publicPort: 19538 }
  const stack = await openStack({ zilliz: newCloud([cluster]) }, stack => {
    new ZillizProvider(stack, 'zilliz')
    const { id, clusterName, regionId, connectAddress, status } = new DataZillizCluster(stack, 'cluster', {
      clusterId: 'in01-0a'
    })
    new TerraformOutput(stack, 'seen', { value: { id, clusterName, regionId, connectAddress, status } })
  })
  expect((await stack.apply()).outputs).toEqual({
    seen: {
      id: 'in01-0a',
      clusterName: 'search',
      regionId: 'aws-us-west-2',
      connectAddress: 'https://in01-0a.aws-us-west-2.vectordb.zillizcloud.com:19538',
      status: 'SUSPENDED'
    }
  })
})

test('Zilliz Cloud refuses to tell of clusters that are not there, and of those of others', async () => {
  const zilliz = newCloud()
  const stack = await openStack({ zilliz }, withClusters(['in01-0gone', 'in01-0a']))
  const refusal = (answer: string) =>
    `Client Error: Unable to DescribeCluster, got error: ${answer} RequestId:7f3e9a0c5d1b2846`
  const gone = refusal(
    'Error[96018]:Cluster not found. Please use the ListClusters API to obtain your scoped clusters..'
  )
  expect(refusals(await stack.plan())).toEqual({ 'data.zillizcloud_cluster.in01-0gone': gone })

  const answers: readonly (readonly [Access, string])[] = [
    [
      'other-organization',
      "Error[96014]:You don't have permission for this cluster. Cluster org and Apikey org does not match.."
    ],
    ['not-owner', "Error[96015]:You don't have permission for this cluster. Org owner or project owner is needed.."],
    ['out-of-scope', "Error[96016]:You don't have permission for this cluster. Please check your Apikey scope.."]
  ]
  const project = zilliz.projects.get('proj-0a')
  for (const [access, answer] of answers) {
    if (project !== undefined) project.access = access
    expect(refusals(await stack.plan())).toEqual({
      'data.zillizcloud_cluster.in01-0gone': gone,
      'data.zillizcloud_cluster.in01-0a': refusal(answer)
    })
  }
})

test('what read a cluster that has gone since cannot be destroyed', async () => {
  const zilliz = newCloud()
  const stack = await openStack({ zilliz }, withLink())
  await stack.apply()
  zilliz.clusters.clear()
  expect(refusals(await stack.destroy())).toEqual({
    'data.zillizcloud_cluster.cluster': expect.stringContaining('Error[96018]:Cluster not found.')
  })
  expect(zilliz.endpoints).toHaveLength(1)
})
