import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { Cluster, EndpointService, PrivateEndpoint } from '../../probe/zilliz/answers.ts'

/** What the stand-in of Zilliz Cloud has. */
export interface ZillizWorld {
  /** By project. A project that is not here is one that the key may not see. */
  readonly endpoints: Readonly<Record<string, readonly Partial<PrivateEndpoint>[]>>
  readonly clusters: readonly Partial<Cluster>[]
  readonly services: readonly Partial<EndpointService>[]
  /** As the API answers them: with `endpoint` and `privateLink`. */
  readonly onDemandClusters?: readonly Readonly<Record<string, unknown>>[]
}

/** An answer in place of the right one. */
export type Misbehaviour =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** The connection ends before an answer, or within it. */
  | 'cut'
  | 'cut-within'
  /** Nothing comes, or the body does not go on. */
  | 'silent'
  | 'silent-within'
  /** A body that does not end. */
  | 'endless'

export interface ZillizStandIn extends AsyncDisposable {
  /** What ZILLIZCLOUD_HOST_ADDRESS would be. */
  readonly address: string
  /** The only key that it takes. */
  readonly key: string
  /** What it was asked: paths with their queries. */
  readonly asked: readonly string[]
}

interface Play {
  readonly world?: Partial<ZillizWorld>
  /** How the first requests are answered instead; those after them are answered rightly. */
  readonly first?: readonly Misbehaviour[]
  /** Or how each is. */
  readonly always?: (path: string) => Misbehaviour | undefined
  /** What it takes as the most items of a page, whatever it is asked for. */
  readonly largestPage?: number
}

/** Looks like a key, and like nothing else that a test prints. */
export const apiKey = 'b5f7c0ffee4d1e8a97c2d6e35a1f80947c6b2e19'

/** A server on loopback in the place of api.cloud.zilliz.com; it answers as its documentation says. */
export async function startZillizApi({
  world = {},
  first = [],
  always,
  largestPage = 100
}: Play = {}): Promise<ZillizStandIn> {
  const asked: string[] = []
  const left = [...first]
  const server = createServer((request, response) => {
    response.on('error', () => {})
    response.setHeader('requestid', `req-${asked.length + 1}`)
    asked.push(request.url ?? '')
    const misbehaviour = always?.(request.url ?? '') ?? left.shift()
    if (misbehaviour !== undefined) misbehave(misbehaviour, response)
    else send(response, ...answer(request, { endpoints: {}, clusters: [], services: [], ...world }, largestPage))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`,
    key: apiKey,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    }
  }
}

function answer(request: IncomingMessage, world: ZillizWorld, largestPage: number): [status: number, body: unknown] {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
  if (request.headers.authorization !== `Bearer ${apiKey}`) {
    return [401, { code: 21119, message: 'The apikey is illegal' }]
  }
  if (request.method !== 'GET') return [405, { code: 405, message: 'Method not allowed' }]
  const page = (name: string, items: readonly unknown[]): [number, unknown] => {
    const currentPage = Number(searchParams.get('currentPage') ?? 1)
    const pageSize = Math.min(largestPage, Number(searchParams.get('pageSize') ?? 10))
    const from = (currentPage - 1) * pageSize
    return [
      200,
      { code: 0, data: { count: items.length, currentPage, pageSize, [name]: items.slice(from, from + pageSize) } }
    ]
  }
  const [, project] = /^\/v2\/projects\/([^/]+)\/privateEndpoints$/.exec(pathname) ?? []
  if (project !== undefined) {
    const endpoints = world.endpoints[project]
    return endpoints === undefined
      ? [200, { code: 96027, message: "You don't have permission for this project. Please check your Apikey scope." }]
      : page('endpoints', endpoints)
  }
  if (pathname === '/v2/clusters/onDemandClusters') {
    const [projectId, regionId] = [searchParams.get('projectId'), searchParams.get('regionId')]
    const own = (world.onDemandClusters ?? []).filter(
      each => each.projectId === projectId && each.regionId === regionId
    )
    return page('onDemandClusters', own)
  }
  const [, clusterId] = /^\/v2\/clusters\/([^/]+)$/.exec(pathname) ?? []
  if (clusterId !== undefined) {
    const data = world.clusters.find(cluster => cluster.clusterId === clusterId)
    return data === undefined ? [200, { code: 96018, message: 'Cluster not found.' }] : [200, { code: 0, data }]
  }
  if (pathname === '/v2/clusters') return page('clusters', world.clusters)
  if (pathname === '/v2/privateEndpointServices') {
    const regionId = searchParams.get('regionId')
    return page(
      'endpointServices',
      world.services.filter(service => regionId === null || service.regionId === regionId)
    )
  }
  return [404, { code: 404, message: 'Not found' }]
}

function misbehave(as: Misbehaviour, response: ServerResponse): void {
  switch (as) {
    case 'cut':
      response.destroy()
      return
    case 'cut-within':
      response.writeHead(200, { 'content-length': 1000 })
      response.write('{"code":0,', () => response.destroy())
      return
    case 'silent':
      return
    case 'silent-within':
      response.writeHead(200)
      response.write('{"code":0,')
      return
    case 'endless':
      response.writeHead(200)
      void pour(response)
      return
    default:
      send(response, as.status ?? 200, as.body ?? '', as.headers)
  }
}

async function pour(response: ServerResponse): Promise<void> {
  const chunk = ' '.repeat(1_000_000)
  while (!response.destroyed) {
    if (!response.write(chunk)) await setTimeout(1)
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {}
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
