import { blocks, optionalText, texts } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Attributes } from '../value.ts'
import type { AwsCloud } from './aws-cloud.ts'

/** Who asks: what a configuration of the provider acts as. */
export interface Caller {
  readonly accountId: string
  readonly arn: string
  readonly region: string
}

/** What a configuration of the provider acts as: the role it assumes, or else a user of the cloud's own account. */
export function callerOf(cloud: AwsCloud, settings: Attributes): Caller {
  const region = optionalText(settings, 'region') ?? cloud.region
  const [assumed] = blocks(settings, 'assume_role')
  const [, accountId, role] = rolePattern.exec((assumed && optionalText(assumed, 'role_arn')) ?? '') ?? []
  if (accountId === undefined) {
    return { accountId: cloud.accountId, arn: `arn:aws:iam::${cloud.accountId}:user/terraform`, region }
  }
  return { accountId, arn: `arn:aws:sts::${accountId}:assumed-role/${role}/terraform`, region }
}

const rolePattern = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:.+\/)?([^/]+)$/

/** Refuses a configuration of the provider that acts in an account it must not. */
export function requireAllowedAccount(cloud: AwsCloud, settings: Attributes): void {
  const { accountId } = callerOf(cloud, settings)
  const allowed = texts(settings, 'allowed_account_ids')
  const isForbidden = texts(settings, 'forbidden_account_ids').includes(accountId)
  if (isForbidden || (allowed.length > 0 && !allowed.includes(accountId))) {
    throw new CloudError(`AWS account ID not allowed: ${accountId}`)
  }
}
