import { ComputeAddress, type ComputeAddressConfig } from '@cdktf/provider-google/lib/compute-address/index.js'
import {
  ComputeForwardingRule,
  type ComputeForwardingRuleConfig
} from '@cdktf/provider-google/lib/compute-forwarding-rule/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import type { TerraformStack } from 'cdktf'
import { describe, expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { GoogleCloud } from './google-cloud.ts'

const test = testWith('terraform')

const attachment = 'projects/vendor/regions/us-west1/serviceAttachments/zilliz'
const rulePath = 'projects/acme/regions/us-west1/forwardingRules/zilliz'
const addressPath = 'projects/acme/regions/us-west1/addresses/zilliz'
const link = (path: string) => `https://www.googleapis.com/compute/v1/${path}`

function newCloud(): GoogleCloud {
  return new GoogleCloud({
    networks: [
      {
        name: 'default',
        subnetworks: [
          { name: 'default', range: '10.8.0.0/24' },
          { name: 'nat', range: '10.9.0.0/24', purpose: 'PRIVATE_SERVICE_CONNECT' },
          { name: 'far', range: '10.10.0.0/24', region: 'us-east1' }
        ]
      },
      { name: 'other', subnetworks: [] }
    ],
    attachments: [{ path: attachment }, { path: attachment.replace('us-west1', 'us-east1') }]
  })
}

function provider(stack: TerraformStack): void {
  new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1', defaultLabels: { team: 'search' } })
}

function address(stack: TerraformStack, id = 'address', config: Partial<ComputeAddressConfig> = {}): ComputeAddress {
  return new ComputeAddress(stack, id, { name: 'zilliz', addressType: 'INTERNAL', subnetwork: 'default', ...config })
}

function rule(stack: TerraformStack, id: string, config: Partial<ComputeForwardingRuleConfig>): ComputeForwardingRule {
  return new ComputeForwardingRule(stack, id, {
    name: 'zilliz',
    target: attachment,
    network: 'default',
    loadBalancingScheme: '',
    noAutomateDnsZone: true,
    recreateClosedPsc: true,
    ...config
  })
}

function endpoint(
  config: Partial<ComputeForwardingRuleConfig> = {},
  addressConfig: Partial<ComputeAddressConfig> = {}
) {
  return (stack: TerraformStack) => {
    provider(stack)
    rule(stack, 'rule', { ipAddress: address(stack, 'address', addressConfig).selfLink, ...config })
  }
}

test('an endpoint comes, is left alone, changes in place and goes', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, endpoint({ labels: { env: 'test' } }))
  await stack.apply()
  const { address: number = '' } = google.addresses.get(addressPath) ?? {}
  expect(number).toMatch(/^10\.8\.0\.\d+$/)
  const state = Object.fromEntries((await stack.state()).map(({ address, values }) => [address, values]))
  expect(state).toEqual({
    'google_compute_address.address': {
      address: number,
      address_type: 'INTERNAL',
      creation_timestamp: expect.any(String),
      description: null,
      effective_labels: { 'goog-terraform-provisioned': 'true', team: 'search' },
      id: addressPath,
      ip_version: null,
      ipv6_endpoint_type: null,
      label_fingerprint: expect.any(String),
      labels: null,
      name: 'zilliz',
      network: null,
      network_tier: 'PREMIUM',
      prefix_length: 0,
      project: 'acme',
      purpose: 'GCE_ENDPOINT',
      region: 'us-west1',
      self_link: link(addressPath),
      subnetwork: link('projects/acme/regions/us-west1/subnetworks/default'),
      terraform_labels: { 'goog-terraform-provisioned': 'true', team: 'search' },
      timeouts: null,
      users: []
    },
    'google_compute_forwarding_rule.rule': expect.objectContaining({
      allow_psc_global_access: null,
      effective_labels: { env: 'test', team: 'search' },
      id: rulePath,
      ip_address: number,
      labels: { env: 'test' },
      load_balancing_scheme: '',
      name: 'zilliz',
      network: link('projects/acme/global/networks/default'),
      no_automate_dns_zone: true,
      project: 'acme',
      psc_connection_id: expect.stringMatching(/^\d+$/),
      psc_connection_status: 'ACCEPTED',
      recreate_closed_psc: true,
      region: 'us-west1',
      self_link: link(rulePath),
      service_directory_registrations: [{ namespace: 'goog-psc-default', service: null }],
      target: link(attachment),
      terraform_labels: { env: 'test', team: 'search' }
    })
  })
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })

  await stack.rebuild(endpoint({ allowPscGlobalAccess: true }))
  expect((await stack.apply()).done).toEqual([{ address: 'google_compute_forwarding_rule.rule', action: 'update' }])
  expect(google.forwardingRules.get(rulePath)).toEqual(
    expect.objectContaining({ address: number, attachment, allowsGlobalAccess: true, labels: { team: 'search' } })
  )

  await stack.rebuild(endpoint({ noAutomateDnsZone: false, allowPscGlobalAccess: true }))
  expect((await stack.plan()).changes).toEqual([
    { address: 'google_compute_forwarding_rule.rule', actions: ['delete', 'create'] }
  ])
  expect((await stack.destroy()).errors).toEqual([])
  expect([google.addresses.size, google.forwardingRules.size]).toEqual([0, 0])
  expect(google.calls.map(({ action }) => action)).toEqual([
    'addresses.insert',
    'addresses.setLabels',
    'forwardingRules.insert',
    'forwardingRules.setLabels',
    'forwardingRules.patch',
    'forwardingRules.setLabels',
    'forwardingRules.delete',
    'addresses.delete'
  ])
})

