import { ZodError } from 'zod'
import type { Unanswered } from '../../../causes/asked.ts'
import { escapeProse } from '../../../facts/escape.ts'

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, .../Route53/latest/APIReference/CommonErrors.html */
const byName: Readonly<Record<string, Unanswered['because']>> = {
  UnauthorizedOperation: 'denied',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  RequestLimitExceeded: 'throttled',
  EC2ThrottledException: 'throttled',
  PriorRequestNotComplete: 'throttled',
  TooManyRequestsException: 'throttled',
  CredentialsProviderError: 'no-credentials',
  TokenProviderError: 'no-credentials',
  TimeoutError: 'unreachable'
}

/** Codes of Node for an address that does not resolve, or does not answer over TLS. */
const ofNetwork =
  /^(?:E(?:CONN|HOST|NET|PIPE|ADDR|TIMEDOUT|PROTO)|EAI_|ENOTFOUND|ERR_(?:TLS|SSL)|CERT_|SELF_SIGNED|UNABLE_TO|DEPTH_ZERO|HPE_)/

/** Why a call to AWS has no answer. What is no error of the SDK, the network or an answer is a bug, and `undefined`. */
export function explainAwsError(error: unknown): Pick<Unanswered, 'because' | 'detail'> | undefined {
  if (error instanceof ZodError) {
    const [issue] = error.issues
    return {
      because: 'failed',
      detail: `the answer has an unexpected form at ${escapeProse(issue?.path.join('.') ?? '', 100)}`
    }
  }
  if (!(error instanceof Error)) return undefined
  const known = byName[error.name]
  if (known === 'denied' || known === 'throttled') return { because: known }
  if (known !== undefined) return { because: known, detail: escapeProse(error.message, 200) }
  if (isServerBusy(error)) return { because: 'throttled' }
  if ('code' in error && typeof error.code === 'string' && ofNetwork.test(error.code)) {
    return { because: 'unreachable', detail: error.code }
  }
  // The SDK marks what happened between sending a request and reading its answer.
  if ('$metadata' in error || '$response' in error) {
    return { because: 'failed', detail: escapeProse(`${error.name}: ${error.message.split('\n', 1).join()}`, 200) }
  }
  return undefined
}

function isServerBusy(error: Error): boolean {
  if (!('$metadata' in error) || typeof error.$metadata !== 'object' || error.$metadata === null) return false
  return 'httpStatusCode' in error.$metadata && error.$metadata.httpStatusCode === 429
}
