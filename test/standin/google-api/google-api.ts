import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { documentedCall, undocumentedIn } from './documented.ts'

/** What a project of Google Cloud has, by the path of its collection: `projects/p/global/routes`. Each item has a name. */
export interface GoogleApiWorld {
  readonly collections: Readonly<Record<string, readonly object[]>>
  /** Effective firewalls by the path of their network, and by region. */
  readonly firewalls: Readonly<Record<string, object>>
  /** What the metadata server says of this machine, by its key. Without any, there is none but for tokens. */
  readonly metadata: Readonly<Record<string, string>>
}

/** An answer in place of the right one. */
export type WrongAnswer =
  | { readonly status: number; readonly body: unknown }
  /** The connection ends before an answer, or within it. */
  | 'cut'
  | 'cut-within'
  /** Nothing comes. */
  | 'silent'
  /** A body that does not end. */
  | 'endless'

interface GoogleApiPlay {
  readonly world: GoogleApiWorld
  /** How a method is answered instead. */
  readonly instead?: (method: string, path: string) => WrongAnswer | undefined
  /** Answers nothing until no more requests come, then all that came. So calls that need one another are counted, however fast they are. */
  readonly inWaves?: boolean
  /** Milliseconds before each answer. */
  readonly delayMs?: number
  /** The most items of a page. */
  readonly largestPage?: number
}

/** A request that was answered. */
export interface GoogleApiCall {
  readonly method: string
  readonly path: string
}

export interface GoogleApiStandIn extends AsyncDisposable {
  /** The variables that Google's clients read. */
  readonly variables: Readonly<Record<string, string>>
  readonly calls: readonly GoogleApiCall[]
  /** How many waves of calls were answered. */
  readonly waves: () => number
  /** How often a token was given. */
  readonly tokens: () => number
  /** What no discovery document has, of requests and of answers. */
  readonly undocumented: readonly string[]
}

/** Looks like a token, and like nothing else that a test prints. */
export const googleToken = 'ya29.stand-in-0c1d2e3f4a5b6c7d8e9f'

/** A client that has more to ask at once asks it within this time, on a busy machine too. */
const quietMs = 200

