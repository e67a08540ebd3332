import {
  ComputeInstanceGroupManager,
  type ComputeInstanceGroupManagerConfig
} from '@cdktf/provider-google/lib/compute-instance-group-manager/index.js'
import {
  ComputeInstanceTemplate,
  type ComputeInstanceTemplateConfig
} from '@cdktf/provider-google/lib/compute-instance-template/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js'
import type { TerraformStack } from 'cdktf'
import { describe, expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { isInRange } from '../address-range.ts'
import { openStack, refusals } from '../small-stack.ts'
import type { Instance, InstanceGroupManager } from './compute-instance-group-manager.ts'
import { GoogleCloud } from './google-cloud.ts'

const test = testWith('terraform')

const link = (path: string) => `https://www.googleapis.com/compute/v1/${path}`
const groupPath = 'projects/acme/zones/us-west1-b/instanceGroupManagers/probe'
const subnetwork = 'projects/acme/regions/us-west1/subnetworks/default'
const image = 'projects/cos-cloud/global/images/family/cos-stable'
const email = 'zilliz-probe@acme.iam.gserviceaccount.com'

function newCloud(): GoogleCloud {
  return new GoogleCloud({
    networks: [
      {
        name: 'default',
        subnetworks: [
          { name: 'default', range: '10.8.0.0/28' },
          { name: 'far', range: '10.9.0.0/28', region: 'us-east1' },
          { name: 'nat', range: '10.10.0.0/28', purpose: 'PRIVATE_SERVICE_CONNECT' }
        ]
      },
      { name: 'shared', project: 'host', subnetworks: [{ name: 'shared', range: '10.11.0.0/28' }] }
    ],
    serviceAccounts: [{ accountId: 'zilliz-probe' }]
  })
}

function provider(stack: TerraformStack): void {
  new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1', defaultLabels: { team: 'search' } })
}

function template(stack: TerraformStack, id = 'template', config: Partial<ComputeInstanceTemplateConfig> = {}) {
  return new ComputeInstanceTemplate(stack, id, {
    namePrefix: 'probe-',
    machineType: 'e2-small',
    disk: [{ sourceImage: image, boot: true, diskSizeGb: 10, diskType: 'pd-balanced' }],
    networkInterface: [{ subnetwork: 'default' }],
    serviceAccount: { email, scopes: ['cloud-platform'] },
    metadata: { 'user-data': '#cloud-config', 'google-logging-enabled': 'true' },
    shieldedInstanceConfig: { enableSecureBoot: true },
    tags: ['probe'],
    lifecycle: { createBeforeDestroy: true },
    ...config
  })
}

const proactive = { type: 'PROACTIVE', minimalAction: 'REPLACE', maxSurgeFixed: 1, maxUnavailableFixed: 0 }

function group(
  stack: TerraformStack,
  instanceTemplate: string,
  id = 'group',
  config: Partial<ComputeInstanceGroupManagerConfig> = {}
) {
  return new ComputeInstanceGroupManager(stack, id, {
    name: 'probe',
    baseInstanceName: 'probe',
    zone: 'us-west1-b',
    version: [{ instanceTemplate }],
    targetSize: 1,
    updatePolicy: proactive,
    ...config
  })
}

function probe(
  templateConfig: Partial<ComputeInstanceTemplateConfig> = {},
  groupConfig: Partial<ComputeInstanceGroupManagerConfig> = {}
) {
  return (stack: TerraformStack) => {
    provider(stack)
    group(stack, template(stack, 'template', templateConfig).selfLink, 'group', groupConfig)
  }
}

function groupOf(google: GoogleCloud): InstanceGroupManager {
  const found = google.instanceGroupManagers.get(groupPath)
  if (found === undefined) throw new Error('there is no group')
  return found
}

function onlyInstance(google: GoogleCloud): Instance {
  const [instance] = groupOf(google).instances
  if (instance === undefined) throw new Error('no instance runs')
  return instance
}

test('a template and its group come, run an instance, are left alone and go', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, probe())
  expect((await stack.apply()).errors).toEqual([])
  const [made] = google.instanceTemplates.values()
  expect(made?.path).toMatch(/^projects\/acme\/global\/instanceTemplates\/probe-[0-9a-f]{26}$/)
  const labels = { 'goog-terraform-provisioned': 'true', team: 'search' }
  const serviceAccount = { email, scopes: ['https://www.googleapis.com/auth/cloud-platform'] }
  const metadata = { 'user-data': '#cloud-config', 'google-logging-enabled': 'true' }
  expect(made).toMatchObject({
    machineType: 'e2-small',
    labels,
    metadata,
    tags: ['probe'],
    disks: [{ image, isBoot: true, sizeGb: 10, type: 'pd-balanced', isAutoDeleted: true }],
    subnetworks: [subnetwork],
    serviceAccount,
    scheduling: { restartsAutomatically: true, onHostMaintenance: 'MIGRATE', isPreemptible: false },
    shielding: { bootsSecurely: true, hasVtpm: true, monitorsIntegrity: true }
  })
  const instance = onlyInstance(google)
  expect(instance).toEqual({
    name: expect.stringMatching(/^probe-[0-9a-z]{4}$/),
    numericId: expect.any(Number),
    template: made?.path,
    machineType: 'e2-small',
    labels,
    metadata,
    tags: ['probe'],
    serviceAccount,
    image,
    subnetwork,
    address: expect.any(String),
    boots: 1
  })
  expect(isInRange(instance.address, '10.8.0.0/28')).toBe(true)
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })
  expect((await stack.destroy()).errors).toEqual([])
  expect([google.instanceTemplates.size, google.instanceGroupManagers.size]).toEqual([0, 0])
  expect(google.calls.map(({ action }) => action)).toEqual([
    'instanceTemplates.insert',
    'instanceGroupManagers.insert',
    'instanceGroupManagers.delete',
    'instanceTemplates.delete'
  ])
})

