import type { TerraformStack } from 'cdktf'
import { expect, onTestFinished } from 'vitest'
import { ZillizPrivateEndpoint, type ZillizPrivateEndpointConfig } from '../../../modules/zilliz/private-endpoint.ts'
import { ZillizProvider } from '../../../modules/zilliz/provider.ts'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { openTerraform } from '../terraform.ts'
import { ZillizCloud } from './zilliz-cloud.ts'
import type { EndpointSeed } from './zilliz-seed.ts'

const test = testWith('terraform')

const service = 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0'
const attachment = 'projects/vendor/regions/us-west1/serviceAttachments/zilliz'

function newCloud(endpoints: readonly EndpointSeed[] = []): ZillizCloud {
  return new ZillizCloud({
    projects: [
      { id: 'proj-0a' },
      { id: 'proj-0standard', plan: 'Standard' },
      { id: 'proj-0elsewhere', access: 'other-organization' },
      { id: 'proj-0reader', access: 'not-owner' },
      { id: 'proj-0hidden', access: 'out-of-scope' }
    ],
    regions: [
      { id: 'aws-us-west-2', endpointService: service },
      { id: 'aws-us-east-1', endpointService: service, whitelistRequired: true },
      { id: 'aws-eu-west-2' },
      { id: 'gcp-us-west1', endpointService: attachment },
      { id: 'gcp-us-east4', endpointService: attachment }
    ],
    endpoints
  })
}

const onAws = { projectId: 'proj-0a', regionId: 'aws-us-west-2', endpointId: 'vpce-0a' }
const onGoogle = { projectId: 'proj-0a', regionId: 'gcp-us-west1', endpointId: 'zilliz', gcpProjectId: 'acme' }

function withEndpoints(endpoints: Readonly<Record<string, ZillizPrivateEndpointConfig>>) {
  return (stack: TerraformStack) => {
    new ZillizProvider(stack, 'zilliz')
    for (const [id, config] of Object.entries(endpoints)) new ZillizPrivateEndpoint(stack, id, config)
  }
}

function refusedOf(endpointId: string, projectId: string, answer: string): string {
  return `Failed to create endpoint: projectId=${projectId} endpointId=${endpointId} error=${answer} RequestId:7f3e9a0c5d1b2846`
}

test('a registration comes, is left alone, is replaced and goes', async () => {
  const zilliz = newCloud()
  const stack = await openStack({ zilliz }, withEndpoints({ it: onAws }))
  await stack.apply()
  expect(zilliz.endpoints).toMatchObject([onAws])
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })
  expect((await stack.state()).map(({ values }) => values)).toEqual([
    {
      cloud_id: 'aws',
      endpoint_id: 'vpce-0a',
      endpoint_service: service,
      endpoint_service_status: 'AVAILABLE',
      endpoint_status: 'AVAILABLE',
      gcp_project_id: null,
      id: 'vpce-0a',
      project_id: 'proj-0a',
      region_id: 'aws-us-west-2'
    }
  ])
  await stack.rebuild(withEndpoints({ it: { ...onAws, endpointId: 'vpce-0b' } }))
  expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['delete', 'create'])
  expect((await stack.destroy()).errors).toEqual([])
  expect(zilliz.endpoints).toEqual([])
  expect(zilliz.calls).toEqual([
    { action: 'CreatePrivateEndpoint', id: 'vpce-0a' },
    { action: 'DeletePrivateEndpoint', id: 'vpce-0a' },
    { action: 'CreatePrivateEndpoint', id: 'vpce-0b' },
    { action: 'DeletePrivateEndpoint', id: 'vpce-0b' }
  ])
})

test('a registration on Google Cloud is of a forwarding rule and its project', async () => {
  const zilliz = newCloud()
  const stack = await openStack({ zilliz }, withEndpoints({ it: onGoogle }))
  await stack.apply()
  expect(zilliz.endpoints).toMatchObject([onGoogle])
  const kept = { cloud_id: 'gcp', endpoint_service: attachment, gcp_project_id: 'acme', id: 'zilliz' }
  expect((await stack.state())[0]?.values).toMatchObject(kept)
  await stack.rebuild(withEndpoints({ it: { ...onGoogle, gcpProjectId: 'other' } }))
  expect((await stack.plan()).changes).toEqual([
    { address: 'zillizcloud_private_endpoint.it', actions: ['delete', 'create'] }
  ])
  expect((await stack.destroy()).errors).toEqual([])
  expect(zilliz.endpoints).toEqual([])
})