test('a connection is pending, then accepted, then closed, which makes a new one', async () => {
  const google = newCloud()
  google.acceptance = 'PENDING'
  const stack = await openStack({ google }, endpoint())
  const status = async () =>
    (await stack.state()).find(({ address }) => address.includes('forwarding_rule'))?.values.psc_connection_status
  await stack.apply()
  expect(await status()).toBe('PENDING')

  google.acceptance = 'ACCEPTED'
  expect((await stack.apply()).done).toEqual([])
  expect(await status()).toBe('ACCEPTED')

  const before = google.forwardingRules.get(rulePath)
  if (before !== undefined) before.status = 'CLOSED'
  expect((await stack.apply()).done).toEqual([
    { address: 'google_compute_forwarding_rule.rule', action: 'delete' },
    { address: 'google_compute_forwarding_rule.rule', action: 'create' }
  ])
  expect(await status()).toBe('ACCEPTED')
  expect(google.forwardingRules.get(rulePath)?.connectionId).not.toBe(before?.connectionId)
})

describe('a rule behind which the address is another', () => {
  const byName = (name: string, lifecycle = {}) => endpoint({ lifecycle }, { name })

  test('does not notice, and keeps the old one from going', async () => {
    const google = newCloud()
    const stack = await openStack({ google }, byName('old'))
    await stack.apply()
    await stack.rebuild(byName('new'))
    expect((await stack.plan()).changes).toEqual([
      { address: 'google_compute_address.address', actions: ['delete', 'create'] }
    ])
    expect(Object.values(refusals(await stack.apply()))).toEqual([
      `Error when reading or editing Address: googleapi: Error 400: The address resource 'projects/acme/regions/us-west1/addresses/old' is already being used by '${rulePath}', resourceInUseByAnotherResource`
    ])
  })

  test('is replaced where Terraform is told to', async () => {
    const google = newCloud()
    const lifecycle = { replaceTriggeredBy: ['google_compute_address.address.address'] }
    const stack = await openStack({ google }, byName('old', lifecycle))
    await stack.apply()
    await stack.rebuild(byName('new', lifecycle))
    expect((await stack.apply()).errors).toEqual([])
    expect(google.forwardingRules.get(rulePath)?.address).toBe(
      google.addresses.get('projects/acme/regions/us-west1/addresses/new')?.address
    )
  })
})

test('Google refuses addresses that cannot be', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, stack => {
    provider(stack)
    const first = address(stack, 'first', { address: '10.8.0.10' })
    address(stack, 'twin', { dependsOn: [first] })
    address(stack, 'taken', { name: 'taken', address: '10.8.0.10', dependsOn: [first] })
    address(stack, 'outside', { name: 'outside', address: '10.9.0.10' })
    address(stack, 'public', { name: 'public', addressType: 'EXTERNAL' })
    address(stack, 'producer', { name: 'producer', subnetwork: 'nat' })
    address(stack, 'absent', { name: 'absent', subnetwork: 'gone' })
    address(stack, 'long', { name: 'a'.repeat(64) })
  })
  const refused = (error: string) => `Error creating Address: googleapi: Error ${error}`
  const subnetworks = 'projects/acme/regions/us-west1/subnetworks'
  expect(refusals(await stack.apply())).toEqual({
    'google_compute_address.absent': refused(`404: The resource '${subnetworks}/gone' was not found, notFound`),
    'google_compute_address.long': refused(
      `400: Invalid value for field 'resource.name': '${'a'.repeat(64)}'. Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)', invalid`
    ),
    'google_compute_address.outside': refused(
      "400: Invalid value for field 'resource.address': '10.9.0.10'. The IP address is not within the range 10.8.0.0/24 of the subnetwork., invalid"
    ),
    'google_compute_address.producer': refused(
      `400: Invalid value for field 'resource.subnetwork': '${link(subnetworks)}/nat'. Subnetwork purpose PRIVATE_SERVICE_CONNECT is not valid for an internal address., invalid`
    ),
    'google_compute_address.public': refused(
      "400: Invalid value for field 'resource.subnetwork': 'default'. Subnetwork can only be specified for internal addresses., invalid"
    ),
    'google_compute_address.taken': refused(
      "400: IP '10.8.0.10' is already being used by another resource., badRequest"
    ),
    'google_compute_address.twin': refused(`409: The resource '${addressPath}' already exists, alreadyExists`)
  })
})

