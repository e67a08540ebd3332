import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { z } from 'zod'
import { clouds } from '../../probe/clouds.ts'
import type { AwsCloud } from '../standin/aws/aws-cloud.ts'
import { openDeployment } from '../support/deployment.ts'
import { testWith } from '../support/test-with.ts'
import { awsLink, awsProbe, gcpLink, gcpProbe } from './literals.ts'
import {
  awsHost,
  awsWorld,
  awsWorldWithRole,
  farTheirVpc,
  gcpHost,
  googleWorld,
  googleWorldWithAccount,
  ownRole,
  peerVpcId,
  profile,
  spokeNetworks,
  theirVpc,
  theirZone,
  vpcRoleArns
} from './world.ts'

const test = testWith('terraform')

function environment(link: object, tags: Record<string, string> = {}) {
  return { name: 'test', backend: { type: 'local' }, tags, labels: tags, links: { search: link } }
}

const PolicyDocument = z.object({
  Statement: z.array(
    z.object({
      Action: z.union([z.string().transform(action => [action]), z.array(z.string())]),
      Condition: z.unknown().optional()
    })
  )
})

const ownRoleArn = `arn:aws:iam::123456789012:role${ownRole.path}${ownRole.name}`

function statementsIn(file: string) {
  return PolicyDocument.parse(JSON.parse(readFileSync(`modules/aws/permissions/${file}`, 'utf8'))).Statement
}

function actionsIn(file: string): readonly string[] {
  return statementsIn(file).flatMap(({ Action }) => Action)
}

/** What was asked of AWS. Calls of EC2 and Route 53 are noted without the service, the others with it. */
function calledOf({ calls }: AwsCloud): readonly string[] {
  const known = [...actionsIn('links.json'), ...actionsIn('probe.json'), ...actionsIn('probe-role.json')]
  const whole = (action: string) =>
    action.includes(':') ? action : (known.find(each => each.split(':')[1] === action) ?? action)
  return [...new Set(calls.map(({ action }) => whole(action)))]
}

/** The permissions of a custom role. */
function permissionsIn(file: string): readonly (string | undefined)[] {
  const role = readFileSync(`modules/gcp/permissions/${file}`, 'utf8')
  return [...role.matchAll(/^ {2}- (\S+)$/gm)].map(([, permission]) => permission)
}

test('every change that a deploy asks of AWS is in its policies', async () => {
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
    environment({ ...link, profileId: profile.id }),
    environment({ ...link, probe: awsProbe }),
    environment({ ...link, probe: { ...awsProbe, port: 9900, logRetentionDays: 90 } }, { team: 'search' }),
    environment({ ...link, probe: { ...awsProbe, cloudFacts: true } }),
    environment({ ...link, zone: 'existing', ...theirs })
  ]) {
    expect((await deploy(literal)).errors).toEqual([])
  }
  expect((await terraform.destroy()).errors).toEqual([])

  const allowed = [...actionsIn('links.json'), ...actionsIn('probe.json'), ...actionsIn('probe-role.json')]
  const called = calledOf(cloud)
  expect(called.length).toBeGreaterThan(30)
  expect(called.filter(action => !allowed.includes(action))).toEqual([])
})

test('what a deploy asks in the account of a VPC is in the policy of its role', async () => {
  const cloud = awsWorld()
  const inVpcs = (zoneVpcs: readonly object[]) => ({ ...environment({ ...awsLink, zoneVpcs }), aws: { vpcRoleArns } })
  const { deploy } = await openDeployment(inVpcs([theirVpc]), { aws: cloud })
  expect((await deploy(inVpcs([theirVpc]))).errors).toEqual([])
  expect((await deploy(inVpcs([farTheirVpc]))).errors).toEqual([])
  const asked = (isOther: boolean) => [
    ...new Set(cloud.calls.filter(call => (call.accountId !== undefined) === isOther).map(({ action }) => action))
  ]
  expect(asked(true).sort()).toEqual(['AssociateVPCWithHostedZone', 'DisassociateVPCFromHostedZone'])
  expect(actionsIn('vpc-role.json')).toEqual(expect.arrayContaining(asked(true).map(action => `route53:${action}`)))
  expect(asked(false)).toEqual(
    expect.arrayContaining(['CreateVPCAssociationAuthorization', 'DeleteVPCAssociationAuthorization'])
  )
})