test('what the cloud words otherwise, or fills in, is no change', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, stack => {
    provider(stack)
    const zonal = new GoogleProvider(stack, 'zonal', { alias: 'zonal', project: 'acme', zone: 'us-west1-c' })
    const bare = new ComputeInstanceTemplate(stack, 'bare', {
      name: 'probe',
      machineType: 'e2-small',
      region: 'us-west1',
      disk: [{ sourceImage: link(image) }],
      networkInterface: [{ network: link('projects/acme/global/networks/default'), subnetwork: link(subnetwork) }],
      serviceAccount: { scopes: ['logging-write', 'https://www.googleapis.com/auth/monitoring.write'] },
      scheduling: { onHostMaintenance: 'TERMINATE' },
      labels: { env: 'test' }
    })
    const shared = template(stack, 'shared', {
      networkInterface: [{ subnetwork: 'shared', subnetworkProject: 'host' }],
      scheduling: { preemptible: true, automaticRestart: false }
    })
    new ComputeInstanceGroupManager(stack, 'group', {
      name: 'probe',
      baseInstanceName: 'probe',
      zone: 'us-west1-b',
      version: [{ instanceTemplate: bare.selfLinkUnique }]
    })
    new ComputeInstanceGroupManager(stack, 'second', {
      name: 'second',
      baseInstanceName: 'second',
      version: [{ instanceTemplate: shared.id }],
      targetSize: 1,
      updatePolicy: { type: 'PROACTIVE', minimalAction: 'RESTART', maxUnavailableFixed: 1 },
      namedPort: [{ name: 'http', port: 9464 }],
      waitForInstances: true,
      provider: zonal
    })
  })
  expect((await stack.apply()).errors).toEqual([])
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })
  expect(groupOf(google).updatePolicy).toEqual({
    type: 'OPPORTUNISTIC',
    minimalAction: 'REPLACE',
    mostDisruptiveAction: '',
    replacementMethod: 'SUBSTITUTE',
    maxSurge: { fixed: 1, percent: 0 },
    maxUnavailable: { fixed: 1, percent: 0 }
  })
  const second = google.instanceGroupManagers.get('projects/acme/zones/us-west1-c/instanceGroupManagers/second')
  expect(second?.updatePolicy).toMatchObject({ maxSurge: { fixed: 0 }, maxUnavailable: { fixed: 1 } })
  expect(second?.instances[0]?.subnetwork).toBe('projects/host/regions/us-west1/subnetworks/shared')
})

