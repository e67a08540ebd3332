import type { DataSource } from '../provider.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { callerOf } from './caller.ts'

/** Plays the data source aws_caller_identity. */
export function callerIdentityData(cloud: AwsCloud): DataSource {
  return {
    type: 'aws_caller_identity',
    read: (_, settings) => {
      const { accountId, arn } = callerOf(cloud, settings)
      return { id: accountId, account_id: accountId, arn, user_id: accountId }
    }
  }
}