test('what a deploy without a probe asks of AWS is in the policy without the probe', async () => {
  const cloud = awsWorld()
  const { terraform, deploy } = await openDeployment(environment(awsLink), { aws: cloud })
  expect((await deploy(environment(awsLink))).errors).toEqual([])
  expect((await terraform.destroy()).errors).toEqual([])
  expect(calledOf(cloud).filter(action => !actionsIn('links.json').includes(action))).toEqual([])
})

test('a probe with a role of your own asks for no role on AWS', async () => {
  const cloud = awsWorldWithRole()
  const link = { ...awsLink, probe: { ...awsProbe, executionRoleArn: ownRoleArn } }
  const { terraform, deploy, plan } = await openDeployment(environment(link), { aws: cloud })
  expect((await deploy(environment(link))).errors).toEqual([])
  expect((await plan(environment(link))).changes).toEqual([])
  expect([...cloud.ecsServices.values()].map(({ task }) => task === undefined)).toEqual([false, false])
  expect((await terraform.destroy()).errors).toEqual([])
  const allowed = [...actionsIn('links.json'), ...actionsIn('probe.json')]
  expect(calledOf(cloud).filter(action => !allowed.includes(action))).toEqual([])
  expect(allowed.filter(action => /^iam:(Create|Put|Attach|Update|Delete)/.test(action))).toEqual([
    'iam:CreateServiceLinkedRole'
  ])
  expect([...cloud.iamRoles.keys()]).toEqual([ownRole.name])
})

test('a role that the deploy makes has the boundary that its policy demands, and the boundary holds what the role may do', async () => {
  const cloud = awsWorld()
  const boundary = 'arn:aws:iam::123456789012:policy/zilliz-privatelink-probe'
  const link = (permissionsBoundaryArn?: string) => ({
    ...awsLink,
    probe: { ...awsProbe, ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundaryArn }) }
  })
  const { deploy, plan } = await openDeployment(environment(link()), { aws: cloud })
  expect((await deploy(environment(link()))).errors).toEqual([])
  const roleOfProbe = () => [...cloud.iamRoles.values()][0]
  expect(roleOfProbe()?.permissionsBoundary).toBeUndefined()
  expect((await deploy(environment(link(boundary)))).errors).toEqual([])
  expect(roleOfProbe()?.permissionsBoundary).toBe(boundary)
  expect((await plan(environment(link(boundary)))).changes).toEqual([])

  const statements = statementsIn('probe-role.json')
  const guarded = statements.filter(({ Condition }) => Condition !== undefined)
  expect(guarded.map(({ Condition }) => Condition)).toEqual([
    { ArnLike: { 'iam:PermissionsBoundary': 'arn:aws:iam::*:policy/zilliz-privatelink-probe' } }
  ])
  const unguarded = statements.filter(({ Condition }) => Condition === undefined).flatMap(({ Action }) => Action)
  // Each of these would give a role more, or free it of its boundary.
  expect(
    unguarded.filter(action => /^iam:(CreateRole|PutRole|AttachRole|DeleteRolePermissionsBoundary|\*)/.test(action))
  ).toEqual([])
  const [policy = '{}'] = roleOfProbe()?.policies.values() ?? []
  const granted = PolicyDocument.parse(JSON.parse(policy)).Statement.flatMap(({ Action }) => Action)
  expect(granted.filter(action => !actionsIn('probe-boundary.json').includes(action))).toEqual([])
})

