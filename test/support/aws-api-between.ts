import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** What is done to a call: its answer is changed, or it is answered otherwise. */
export type Interference =
  | { readonly with: 'answer'; readonly status?: number; readonly type?: string; readonly body: string }
  | { readonly with: 'change'; readonly of: (body: string) => string }
  /** No answer. */
  | { readonly with: 'silence' }
  /** Half of a header and then the end. */
  | { readonly with: 'cut' }

/**
 * Stands between the clients and a server of AWS's API, counts the calls and may answer in its place. An action has the name that a
 * policy gives it without its service: `DescribeVpcEndpoints`.
 *
 * @param delayMs before each answer
 */
export async function startBetween(url: string, delayMs = 0) {
  const interferences = new Map<string, Interference>()
  const called: string[] = []
  const stages: (readonly string[])[] = []
  let waiting: { readonly action: string; readonly go: () => void }[] = []
  let quiet: NodeJS.Timeout | undefined
  let isStaged = false
  /** Holds a call until no other one comes, so that those that need nothing of each other are one stage. */
  const turn = (action: string) =>
    new Promise<void>(go => {
      waiting.push({ action, go })
      clearTimeout(quiet)
      quiet = setTimeout(() => {
        stages.push(waiting.map(each => each.action).toSorted())
        for (const each of waiting) each.go()
        waiting = []
      }, 150)
    })
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const action = actionOf(request, body)
    called.push(action)
    if (isStaged) await turn(action)
    if (delayMs > 0) await sleep(delayMs)
    await answer(request, response, body, interferences.get(action), url)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    interferences,
    /** The actions that were called, in order. */
    called,
    /** The actions that were under way together, once calls are held. */
    stages,
    hold: () => {
      isStaged = true
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
}

/** The action of a call: in the form for EC2 and STS, in a header for Resolver, in the path for Route 53 and its Profiles. */
function actionOf({ headers, url = '' }: IncomingMessage, body: Buffer): string {
  const target = headers['x-amz-target']
  if (typeof target === 'string') return target.split('.')[1] ?? ''
  if (url.includes('/hostedzonesbyvpc')) return 'ListHostedZonesByVPC'
  if (url.includes('/rrset')) return 'ListResourceRecordSets'
  if (url.includes('/hostedzone/')) return 'GetHostedZone'
  if (url.startsWith('/profileassociations')) return 'ListProfileAssociations'
  if (url.startsWith('/profileresourceassociations')) return 'ListProfileResourceAssociations'
  return new URLSearchParams(body.toString('utf8')).get('Action') ?? ''
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  interference: Interference | undefined,
  url: string
): Promise<void> {
  switch (interference?.with) {
    case 'silence':
      return
    case 'cut':
      response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<')
      return
    case 'answer':
      response.writeHead(interference.status ?? 200, { 'content-type': interference.type ?? 'text/xml' })
      response.end(interference.body)
      return
  }
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string' && !/^(?:connection|content-length|expect|transfer-encoding)$/.test(name))
      headers.set(name, value)
  }
  const { method = 'GET', url: path = '/' } = request
  const reply = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body.length === 0 ? {} : { body: new Uint8Array(body) })
  })
  const text = await reply.text()
  response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? 'text/xml' })
  response.end(interference === undefined ? text : interference.of(text))
}
