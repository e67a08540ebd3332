import { blocks, optionalText, text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import type { Attributes } from '../value.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { hasServiceAccount } from './service-account.ts'

/** A role that somebody has on a project or a repository. */
export interface Grant {
  readonly role: string
  readonly member: string
}

/** Something that has a policy of who may do what. */
export interface Guarded {
  /** The path under which the cloud keeps the policy. */
  readonly path: string
  /** What the provider puts before the role in the id. */
  readonly owner: string
  /** What the provider calls it in an error. */
  readonly description: string
}

/** What sets the members of one kind of policy apart from those of another. */
export interface PolicyKind {
  readonly action: string
  locate(state: Attributes, settings: Attributes): Guarded
  /** Refuses what is not there. */
  require?(guarded: Guarded): void
  /** What the provider shows where Google does not know a member. */
  refuse(guarded: Guarded, grant: Grant, message: string): CloudError
  /** What is read back beside the role and the member. */
  read(state: Attributes, settings: Attributes): Attributes
}

type IamMember = Pick<Resource, 'validate' | 'plan' | 'create' | 'read' | 'delete'>

/** What every resource of one member of a policy does; the policy has other members, too, and keeps them. */
export function iamMember(cloud: GoogleCloud, kind: PolicyKind): IamMember {
  const grantsAt = (path: string) => cloud.iamPolicies.get(path) ?? []

  return {
    validate: config => {
      const member = optionalText(config, 'member')
      if (member !== undefined) requireMember(member)
    },

    plan: ({ config }) => {
      if (blocks(config, 'condition').length > 0) throw new Error('the stand-in plays no condition of an IAM member')
    },

    create: (planned, settings) => {
      const guarded = kind.locate(planned, settings)
      const { path, owner } = guarded
      const grant = grantOf(planned)
      kind.require?.(guarded)
      const email = /^serviceAccount:(.+)$/.exec(grant.member)?.[1]
      if (email !== undefined && !hasServiceAccount(cloud, email)) {
        throw kind.refuse(guarded, grant, `Service account ${email} does not exist.`)
      }
      const others = grantsAt(path).filter(each => !isSameGrant(each, grant))
      cloud.iamPolicies.set(path, [...others, grant])
      cloud.note(kind.action, path)
      return `${owner}/${grant.role}/${grant.member}`
    },

    read: (state, settings) => {
      const grants = grantsAt(kind.locate(state, settings).path)
      const grant = grants.find(each => isSameGrant(each, grantOf(state)))
      if (grant === undefined) return undefined
      const etag = Buffer.from(JSON.stringify(grants)).toString('base64').slice(-12)
      return { ...kind.read(state, settings), etag, member: grant.member, role: grant.role }
    },

    delete: (state, settings) => {
      const { path } = kind.locate(state, settings)
      const left = grantsAt(path).filter(each => !isSameGrant(each, grantOf(state)))
      if (left.length === grantsAt(path).length) return
      cloud.iamPolicies.set(path, left)
      cloud.note(kind.action, path)
    }
  }
}

function grantOf(state: Attributes): Grant {
  return { role: text(state, 'role'), member: text(state, 'member') }
}

function isSameGrant(left: Grant, right: Grant): boolean {
  return left.role === right.role && left.member === right.member
}

function requireMember(member: string): void {
  if (member.startsWith('deleted')) {
    throw new CloudError('invalid value for member (Terraform does not support IAM members for deleted principals)')
  }
  if (/.+:.+|projectOwners|projectReaders|projectWriters|allUsers|allAuthenticatedUsers/.test(member)) return
  const list = 'https://cloud.google.com/billing/docs/reference/rest/v1/Policy#Binding'
  throw new CloudError(
    `invalid value "${member}" for member (IAM members must have one of the values outlined here: ${list})`
  )
}