test('Google refuses rules that cannot be', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, stack => {
    provider(stack)
    const ipAddress = address(stack).selfLink
    const first = rule(stack, 'first', { ipAddress })
    rule(stack, 'twin', { ipAddress, dependsOn: [first] })
    rule(stack, 'second', { name: 'second', ipAddress, dependsOn: [first] })
    rule(stack, 'balanced', { name: 'balanced', ipAddress, loadBalancingScheme: 'EXTERNAL' })
    rule(stack, 'malformed', { name: 'malformed', ipAddress, target: 'zilliz' })
    rule(stack, 'absent', { name: 'absent', ipAddress, target: attachment.replace('zilliz', 'gone') })
    rule(stack, 'far', { name: 'far', ipAddress, target: attachment.replace('us-west1', 'us-east1') })
    rule(stack, 'stray', { name: 'stray', ipAddress: 'gone' })
    rule(stack, 'elsewhere', { name: 'elsewhere', ipAddress, network: 'other' })
    rule(stack, 'long', { name: 'a'.repeat(64), ipAddress })
  })
  const refused = (error: string) => `Error creating ForwardingRule: googleapi: Error ${error}`
  const field = (name: string, value: string, why: string) =>
    refused(`400: Invalid value for field 'resource.${name}': '${value}'. ${why}, invalid`)
  const inUse = 'Specified IP address is in-use and would result in a conflict.'
  expect(refusals(await stack.apply())).toEqual({
    'google_compute_forwarding_rule.absent': refused(
      `404: The resource '${attachment.replace('zilliz', 'gone')}' was not found, notFound`
    ),
    'google_compute_forwarding_rule.balanced': field(
      'loadBalancingScheme',
      'EXTERNAL',
      'A forwarding rule whose target is a service attachment must have no load balancing scheme.'
    ),
    'google_compute_forwarding_rule.elsewhere': field(
      'IPAddress',
      link(addressPath),
      'Must be a reserved internal address of a subnetwork of the network.'
    ),
    'google_compute_forwarding_rule.far': field(
      'target',
      attachment.replace('us-west1', 'us-east1'),
      'The service attachment must be in the region of the rule, us-west1.'
    ),
    'google_compute_forwarding_rule.long': field(
      'name',
      'a'.repeat(64),
      "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'"
    ),
    'google_compute_forwarding_rule.malformed': field('target', 'zilliz', 'The URL is malformed.'),
    'google_compute_forwarding_rule.second': field('IPAddress', `${google.addresses.get(addressPath)?.address}`, inUse),
    'google_compute_forwarding_rule.stray': refused(
      "404: The resource 'projects/acme/regions/us-west1/addresses/gone' was not found, notFound"
    ),
    'google_compute_forwarding_rule.twin': refused(`409: The resource '${rulePath}' already exists, alreadyExists`)
  })
})

test('the target of a rule cannot be changed, though the provider tries', async () => {
  const google = newCloud()
  google.attachments?.set(`${attachment}-2`, { path: `${attachment}-2` })
  const stack = await openStack({ google }, endpoint())
  await stack.apply()
  await stack.rebuild(endpoint({ target: `${attachment}-2` }))
  expect((await stack.plan()).changes).toEqual([
    { address: 'google_compute_forwarding_rule.rule', actions: ['update'] }
  ])
  expect(refusals(await stack.apply())).toEqual({
    'google_compute_forwarding_rule.rule': `Error updating ForwardingRule "${rulePath}": googleapi: Error 400: Invalid value for field 'resource.target': '${attachment}-2'. The target of a forwarding rule for Private Service Connect cannot be changed., invalid`
  })
})
