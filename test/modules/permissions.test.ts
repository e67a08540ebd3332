import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { z } from 'zod'
import { openDeployment } from '../support/deployment.ts'
import { testWith } from '../support/test-with.ts'
import { awsLink, awsProbe, gcpLink, gcpProbe } from './literals.ts'
import { awsHost, awsWorld, gcpHost, googleWorld, peerVpcId, theirZone } from './world.ts'

const test = testWith('terraform')

function environment(link: object, tags: Record<string, string> = {}) {
  return { name: 'test', backend: { type: 'local' }, tags, labels: tags, links: { search: link } }
}

test('every change that a deploy asks of AWS is in its policy', async () => {
  const cloud = awsWorld(theirZone)
  const link = {
    ...awsLink,
    hosts: [`${awsHost}:19531`],
    clientSecurityGroupIds: ['sg-0a1b2c3d4e5f60718'],
    notificationTopicArn: 'arn:aws:sns:us-west-2:123456789012:endpoints'
  }
  const theirs = { zoneId: theirZone.id, zoneRoleArn: 'arn:aws:iam::210987654321:role/dns', associateZone: true }
  const { terraform, deploy } = await openDeployment(environment(link), { aws: cloud })
  for (const literal of [
    environment(link),
    environment({ ...link, zoneVpcs: [{ vpcId: peerVpcId, region: 'us-west-2' }] }, { team: 'search' }),
    environment({ ...link, probe: awsProbe }),
    environment({ ...link, probe: { ...awsProbe, port: 9900, logRetentionDays: 90 } }, { team: 'search' }),
    environment({ ...link, zone: 'existing', ...theirs })
  ]) {
    expect((await deploy(literal)).errors).toEqual([])
  }
  expect((await terraform.destroy()).errors).toEqual([])

  const policy = z
    .object({ Statement: z.array(z.object({ Action: z.array(z.string()) })) })
    .parse(JSON.parse(readFileSync('modules/permissions/aws.json', 'utf8')))
  const actions = policy.Statement.flatMap(({ Action }) => Action)
  // Calls of EC2 and Route 53 are noted without the service, the others with it.
  const allowed = [...actions, ...actions.map(action => action.split(':')[1])]
  const called = [...new Set(cloud.calls.map(({ action }) => action))]
  expect(called.length).toBeGreaterThan(30)
  expect(called.filter(action => !allowed.includes(action))).toEqual([])
})

/** The permission that each kind of call needs: https://cloud.google.com/compute/docs/reference/rest and .../dns/docs/access-control */
const permissionOf: Readonly<Record<string, string>> = {
  'addresses.insert': 'compute.addresses.createInternal',
  'addresses.delete': 'compute.addresses.deleteInternal',
  'addresses.setLabels': 'compute.addresses.setLabels',
  'forwardingRules.insert': 'compute.forwardingRules.pscCreate',
  'forwardingRules.delete': 'compute.forwardingRules.pscDelete',
  'forwardingRules.patch': 'compute.forwardingRules.pscUpdate',
  'forwardingRules.setLabels': 'compute.forwardingRules.pscSetLabels',
  'firewalls.insert': 'compute.firewalls.create',
  'firewalls.delete': 'compute.firewalls.delete',
  'firewalls.patch': 'compute.firewalls.update',
  'managedZones.create': 'dns.managedZones.create',
  'managedZones.delete': 'dns.managedZones.delete',
  'managedZones.update': 'dns.managedZones.update',
  'changes.create': 'dns.changes.create',
  'instanceTemplates.insert': 'compute.instanceTemplates.create',
  'instanceTemplates.delete': 'compute.instanceTemplates.delete',
  'instanceGroupManagers.insert': 'compute.instanceGroupManagers.create',
  'instanceGroupManagers.patch': 'compute.instanceGroupManagers.update',
  'instanceGroupManagers.delete': 'compute.instanceGroupManagers.delete',
  'instanceGroups.setNamedPorts': 'compute.instanceGroups.update',
  'serviceAccounts.create': 'iam.serviceAccounts.create',
  'serviceAccounts.delete': 'iam.serviceAccounts.delete',
  'projects.setIamPolicy': 'resourcemanager.projects.setIamPolicy',
  'repositories.setIamPolicy': 'artifactregistry.repositories.setIamPolicy'
}

test('every change that a deploy asks of Google Cloud is in its role', async () => {
  const cloud = googleWorld()
  const link = { ...gcpLink, hosts: [`${gcpHost}:443`] }
  const { terraform, deploy } = await openDeployment(environment(link), { google: cloud })
  for (const literal of [
    environment(link),
    environment({ ...link, globalAccess: true, egressPriority: 500 }, { team: 'search' }),
    environment({ ...link, zoneNetworks: ['projects/search-test/global/networks/other'] }),
    environment({ ...link, probe: gcpProbe }),
    environment({ ...link, probe: { ...gcpProbe, port: 9900 } })
  ]) {
    expect((await deploy(literal)).errors).toEqual([])
  }
  expect((await terraform.destroy()).errors).toEqual([])

  const role = readFileSync('modules/permissions/gcp.yaml', 'utf8')
  const allowed = [...role.matchAll(/^ {2}- (\S+)$/gm)].map(([, permission]) => permission)
  const called = [...new Set(cloud.calls.map(({ action }) => action))]
  expect(called.length).toBeGreaterThan(15)
  expect(called.filter(action => !allowed.includes(permissionOf[action]))).toEqual([])
})
