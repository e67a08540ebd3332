import { ComputeAddress } from '@cdktf/provider-google/lib/compute-address/index.js'
import { ComputeFirewall } from '@cdktf/provider-google/lib/compute-firewall/index.js'
import { ComputeForwardingRule } from '@cdktf/provider-google/lib/compute-forwarding-rule/index.js'
import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone/index.js'
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import type { TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack } from '../small-stack.ts'
import { GoogleCloud } from './google-cloud.ts'

const test = testWith('terraform')

const network = 'projects/host/global/networks/shared'
const subnetwork = 'projects/host/regions/us-west1/subnetworks/endpoints'

function declare(stack: TerraformStack): void {
  new GoogleProvider(stack, 'google', {
    project: 'service',
    region: 'us-west1',
    impersonateServiceAccount: 'deployer@service.iam.gserviceaccount.com'
  })
  const address = new ComputeAddress(stack, 'address', { name: 'zilliz', addressType: 'INTERNAL', subnetwork })
  new ComputeForwardingRule(stack, 'rule', {
    name: 'zilliz',
    target: 'projects/vendor/regions/us-west1/serviceAttachments/zilliz',
    network,
    loadBalancingScheme: '',
    ipAddress: address.selfLink,
    noAutomateDnsZone: true
  })
  new ComputeFirewall(stack, 'firewall', {
    project: 'host',
    name: 'zilliz',
    network,
    direction: 'EGRESS',
    allow: [{ protocol: 'tcp', ports: ['443'] }],
    destinationRanges: [`\${${address.fqn}.address}/32`]
  })
  const { name } = new DnsManagedZone(stack, 'zone', {
    project: 'host',
    name: 'zone',
    dnsName: 'example.com.',
    visibility: 'private',
    privateVisibilityConfig: { networks: [{ networkUrl: network }] }
  })
  const record = { name: 'db.example.com.', type: 'A', ttl: 60, rrdatas: [address.address] }
  new DnsRecordSet(stack, 'record', { project: 'host', managedZone: name, ...record })
}

test("an endpoint of a service project stands in the host project's network, beside its firewall and zone", async () => {
  const google = new GoogleCloud({
    project: 'service',
    networks: [
      { name: 'shared', project: 'host', subnetworks: [{ name: 'endpoints', range: '10.8.0.0/24' }] },
      { name: 'shared', project: 'service', subnetworks: [] }
    ]
  })
  const stack = await openStack({ google }, declare)
  expect((await stack.apply()).errors).toEqual([])
  expect((await stack.plan()).changes).toEqual([])
  const address = google.addresses.get('projects/service/regions/us-west1/addresses/zilliz')
  expect(address?.subnetwork).toBe(subnetwork)
  expect(google.forwardingRules.get('projects/service/regions/us-west1/forwardingRules/zilliz')).toMatchObject({
    network,
    address: address?.address
  })
  expect(google.firewalls.get('projects/host/global/firewalls/zilliz')).toMatchObject({
    network,
    destinationRanges: [`${address?.address}/32`]
  })
  expect(google.resolve(network, 'db.example.com')).toEqual({ kind: 'addresses', addresses: [address?.address] })
  expect(google.resolve('shared', 'db.example.com').kind).toBe('public')
  expect((await stack.destroy()).errors).toEqual([])
})
