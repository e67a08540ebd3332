import { ComputeAddress, type ComputeAddressConfig } from '@cdktf/provider-google/lib/compute-address/index.js'
import {
  ComputeForwardingRule,
  type ComputeForwardingRuleConfig
} from '@cdktf/provider-google/lib/compute-forwarding-rule/index.js'
import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone/index.js'
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import type { TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack } from '../small-stack.ts'
import { GoogleCloud } from './google-cloud.ts'

const test = testWith('terraform')

const inRegion = 'projects/acme/regions/us-west1'
const attachment = 'projects/vendor/regions/us-west1/serviceAttachments/zilliz'

function newCloud(): GoogleCloud {
  return new GoogleCloud({
    networks: [{ name: 'default', subnetworks: [{ name: 'default', range: '10.8.0.0/24' }] }],
    addresses: [{ name: 'by-hand', subnetwork: 'default', address: '10.8.0.9' }],
    forwardingRules: [{ name: 'by-hand', network: 'default', address: '10.8.0.9', target: attachment }],
    managedZones: [
      {
        zoneName: 'by-hand',
        dnsName: 'example.com.',
        networks: ['default'],
        records: [{ name: 'db.example.com.', type: 'A', ttl: 60, values: ['10.8.0.9'] }]
      }
    ]
  })
}

function adopt(
  addressConfig: Partial<ComputeAddressConfig> = {},
  ruleConfig: Partial<ComputeForwardingRuleConfig> = {}
) {
  return (stack: TerraformStack) => {
    new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1' })
    const address = new ComputeAddress(stack, 'address', {
      name: 'by-hand',
      addressType: 'INTERNAL',
      subnetwork: 'default',
      ...addressConfig
    })
    address.importFrom(`${inRegion}/addresses/by-hand`)
    new ComputeForwardingRule(stack, 'rule', {
      name: 'by-hand',
      target: attachment,
      network: 'default',
      loadBalancingScheme: '',
      ipAddress: address.selfLink,
      noAutomateDnsZone: true,
      timeouts: { create: '5m' },
      lifecycle: { ignoreChanges: ['no_automate_dns_zone'] },
      ...ruleConfig
    }).importFrom(`${inRegion}/forwardingRules/by-hand`)
    const zone = new DnsManagedZone(stack, 'zone', {
      name: 'by-hand',
      dnsName: 'example.com.',
      description: '',
      visibility: 'private',
      privateVisibilityConfig: { networks: [{ networkUrl: 'projects/acme/global/networks/default' }] }
    })
    zone.importFrom('projects/acme/managedZones/by-hand')
    const record = { name: 'db.example.com.', type: 'A', ttl: 60, rrdatas: [address.address] }
    const adopted = new DnsRecordSet(stack, 'record', { managedZone: zone.name, ...record })
    adopted.importFrom('projects/acme/managedZones/by-hand/rrsets/db.example.com./A')
  }
}

test('what was made by hand is taken over without a change', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, adopt())
  expect((await stack.apply()).errors).toEqual([])
  expect(google.calls).toEqual([])
  expect((await stack.state()).map(({ values }) => values.id)).toEqual([
    `${inRegion}/addresses/by-hand`,
    `${inRegion}/forwardingRules/by-hand`,
    'projects/acme/managedZones/by-hand',
    'projects/acme/managedZones/by-hand/rrsets/db.example.com./A'
  ])
  expect((await stack.plan()).changes).toEqual([])
})

test('a rule that is taken over is replaced for what the provider does not read back, unless that is ignored', async () => {
  const stack = await openStack({ google: newCloud() }, adopt({}, { lifecycle: {} }))
  expect((await stack.plan()).changes).toEqual([
    { address: 'google_compute_forwarding_rule.rule', actions: ['delete', 'create'] }
  ])
})

test('labels and global access are changed in place, and another address replaces the old one', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, adopt({ address: '10.8.0.9' }))
  await stack.apply()
  const labels = { team: 'search' }
  await stack.rebuild(adopt({ address: '10.8.0.9', labels }, { labels, allowPscGlobalAccess: true }))
  expect((await stack.apply()).done.map(({ action }) => action)).toEqual(['update', 'update'])
  expect(google.addresses.get(`${inRegion}/addresses/by-hand`)?.labels).toEqual(labels)
  expect(google.forwardingRules.get(`${inRegion}/forwardingRules/by-hand`)).toMatchObject({
    labels,
    allowsGlobalAccess: true
  })
  await stack.rebuild(adopt({ address: '10.8.0.10', labels }, { labels, allowPscGlobalAccess: true }))
  expect((await stack.plan()).changes).toContainEqual({
    address: 'google_compute_address.address',
    actions: ['delete', 'create']
  })
})