/** Google's APIs for compute and DNS, and the metadata server of a machine, on loopback. */
export async function startGoogleApi(play: GoogleApiPlay): Promise<GoogleApiStandIn> {
  const calls: GoogleApiCall[] = []
  const undocumented: string[] = []
  let tokens = 0
  let waves = 0
  let waiting: (() => void)[] = []
  let quiet: NodeJS.Timeout | undefined
  const wave = () =>
    new Promise<void>(resolve => {
      waiting.push(resolve)
      clearTimeout(quiet)
      quiet = setTimeout(() => {
        waves += 1
        for (const each of waiting) each()
        waiting = []
      }, quietMs)
    })
  const server = createServer(async (request, response) => {
    response.on('error', () => {})
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    if (pathname.startsWith('/computeMetadata/')) {
      if (pathname.endsWith('/token')) tokens += 1
      return answerMetadata(pathname, play.world.metadata, request, response)
    }
    if (play.inWaves === true) await wave()
    if (play.delayMs !== undefined) await sleep(play.delayMs)
    try {
      const call = documentedCall(request.method ?? '', pathname, searchParams)
      if (request.headers.authorization !== `Bearer ${googleToken}`)
        return send(response, 401, { error: { code: 401 } })
      const instead = play.instead?.(call.method, pathname)
      if (instead !== undefined) {
        calls.push({ method: call.method, path: pathname })
        return misbehave(instead, response)
      }
      const body = answer(call.method, pathname, searchParams, play)
      if (body !== undefined) undocumented.push(...undocumentedIn(call, body))
      calls.push({ method: call.method, path: pathname })
      if (body === undefined) return send(response, 404, notFound(pathname))
      return send(response, 200, body)
    } catch (error) {
      undocumented.push(String(error))
      return send(response, 400, { error: { code: 400, message: String(error) } })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    variables: {
      GOOGLE_COMPUTE_CUSTOM_ENDPOINT: `http://${host}/compute/v1/`,
      GOOGLE_DNS_CUSTOM_ENDPOINT: `http://${host}/dns/v1/`,
      GCE_METADATA_HOST: host
    },
    calls,
    waves: () => waves,
    tokens: () => tokens,
    undocumented,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    }
  }
}

function answerMetadata(
  path: string,
  metadata: GoogleApiWorld['metadata'],
  request: IncomingMessage,
  response: ServerResponse
) {
  if (request.headers['metadata-flavor'] !== 'Google') return send(response, 403, {})
  response.setHeader('metadata-flavor', 'Google')
  const key = path.replace('/computeMetadata/v1/', '')
  if (key.endsWith('/token')) {
    return send(response, 200, { access_token: googleToken, expires_in: 3600, token_type: 'Bearer' })
  }
  const value = metadata[key] ?? (key === 'instance' ? '' : undefined)
  response.writeHead(value === undefined ? 404 : 200, { 'content-type': 'application/text' })
  response.end(value ?? '')
}

const notFound = (path: string) => ({
  error: { code: 404, message: `The resource '${path}' was not found`, errors: [{ reason: 'notFound' }] }
})

/** The answer of a method. `undefined` if there is no such thing. */
function answer(method: string, pathname: string, query: URLSearchParams, play: GoogleApiPlay): object | undefined {
  const { collections, firewalls } = play.world
  const path = decodeURIComponent(pathname).replace(/^\/(?:compute|dns)\/v1\//, '')
  const [resource = '', verb] = method.split('.')
  if (verb === 'getEffectiveFirewalls') {
    const network = query.get('network')
    return firewalls[
      network === null ? path.replace(/\/[^/]+$/, '') : `${network} ${/regions\/([^/]+)/.exec(path)?.[1]}`
    ]
  }
  if (verb === 'get') {
    const at = path.lastIndexOf('/')
    return collections[path.slice(0, at)]?.find(each => 'name' in each && each.name === path.slice(at + 1))
  }
  const project = path.split('/').slice(0, 2).join('/')
  const all =
    verb === 'aggregatedList'
      ? Object.entries(collections)
          .filter(([key]) => key.startsWith(`${project}/`) && key.endsWith(`/${resource}`))
          .flatMap(([key, items]) => items.map(item => ({ scope: key.split('/').slice(2, 4).join('/'), item })))
      : (collections[path] ?? []).map(item => ({ scope: '', item }))
  const found = all.filter(({ item }) => isFiltered(item, query.get('filter')))
  const from = Number(query.get('pageToken') ?? 0)
  const size = Math.min(Number(query.get('maxResults') ?? 500), play.largestPage ?? 500)
  const page = found.slice(from, from + size)
  const next = from + size < found.length ? { nextPageToken: String(from + size) } : {}
  if (verb === 'aggregatedList') {
    const scopes = Map.groupBy(page, ({ scope }) => scope)
    const items = Object.fromEntries(
      Array.from(scopes, ([scope, each]) => [scope, { [resource]: each.map(({ item }) => item) }])
    )
    return { items, ...next }
  }
  return { [listField(resource)]: page.map(({ item }) => item), ...next }
}

function listField(resource: string): string {
  const fields: Readonly<Record<string, string>> = {
    managedZones: 'managedZones',
    resourceRecordSets: 'rrsets',
    policies: 'policies',
    responsePolicies: 'responsePolicies',
    responsePolicyRules: 'responsePolicyRules'
  }
  return fields[resource] ?? 'items'
}

/** Filters of compute: https://cloud.google.com/compute/docs/reference/rest/v1/routes/list */
function isFiltered(item: object, filter: string | null): boolean {
  if (filter === null) return true
  const [, field = '', comparison, value = ''] = /^([\w.]+) (=|eq) "([^"]*)"$/.exec(filter) ?? []
  const values = field
    .split('.')
    .reduce<readonly unknown[]>(
      (all, name) =>
        all
          .flat()
          .map(each =>
            typeof each === 'object' && each !== null && name in each ? Reflect.get(each, name) : undefined
          ),
      [item]
    )
  return values.some(each =>
    comparison === '=' ? each === value : comparison === 'eq' && new RegExp(`^(?:${value})$`).test(String(each))
  )
}

function misbehave(instead: WrongAnswer, response: ServerResponse) {
  switch (instead) {
    case 'cut':
      return response.socket?.destroy()
    case 'cut-within':
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"items"')
      return setImmediate(() => response.socket?.destroy())
    case 'silent':
      return undefined
    case 'endless': {
      response.writeHead(200)
      const more = () => {
        while (response.writable && response.write(' '.repeat(65_536)));
        if (response.writable) response.once('drain', more)
      }
      return more()
    }
    default:
      return send(response, instead.status, instead.body)
  }
}

function send(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
