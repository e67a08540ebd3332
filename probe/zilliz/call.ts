import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { escapeProse, escapeText } from '../facts/escape.ts'
import { read } from '../schema/read.ts'
import type { ApiAccess } from './access.ts'
import { Envelope } from './answers.ts'
import { ApiError, type ApiErrorDetails, type Explanation, explanationOf, quoted } from './api-error.ts'

/** What the API is asked for. */
export interface Question<Schema extends z.ZodType> {
  /** Behind `/v2`, without a slash at its beginning. */
  readonly path: string
  /** What that is in a person's words: `the private endpoints of proj-…`. */
  readonly asking: string
  readonly answer: Schema
}

/** How long an answer is waited for, and how often it is asked for. */
export interface RetryPolicy {
  /** For one try, to the last byte of its answer. */
  readonly tryMs: number
  readonly tries: number
  /** Before the second try; it doubles before each further one. */
  readonly firstPauseMs: number
  /** What the API may ask for by `Retry-After`; who asks for more is not waited for. */
  readonly longestPauseMs: number
}

/** Zilliz Cloud itself gives up on a request after a minute. */
export const defaultPatience: RetryPolicy = { tryMs: 60_000, tries: 4, firstPauseMs: 1000, longestPauseMs: 60_000 }

/** A try that failed, and the next one. */
export interface Retry {
  /** One line: what happened. */
  readonly happened: string
  readonly pauseMs: number
  /** The number of the next try, of `tries`. */
  readonly next: number
  readonly tries: number
}

export interface Calling {
  readonly access: ApiAccess
  readonly patience: RetryPolicy
  readonly signal: AbortSignal | undefined
  readonly onRetry: (retry: Retry) => void
}

/** The result of an attempt that is worth repeating. */
interface Transient {
  readonly error: ApiError
  readonly askedPauseMs: number
}

/**
 * Asks the API, again where that may help.
 *
 * @throws ApiError when it does not answer or refuses to; the signal's reason when that is aborted
 */
export async function call<Schema extends z.ZodType>(
  question: Question<Schema>,
  { access, patience, signal, onRetry }: Calling
): Promise<z.output<Schema>> {
  for (let next = 2; ; next += 1) {
    const outcome = await attempt(question, access, patience.tryMs, signal)
    if ('answer' in outcome) return outcome.answer
    const { error, askedPauseMs } = outcome
    if (next > patience.tries || askedPauseMs > patience.longestPauseMs) throw error
    const pauseMs = Math.max(askedPauseMs, patience.firstPauseMs * 2 ** (next - 2))
    onRetry({ happened: error.happened, pauseMs, next, tries: patience.tries })
    await sleep(pauseMs, undefined, signal === undefined ? {} : { signal }).catch(error => {
      signal?.throwIfAborted()
      throw error
    })
  }
}