describe('another template', () => {
  const changed = { metadata: { 'user-data': '#cloud-config\nruncmd: []' } }

  test('replaces the old one and rolls the group, with the new instance first', async () => {
    const google = newCloud()
    const stack = await openStack({ google }, probe())
    await stack.apply()
    const old = onlyInstance(google)
    await stack.rebuild(probe(changed))
    expect((await stack.plan()).changes).toEqual([
      { address: 'google_compute_instance_group_manager.group', actions: ['update'] },
      { address: 'google_compute_instance_template.template', actions: ['create', 'delete'] }
    ])
    const before = google.calls.length
    expect((await stack.apply()).errors).toEqual([])
    expect(google.calls.slice(before).map(({ action }) => action)).toEqual([
      'instanceTemplates.insert',
      'instanceGroupManagers.patch',
      'instanceTemplates.delete'
    ])
    const rolled = onlyInstance(google)
    expect(rolled.metadata).toEqual(changed.metadata)
    expect(rolled.template).toBe([...google.instanceTemplates.keys()][0])
    expect(rolled.name).not.toBe(old.name)
    expect(rolled.address).not.toBe(old.address)
    expect((await stack.plan()).changes).toEqual([])
  })

  test('keeps the name of an instance that is recreated', async () => {
    const google = newCloud()
    const updatePolicy = {
      ...proactive,
      maxSurgeFixed: 0,
      maxUnavailableFixed: 1,
      replacementMethod: 'RECREATE'
    }
    const stack = await openStack({ google }, probe({}, { updatePolicy }))
    await stack.apply()
    const old = onlyInstance(google)
    await stack.rebuild(probe(changed, { updatePolicy }))
    await stack.apply()
    const { name, address, numericId, metadata } = onlyInstance(google)
    expect({ name, address, metadata }).toEqual({ name: old.name, address: old.address, ...changed })
    expect(numericId).not.toBe(old.numericId)
  })

  for (const { when, minimalAction, config, boots, isSame } of [
    {
      when: 'restarts an instance that is to be restarted at least',
      minimalAction: 'RESTART',
      config: changed,
      boots: 2,
      isSame: true
    },
    {
      when: 'is given to an instance that goes on running',
      minimalAction: 'REFRESH',
      config: changed,
      boots: 1,
      isSame: true
    },
    {
      when: 'restarts an instance that gets another machine',
      minimalAction: 'REFRESH',
      config: { machineType: 'e2-medium' },
      boots: 2,
      isSame: true
    },
    {
      when: 'replaces an instance that gets another image',
      minimalAction: 'REFRESH',
      config: { disk: [{ sourceImage: image.replace('stable', 'beta') }] },
      boots: 1,
      isSame: false
    }
  ]) {
    test(when, async () => {
      const google = newCloud()
      const updatePolicy = { ...proactive, minimalAction }
      const stack = await openStack({ google }, probe({}, { updatePolicy }))
      await stack.apply()
      const old = onlyInstance(google)
      await stack.rebuild(probe(config, { updatePolicy }))
      await stack.apply()
      const instance = onlyInstance(google)
      expect(instance.template).toBe(groupOf(google).template)
      expect([instance.boots, instance.numericId === old.numericId]).toEqual([boots, isSame])
    })
  }

  test('waits for the next instance where the group is opportunistic', async () => {
    const google = newCloud()
    const updatePolicy = { ...proactive, type: 'OPPORTUNISTIC' }
    const stack = await openStack({ google }, probe({}, { updatePolicy }))
    await stack.apply()
    const old = onlyInstance(google)
    await stack.rebuild(probe(changed, { updatePolicy, targetSize: 2 }))
    await stack.apply()
    const [first, second] = groupOf(google).instances
    expect(first).toEqual(old)
    expect(second?.metadata).toEqual(changed.metadata)
  })

  test('cannot come after the old one, which the group keeps from going', async () => {
    const google = newCloud()
    const stack = await openStack({ google }, probe({ lifecycle: {} }))
    await stack.apply()
    const [path] = google.instanceTemplates.keys()
    await stack.rebuild(probe({ ...changed, lifecycle: {} }))
    expect(Object.values(refusals(await stack.apply()))).toEqual([
      `Error deleting instance template: googleapi: Error 400: The instance_template resource '${path}' is already being used by '${groupPath}', resourceInUseByAnotherResource`
    ])
  })
})