test('a probe that asks AWS has a role of its own for that, with exactly the actions that it calls', async () => {
  const cloud = awsWorld()
  const boundary = 'arn:aws:iam::123456789012:policy/zilliz-privatelink-probe'
  const link = (more: object) => ({ ...awsLink, probe: { ...awsProbe, permissionsBoundaryArn: boundary, ...more } })
  const { deploy, plan } = await openDeployment(environment(link({})), { aws: cloud })
  expect((await deploy(environment(link({})))).errors).toEqual([])
  expect([...cloud.taskDefinitions.values()].map(({ taskRoleArn }) => taskRoleArn)).toEqual([undefined])

  const asking = environment(link({ cloudFacts: true }))
  expect((await deploy(asking)).errors).toEqual([])
  expect((await plan(asking)).changes).toEqual([])
  const policies = [...cloud.iamRoles.values()].flatMap(({ arn, policies, permissionsBoundary }) =>
    Array.from(policies.values(), policy => ({
      arn,
      permissionsBoundary,
      granted: PolicyDocument.parse(JSON.parse(policy)).Statement.flatMap(({ Action }) => Action)
    }))
  )
  const own = policies.filter(({ granted }) => granted.includes('ec2:DescribeVpcEndpoints'))
  expect(own).toMatchObject([{ permissionsBoundary: boundary, granted: clouds.aws.configuration.actions }])
  expect(own[0]?.granted.filter(action => !actionsIn('probe-boundary.json').includes(action))).toEqual([])
  expect(own[0]?.granted.filter(action => !/:(Describe|Get|List)/.test(action))).toEqual([])
  const tasks = [...cloud.taskDefinitions.values()]
  expect(tasks.map(({ taskRoleArn }) => taskRoleArn)).toContain(own[0]?.arn)
})

