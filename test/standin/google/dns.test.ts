import { DnsManagedZone, type DnsManagedZoneConfig } from '@cdktf/provider-google/lib/dns-managed-zone/index.js'
import { DnsRecordSet, type DnsRecordSetConfig } from '@cdktf/provider-google/lib/dns-record-set/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import type { TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { GoogleCloud } from './google-cloud.ts'

const test = testWith('terraform')

const zonePath = 'projects/acme/managedZones/zone'

function newCloud(): GoogleCloud {
  return new GoogleCloud({
    networks: [
      { name: 'default', subnetworks: [] },
      { name: 'other', subnetworks: [] }
    ]
  })
}

function provider(stack: TerraformStack): void {
  new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1', addTerraformAttributionLabel: false })
}

function zone(stack: TerraformStack, id: string, config: Partial<DnsManagedZoneConfig> = {}): DnsManagedZone {
  return new DnsManagedZone(stack, id, {
    name: 'zone',
    dnsName: 'example.com.',
    visibility: 'private',
    privateVisibilityConfig: { networks: [{ networkUrl: 'projects/acme/global/networks/default' }] },
    ...config
  })
}

function record(
  stack: TerraformStack,
  id: string,
  { name: managedZone }: DnsManagedZone,
  config: Partial<DnsRecordSetConfig> = {}
): DnsRecordSet {
  return new DnsRecordSet(stack, id, {
    managedZone,
    name: 'db.example.com.',
    type: 'A',
    ttl: 60,
    rrdatas: ['10.8.0.1'],
    ...config
  })
}

test('a zone with a record comes, is left alone, changes in place and goes', async () => {
  const google = newCloud()
  const withNetwork = (network: string, rrdatas: string[]) => (stack: TerraformStack) => {
    provider(stack)
    const networks = [{ networkUrl: `projects/acme/global/networks/${network}` }]
    record(stack, 'record', zone(stack, 'zone', { privateVisibilityConfig: { networks } }), { rrdatas })
  }
  const stack = await openStack({ google }, withNetwork('default', ['10.8.0.1', '10.8.0.2']))
  await stack.apply()
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })
  const server = 'ns-gcp-private.googledomains.com.'
  expect(google.managedZones.get(zonePath)).toEqual({
    path: zonePath,
    project: 'acme',
    zoneName: 'zone',
    name: 'example.com.',
    visibility: 'private',
    numericId: expect.any(Number),
    description: 'Managed by Terraform',
    networks: ['projects/acme/global/networks/default'],
    logsQueries: false,
    records: [
      { name: 'example.com.', type: 'NS', ttl: 21_600, values: [server] },
      { name: 'example.com.', type: 'SOA', ttl: 21_600, values: [expect.stringContaining(server)] },
      { name: 'db.example.com.', type: 'A', ttl: 60, values: ['10.8.0.1', '10.8.0.2'] }
    ],
    labels: {}
  })
  expect(google.resolve('default', 'db.example.com')).toEqual({
    kind: 'addresses',
    addresses: ['10.8.0.1', '10.8.0.2']
  })
  expect(google.resolve('default', 'www.example.com')).toEqual({ kind: 'nxdomain', zone: 'example.com' })
  expect(google.resolve('other', 'db.example.com')).toEqual({ kind: 'public', name: 'db.example.com' })

  await stack.rebuild(withNetwork('other', ['10.8.0.2', '10.8.0.1']))
  expect((await stack.apply()).done).toEqual([{ address: 'google_dns_managed_zone.zone', action: 'update' }])
  expect(google.resolve('other', 'db.example.com').kind).toBe('addresses')

  await stack.rebuild(withNetwork('other', ['10.8.0.3']))
  await stack.apply()
  expect(google.resolve('other', 'db.example.com')).toEqual({ kind: 'addresses', addresses: ['10.8.0.3'] })
  expect((await stack.destroy()).errors).toEqual([])
  expect(google.managedZones.size).toBe(0)
})

