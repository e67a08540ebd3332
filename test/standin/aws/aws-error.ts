import { createHash } from 'node:crypto'
import { CloudError } from '../cloud-error.ts'
import type { Caller } from './caller.ts'

// The messages are AWS's where people have quoted them; the rest are worded in their manner.

/** What an API refused: the call, the API's error code and its message. */
export interface Refusal {
  readonly call: string
  /** The status of the HTTP response. @default 400 */
  readonly status?: number
  readonly code: string
  readonly message: string
}

/** An error of EC2 as a resource of the AWS provider shows it: what it was doing, then what the SDK makes of the answer. */
export function ec2Error(doing: string, refusal: Refusal): CloudError {
  return new CloudError(`${doing}: ${ec2Answer(refusal)}`)
}

/** What the SDK makes of an error of EC2. */
export function ec2Answer({ call, status, code, message }: Refusal): string {
  return `operation error EC2: ${call}, ${response(call, message, status)}, api error ${code}: ${message}`
}

/** An API as the SDK names it, all of whose errors it knows and so does not call API errors. */
export type ModelledApi = 'CloudWatch Logs' | 'ECS' | 'IAM' | 'Route 53' | 'ServiceDiscovery'

/** An error of such an API as a resource of the AWS provider shows it. */
export function modelledError(doing: string, api: ModelledApi, { call, status, code, message }: Refusal): CloudError {
  return new CloudError(
    `${doing}: operation error ${api}: ${call}, ${response(call, message, status)}, ${code}: ${message}`
  )
}

/** An error of Route 53. */
export function route53Error(doing: string, refusal: Refusal): CloudError {
  return modelledError(doing, 'Route 53', refusal)
}

/** An error of Route 53 for somebody who may not do that; its code is that of every API. */
export function accessDenied(doing: string, call: string, { arn }: Caller): CloudError {
  const message = `User: ${arn} is not authorized to access this resource`
  return route53Error(doing, { call, status: 403, code: 'api error AccessDenied', message })
}

function response(call: string, message: string, status = 400): string {
  const digest = createHash('sha256').update(`${call} ${message}`).digest('hex')
  const id = [0, 8, 12, 16, 20].map((start, index, starts) => digest.slice(start, starts[index + 1] ?? 32)).join('-')
  return `https response error StatusCode: ${status}, RequestID: ${id}`
}
