import { flag, optionalText, text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import { sameValue } from '../value.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { googleError } from './google-error.ts'

/** A service account that somebody made, not one of Google's own. */
export interface ServiceAccount {
  /** Its name in full, `projects/<project>/serviceAccounts/<email>`. */
  readonly path: string
  readonly project: string
  readonly accountId: string
  readonly email: string
  readonly uniqueId: string
  displayName: string
  description: string
  disabled: boolean
}

/** A service account of which nothing is said but its id. */
export function newServiceAccount(cloud: GoogleCloud, project: string, accountId: string): ServiceAccount {
  const email = emailOf(accountId, project)
  const path = `projects/${project}/serviceAccounts/${email}`
  const uniqueId = `1${String(cloud.identifiers.number('service account', path)).padStart(20, '0')}`
  return { path, project, accountId, email, uniqueId, displayName: '', description: '', disabled: false }
}

/** Plays google_service_account. */
export function serviceAccount(cloud: GoogleCloud): Resource {
  return {
    type: 'google_service_account',
    forcesReplacement: ['account_id', 'project'],
    defaults: { disabled: false },

    validate: config => {
      const accountId = optionalText(config, 'account_id')
      if (accountId !== undefined) requireAccountId(accountId)
      const description = optionalText(config, 'description') ?? ''
      if (description.length > 256) {
        throw new CloudError(`expected length of description to be in the range (0 - 256), got ${description}`)
      }
    },

    plan: ({ prior, planned }) => {
      const [accountId, project] = [optionalText(planned, 'account_id'), optionalText(planned, 'project')]
      if (prior !== undefined || accountId === undefined || project === undefined) return
      planned.email = emailOf(accountId, project)
      planned.member = `serviceAccount:${planned.email}`
    },

    create: planned => {
      const account = newServiceAccount(cloud, text(planned, 'project'), text(planned, 'account_id'))
      if (cloud.serviceAccounts.has(account.path)) {
        if (!flag(planned, 'create_ignore_already_exists')) throw alreadyExists(account)
        return account.path
      }
      cloud.serviceAccounts.set(account.path, {
        ...account,
        displayName: optionalText(planned, 'display_name') ?? '',
        description: optionalText(planned, 'description') ?? ''
      })
      cloud.note('serviceAccounts.create', account.path)
      return account.path
    },

    read: ({ id }) => {
      const account = cloud.serviceAccounts.get(String(id))
      if (account === undefined) return undefined
      return {
        account_id: account.accountId,
        description: account.description,
        disabled: account.disabled,
        display_name: account.displayName,
        email: account.email,
        member: `serviceAccount:${account.email}`,
        name: account.path,
        project: account.project,
        unique_id: account.uniqueId
      }
    },

    update: (planned, prior) => {
      const account = cloud.serviceAccounts.get(text(prior, 'id'))
      if (account === undefined) return
      const hasChanged = (name: string) => !sameValue(planned[name], prior[name])
      if (hasChanged('disabled')) {
        account.disabled = flag(planned, 'disabled')
        cloud.note(account.disabled ? 'serviceAccounts.disable' : 'serviceAccounts.enable', account.path)
      }
      if (hasChanged('display_name') || hasChanged('description')) {
        account.displayName = optionalText(planned, 'display_name') ?? ''
        account.description = optionalText(planned, 'description') ?? ''
        cloud.note('serviceAccounts.patch', account.path)
      }
    },

    delete: ({ id }) => {
      const account = cloud.serviceAccounts.get(String(id))
      if (account === undefined) return
      cloud.serviceAccounts.delete(account.path)
      markGrants(cloud, account)
      cloud.note('serviceAccounts.delete', account.path)
    }
  }
}

/** Whether there is a service account of that email; Google's own ones always are. */
export function hasServiceAccount(cloud: GoogleCloud, email: string): boolean {
  const project = /^[^@]+@(?!gcp-sa-)([-a-z0-9]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1]
  return project === undefined || cloud.serviceAccounts.has(`projects/${project}/serviceAccounts/${email}`)
}

function emailOf(accountId: string, project: string): string {
  return `${accountId}@${project}.iam.gserviceaccount.com`
}

// Whoever has the name next does not get the roles of the one that was deleted.
function markGrants(cloud: GoogleCloud, { email, uniqueId }: ServiceAccount): void {
  for (const [path, grants] of cloud.iamPolicies) {
    const marked = grants.map(({ role, member }) => ({
      role,
      member: member === `serviceAccount:${email}` ? `deleted:${member}?uid=${uniqueId}` : member
    }))
    cloud.iamPolicies.set(path, marked)
  }
}

function requireAccountId(accountId: string): void {
  const refuse = (why: string) => new CloudError(`"account_id" ("${accountId}") ${why}`)
  if (accountId.length < 6 || accountId.length > 30) throw refuse('must be between 6 and 30 characters long')
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(accountId)) throw refuse('must match regex "^[a-z]([-a-z0-9]*[a-z0-9])?$"')
}

function alreadyExists({ accountId, project, path }: ServiceAccount): CloudError {
  const info = { '@type': 'type.googleapis.com/google.rpc.ResourceInfo', resourceName: path }
  const message = `Service account ${accountId} already exists within project projects/${project}.`
  const details = `Details:\n${JSON.stringify([info], null, 2)}\n`
  return googleError('Error creating service account', 409, `${message}\n${details}`, 'alreadyExists')
}
