import { DataGoogleDnsManagedZone } from '@cdktf/provider-google/lib/data-google-dns-managed-zone/index.js'
import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone/index.js'
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import { TerraformOutput, type TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { GoogleCloud } from './google-cloud.ts'

const test = testWith('terraform')

const networks = ['default', 'other', 'projects/host/global/networks/shared']

function newCloud(): GoogleCloud {
  return new GoogleCloud({
    networks: [
      { name: 'default', subnetworks: [] },
      { name: 'other', subnetworks: [] },
      { name: 'shared', project: 'host', subnetworks: [] }
    ],
    managedZones: [
      {
        project: 'host',
        zoneName: 'theirs',
        dnsName: 'example.net.',
        networks: ['shared'],
        records: [{ name: 'www.example.net.', type: 'A', values: ['10.8.0.7'] }]
      }
    ]
  })
}

/** A zone with a record that these networks see. */
function seenBy(...names: string[]) {
  return (stack: TerraformStack) => {
    new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1' })
    const urls = names.map(name => ({
      networkUrl: name.includes('/') ? name : `projects/acme/global/networks/${name}`
    }))
    const { name } = new DnsManagedZone(stack, 'zone', {
      name: 'zone',
      dnsName: 'example.com.',
      visibility: 'private',
      ...(urls.length === 0 ? {} : { privateVisibilityConfig: { networks: urls } })
    })
    const record = { name: 'db.example.com.', type: 'A', ttl: 60, rrdatas: ['10.8.0.1'] }
    new DnsRecordSet(stack, 'record', { managedZone: name, ...record })
  }
}

test('a private zone that no network sees is bound to networks, to others and to none, in place', async () => {
  const google = newCloud()
  const seen: unknown[] = []
  google.onChange = ({ action }) => {
    seen.push([action, ...networks.filter(name => google.resolve(name, 'db.example.com').kind === 'addresses')])
  }
  const stack = await openStack({ google }, seenBy())
  expect((await stack.apply()).errors).toEqual([])
  expect((await stack.plan()).changes).toEqual([])
  for (const names of [['default', networks[2] ?? ''], ['other', 'default'], []]) {
    await stack.rebuild(seenBy(...names))
    expect((await stack.apply()).done).toEqual([{ address: 'google_dns_managed_zone.zone', action: 'update' }])
    expect((await stack.plan()).changes).toEqual([])
  }
  expect(seen).toEqual([
    ['managedZones.create'],
    ['changes.create'],
    ['managedZones.update', 'default', networks[2]],
    ['managedZones.update', 'default', 'other'],
    ['managedZones.update']
  ])
})

test('a network sees one zone of a name', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, stack => {
    new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1' })
    new DnsManagedZone(stack, 'zone', {
      name: 'rival',
      dnsName: 'example.net.',
      visibility: 'private',
      privateVisibilityConfig: { networks: [{ networkUrl: networks[2] ?? '' }] }
    })
  })
  expect(refusals(await stack.apply())).toEqual({
    'google_dns_managed_zone.zone': expect.stringContaining(
      "is already bound to a private zone 'theirs' with the same DNS name 'example.net.'"
    )
  })
})

test("others' zone is found, and takes a record", async () => {
  const google = newCloud()
  const stack = await openStack({ google }, stack => {
    new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1' })
    const zone = new DataGoogleDnsManagedZone(stack, 'zone', { name: 'theirs', project: 'host' })
    const record = { name: `db.${zone.dnsName}`, type: 'A', ttl: 60, rrdatas: ['10.8.0.1'] }
    new DnsRecordSet(stack, 'record', { managedZone: zone.name, project: 'host', ...record })
    new TerraformOutput(stack, 'found', { value: [zone.id, zone.dnsName, zone.visibility] })
  })
  expect((await stack.apply()).outputs).toEqual({
    found: ['projects/host/managedZones/theirs', 'example.net.', 'private']
  })
  const shared = 'projects/host/global/networks/shared'
  expect(['db.example.net', 'www.example.net'].map(name => google.resolve(shared, name))).toEqual([
    { kind: 'addresses', addresses: ['10.8.0.1'] },
    { kind: 'addresses', addresses: ['10.8.0.7'] }
  ])
  await stack.rebuild(stack => {
    new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1' })
    new DataGoogleDnsManagedZone(stack, 'zone', { name: 'theirs' })
  })
  expect(refusals(await stack.plan())).toEqual({
    'data.google_dns_managed_zone.zone':
      "googleapi: Error 404: The 'parameters.managedZone' resource named 'theirs' does not exist., notFound"
  })
})

test('a peering zone answers what another network answers, over one network more and no further', async () => {
  const google = new GoogleCloud({
    networks: ['hub', 'first', 'second', 'third', 'lost'].map(name => ({ name, subnetworks: [] })),
    managedZones: [
      {
        zoneName: 'own',
        dnsName: 'example.com.',
        networks: ['hub'],
        records: [{ name: 'db.example.com.', type: 'A', values: ['10.8.0.7'] }]
      }
    ]
  })
  const peering = (stack: TerraformStack, from: string, to: string) =>
    new DnsManagedZone(stack, from, {
      name: from,
      dnsName: 'example.com.',
      visibility: 'private',
      privateVisibilityConfig: { networks: [{ networkUrl: `projects/acme/global/networks/${from}` }] },
      peeringConfig: { targetNetwork: { networkUrl: `projects/acme/global/networks/${to}` } }
    })
  const chain = (stack: TerraformStack) => {
    new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1' })
    peering(stack, 'first', 'hub')
    peering(stack, 'second', 'first')
    peering(stack, 'third', 'second')
  }
  const stack = await openStack({ google }, chain)
  expect((await stack.apply()).errors).toEqual([])
  expect((await stack.plan()).changes).toEqual([])
  expect(['first', 'second', 'third'].map(name => google.resolve(name, 'db.example.com').kind)).toEqual([
    'addresses',
    'addresses',
    'servfail'
  ])
  expect(google.resolve('first', 'other.example.com').kind).toBe('nxdomain')

  await stack.rebuild(stack => {
    chain(stack)
    peering(stack, 'lost', 'absent')
  })
  expect(refusals(await stack.apply())).toEqual({
    'google_dns_managed_zone.lost': expect.stringContaining(
      "Invalid value for 'entity.managedZone.peeringConfig.targetNetwork.networkUrl'"
    )
  })
  await stack.rebuild(stack => {
    new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1' })
    peering(stack, 'first', 'second')
  })
  expect((await stack.apply()).done.map(({ action }) => action).sort()).toEqual(['delete', 'delete', 'update'])
  expect((await stack.plan()).changes).toEqual([])
})
