import type { Unanswered } from '../../../causes/asked.ts'
import { escapeProse } from '../../../facts/escape.ts'
import { ErrorAnswer } from './answers.ts'

type Because = Exclude<Unanswered['because'], 'not-asked'>

/** Thrown when Google's API gave no answer that can be used. */
export class GoogleFault extends Error {
  override readonly name = 'GoogleFault'
  readonly because: Because
  constructor(because: Because, message = '') {
    super(escapeProse(message, 200))
    this.because = because
  }
}

/** Why a call has no answer. What is no fault of Google's API is a bug. */
export function explain(error: unknown): Pick<Unanswered, 'because' | 'detail'> | undefined {
  if (!(error instanceof GoogleFault)) return undefined
  return { because: error.because, ...(error.message === '' ? {} : { detail: error.message }) }
}

/** Reasons of a refusal that has nothing to do with permissions, as `errors` and `details` name them. */
const throttling: ReadonlySet<string> = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'RATE_LIMIT_EXCEEDED'
])
const disabled: ReadonlySet<string> = new Set(['accessNotConfigured', 'SERVICE_DISABLED'])

/** What a status other than success and 404 means: https://cloud.google.com/apis/design/errors */
export function faultOf(status: number, body: unknown): GoogleFault {
  const { data } = ErrorAnswer.safeParse(body)
  const message = data?.error.message ?? ''
  const reasons = [...(data?.error.errors ?? []), ...(data?.error.details ?? [])].map(({ reason }) => reason)
  if (status === 429 || reasons.some(reason => throttling.has(reason))) return new GoogleFault('throttled')
  if (status === 401) return new GoogleFault('no-credentials', 'Google refused the access token')
  if (status === 403 && !reasons.some(reason => disabled.has(reason))) return new GoogleFault('denied')
  return new GoogleFault('failed', `HTTP ${status}${message === '' ? '' : `: ${message}`}`)
}