test('a probe that asks Google Cloud has a role with exactly the permissions that it needs', async () => {
  const cloud = googleWorld()
  const asking = environment({ ...gcpLink, probe: { ...gcpProbe, cloudFacts: true } })
  const { terraform, deploy, plan } = await openDeployment(asking, { google: cloud })
  expect((await deploy(asking)).errors).toEqual([])
  expect((await plan(asking)).changes).toEqual([])
  const roles = [...cloud.customRoles]
  expect(roles.map(([, { permissions }]) => permissions)).toEqual([clouds.gcp.configuration.actions])
  expect(permissionsIn('cloud-facts.yaml')).toEqual(clouds.gcp.configuration.actions)
  expect(cloud.iamPolicies.get('projects/search-test')?.map(({ role }) => role)).toContain(roles[0]?.[0])
  expect((await terraform.destroy()).errors).toEqual([])
  expect([...cloud.customRoles.values()].map(({ isDeleted }) => isDeleted)).toEqual([true])
  expect((await deploy(asking)).errors).toEqual([])
  expect([...cloud.customRoles.values()].map(({ isDeleted }) => isDeleted)).toEqual([false])
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
  'roles.create': 'iam.roles.create',
  'roles.delete': 'iam.roles.delete',
  'roles.undelete': 'iam.roles.undelete',
  'roles.patch': 'iam.roles.update',
  'serviceAccounts.create': 'iam.serviceAccounts.create',
  'serviceAccounts.delete': 'iam.serviceAccounts.delete',
  'projects.setIamPolicy': 'resourcemanager.projects.setIamPolicy',
  'repositories.setIamPolicy': 'artifactregistry.repositories.setIamPolicy'
}

test('every change that a deploy asks of Google Cloud is in its roles', async () => {
  const cloud = googleWorld()
  const link = { ...gcpLink, hosts: [`${gcpHost}:443`] }
  const { terraform, deploy } = await openDeployment(environment(link), { google: cloud })
  for (const literal of [
    environment(link),
    environment({ ...link, globalAccess: true, egressPriority: 500 }, { team: 'search' }),
    environment({ ...link, zoneNetworks: ['projects/search-test/global/networks/other'] }),
    environment({ ...link, probe: gcpProbe }),
    environment({ ...link, probe: { ...gcpProbe, port: 9900 } }),
    environment({ ...link, probe: { ...gcpProbe, cloudFacts: true } }),
    environment({ ...link, probe: gcpProbe }),
    environment({ ...link, probe: { ...gcpProbe, cloudFacts: true } })
  ]) {
    expect((await deploy(literal)).errors).toEqual([])
  }
  expect((await terraform.destroy()).errors).toEqual([])

  const allowed = ['links.yaml', 'probe.yaml', 'probe-account.yaml'].flatMap(permissionsIn)
  const called = [...new Set(cloud.calls.map(({ action }) => action))]
  expect(called.length).toBeGreaterThan(15)
  expect(called.filter(action => !allowed.includes(permissionOf[action]))).toEqual([])
})

test('what a deploy asks in the project of spokes is in the role for it, and the other role lets them ask the hub', async () => {
  const cloud = googleWorld()
  const peering = (...indexes: readonly number[]) =>
    environment({
      ...gcpLink,
      zonePeerings: [{ project: 'spoke-one-123', networks: indexes.map(index => spokeNetworks[index] ?? '') }]
    })
  const { terraform, deploy } = await openDeployment(peering(0), { google: cloud })
  expect((await deploy(peering(0))).errors).toEqual([])
  expect((await deploy(peering(0, 1))).errors).toEqual([])
  expect((await terraform.destroy()).errors).toEqual([])
  const asked = cloud.calls.filter(({ id }) => id.startsWith('projects/spoke-')).map(({ action }) => action)
  expect(asked).toEqual(['managedZones.create', 'managedZones.update', 'managedZones.delete'])
  expect(permissionsIn('spoke.yaml')).toEqual(expect.arrayContaining(asked.map(action => permissionOf[action])))
  // https://cloud.google.com/dns/docs/zones/peering-zones
  expect(permissionsIn('links.yaml')).toContain('dns.networks.targetWithPeeringZone')
  expect(permissionsIn('spoke.yaml')).toContain('dns.networks.bindPrivateDNSZone')
})

test('what a deploy without a probe asks of Google Cloud is in the role without the probe', async () => {
  const cloud = googleWorld()
  const { terraform, deploy } = await openDeployment(environment(gcpLink), { google: cloud })
  expect((await deploy(environment(gcpLink))).errors).toEqual([])
  expect((await terraform.destroy()).errors).toEqual([])
  const called = cloud.calls.map(({ action }) => permissionOf[action])
  expect(called.filter(permission => !permissionsIn('links.yaml').includes(permission))).toEqual([])
})

test('a probe with a service account of your own asks for no account and grants nothing on Google Cloud', async () => {
  const cloud = googleWorldWithAccount()
  const serviceAccount = 'zilliz-probe@search-test.iam.gserviceaccount.com'
  const link = { ...gcpLink, probe: { ...gcpProbe, serviceAccount } }
  const { terraform, deploy, plan } = await openDeployment(environment(link), { google: cloud })
  expect((await deploy(environment(link))).errors).toEqual([])
  expect((await plan(environment(link))).changes).toEqual([])
  const templates = [...cloud.instanceTemplates.values()]
  expect(templates.map(({ serviceAccount }) => serviceAccount?.email)).toEqual([serviceAccount])
  expect((await terraform.destroy()).errors).toEqual([])
  const allowed = ['links.yaml', 'probe.yaml'].flatMap(permissionsIn)
  const called = cloud.calls.map(({ action }) => permissionOf[action])
  expect(called.filter(permission => !allowed.includes(permission))).toEqual([])
  expect(allowed.filter(permission => /setIamPolicy|serviceAccounts\.create/.test(`${permission}`))).toEqual([])
  expect(cloud.serviceAccounts.size).toBe(1)
})