test('the status of a registration changes without a change of resources', async () => {
  const zilliz = newCloud()
  zilliz.allocation = 'pending'
  const stack = await openStack({ zilliz }, withEndpoints({ it: onAws }))
  const status = async () => (await stack.state())[0]?.values.endpoint_status
  await stack.apply()
  expect(await status()).toBe('PENDING')
  zilliz.allocation = 'done'
  expect((await stack.plan()).changes).toEqual([])
  expect((await stack.apply()).done).toEqual([])
  expect(await status()).toBe('AVAILABLE')
  zilliz.endpointStatuses = { pending: 'PENDING', done: 'accepted' }
  await stack.apply()
  expect(await status()).toBe('accepted')
})

test('what was unregistered by hand is registered again', async () => {
  const zilliz = newCloud()
  const stack = await openStack({ zilliz }, withEndpoints({ it: onAws }))
  await stack.apply()
  zilliz.endpoints.splice(0)
  expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['create'])
  expect(zilliz.endpoints).toMatchObject([onAws])
})

test('who waits for a registration hears of it', async () => {
  const zilliz = newCloud()
  const heard: string[] = []
  zilliz.onChange = ({ action, id }) => heard.push(`${action} ${id}`)
  const stack = await openStack({ zilliz }, withEndpoints({ it: onAws }))
  await stack.apply()
  expect(heard).toEqual(['CreatePrivateEndpoint vpce-0a'])
})

test('Zilliz Cloud refuses registrations that cannot be', async () => {
  const zilliz = newCloud()
  const { gcpProjectId, ...withoutProject } = onGoogle
  const stack = await openStack(
    { zilliz },
    withEndpoints({
      'unknown-project': { ...onAws, projectId: 'proj-0gone' },
      elsewhere: { ...onAws, projectId: 'proj-0elsewhere' },
      reader: { ...onAws, projectId: 'proj-0reader' },
      hidden: { ...onAws, projectId: 'proj-0hidden' },
      standard: { ...onAws, projectId: 'proj-0standard' },
      'unknown-region': { ...onAws, regionId: 'us-west-2' },
      'without-service': { ...onAws, regionId: 'aws-eu-west-2' },
      'not-whitelisted': { ...onAws, regionId: 'aws-us-east-1' },
      'without-google-project': withoutProject
    })
  )
  const refusal = (answer: string, projectId = 'proj-0a', endpointId = 'vpce-0a') =>
    refusedOf(endpointId, projectId, answer)
  expect(refusals(await stack.apply())).toEqual({
    'zillizcloud_private_endpoint.unknown-project': refusal(
      'Error[96005]:Invalid projectId. The projectId should be like proj-xxxxxxxx. Please use the ListProjects API to obtain your scoped projects..',
      'proj-0gone'
    ),
    'zillizcloud_private_endpoint.elsewhere': refusal(
      "Error[96012]:You don't have permission for this project. Project org and Apikey org does not match..",
      'proj-0elsewhere'
    ),
    'zillizcloud_private_endpoint.reader': refusal(
      "Error[96013]:You don't have permission for this project. Org owner or project owner is needed..",
      'proj-0reader'
    ),
    'zillizcloud_private_endpoint.hidden': refusal(
      "Error[96027]:You don't have permission for this project. Please check your Apikey scope..",
      'proj-0hidden'
    ),
    'zillizcloud_private_endpoint.standard': refusal(
      'Error[96028]:Feature only supported for enterprise plan clusters..',
      'proj-0standard'
    ),
    'zillizcloud_private_endpoint.unknown-region': refusal(
      'Error[96001]:Invalid RegionId. Please use the ListCloudRegions API to obtain a list of supported regionIds..'
    ),
    'zillizcloud_private_endpoint.without-service': refusal(
      'Error[99999]:This region does not support private endpoints..'
    ),
    'zillizcloud_private_endpoint.not-whitelisted': refusal(
      'Error[99999]:The account of this endpoint is not in the whitelist of the project..'
    ),
    'zillizcloud_private_endpoint.without-google-project': refusal(
      'Error[99999]:Empty gcpProjectId. Please specify a gcpProjectId..',
      'proj-0a',
      'zilliz'
    )
  })
  expect(zilliz.endpoints).toEqual([])
})