test('a record silently takes the place of another, as Route 53 would not let it', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, stack => {
    provider(stack)
    zone(stack, 'zone')
  })
  await stack.apply()
  google.managedZones.get(zonePath)?.records.push({ name: 'db.example.com.', type: 'A', ttl: 5, values: ['10.8.0.66'] })
  await stack.rebuild(stack => {
    provider(stack)
    record(stack, 'record', zone(stack, 'zone'))
  })
  expect((await stack.apply()).errors).toEqual([])
  expect(google.resolve('default', 'db.example.com')).toEqual({ kind: 'addresses', addresses: ['10.8.0.1'] })
})

test('Cloud DNS refuses zones and records that cannot be', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, stack => {
    provider(stack)
    const it = zone(stack, 'zone')
    const first = record(stack, 'first', it)
    zone(stack, 'same-name', { dnsName: 'example.net.', dependsOn: [it] })
    zone(stack, 'same-dns-name', { name: 'rival', dependsOn: [it] })
    zone(stack, 'undotted', { name: 'undotted', dnsName: 'example.org' })
    zone(stack, 'long', { name: 'a'.repeat(64), dnsName: 'example.org.' })
    zone(stack, 'unseen', {
      name: 'unseen',
      dnsName: 'example.org.',
      privateVisibilityConfig: { networks: [{ networkUrl: 'projects/acme/global/networks/gone' }] }
    })
    record(stack, 'outside', it, { name: 'db.example.net.' })
    record(stack, 'apex', it, { name: 'example.com.', type: 'CNAME', rrdatas: ['target.example.net.'] })
    record(stack, 'beside', it, { type: 'CNAME', rrdatas: ['target.example.net.'], dependsOn: [first] })
  })
  const link = 'https://www.googleapis.com/compute/v1/projects/acme/global/networks'
  const refused = (error: string) => `Error creating ManagedZone: googleapi: Error ${error}`
  const change = (error: string) => `Error creating DNS RecordSet: googleapi: Error 400: ${error}`
  expect(refusals(await stack.apply())).toEqual({
    'google_dns_managed_zone.long': refused(
      `400: Invalid value for 'entity.managedZone.name': '${'a'.repeat(64)}', invalid`
    ),
    'google_dns_managed_zone.same-dns-name': refused(
      `400: Network '${link}/default' is already bound to a private zone 'zone' with the same DNS name 'example.com.', invalid`
    ),
    'google_dns_managed_zone.same-name': refused(
      "409: The resource 'entity.managedZone' named 'zone' already exists, alreadyExists"
    ),
    'google_dns_managed_zone.undotted': refused(
      "400: Invalid value for 'entity.managedZone.dnsName': 'example.org', invalid"
    ),
    'google_dns_managed_zone.unseen': refused(
      `400: Invalid value for 'entity.managedZone.privateVisibilityConfig.networks[0].networkUrl': '${link}/gone', invalid`
    ),
    'google_dns_record_set.apex': change(
      "The resource record set 'entity.change.additions[example.com.][CNAME]' is invalid because a zone's apex cannot hold a CNAME, invalidZoneApex"
    ),
    'google_dns_record_set.beside': change(
      "The resource record set 'entity.change.additions[db.example.com.][CNAME]' is invalid because a CNAME resource record set cannot share its name with others, cnameResourceRecordSetConflict"
    ),
    'google_dns_record_set.outside': change(
      "Invalid value for 'entity.change.additions[db.example.net.][A].name': 'db.example.net.', invalid"
    )
  })
})

test('a zone with a record of somebody else goes only by force', async () => {
  const google = newCloud()
  const forced = (forceDestroy: boolean) => (stack: TerraformStack) => {
    provider(stack)
    zone(stack, 'zone', { forceDestroy })
  }
  const stack = await openStack({ google }, forced(false))
  await stack.apply()
  google.managedZones.get(zonePath)?.records.push({ name: 'theirs.example.com.', type: 'A', ttl: 5, values: [] })
  expect(Object.values(refusals(await stack.destroy()))).toEqual([
    "Error when reading or editing ManagedZone: googleapi: Error 400: The resource named 'zone' cannot be deleted because it is not empty, containerNotEmpty"
  ])
  await stack.rebuild(forced(true))
  await stack.apply()
  expect((await stack.destroy()).errors).toEqual([])
})
