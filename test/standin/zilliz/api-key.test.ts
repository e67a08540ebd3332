import { TerraformStack, Testing } from 'cdktf'
import { expect } from 'vitest'
import { DataZillizCluster } from '../../../modules/zilliz/data-cluster.ts'
import { ZillizPrivateEndpoint } from '../../../modules/zilliz/private-endpoint.ts'
import { ZillizProvider } from '../../../modules/zilliz/provider.ts'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { type ApiKey, ZillizCloud } from './zilliz-cloud.ts'

const test = testWith('terraform')

const here = { projectId: 'proj-0a', regionId: 'aws-us-west-2' }

function newCloud(apiKey: ApiKey): ZillizCloud {
  return new ZillizCloud({
    apiKey,
    projects: [{ id: 'proj-0a' }],
    regions: [{ id: 'aws-us-west-2', endpointService: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0' }],
    clusters: [{ id: 'in01-0a', ...here }]
  })
}

function build(stack: TerraformStack): void {
  new ZillizProvider(stack, 'zilliz')
  new DataZillizCluster(stack, 'cluster', { clusterId: 'in01-0a' })
  new ZillizPrivateEndpoint(stack, 'endpoint', { ...here, endpointId: 'vpce-0a' })
}

test('the key stands in no configuration', () => {
  const stack = new TerraformStack(Testing.app(), 'small')
  build(stack)
  const { terraform, provider } = JSON.parse(Testing.synth(stack))
  expect(terraform.required_providers).toEqual({
    zillizcloud: { source: 'zilliztech/zillizcloud', version: '~> 0.6.35' }
  })
  expect(provider).toEqual({ zillizcloud: [{}] })
})

test('without a key nothing is planned', async () => {
  const zilliz = newCloud('missing')
  const stack = await openStack({ zilliz }, build)
  expect(await stack.validate()).toEqual([])
  expect(refusals(await stack.plan())).toEqual({
    'provider["registry.terraform.io/zilliztech/zillizcloud"]': 'failed to create client: ApiKey is required'
  })
  zilliz.apiKey = 'valid'
  expect((await stack.apply()).errors).toEqual([])
})

test('a key that Zilliz Cloud does not know is refused by whatever comes first', async () => {
  const zilliz = newCloud('illegal')
  const stack = await openStack({ zilliz }, build)
  const answer =
    'http status code: 401, error: Error[21119]:The apikey is illegal. RequestId:, requestId: 7f3e9a0c5d1b2846'
  expect(refusals(await stack.plan())).toEqual({
    'data.zillizcloud_cluster.cluster': `Client Error: Unable to DescribeCluster, got error: ${answer}`
  })
  zilliz.apiKey = 'valid'
  await stack.apply()
  zilliz.apiKey = 'illegal'
  expect(refusals(await stack.plan())).toMatchObject({
    'zillizcloud_private_endpoint.endpoint': `Failed to list endpoints: ${answer}`
  })
  expect(zilliz.endpoints).toHaveLength(1)
})
