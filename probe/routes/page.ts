import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { fastifySSE } from '@fastify/sse'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { keepBoard } from '../page/board.ts'
import { document, type Watched } from '../page/document.ts'
import { updates } from '../page/updates.ts'
import { View } from '../page/view.ts'

/** Characters that are written at a time: what is first on the page is read while the rest is made, and rounds go on. */
const turn = 16_384

/** What a browser shows. */
export interface Page extends Watched {
  readonly onChange: (tell: () => void, signal: AbortSignal) => void
  readonly version: string
}

/** Pages that are kept up to date at once; a further one reloads itself. */
const mostReaders = 100

const folder = join(import.meta.dirname, '../page')
const style = readFileSync(join(folder, 'page.css'), 'utf8')

/** Nothing but what comes from here, and no markup that runs: names from DNS are shown (CSP level 3). */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'"
].join('; ')

const scripts = [
  { path: '/page.js', file: join(folder, 'page.js') },
  { path: '/idiomorph.js', file: join(import.meta.dirname, '../../node_modules/idiomorph/dist/idiomorph.esm.js') }
]

const Had = z.object({ edition: z.string().max(40), revision: z.coerce.number().int().min(0) })

/** The page on which anyone sees where a link breaks. */
export const pageRoutes: FastifyPluginAsyncZod<Page> = async (app, { onChange, version, ...watched }) => {
  const board = keepBoard(watched.standings)
  const closing = new AbortController()
  let readers = 0
  app.addHook('preClose', async () => closing.abort(new Error('closing')))
  await app.register(fastifySSE, { heartbeatInterval: 15_000 })

  app.get('/', { schema: { summary: 'The status page', querystring: View } }, async ({ query }, reply) => {
    reply
      .type('text/html; charset=utf-8')
      .headers({ 'content-security-policy': policy, 'referrer-policy': 'no-referrer' })
    return reply.send(Readable.from(inTurns(document(watched, board, query, { version, style }))))
  })
  for (const { path, file } of scripts) {
    const text = readFileSync(file)
    app.get(path, { schema: { hide: true } }, async (_, reply) =>
      reply.type('text/javascript; charset=utf-8').send(text)
    )
  }
  app.get(
    '/updates',
    { sse: 'only', schema: { summary: 'What changes on the status page', querystring: View.extend(Had.shape) } },
    async ({ query: { edition, revision, ...view } }, reply) => {
      if (readers >= mostReaders) return reply.code(503).send({ error: 'too many pages are open' })
      readers += 1
      const gone = new AbortController()
      reply.sse.onClose(() => gone.abort(new Error('gone')))
      const signal = AbortSignal.any([closing.signal, gone.signal])
      try {
        for await (const update of updates({ onChange, ...watched }, board, view, { edition, revision }, signal)) {
          await reply.sse.send({ data: update })
        }
      } finally {
        readers -= 1
      }
    }
  )
}

async function* inTurns(parts: Iterable<string>): AsyncGenerator<string> {
  let text = ''
  for (const part of parts) {
    text += part
    if (text.length < turn) continue
    yield text
    text = ''
    await setImmediate()
  }
  yield text
}
