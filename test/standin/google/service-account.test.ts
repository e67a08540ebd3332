import { ArtifactRegistryRepositoryIamMember } from '@cdktf/provider-google/lib/artifact-registry-repository-iam-member/index.js'
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import { ServiceAccount, type ServiceAccountConfig } from '@cdktf/provider-google/lib/service-account/index.js'
import { TerraformOutput, type TerraformStack } from 'cdktf'
import { expect } from 'vitest'
import { testWith } from '../../support/test-with.ts'
import { openStack, refusals } from '../small-stack.ts'
import { GoogleCloud } from './google-cloud.ts'

const test = testWith('terraform')

const email = 'zilliz-probe@acme.iam.gserviceaccount.com'
const accountPath = `projects/acme/serviceAccounts/${email}`
const repository = 'projects/tools/locations/us-west1/repositories/images'
const writer = 'roles/logging.logWriter'
const reader = 'roles/artifactregistry.reader'

function newCloud(): GoogleCloud {
  return new GoogleCloud({ networks: [], serviceAccounts: [{ accountId: 'by-hand' }], repositories: [repository] })
}

function provider(stack: TerraformStack): void {
  new GoogleProvider(stack, 'google', { project: 'acme', region: 'us-west1' })
}

function account(config: Partial<ServiceAccountConfig> = {}, role = writer) {
  return (stack: TerraformStack) => {
    provider(stack)
    const { email, member, name } = new ServiceAccount(stack, 'account', { accountId: 'zilliz-probe', ...config })
    new ProjectIamMember(stack, 'writer', { project: 'acme', role, member })
    new ArtifactRegistryRepositoryIamMember(stack, 'reader', {
      project: 'tools',
      location: 'us-west1',
      repository: 'images',
      role: reader,
      member
    })
    new TerraformOutput(stack, 'known', { value: [email, name] })
  }
}

test('a service account and its roles come, are left alone, change in place, are replaced and go', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, account())
  expect((await stack.apply()).outputs).toEqual({ known: [email, accountPath] })
  const made = google.serviceAccounts.get(accountPath)
  expect(made).toEqual({
    path: accountPath,
    project: 'acme',
    accountId: 'zilliz-probe',
    email,
    uniqueId: expect.stringMatching(/^\d{21}$/),
    displayName: '',
    description: '',
    disabled: false
  })
  expect([...google.iamPolicies]).toEqual([
    [expect.any(String), [expect.objectContaining({ member: `serviceAccount:${email}` })]],
    [expect.any(String), [expect.objectContaining({ member: `serviceAccount:${email}` })]]
  ])
  expect(google.iamPolicies.get('projects/acme')?.map(({ role }) => role)).toEqual([writer])
  expect(google.iamPolicies.get(repository)?.map(({ role }) => role)).toEqual([reader])
  expect(await stack.plan()).toEqual({ changes: [], reads: [], outputs: {}, warnings: [], errors: [] })

  await stack.rebuild(account({ displayName: 'Probe', description: 'watches Zilliz', disabled: true }))
  expect((await stack.apply()).done).toEqual([{ address: 'google_service_account.account', action: 'update' }])
  expect(google.serviceAccounts.get(accountPath)).toEqual({
    ...made,
    displayName: 'Probe',
    description: 'watches Zilliz',
    disabled: true
  })

  await stack.rebuild(account({ accountId: 'zilliz-prober' }, 'roles/monitoring.metricWriter'))
  expect((await stack.apply()).done.map(({ address, action }) => `${action} ${address}`).toSorted()).toEqual([
    'create google_artifact_registry_repository_iam_member.reader',
    'create google_project_iam_member.writer',
    'create google_service_account.account',
    'delete google_artifact_registry_repository_iam_member.reader',
    'delete google_project_iam_member.writer',
    'delete google_service_account.account'
  ])
  expect(google.iamPolicies.get('projects/acme')).toEqual([
    { role: 'roles/monitoring.metricWriter', member: `serviceAccount:${email.replace('probe', 'prober')}` }
  ])
  expect((await stack.destroy()).errors).toEqual([])
  expect([...google.serviceAccounts.values()].map(({ accountId }) => accountId)).toEqual(['by-hand'])
  expect([...google.iamPolicies.values()].flat()).toEqual([])
  expect(google.calls.slice(0, 3).map(({ action }) => action)).toEqual([
    'serviceAccounts.create',
    expect.stringMatching(/^(projects|repositories)\.setIamPolicy$/),
    expect.stringMatching(/^(projects|repositories)\.setIamPolicy$/)
  ])
})

