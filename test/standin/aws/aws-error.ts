import { createHash } from 'node:crypto'
import { CloudError } from '../cloud-error.ts'

// The messages are AWS's where people have quoted them; the rest are worded in their manner.

/** What EC2 refused: the API call, EC2's error code and its message. */
export interface Refusal {
  readonly call: string
  readonly code: string
  readonly message: string
}

/** An error of EC2 as a resource of the AWS provider shows it: what it was doing, then what the SDK makes of the answer. */
export function ec2Error(doing: string, refusal: Refusal): CloudError {
  return new CloudError(`${doing}: ${ec2Answer(refusal)}`)
}

/** What the SDK makes of an error of EC2. */
export function ec2Answer({ call, code, message }: Refusal): string {
  return `operation error EC2: ${call}, ${response(call, message)}, api error ${code}: ${message}`
}

/** An error of Route 53, whose codes the SDK knows and so does not call API errors. */
export function route53Error(doing: string, { call, code, message }: Refusal): CloudError {
  return new CloudError(`${doing}: operation error Route 53: ${call}, ${response(call, message)}, ${code}: ${message}`)
}

function response(call: string, message: string): string {
  const digest = createHash('sha256').update(`${call} ${message}`).digest('hex')
  const id = [0, 8, 12, 16, 20].map((start, index, starts) => digest.slice(start, starts[index + 1] ?? 32)).join('-')
  return `https response error StatusCode: 400, RequestID: ${id}`
}