async function attempt<Schema extends z.ZodType>(
  question: Question<Schema>,
  { key, address }: ApiAccess,
  tryMs: number,
  signal: AbortSignal | undefined
): Promise<{ readonly answer: z.output<Schema> } | Transient> {
  const hide = (words: string) => words.replaceAll(key, '[the-API-key]')
  const about = ({ fault, happened, remedy }: Explanation, details?: ApiErrorDetails) =>
    new ApiError(
      { fault, happened: `Zilliz Cloud, asked for ${escapeProse(question.asking, 200)}: ${happened}`, remedy },
      details
    )

  const received = await receive(`${address}/${question.path}`, key, tryMs, signal)
  switch (received.kind) {
    case 'silence':
      throw about({
        fault: 'too-slow',
        happened: `no whole answer within ${tryMs / 1000} s`,
        remedy: 'Try again later. If it persists, check whether a proxy or firewall is on the way.'
      })
    case 'too-long':
      throw about(notTheApi('the answer is longer than any of the API'), { status: received.status })
    case 'no-answer': {
      const error = about({
        fault: 'unreachable',
        happened: `no answer from ${new URL(address).host} (${escapeText(received.reason)})`,
        remedy: 'Check whether this machine reaches it: its DNS, its firewall, its proxy, ZILLIZCLOUD_HOST_ADDRESS.'
      })
      if (!received.mayPass) throw error
      return { error, askedPauseMs: 0 }
    }
  }

  const { status, headers } = received
  const body = hide(received.body)
  const written = parse(body, hide)
  const envelope = Envelope.safeParse(written).data
  const requestId = headers.get('requestid')
  const details = {
    status,
    code: envelope === undefined || isFine(envelope.code) ? undefined : envelope.code,
    requestId: requestId === null || requestId === '' ? undefined : escapeText(hide(requestId)).slice(0, 100)
  }
  const words = envelope?.message === undefined || envelope.message === '' ? '' : `: ${quoted(envelope.message)}`

  const explanation = explanationOf(status, details.code)
  if (explanation !== undefined) {
    throw about({ ...explanation, happened: `${explanation.happened}${words}` }, details)
  }
  if (
    status === 429 ||
    details.code === 429 ||
    (details.code !== undefined && /too many requests|rate ?limit/i.test(words))
  ) {
    const askedPauseMs = pauseAsked(headers.get('retry-after'))
    const wait = askedPauseMs === 0 ? '' : `, to wait for ${Math.ceil(askedPauseMs / 1000)} s`
    const error = about(
      {
        fault: 'rate-limited',
        happened: `it is asked too often${wait}${words}`,
        remedy: 'Try again later. It accepts 20 requests per second from a user.'
      },
      details
    )
    return { error, askedPauseMs }
  }
  if (status >= 500) {
    const error = about(
      {
        fault: 'server-fault',
        happened: `it has a fault of its own${words}`,
        remedy: 'Try again later. If it persists, send the number of the request to the support of Zilliz Cloud.'
      },
      details
    )
    return { error, askedPauseMs: pauseAsked(headers.get('retry-after')) }
  }
  if (envelope === undefined) {
    const sent = body.trim() === '' ? 'nothing' : quoted(body)
    throw about(notTheApi(`that is no answer of the API: ${sent}`), details)
  }
  if (details.code !== undefined || status >= 300) {
    throw about(
      {
        fault: 'refused',
        happened: `it refuses${words}`,
        remedy: 'https://docs.zilliz.com/reference/restful/error-codes-v2 has the codes.'
      },
      details
    )
  }
  const answer = read(question.answer, envelope.data, 'data')
  if ('value' in answer) return { answer: answer.value }
  const [first = '', ...more] = answer.mistakes
  throw about(
    {
      fault: 'not-understood',
      happened: `the answer is not of the form that is known: ${escapeProse(first, 200)}${more.length === 0 ? '' : `, and ${more.length} more`}`,
      remedy: 'The API may have changed: check its documentation for what it sends now.'
    },
    details
  )
}

function notTheApi(happened: string): Explanation {
  return {
    fault: 'not-understood',
    happened,
    remedy: 'Check whether ZILLIZCLOUD_HOST_ADDRESS is right, and whether a proxy answers in place of the API.'
  }
}

/** The provider takes 200 for success as well. */
const isFine = (code: number) => code === 0 || code === 200

function parse(body: string, hide: (words: string) => string): unknown {
  try {
    // Once more, for JSON may write the characters of the key in another way.
    return JSON.parse(body, (_, value) => (typeof value === 'string' ? hide(value) : value))
  } catch (error) {
    // RangeError: deeper than the stack.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error
    return undefined
  }
}

/** `Retry-After` in milliseconds, from a number of seconds or a date. 0 if it is neither. */
function pauseAsked(header: string | null): number {
  if (header === null) return 0
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? 0 : Math.max(0, at - Date.now())
}

type Received =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly kind: 'silence' }
  | { readonly kind: 'too-long'; readonly status: number }
  | { readonly kind: 'no-answer'; readonly reason: string; readonly mayPass: boolean }

/** A hundred clusters are 100 kB. */
const longestAnswer = 10_000_000

async function receive(url: string, key: string, ms: number, signal: AbortSignal | undefined): Promise<Received> {
  signal?.throwIfAborted()
  const over = new AbortController()
  const abort = () => over.abort()
  const timer = setTimeout(abort, ms)
  signal?.addEventListener('abort', abort)
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', authorization: `Bearer ${key}` },
      // The key must not go to the target of a redirect.
      redirect: 'manual',
      signal: over.signal
    })
    const { status, headers } = response
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of response.body ?? []) {
      length += chunk.length
      if (length > longestAnswer) return { kind: 'too-long', status }
      chunks.push(chunk)
    }
    return { kind: 'answer', status, headers, body: Buffer.concat(chunks).toString() }
  } catch (error) {
    signal?.throwIfAborted()
    if (over.signal.aborted) return { kind: 'silence' }
    // What fetch cannot do is a TypeError with its cause; one without is a bug.
    if (!(error instanceof TypeError && error.cause instanceof Error)) throw error
    const { cause } = error
    const reason = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
    return { kind: 'no-answer', reason, mayPass: passing.has(reason) }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    over.abort()
  }
}

/** Network errors that are often temporary. An untrusted certificate or a name that does not exist is not. */
const passing: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET'
])