test('other labels are another template, and reach the instances', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, probe())
  await stack.apply()
  await stack.rebuild(probe({ labels: { env: 'test' } }))
  await stack.apply()
  expect(onlyInstance(google).labels).toEqual({ 'goog-terraform-provisioned': 'true', team: 'search', env: 'test' })
})

test('a group changes in place, and is replaced in another zone', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, probe())
  await stack.apply()
  const before = google.calls.length
  await stack.rebuild(probe({}, { targetSize: 2, description: 'probes', namedPort: [{ name: 'http', port: 9464 }] }))
  expect((await stack.apply()).done).toEqual([
    { address: 'google_compute_instance_group_manager.group', action: 'update' }
  ])
  expect(google.calls.slice(before).map(({ action }) => action)).toEqual([
    'instanceGroupManagers.patch',
    'instanceGroups.setNamedPorts',
    'instanceGroupManagers.resize'
  ])
  expect(groupOf(google)).toMatchObject({ description: 'probes', namedPorts: [{ name: 'http', port: 9464 }] })
  expect(new Set(groupOf(google).instances.map(({ address }) => address)).size).toBe(2)
  await stack.rebuild(probe({}, { zone: 'us-west1-a' }))
  expect((await stack.plan()).changes).toEqual([
    { address: 'google_compute_instance_group_manager.group', actions: ['delete', 'create'] }
  ])
})

test('a region that is not that of the subnetwork never comes to rest', async () => {
  const google = newCloud()
  const networkInterface = [{ subnetwork: link(subnetwork.replace('us-west1', 'us-east1').replace('default', 'far')) }]
  const stack = await openStack({ google }, stack => {
    provider(stack)
    template(stack, 'template', { networkInterface, region: 'us-west1' })
  })
  await stack.apply()
  expect((await stack.plan()).changes).toEqual([
    { address: 'google_compute_instance_template.template', actions: ['create', 'delete'] }
  ])
})

test('Google refuses templates that cannot be', async () => {
  const google = newCloud()
  const big = (bytes: number) => 'x'.repeat(bytes)
  const stack = await openStack({ google }, stack => {
    provider(stack)
    template(stack, 'absent', { networkInterface: [{ subnetwork: 'gone' }] })
    template(stack, 'far', { networkInterface: [{ subnetwork: 'far' }] })
    template(stack, 'producer', { networkInterface: [{ subnetwork: 'nat' }] })
    template(stack, 'anywhere', { networkInterface: [{ network: 'default' }] })
    template(stack, 'nowhere', { networkInterface: [{ nicType: 'GVNIC' }] })
    template(stack, 'tagged', { tags: ['Probe'] })
    template(stack, 'capital', { namePrefix: 'Probe-' })
    template(stack, 'long_value', { metadata: { 'a-first': '', 'user-data': big(262_145) } })
    template(stack, 'long_values', { metadata: { a: big(262_144), b: big(262_143) } })
    template(stack, 'limits', { metadata: { a: big(262_144), b: big(262_142) } })
  })
  const refused = (error: string) => `Error creating instance template: googleapi: Error ${error}`
  const field = (name: string, value: string, why: string) =>
    refused(`400: Invalid value for field 'resource.properties.${name}': '${value}'. ${why}, invalid`)
  const absent = (name: string) =>
    refused(`404: The resource '${subnetwork.replace('default', name)}' was not found, notFound`)
  const large = (name: string, most: number, actual: number) =>
    refused(
      `413: Value for field 'resource.properties.metadata${name}' is too large: maximum size ${most} character(s); actual size ${actual}., fieldSizeTooLarge`
    )
  const errors = refusals(await stack.apply())
  expect(errors['google_compute_instance_template.capital']).toMatch(
    /^Error creating instance template: googleapi: Error 400: Invalid value for field 'resource.name': 'Probe-\w+'\. Must be a match of regex '\(\?:\[a-z\]\(\?:\[-a-z0-9\]\{0,61\}\[a-z0-9\]\)\?\)', invalid$/
  )
  expect(errors).toEqual({
    'google_compute_instance_template.absent': absent('gone'),
    'google_compute_instance_template.anywhere': field(
      'networkInterfaces[0].subnetwork',
      '',
      'Network interface must specify a subnet if the network resource is in custom subnet mode.'
    ),
    'google_compute_instance_template.capital': expect.any(String),
    'google_compute_instance_template.far': absent('far'),
    'google_compute_instance_template.long_value': large('.items[1].value', 262_144, 262_145),
    'google_compute_instance_template.long_values': large('', 524_288, 524_289),
    'google_compute_instance_template.nowhere':
      'exactly one of network, subnetwork, or network_attachment must be provided',
    'google_compute_instance_template.producer': field(
      'networkInterfaces[0].subnetwork',
      link(subnetwork.replace('default', 'nat')),
      'Subnetwork purpose PRIVATE_SERVICE_CONNECT is not valid for an instance.'
    ),
    'google_compute_instance_template.tagged': field(
      'tags.items[0]',
      'Probe',
      "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'"
    )
  })
})

