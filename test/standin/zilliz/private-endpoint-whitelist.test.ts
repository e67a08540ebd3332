import type { TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { ZillizPrivateEndpoint } from '../../../modules/zilliz/private-endpoint.ts'
import { ZillizPrivateEndpointWhitelist } from '../../../modules/zilliz/private-endpoint-whitelist.ts'
import { ZillizProvider } from '../../../modules/zilliz/provider.ts'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { ZillizCloud } from './zilliz-cloud.ts'

const test = testWith('terraform')

const here = { projectId: 'proj-0a', regionId: 'aws-us-west-2' }

function newCloud(): ZillizCloud {
  const endpointService = 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0'
  return new ZillizCloud({
    projects: [{ id: 'proj-0a' }, { id: 'proj-0b', access: 'not-owner' }],
    regions: [{ id: 'aws-us-west-2', endpointService, whitelistRequired: true }]
  })
}

function withEntry(outerUserId: string) {
  return (stack: TerraformStack) => {
    new ZillizProvider(stack, 'zilliz')
    new ZillizPrivateEndpointWhitelist(stack, 'it', { ...here, outerUserId })
  }
}

test('an entry of the whitelist comes, is left alone, and outlives its replacement and its end', async () => {
  const zilliz = newCloud()
  const stack = await openStack({ zilliz }, withEntry('123456789012'))
  await stack.apply()
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })
  expect((await stack.state()).map(({ values }) => values)).toEqual([
    { id: 'proj-0a', outer_user_id: '123456789012', project_id: 'proj-0a', region_id: 'aws-us-west-2' }
  ])
  await stack.rebuild(withEntry('210987654321'))
  expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['delete', 'create'])
  expect((await stack.destroy()).errors).toEqual([])
  expect(zilliz.whitelist).toEqual([
    { ...here, outerUserId: '123456789012' },
    { ...here, outerUserId: '210987654321' }
  ])
})

test('an entry that was removed by hand is not missed', async () => {
  const zilliz = newCloud()
  const stack = await openStack({ zilliz }, withEntry('123456789012'))
  await stack.apply()
  zilliz.whitelist.splice(0)
  expect((await stack.plan()).changes).toEqual([])
})

test('an endpoint that needs the whitelist is registered after its entry', async () => {
  const zilliz = newCloud()
  const stack = await openStack({ zilliz }, stack => {
    new ZillizProvider(stack, 'zilliz')
    const entry = new ZillizPrivateEndpointWhitelist(stack, 'entry', { ...here, outerUserId: '123456789012' })
    new ZillizPrivateEndpoint(stack, 'endpoint', { ...here, endpointId: 'vpce-0a', dependsOn: [entry] })
  })
  expect((await stack.apply()).errors).toEqual([])
  expect(zilliz.calls.map(({ action }) => action)).toEqual([
    'AddPrivateEndpointWhitelistEntry',
    'CreatePrivateEndpoint'
  ])
})

test('Zilliz Cloud refuses entries that cannot be', async () => {
  const stack = await openStack({ zilliz: newCloud() }, stack => {
    new ZillizProvider(stack, 'zilliz')
    const outerUserId = '123456789012'
    new ZillizPrivateEndpointWhitelist(stack, 'reader', { ...here, projectId: 'proj-0b', outerUserId })
    new ZillizPrivateEndpointWhitelist(stack, 'region', { ...here, regionId: 'us-west-2', outerUserId })
  })
  expect(refusals(await stack.apply())).toEqual({
    'zillizcloud_private_endpoint_whitelist.reader':
      "Failed to add endpoint whitelist: projectId=proj-0b error=Error[96013]:You don't have permission for this project. Org owner or project owner is needed.. RequestId:7f3e9a0c5d1b2846",
    'zillizcloud_private_endpoint_whitelist.region':
      'Failed to add endpoint whitelist: projectId=proj-0a error=Error[96001]:Invalid RegionId. Please use the ListCloudRegions API to obtain a list of supported regionIds.. RequestId:7f3e9a0c5d1b2846'
  })
})
