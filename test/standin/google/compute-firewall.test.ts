import { ComputeFirewall, type ComputeFirewallConfig } from '@cdktf/provider-google/lib/compute-firewall/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import type { TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { GoogleCloud } from './google-cloud.ts'

const test = testWith('terraform')

const https = [{ protocol: 'tcp', ports: ['443'] }]

function newCloud(): GoogleCloud {
  return new GoogleCloud({ networks: [{ name: 'default', subnetworks: [] }] })
}

function withFirewalls(firewalls: Readonly<Record<string, Partial<ComputeFirewallConfig>>>) {
  return (stack: TerraformStack) => {
    new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1' })
    for (const [id, config] of Object.entries(firewalls)) {
      new ComputeFirewall(stack, id, { name: id, network: 'default', ...config })
    }
  }
}

test('a firewall rule comes, is left alone, changes in place, is replaced and goes', async () => {
  const google = newCloud()
  const egress = { direction: 'EGRESS', allow: https, destinationRanges: ['10.8.0.9/32'] }
  const stack = await openStack({ google }, withFirewalls({ out: egress }))
  await stack.apply()
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })
  const path = 'projects/acme/global/firewalls/out'
  const firewall = {
    path,
    project: 'acme',
    name: 'out',
    network: 'projects/acme/global/networks/default',
    direction: 'EGRESS',
    description: '',
    priority: 1000,
    disabled: false,
    allow: https,
    deny: [],
    destinationRanges: ['10.8.0.9/32'],
    sourceRanges: [],
    sourceTags: [],
    sourceServiceAccounts: [],
    targetTags: [],
    targetServiceAccounts: [],
    logMetadata: undefined
  }
  expect(google.firewalls.get(path)).toEqual(firewall)

  const logConfig = { metadata: 'EXCLUDE_ALL_METADATA' }
  await stack.rebuild(withFirewalls({ out: { ...egress, priority: 900, targetTags: ['client'], logConfig } }))
  expect((await stack.apply()).done).toEqual([{ address: 'google_compute_firewall.out', action: 'update' }])
  expect(google.firewalls.get(path)).toEqual({
    ...firewall,
    priority: 900,
    targetTags: ['client'],
    logMetadata: 'EXCLUDE_ALL_METADATA'
  })

  await stack.rebuild(withFirewalls({ out: { direction: 'INGRESS', allow: https, sourceRanges: ['10.0.0.0/8'] } }))
  expect((await stack.plan()).changes).toEqual([
    { address: 'google_compute_firewall.out', actions: ['delete', 'create'] }
  ])
  expect((await stack.destroy()).errors).toEqual([])
  expect(google.firewalls.size).toBe(0)
})

test('a rule for what comes in is from ranges or from instances with a tag, to those with another', async () => {
  const google = newCloud()
  const metrics = [{ protocol: 'tcp', ports: ['9464'] }]
  const byTag = { allow: metrics, sourceRanges: ['10.8.0.0/24'], sourceTags: ['scraper'], targetTags: ['probe'] }
  const stack = await openStack({ google }, withFirewalls({ in: byTag }))
  await stack.apply()
  expect((await stack.plan()).changes).toEqual([])
  expect(google.firewalls.get('projects/acme/global/firewalls/in')).toMatchObject({
    direction: 'INGRESS',
    allow: metrics,
    destinationRanges: [],
    sourceRanges: ['10.8.0.0/24'],
    sourceTags: ['scraper'],
    targetTags: ['probe']
  })
  await stack.rebuild(withFirewalls({ in: { ...byTag, sourceTags: ['scraper', 'bastion'] } }))
  expect((await stack.apply()).done).toEqual([{ address: 'google_compute_firewall.in', action: 'update' }])
})

test('Google refuses firewall rules that cannot be', async () => {
  const google = newCloud()
  const egress = { direction: 'EGRESS', allow: https }
  const stack = await openStack(
    { google },
    withFirewalls({
      absent: { ...egress, network: 'gone' },
      both: { ...egress, deny: https },
      Capital: egress,
      neither: { direction: 'EGRESS' },
      shared: { ...egress, network: 'projects/host/global/networks/shared' }
    })
  )
  const refused = (error: string) => `Error creating Firewall: googleapi: Error ${error}`
  const exactlyOne = refused('400: Firewall must have exactly one of allowed and denied., invalid')
  expect(refusals(await stack.apply())).toEqual({
    'google_compute_firewall.absent': refused(
      "404: The resource 'projects/acme/global/networks/gone' was not found, notFound"
    ),
    'google_compute_firewall.both': exactlyOne,
    'google_compute_firewall.Capital': refused(
      "400: Invalid value for field 'resource.name': 'Capital'. Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)', invalid"
    ),
    'google_compute_firewall.neither': exactlyOne,
    'google_compute_firewall.shared': refused(
      "400: Invalid value for field 'resource.network': 'https://www.googleapis.com/compute/v1/projects/host/global/networks/shared'. Cross project referencing is not allowed for this resource., invalid"
    )
  })
})

test('a rule for what comes in must say from where', async () => {
  const stack = await openStack({ google: newCloud() }, withFirewalls({ in: { allow: https } }))
  expect(refusals(await stack.plan())).toEqual({
    'google_compute_firewall.in': 'one of source_tags, source_ranges, or source_service_accounts must be defined'
  })
})

test('a rule is for tags or for service accounts, not for both', async () => {
  const both = { targetTags: ['client'], targetServiceAccounts: ['client@acme.iam.gserviceaccount.com'] }
  const stack = await openStack({ google: newCloud() }, withFirewalls({ out: { direction: 'EGRESS', ...both } }))
  expect(await stack.validate()).toEqual([
    {
      summary: 'Conflicting configuration arguments',
      detail: '"target_service_accounts": conflicts with target_tags',
      address: 'google_compute_firewall.out'
    }
  ])
})
