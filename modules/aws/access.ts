import { z } from 'zod'
import { AwsRegion } from '../../probe/clouds/aws/region.ts'
import { distinct } from '../distinct.ts'
import { providerVersion, type SupportedVersions } from '../provider-version.ts'
import { AccountId, RoleArn } from './identifiers.ts'

/** Held against the schemas of 6.25.0 and 6.66.0. */
export const supportedAws: SupportedVersions = { provider: 'aws', from: '6.25.0', below: '7.0.0' }

/** How an environment reaches AWS, and which accounts it may touch. */
export const AwsAccess = z
  .strictObject({
    region: AwsRegion.exactOptional().describe(
      'The region of the provider. Default: the region of a link. Set it to remove the last link on AWS.'
    ),
    allowedAccountIds: z
      .array(AccountId)
      .min(1, 'must not be empty. Leave the key out to allow every account.')
      .exactOptional()
      .describe('The accounts that the environment may change. Default: the account of the credentials.'),
    roleArn: RoleArn.exactOptional().describe('The role to assume. Default: none, the credentials apply unchanged.'),
    vpcRoleArns: distinct(
      RoleArn,
      accountOf,
      (arn, first) =>
        `names ${arn}, a second role of the account ${accountOf(arn)}. Remove one of them: vpcRoleArns[${first}] is of that account already.`
    )
      .exactOptional()
      .describe(
        'Roles of other accounts, one for each account, that associate the `zoneVpcs` of their account. Keep a role until a deploy has removed the last of these VPCs. Default: none.'
      ),
    providerVersion: providerVersion(supportedAws)
  })
  .describe('How the environment reaches AWS.')

/** The account of a role. */
export function accountOf(roleArn: string): string | undefined {
  return RoleArn.safeParse(roleArn).data?.split(':')[4]
}