test('a project has at most ten endpoints', async () => {
  const zilliz = newCloud(Array.from({ length: 10 }, (_, index) => ({ ...onAws, endpointId: `vpce-0b${index}` })))
  const stack = await openStack({ zilliz }, withEndpoints({ it: onAws }))
  const answer = 'Error[99999]:You can create up to 10 private endpoints per project..'
  expect(refusals(await stack.apply())).toEqual({
    'zillizcloud_private_endpoint.it': refusedOf('vpce-0a', 'proj-0a', answer)
  })
})

test('an endpoint that is registered already is refused, or taken over', async () => {
  const zilliz = newCloud([onAws])
  const stack = await openStack({ zilliz }, withEndpoints({ it: onAws }))
  const answer = 'Error[99999]:The specified private endpoint already exists under project..'
  expect(refusals(await stack.apply())).toEqual({
    'zillizcloud_private_endpoint.it': refusedOf('vpce-0a', 'proj-0a', answer)
  })
  zilliz.reRegistration = 'accepted'
  expect((await stack.apply()).errors).toEqual([])
  expect(zilliz.endpoints).toHaveLength(1)
})

test('a registration that is listed late is made, but not kept', async () => {
  const zilliz = newCloud([{ ...onAws, endpointId: 'vpce-0before' }])
  zilliz.listing = 'late'
  const stack = await openStack({ zilliz }, withEndpoints({ it: onAws }))
  expect(refusals(await stack.apply())).toEqual({
    'zillizcloud_private_endpoint.it':
      'Endpoint not found after create: endpoint_id=vpce-0a was not visible in ListEndpoints immediately after creation'
  })
  expect(zilliz.endpoints.map(({ endpointId }) => endpointId)).toEqual(['vpce-0before', 'vpce-0a'])
  expect(await stack.state()).toEqual([])
  zilliz.listing = 'at-once'
  zilliz.reRegistration = 'accepted'
  expect((await stack.apply()).errors).toEqual([])
})

test('a name that is registered twice in a project is mistaken for the first', async () => {
  const zilliz = newCloud([{ ...onGoogle, regionId: 'gcp-us-east4' }])
  const stack = await openStack({ zilliz }, withEndpoints({ it: onGoogle }))
  expect((await stack.apply()).errors).toEqual([])
  expect((await stack.plan()).changes).toEqual([
    { address: 'zillizcloud_private_endpoint.it', actions: ['delete', 'create'] }
  ])
})

test('the project of Google Cloud is for regions of Google Cloud alone', async () => {
  const stack = await openStack({ zilliz: newCloud() }, withEndpoints({ it: { ...onAws, gcpProjectId: 'acme' } }))
  expect(refusals(await stack.apply())).toEqual({
    '': expect.stringContaining('.gcp_project_id: was cty.StringVal("acme"), but now null.')
  })
})

test('a project that is lost is not read as an endpoint that has gone', async () => {
  const zilliz = newCloud()
  const stack = await openStack({ zilliz }, withEndpoints({ it: onAws }))
  await stack.apply()
  zilliz.projects.delete('proj-0a')
  expect(refusals(await stack.plan())).toEqual({
    'zillizcloud_private_endpoint.it': expect.stringMatching(/^Failed to list endpoints: Error\[96005\]/)
  })
  expect(await stack.state()).toHaveLength(1)
})

test('a registration that others made cannot be imported', async () => {
  const configuration = JSON.stringify({
    terraform: { required_providers: { zillizcloud: { source: 'zilliztech/zillizcloud' } } },
    import: [{ to: 'zillizcloud_private_endpoint.it', id: 'vpce-0a' }],
    resource: {
      zillizcloud_private_endpoint: {
        it: { project_id: 'proj-0a', region_id: 'aws-us-west-2', endpoint_id: 'vpce-0a' }
      }
    }
  })
  const terraform = await openTerraform({ configuration, clouds: { zilliz: newCloud([onAws]) } })
  onTestFinished(() => terraform.close())
  await terraform.init()
  expect((await terraform.plan()).errors).toEqual([
    {
      summary: 'Resource Import Not Implemented',
      detail: 'This resource does not support import. Please contact the provider developer for additional information.'
    }
  ])
})
