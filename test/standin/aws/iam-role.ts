import { blocks, flag, optionalNumber, optionalText, text, textMap } from '../attributes.ts'
import type { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, sameValue } from '../value.ts'
import { requireLength, requireMatch, requireUnused } from './argument.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { modelledError, type Refusal } from './aws-error.ts'
import { callerOf } from './caller.ts'
import { faultOfTrust, isSamePolicy, requirePolicyJson } from './iam-policy.ts'
import { changeTags } from './tags.ts'
import { prefixOf, uniqueName } from './unique-name.ts'

/** A role of IAM. */
export interface IamRole {
  readonly name: string
  readonly arn: string
  readonly path: string
  readonly uniqueId: string
  /** Who may assume it, as JSON. */
  trust: string
  description: string
  maxSessionDuration: number
  permissionsBoundary: string | undefined
  /** The policies inside the role, as JSON by name. */
  readonly policies: Map<string, string>
  tags: Record<string, string>
}

const longestName = 64
const generatedDigits = 26

/** Plays aws_iam_role, whose policies are resources of their own. */
export function iamRole(cloud: AwsCloud): Resource {
  return {
    type: 'aws_iam_role',
    forcesReplacement: ['name', 'name_prefix', 'path'],
    defaults: { force_detach_policies: false, max_session_duration: 3600, path: '/' },
    computedBlocks: ['inline_policy'],
    sameMeaning: { assume_role_policy: isSamePolicy },
    // The provider lists the policies of other resources in the block inline_policy.
    legacyTypeSystem: true,

    validate: config => {
      requirePolicyJson(config.assume_role_policy, 'assume_role_policy')
      requireLength(config, 'name', 1, longestName)
      requireLength(config, 'name_prefix', 1, longestName - generatedDigits)
      for (const name of ['name', 'name_prefix']) {
        requireMatch(config, name, /^[0-9A-Za-z_+=,.@-]*$/, 'must match [\\w+=,.@-]')
      }
    },

    plan: ({ config }) => requireUnused('aws_iam_role', config, ['inline_policy', 'managed_policy_arns']),

    create: (planned, settings) => {
      const { accountId } = callerOf(cloud, settings)
      const isTaken = (name: string) => cloud.iamRoles.has(name)
      const name = optionalText(planned, 'name') ?? uniqueName(optionalText(planned, 'name_prefix'), isTaken)
      const path = text(planned, 'path')
      const refuse = (status: number, code: string, message: string) =>
        iamError(`creating IAM Role (${name})`, { call: 'CreateRole', status, code, message })
      if (isTaken(name)) throw refuse(409, 'EntityAlreadyExists', `Role with name ${name} already exists.`)
      if (!/^\/([!-~]*\/)?$/.test(path)) {
        const message = `The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`
        throw refuse(400, 'ValidationError', message)
      }
      const trust = text(planned, 'assume_role_policy')
      const fault = faultOfTrust(trust)
      if (fault !== undefined) throw refuse(400, 'MalformedPolicyDocument', fault)
      requireDistinctKeys(Object.keys(textMap(planned, 'tags_all')), message => refuse(400, 'InvalidInput', message))
      cloud.iamRoles.set(name, {
        name,
        arn: `arn:aws:iam::${accountId}:role${path}${name}`,
        path,
        uniqueId: `AROA${cloud.identifiers.capitals(17, 'role', name)}`,
        trust,
        description: optionalText(planned, 'description') ?? '',
        maxSessionDuration: optionalNumber(planned, 'max_session_duration') ?? 3600,
        permissionsBoundary: optionalText(planned, 'permissions_boundary'),
        policies: new Map(),
        tags: textMap(planned, 'tags_all')
      })
      cloud.note('iam:CreateRole', name)
      return name
    },

    read: ({ id }) => {
      const role = cloud.iamRoles.get(String(id))
      return role && attributesOf(role)
    },

    update: (planned, prior) => {
      const role = requireRole(cloud, `updating IAM Role (${text(prior, 'id')})`, 'UpdateRole', text(prior, 'id'))
      requireDistinctKeys(changedKeys(role.tags, textMap(planned, 'tags_all')), message =>
        iamError(`updating tags for IAM Role (${role.name})`, { call: 'TagRole', code: 'InvalidInput', message })
      )
      changeTags(cloud, { set: 'iam:TagRole', remove: 'iam:UntagRole' }, role, role.name, planned)
      const hasChanged = (name: string) => !sameValue(planned[name], prior[name])
      if (hasChanged('assume_role_policy')) {
        const trust = text(planned, 'assume_role_policy')
        const message = faultOfTrust(trust)
        if (message !== undefined) {
          const doing = `updating IAM Role (${role.name}) assume role policy`
          throw iamError(doing, { call: 'UpdateAssumeRolePolicy', code: 'MalformedPolicyDocument', message })
        }
        role.trust = trust
        cloud.note('iam:UpdateAssumeRolePolicy', role.name)
      }
      if (hasChanged('description')) {
        role.description = optionalText(planned, 'description') ?? ''
        cloud.note('iam:UpdateRoleDescription', role.name)
      }
      if (hasChanged('max_session_duration')) {
        role.maxSessionDuration = optionalNumber(planned, 'max_session_duration') ?? 3600
        cloud.note('iam:UpdateRole', role.name)
      }
      if (hasChanged('permissions_boundary')) {
        role.permissionsBoundary = optionalText(planned, 'permissions_boundary')
        const isGone = role.permissionsBoundary === undefined
        cloud.note(isGone ? 'iam:DeleteRolePermissionsBoundary' : 'iam:PutRolePermissionsBoundary', role.name)
      }
    },

    delete: state => {
      const role = cloud.iamRoles.get(text(state, 'id'))
      if (role === undefined) return
      // The provider takes away the policies where its state knows of any, whoever put them there.
      if (flag(state, 'force_detach_policies') || blocks(state, 'inline_policy').length > 0) {
        for (const name of [...role.policies.keys()]) {
          role.policies.delete(name)
          cloud.note('iam:DeleteRolePolicy', `${role.name}:${name}`)
        }
      }
      if (role.policies.size > 0) {
        throw iamError(`deleting IAM Role (${role.name})`, {
          call: 'DeleteRole',
          status: 409,
          code: 'DeleteConflict',
          message: 'Cannot delete entity, must delete policies first.'
        })
      }
      cloud.iamRoles.delete(role.name)
      cloud.note('iam:DeleteRole', role.name)
    }
  }
}

