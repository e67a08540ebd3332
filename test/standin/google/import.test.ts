import { ComputeAddress } from '@cdktf/provider-google/lib/compute-address/index.js'
import { ComputeFirewall } from '@cdktf/provider-google/lib/compute-firewall/index.js'
import { ComputeForwardingRule } from '@cdktf/provider-google/lib/compute-forwarding-rule/index.js'
import { ComputeInstanceGroupManager } from '@cdktf/provider-google/lib/compute-instance-group-manager/index.js'
import { ComputeInstanceTemplate } from '@cdktf/provider-google/lib/compute-instance-template/index.js'
import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone/index.js'
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js'
import type { TerraformResource, TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack } from '../small-stack.ts'
import { GoogleCloud } from './google-cloud.ts'

const test = testWith('terraform')

test('what is there can be imported, and then is as it was declared', async () => {
  const google = new GoogleCloud({
    networks: [{ name: 'default', subnetworks: [{ name: 'default', range: '10.8.0.0/24' }] }]
  })
  const original = await openStack({ google }, stack => void declare(stack))
  await original.apply()
  const ids = (await original.state()).map(({ address, values }) => [address, String(values.id)] as const)
  const copy = await openStack({ google }, stack => {
    const declared = declare(stack)
    for (const [address, id] of ids) declared.get(address)?.importFrom(id)
  })
  const calls = google.calls.length
  expect((await copy.apply()).errors).toEqual([])
  expect(google.calls.length).toBe(calls)
  expect((await copy.state()).map(({ address, values }) => [address, String(values.id)])).toEqual(ids)
  expect((await copy.plan()).changes).toEqual([])
})

function declare(stack: TerraformStack): Map<string, TerraformResource> {
  new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1', addTerraformAttributionLabel: false })
  const address = new ComputeAddress(stack, 'address', {
    name: 'zilliz',
    addressType: 'INTERNAL',
    subnetwork: 'default',
    region: 'us-west1'
  })
  const rule = new ComputeForwardingRule(stack, 'rule', {
    name: 'zilliz',
    target: 'projects/vendor/regions/us-west1/serviceAttachments/zilliz',
    network: 'default',
    loadBalancingScheme: '',
    ipAddress: address.selfLink,
    noAutomateDnsZone: true,
    // The provider does not read it back, so an import does not know it.
    lifecycle: { ignoreChanges: ['no_automate_dns_zone'] }
  })
  const firewall = new ComputeFirewall(stack, 'firewall', {
    name: 'zilliz',
    network: 'default',
    direction: 'EGRESS',
    allow: [{ protocol: 'tcp', ports: ['443'] }],
    destinationRanges: ['10.8.0.0/24']
  })
  const zone = new DnsManagedZone(stack, 'zone', {
    name: 'zone',
    dnsName: 'example.com.',
    visibility: 'private',
    privateVisibilityConfig: { networks: [{ networkUrl: 'projects/acme/global/networks/default' }] }
  })
  const record = new DnsRecordSet(stack, 'record', {
    managedZone: zone.name,
    name: zone.dnsName,
    type: 'A',
    ttl: 60,
    rrdatas: [address.address]
  })
  const account = new ServiceAccount(stack, 'account', { accountId: 'zilliz-probe' })
  const template = new ComputeInstanceTemplate(stack, 'template', {
    // The provider does not read a prefix back, so a template that has one is replaced after an import.
    name: 'probe',
    machineType: 'e2-small',
    disk: [{ sourceImage: 'projects/cos-cloud/global/images/family/cos-stable' }],
    networkInterface: [{ subnetwork: 'default' }],
    serviceAccount: { email: account.email, scopes: ['cloud-platform'] }
  })
  const group = new ComputeInstanceGroupManager(stack, 'group', {
    name: 'probe',
    baseInstanceName: 'probe',
    zone: 'us-west1-b',
    version: [{ instanceTemplate: template.selfLink }],
    targetSize: 1
  })
  return new Map<string, TerraformResource>([
    ['google_service_account.account', account],
    ['google_compute_instance_template.template', template],
    ['google_compute_instance_group_manager.group', group],
    ['google_compute_address.address', address],
    ['google_compute_forwarding_rule.rule', rule],
    ['google_compute_firewall.firewall', firewall],
    ['google_dns_managed_zone.zone', zone],
    ['google_dns_record_set.record', record]
  ])
}
