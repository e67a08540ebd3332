import { TerraformOutput, type TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { stringOf } from '../../../modules/expression.ts'
import { DataZillizPrivateEndpointServices } from '../../../modules/zilliz/data-private-endpoint-services.ts'
import { ZillizProvider } from '../../../modules/zilliz/provider.ts'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { ZillizCloud } from './zilliz-cloud.ts'

const test = testWith('terraform')

const zilliz = new ZillizCloud({
  projects: [],
  regions: [
    { id: 'aws-us-west-2', endpointService: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0' },
    { id: 'gcp-us-west1', endpointService: 'projects/vendor/regions/us-west1/serviceAttachments/zilliz' },
    { id: 'az-eastus', endpointService: 'zilliz.6a90fc24.eastus.azure.privatelinkservice', whitelistRequired: true },
    { id: 'aws-eu-west-2' }
  ]
})

function withServices(regionId: string) {
  return (stack: TerraformStack) => {
    new ZillizProvider(stack, 'zilliz')
    const services = new DataZillizPrivateEndpointServices(stack, 'services', { regionId })
    new TerraformOutput(stack, 'list', { value: stringOf(services.endpointServices) })
    new TerraformOutput(stack, 'count', { value: services.totalCount })
  }
}

for (const [cloud, regionId, service, whitelistRequired] of [
  ['aws', 'aws-us-west-2', 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0', false],
  ['gcp', 'gcp-us-west1', 'projects/vendor/regions/us-west1/serviceAttachments/zilliz', false],
  ['azure', 'az-eastus', 'zilliz.6a90fc24.eastus.azure.privatelinkservice', true]
] as const) {
  test(`the service of ${regionId} is known before there is an endpoint`, async () => {
    const stack = await openStack({ zilliz }, withServices(regionId))
    expect((await stack.plan()).reads).toEqual([])
    const listed = {
      cloud_id: cloud,
      endpoint_service: service,
      region_id: regionId,
      whitelist_required: whitelistRequired
    }
    expect((await stack.apply()).outputs).toEqual({ list: [listed], count: 1 })
  })
}

test('a region without private links has null for a list', async () => {
  const stack = await openStack({ zilliz }, withServices('aws-eu-west-2'))
  expect((await stack.apply()).outputs).toEqual({ count: 0 })
})

test('a region that Zilliz Cloud does not have is refused', async () => {
  const stack = await openStack({ zilliz }, withServices('us-west-2'))
  expect(refusals(await stack.plan())).toEqual({
    'data.zillizcloud_private_endpoint_services.services':
      'Client Error: Unable to ListEndpointServices, got error: Error[96001]:Invalid RegionId. Please use the ListCloudRegions API to obtain a list of supported regionIds.. RequestId:7f3e9a0c5d1b2846'
  })
})
