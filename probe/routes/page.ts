import { createHash } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { keepBoard } from '../page/board.ts'
import { document, type PageSource } from '../page/document.ts'
import { Had, keepUpdates } from '../page/updates.ts'
import { View } from '../page/view.ts'
import { slices } from '../readers/answers.ts'
import { readerLimits } from '../readers/limits.ts'
import { createPlaces } from '../readers/places.ts'

/** Characters that are written at a time: what is first on the page is read while the rest is made, and rounds go on. */
const turn = 16_384

/** What a browser shows. */
export interface StatusPage extends PageSource {
  readonly onChange: (tell: () => void, signal: AbortSignal) => void
  readonly version: string
}

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
  { path: '/idiomorph.js', file: fileURLToPath(import.meta.resolve('idiomorph')) }
]

/** The page on which anyone sees where a link breaks. */
export const pageRoutes: FastifyPluginAsyncZod<StatusPage> = async (app, { onChange, version, ...watched }) => {
  const board = keepBoard(watched.standings)
  const updates = keepUpdates({ onChange, ...watched }, board)
  const places = createPlaces({ total: readerLimits.streams, perAddress: readerLimits.streamsPerAddress })
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  app.addHook('preClose', async () => closing.abort(new Error('closing')))

  app.get('/', { schema: { summary: 'The status page', querystring: View } }, async ({ query }, reply) => {
    reply
      .type('text/html; charset=utf-8')
      .headers({ 'content-security-policy': policy, 'referrer-policy': 'same-origin' })
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
    {
      config: { isStream: true, rateLimit: { max: readerLimits.streamsPerMinute, timeWindow: '1 minute' } },
      schema: { summary: 'What changes on the status page', querystring: View.extend(Had.shape) }
    },
    async (request, reply) => {
      const { edition, revision, ...view } = request.query
      const release = places.take(normalizeIP(request.ip), { mayLose: () => false, onLose: () => {} })
      if (release === undefined) {
        return reply.code(503).header('retry-after', 30).send({ error: 'too many pages are open; they reload instead' })
      }
      const gone = new AbortController()
      reply.raw.once('close', () => {
        gone.abort(new Error('gone'))
        release()
      })
      const signal = AbortSignal.any([closing.signal, gone.signal])
      // Nginx passes on what it is given, and keeps nothing.
      reply.type('text/event-stream').header('x-accel-buffering', 'no')
      const { socket } = request.raw
      return reply.send(
        Readable.from(inTime(updates.follow(view, { edition, revision }, signal), () => socket.destroy()))
      )
    }
  )
}

/** Passes pieces on, and gives up when one is not taken in time. */
async function* inTime(pieces: AsyncIterable<Buffer>, giveUp: () => void): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    for (const slice of slices(piece)) {
      const late = setTimeout(giveUp, readerLimits.updateMs)
      try {
        yield slice
      } finally {
        clearTimeout(late)
      }
    }
  }
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