test('the roles of others stay where one member goes', async () => {
  const google = newCloud()
  const others = { role: writer, member: 'group:sre@acme.example' }
  google.iamPolicies.set('projects/acme', [others])
  const stack = await openStack({ google }, account())
  await stack.apply()
  expect(google.iamPolicies.get('projects/acme')).toHaveLength(2)
  await stack.destroy()
  expect(google.iamPolicies.get('projects/acme')).toEqual([others])
})

test('a service account that somebody deletes comes again, and gets its roles again', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, account())
  await stack.apply()
  google.serviceAccounts.delete(accountPath)
  google.iamPolicies.set('projects/acme', [])
  expect((await stack.plan()).changes).toEqual([
    { address: 'google_project_iam_member.writer', actions: ['create'] },
    { address: 'google_service_account.account', actions: ['create'] }
  ])
})

test('Google refuses service accounts and members that cannot be', async () => {
  const google = newCloud()
  const stack = await openStack({ google }, stack => {
    provider(stack)
    new ServiceAccount(stack, 'twin', { accountId: 'by-hand' })
    const member = 'serviceAccount:gone@acme.iam.gserviceaccount.com'
    new ProjectIamMember(stack, 'nobody', { project: 'acme', role: writer, member })
    new ArtifactRegistryRepositoryIamMember(stack, 'nobody_reads', { repository, role: reader, member })
    new ArtifactRegistryRepositoryIamMember(stack, 'nowhere', { repository: 'gone', role: reader, member })
  })
  const project = 'project "acme"'
  const registry = (path: string) => `artifactregistry repository "${path}"`
  const absent = 'Service account gone@acme.iam.gserviceaccount.com does not exist.'
  const setting = (what: string) => `Error applying IAM policy for ${what}: Error setting IAM policy for ${what}`
  expect(refusals(await stack.apply())).toEqual({
    'google_artifact_registry_repository_iam_member.nobody_reads': `${setting(registry(repository))}: googleapi: Error 400: ${absent}`,
    'google_artifact_registry_repository_iam_member.nowhere': `Error retrieving IAM policy for ${registry('projects/acme/locations/us-west1/repositories/gone')}: googleapi: Error 404: Requested entity was not found.`,
    'google_project_iam_member.nobody': `Request \`Create IAM Members ${writer} serviceAccount:gone@acme.iam.gserviceaccount.com for ${project}\` returned error: ${setting(project)}: googleapi: Error 400: ${absent}, badRequest`,
    'google_service_account.twin': `Error creating service account: googleapi: Error 409: Service account by-hand already exists within project projects/acme.
Details:
[
  {
    "@type": "type.googleapis.com/google.rpc.ResourceInfo",
    "resourceName": "projects/acme/serviceAccounts/by-hand@acme.iam.gserviceaccount.com"
  }
]
, alreadyExists`
  })
})

test("Google's own service accounts, groups and users need not be made", async () => {
  const google = newCloud()
  const members = [
    'serviceAccount:1234-compute@developer.gserviceaccount.com',
    'serviceAccount:service-1234@gcp-sa-logging.iam.gserviceaccount.com',
    'group:sre@acme.example'
  ]
  const stack = await openStack({ google }, stack => {
    provider(stack)
    for (const [index, member] of members.entries()) {
      new ProjectIamMember(stack, `member_${index}`, { project: 'acme', role: writer, member })
    }
  })
  expect((await stack.apply()).errors).toEqual([])
  expect((await stack.plan()).changes).toEqual([])
})

test('the provider refuses names and members that are malformed', async () => {
  const stack = await openStack({ google: newCloud() }, stack => {
    provider(stack)
    new ServiceAccount(stack, 'short', { accountId: 'probe' })
    new ServiceAccount(stack, 'capital', { accountId: 'Zilliz-probe' })
    new ProjectIamMember(stack, 'bare', { project: 'acme', role: writer, member: email })
  })
  const found = (await stack.validate()).map(({ address, summary }) => [address, summary])
  expect(Object.fromEntries(found)).toEqual({
    'google_project_iam_member.bare': `invalid value "${email}" for member (IAM members must have one of the values outlined here: https://cloud.google.com/billing/docs/reference/rest/v1/Policy#Binding)`,
    'google_service_account.capital': '"account_id" ("Zilliz-probe") must match regex "^[a-z]([-a-z0-9]*[a-z0-9])?$"',
    'google_service_account.short': '"account_id" ("probe") must be between 6 and 30 characters long'
  })
})