// As people have quoted it, in kubernetes/kops#11727 and terraform-aws-modules/terraform-aws-rds-aurora#189. Two calls with a key
// each are another thing (aws/aws-cdk#26253), which is not played.
function requireDistinctKeys(keys: readonly string[], refuse: (message: string) => CloudError): void {
  if (new Set(keys.map(key => key.toLowerCase())).size === keys.length) return
  throw refuse('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
}

function changedKeys(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] {
  return Object.keys(after).filter(key => after[key] !== before[key])
}

/** An error of IAM. */
export function iamError(doing: string, refusal: Refusal): CloudError {
  return modelledError(doing, 'IAM', refusal)
}

/** Finds a role by its name. */
export function requireRole(cloud: AwsCloud, doing: string, call: string, name: string): IamRole {
  const role = cloud.iamRoles.get(name)
  if (role !== undefined) return role
  const message = `The role with name ${name} cannot be found.`
  throw iamError(doing, { call, status: 404, code: 'NoSuchEntity', message })
}

function attributesOf(role: IamRole): Attributes {
  return {
    arn: role.arn,
    assume_role_policy: role.trust,
    create_date: '2026-01-01T00:00:00Z',
    description: role.description,
    inline_policy: [...role.policies].map(([name, policy]) => ({ name, policy })),
    managed_policy_arns: [],
    max_session_duration: role.maxSessionDuration,
    name: role.name,
    name_prefix: prefixOf(role.name),
    path: role.path,
    permissions_boundary: role.permissionsBoundary ?? '',
    tags_all: role.tags,
    unique_id: role.uniqueId
  }
}
