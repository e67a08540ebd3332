import type { AwsCloud } from './aws-cloud.ts'

/** The ARN of something in a region of the account. */
export function regionalArn({ accountId }: AwsCloud, service: string, region: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`
}
