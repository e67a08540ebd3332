import { optionalText, text } from '../attributes.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, sameValue } from '../value.ts'
import { requireLength, requireMatch } from './argument.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { faultOfPermissions, isSamePolicy, requirePolicyJson } from './iam-policy.ts'
import { iamError, requireRole } from './iam-role.ts'
import { prefixOf, uniqueName } from './unique-name.ts'

const longestName = 128
const generatedDigits = 26
const mostCharacters = 10_240

/** Plays aws_iam_role_policy. */
export function iamRolePolicy(cloud: AwsCloud): Resource {
  return {
    type: 'aws_iam_role_policy',
    forcesReplacement: ['name', 'name_prefix', 'role'],
    sameMeaning: { policy: isSamePolicy },
    // The provider keeps the words of the policy that it knows where another says the same.
    legacyTypeSystem: true,

    validate: config => {
      requirePolicyJson(config.policy, 'policy')
      requireLength(config, 'name', 1, longestName)
      requireLength(config, 'name_prefix', 1, longestName - generatedDigits)
      for (const name of ['name', 'name_prefix']) {
        requireMatch(config, name, /^[0-9A-Za-z_+=,.@-]*$/, 'must match [\\w+=,.@-]')
      }
    },

    create: planned => {
      const role = text(planned, 'role')
      const isTaken = (name: string) => cloud.iamRoles.get(role)?.policies.has(name) === true
      const name = optionalText(planned, 'name') ?? uniqueName(optionalText(planned, 'name_prefix'), isTaken)
      put(cloud, role, name, text(planned, 'policy'))
      return `${role}:${name}`
    },

    read: state => {
      const { role, name } = partsOf(state)
      const policy = cloud.iamRoles.get(role)?.policies.get(name)
      return policy === undefined ? undefined : { name, name_prefix: prefixOf(name), policy, role }
    },

    update: (planned, prior) => {
      if (sameValue(planned.policy, prior.policy)) return
      const { role, name } = partsOf(prior)
      put(cloud, role, name, text(planned, 'policy'))
    },

    delete: state => {
      const { role, name } = partsOf(state)
      if (cloud.iamRoles.get(role)?.policies.delete(name)) cloud.note('iam:DeleteRolePolicy', text(state, 'id'))
    }
  }
}

function put(cloud: AwsCloud, roleName: string, name: string, policy: string): void {
  const doing = `putting IAM Role (${roleName}) Policy (${name})`
  const call = 'PutRolePolicy'
  const role = requireRole(cloud, doing, call, roleName)
  const message = faultOfPermissions(policy)
  if (message !== undefined) throw iamError(doing, { call, code: 'MalformedPolicyDocument', message })
  const policies = [...new Map(role.policies).set(name, policy).values()]
  // IAM does not count white space.
  if (policies.join('').replace(/\s/g, '').length > mostCharacters) {
    const tooLong = `Maximum policy size of ${mostCharacters} bytes exceeded for role ${roleName}`
    throw iamError(doing, { call, status: 409, code: 'LimitExceeded', message: tooLong })
  }
  role.policies.set(name, policy)
  cloud.note('iam:PutRolePolicy', `${roleName}:${name}`)
}

function partsOf(state: Attributes): { role: string; name: string } {
  const [role = '', name = ''] = text(state, 'id').split(':')
  return { role, name }
}
