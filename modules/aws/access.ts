import { z } from 'zod'
import { AwsRegion } from '../../probe/clouds/aws/region.ts'
import { AccountId, RoleArn } from './identifiers.ts'

/** How an environment reaches AWS, and which accounts it may touch. */
export const AwsAccess = z
  .strictObject({
    region: AwsRegion.exactOptional().describe(
      "The provider's own region. Left out: that of a link. Needed to remove the last link on AWS."
    ),
    allowedAccountIds: z
      .array(AccountId)
      .min(1, 'must not be empty; leave the key out to allow every account')
      .exactOptional()
      .describe('The accounts that the environment may touch. Left out: whichever the credentials are for.'),
    roleArn: RoleArn.exactOptional().describe('The role to assume. Left out: the credentials are used as they are.')
  })
  .describe('How the environment reaches AWS.')
