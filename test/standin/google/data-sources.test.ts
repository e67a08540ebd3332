import { DataGoogleComputeNetwork } from '@cdktf/provider-google/lib/data-google-compute-network/index.js'
import { DataGoogleComputeSubnetwork } from '@cdktf/provider-google/lib/data-google-compute-subnetwork/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import { TerraformOutput } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { GoogleCloud } from './google-cloud.ts'

const test = testWith('terraform')

const link = (path: string) => `https://www.googleapis.com/compute/v1/${path}`

function newCloud(): GoogleCloud {
  const subnetworks = [{ name: 'subnet', range: '10.8.0.0/24' }]
  return new GoogleCloud({
    networks: [
      { name: 'default', subnetworks },
      { name: 'shared', project: 'host', subnetworks }
    ]
  })
}

test('networks and subnetworks are found by name and by link, in this project and in another', async () => {
  const stack = await openStack({ google: newCloud() }, stack => {
    new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1' })
    const network = new DataGoogleComputeNetwork(stack, 'network', { name: 'default' })
    const shared = new DataGoogleComputeNetwork(stack, 'shared', { name: 'shared', project: 'host' })
    const subnetwork = new DataGoogleComputeSubnetwork(stack, 'subnetwork', {
      selfLink: link('projects/host/regions/us-west1/subnetworks/subnet')
    })
    new TerraformOutput(stack, 'networks', { value: [network.id, network.selfLink, shared.id] })
    new TerraformOutput(stack, 'found', {
      value: [subnetwork.id, subnetwork.network, subnetwork.region, subnetwork.ipCidrRange, subnetwork.gatewayAddress]
    })
  })
  expect((await stack.apply()).outputs).toEqual({
    networks: [
      'projects/acme/global/networks/default',
      link('projects/acme/global/networks/default'),
      'projects/host/global/networks/shared'
    ],
    found: [
      'projects/host/regions/us-west1/subnetworks/subnet',
      link('projects/host/global/networks/shared'),
      'us-west1',
      '10.8.0.0/24',
      '10.8.0.1'
    ]
  })
})

test('a subnetwork says whether what has no external address reaches Google', async () => {
  const google = new GoogleCloud({
    networks: [
      {
        name: 'default',
        subnetworks: [
          { name: 'open', range: '10.8.0.0/24' },
          { name: 'shut', range: '10.9.0.0/24', privateGoogleAccess: false }
        ]
      }
    ]
  })
  const stack = await openStack({ google }, stack => {
    new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1' })
    const found = ['open', 'shut'].map(name => new DataGoogleComputeSubnetwork(stack, name, { name }))
    new TerraformOutput(stack, 'reaches', { value: found.map(({ privateIpGoogleAccess }) => privateIpGoogleAccess) })
  })
  expect((await stack.apply()).outputs).toEqual({ reaches: [true, false] })
})

test('what is not there is not found', async () => {
  const stack = await openStack({ google: newCloud() }, stack => {
    new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1' })
    new DataGoogleComputeNetwork(stack, 'absent', { name: 'gone' })
    new DataGoogleComputeSubnetwork(stack, 'far', { name: 'subnet', region: 'us-east1' })
  })
  expect(refusals(await stack.plan())).toEqual({
    'data.google_compute_network.absent':
      "Error when reading or editing Network Not Found : gone: googleapi: Error 404: The resource 'projects/acme/global/networks/gone' was not found, notFound",
    'data.google_compute_subnetwork.far':
      "Error when reading or editing Subnetwork Not Found : subnet: googleapi: Error 404: The resource 'projects/acme/regions/us-east1/subnetworks/subnet' was not found, notFound"
  })
})