test('Google refuses groups that cannot be', async () => {
  const google = newCloud()
  const unknown = 'gone@acme.iam.gserviceaccount.com'
  const stack = await openStack({ google }, stack => {
    provider(stack)
    const { selfLink } = template(stack)
    const first = group(stack, selfLink)
    group(stack, selfLink, 'twin', { dependsOn: [first] })
    group(stack, selfLink, 'elsewhere', { name: 'elsewhere', zone: 'us-east1-b' })
    group(stack, 'projects/acme/global/instanceTemplates/gone', 'absent', { name: 'absent' })
    group(stack, 'probe', 'malformed', { name: 'malformed' })
    group(stack, selfLink, 'still', { name: 'still', updatePolicy: { type: 'PROACTIVE', minimalAction: 'REPLACE' } })
    group(stack, selfLink, 'recreated', {
      name: 'recreated',
      updatePolicy: { ...proactive, replacementMethod: 'RECREATE' }
    })
    const nobody = template(stack, 'nobody', {
      serviceAccount: { email: unknown, scopes: ['cloud-platform'] }
    })
    group(stack, nobody.selfLink, 'alone', { name: 'alone' })
  })
  const refused = (error: string) => `Error creating InstanceGroupManager: googleapi: Error ${error}`
  const field = (name: string, value: string, why: string) =>
    refused(`400: Invalid value for field 'resource.${name}': '${value}'. ${why}, invalid`)
  const errors = refusals(await stack.apply())
  const used = groupOf(google).template
  expect(errors).toEqual({
    'google_compute_instance_group_manager.absent': refused(
      "404: The resource 'projects/acme/global/instanceTemplates/gone' was not found, notFound"
    ),
    'google_compute_instance_group_manager.elsewhere': field(
      'versions[0].instanceTemplate',
      link(used),
      'Its subnetwork is in the region us-west1, and the zone of the group is us-east1-b.'
    ),
    'google_compute_instance_group_manager.malformed': field(
      'versions[0].instanceTemplate',
      'probe',
      'The URL is malformed.'
    ),
    'google_compute_instance_group_manager.alone': `The resource 'One of [${unknown}]' of type 'serviceAccount' was not found.`,
    'google_compute_instance_group_manager.recreated': field(
      'updatePolicy.maxSurge',
      '{  "fixed": 1}',
      'maxSurge must be equal to 0 when replacement method is set to RECREATE'
    ),
    'google_compute_instance_group_manager.still': field(
      'updatePolicy.maxUnavailable',
      '{  "fixed": 0}',
      'maxSurge and maxUnavailable cannot both be 0.'
    ),
    'google_compute_instance_group_manager.twin': refused(
      `409: The resource '${groupPath}' already exists, alreadyExists`
    )
  })
})

test('a template of a service account of the same stack waits for it', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, stack => {
    provider(stack)
    const { email } = new ServiceAccount(stack, 'account', { accountId: 'another' })
    const made = template(stack, 'template', { serviceAccount: { email, scopes: ['cloud-platform'] } })
    group(stack, made.selfLinkUnique)
  })
  expect((await stack.apply()).errors).toEqual([])
  expect(onlyInstance(google).serviceAccount?.email).toBe('another@acme.iam.gserviceaccount.com')
  expect((await stack.plan()).changes).toEqual([])
  expect((await stack.destroy()).errors).toEqual([])
})
