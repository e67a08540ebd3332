import type { z } from 'zod'
import { apiAddress, type GoogleService, type GoogleVariables } from './api-address.ts'
import { faultOf, GoogleFault } from './google-fault.ts'

/** A request that changes nothing. */
export interface GoogleRequest {
  readonly service: GoogleService
  /** Behind the version. Encode what comes from a config. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
}

/** Google's APIs, with the credentials that this machine has. */
export interface GoogleApi {
  /**
   * @returns `undefined` if there is no such thing
   * @throws GoogleFault if there is no answer
   */
  readonly get: <Answer extends z.ZodType>(
    request: GoogleRequest,
    answer: Answer,
    signal: AbortSignal
  ) => Promise<z.output<Answer> | undefined>
}

/** A network with 5,000 firewall rules is about 4 MB. */
const longestAnswer = 16_000_000

/** Shorter than the deadline of a call, so that a machine without credentials is reported as such. */
const credentialsMs = 2500

/** All that is asked for is read-only. https://developers.google.com/identity/protocols/oauth2/scopes */
const scopes = [
  'https://www.googleapis.com/auth/compute.readonly',
  'https://www.googleapis.com/auth/ndev.clouddns.readonly'
]

/** Loads the client for credentials. Its own clients for compute and DNS are some 100 times its size, and a request is one line. */
export async function loadGoogleApi(variables: GoogleVariables): Promise<GoogleApi> {
  const { GoogleAuth } = await import('google-auth-library')
  // Without a project, the library runs `gcloud` to find one: that is of no use here, and takes longer than all calls.
  const auth = new GoogleAuth({ scopes, projectId: 'not-used' })
  let underway: Promise<Headers> | undefined
  /** One request for a token at a time; the library keeps the token. */
  const credentials = (): Promise<Headers> => {
    underway ??= auth.getRequestHeaders().finally(() => {
      underway = undefined
    })
    return within(underway)
  }

  return {
    get: async (request, answer, signal) => {
      const { service, path, query = {} } = request
      const address = apiAddress(service, variables)
      const headers = new Headers(await credentials())
      headers.set('accept', 'application/json')
      const parameters = new URLSearchParams(query)
      const url = `${address}${path}${parameters.size === 0 ? '' : `?${parameters}`}`
      const { status, body } = await receive(url, headers, signal)
      if (status === 404) return undefined
      if (status !== 200) throw faultOf(status, parsed(body))
      const read = answer.safeParse(parsed(body))
      if (!read.success) throw new GoogleFault('failed', 'the answer does not have the form that Google documents')
      return read.data
    }
  }
}

async function within(token: Promise<Headers>): Promise<Headers> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const fault = new GoogleFault('no-credentials', `Application Default Credentials gave none in ${credentialsMs} ms`)
    timer = setTimeout(() => reject(fault), credentialsMs)
  })
  try {
    return await Promise.race([token, late])
  } catch (error) {
    if (error instanceof GoogleFault) throw error
    // The library throws errors of many kinds: of files, of metadata, of Google's token service.
    throw new GoogleFault('no-credentials', error instanceof Error ? (error.message.split('\n')[0] ?? '') : '')
  } finally {
    clearTimeout(timer)
  }
}

async function receive(url: string, headers: Headers, signal: AbortSignal): Promise<{ status: number; body: string }> {
  try {
    // A redirect would carry the token elsewhere.
    const response = await fetch(url, { headers, redirect: 'manual', signal })
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of response.body ?? []) {
      length += chunk.length
      if (length > longestAnswer) throw new GoogleFault('failed', `its answer is longer than ${longestAnswer} bytes`)
      chunks.push(chunk)
    }
    return { status: response.status, body: Buffer.concat(chunks).toString() }
  } catch (error) {
    signal.throwIfAborted()
    // What fetch cannot do is a TypeError with its cause; one without is a bug.
    if (!(error instanceof TypeError && error.cause instanceof Error)) throw error
    const { cause } = error
    throw new GoogleFault('unreachable', 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message)
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (error) {
    // RangeError: deeper than the stack.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error
    return undefined
  }
}
