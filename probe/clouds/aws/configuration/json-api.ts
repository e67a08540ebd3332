import type { AwsV4Signer } from 'aws4fetch'

/** A service whose API takes and gives JSON, as its addresses and signatures name it. */
export type JsonService = 'route53resolver' | 'route53profiles'

/** A call that changes nothing. */
export type JsonCall =
  /** By the name of the action (AWS JSON 1.1). */
  | { readonly action: string; readonly input: object }
  /** By a path (REST). What is `undefined` is not in the query. */
  | { readonly path: string; readonly query: Readonly<Record<string, string | undefined>> }

/** Makes calls to services of one region. */
export type JsonApi = (service: JsonService, call: JsonCall, signal: AbortSignal) => Promise<unknown>

/** The keys that calls are signed with. */
export interface SigningKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** AWS refused a call, or answered what is no JSON. Has what an error of AWS's own clients has. */
export class JsonApiError extends Error {
  override readonly name: string
  readonly $metadata: { readonly httpStatusCode: number }
  constructor(name: string, httpStatusCode: number, message: string) {
    super(message)
    this.name = name
    this.$metadata = { httpStatusCode }
  }
}

/** A list of 5,000 rules is about 2 MB. */
const mostBytes = 8_000_000

/** The variables that move an API, as AWS's own clients read them. */
const variables = {
  route53resolver: 'AWS_ENDPOINT_URL_ROUTE53RESOLVER',
  route53profiles: 'AWS_ENDPOINT_URL_ROUTE53PROFILES'
} as const satisfies Record<JsonService, string>

/**
 * The services that AWS's own clients would make most of an install for: that of Route 53 Resolver, with what it depends on, takes
 * more than all others together.
 *
 * @param keys the credentials of AWS's own clients
 */
export function openJsonApi(Signer: typeof AwsV4Signer, region: string, keys: () => Promise<SigningKeys>): JsonApi {
  return async (service, call, signal) => {
    const { accessKeyId, secretAccessKey, sessionToken } = await keys()
    const signed = await new Signer({
      ...requestOf(addressOf(service, region), call),
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      service,
      region
    }).sign()
    const { method, url, headers, body } = signed
    const { status, type, text } = await receive(url, {
      method,
      headers,
      body: body ?? null,
      redirect: 'error',
      signal
    })
    const answer = parsed(text)
    if (status === 200 && answer !== undefined) return answer
    throw new JsonApiError(errorName(type, answer), status, `HTTP ${status}`)
  }
}

/** @see https://docs.aws.amazon.com/general/latest/gr/r53.html */
function addressOf(service: JsonService, region: string): string {
  const { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: ignores, AWS_ENDPOINT_URL: url } = process.env
  const moved = ignores === 'true' ? undefined : process.env[variables[service]] || url
  if (moved !== undefined && moved !== '') return moved.replace(/\/$/, '')
  return `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
}

function requestOf(address: string, call: JsonCall) {
  if ('path' in call) {
    const given = Object.entries(call.query).filter((entry): entry is [string, string] => entry[1] !== undefined)
    return { method: 'GET', url: `${address}${call.path}?${new URLSearchParams(given)}` }
  }
  return {
    method: 'POST',
    url: `${address}/`,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Route53Resolver.${call.action}` },
    body: JSON.stringify(call.input)
  }
}

async function receive(url: URL, request: RequestInit) {
  try {
    const reply = await fetch(url, request)
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of reply.body ?? []) {
      bytes += chunk.length
      if (bytes > mostBytes) throw new JsonApiError('AnswerTooLong', reply.status, `more than ${mostBytes} bytes`)
      chunks.push(chunk)
    }
    const text = Buffer.concat(chunks).toString('utf8')
    return { status: reply.status, type: reply.headers.get('x-amzn-errortype'), text }
  } catch (error) {
    // What fetch cannot do is a TypeError with its cause, which has a code.
    if (error instanceof TypeError && error.cause instanceof Error) throw error.cause
    throw error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // RangeError: deeper than the stack.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

/** `AccessDeniedException` of `com.amazonaws.route53resolver#AccessDeniedException:http://…`. */
function errorName(header: string | null, answer: unknown): string {
  const type =
    header ?? (typeof answer === 'object' && answer !== null && '__type' in answer ? String(answer.__type) : '')
  return /([A-Za-z]{1,100})(?:$|:)/.exec(type.split('#').at(-1) ?? '')?.[1] ?? 'UnexpectedAnswer'
}
