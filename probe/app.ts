import { createHash, timingSafeEqual } from 'node:crypto'
import { fastifyBasicAuth } from '@fastify/basic-auth'
import { fastifyRateLimit } from '@fastify/rate-limit'
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController
} from 'fastify'
import type { Listening, Reader } from './config/listening.ts'
import type { Metrics } from './metrics/metrics.ts'
import { fewAnswers, limitAnswers } from './readers/answers.ts'
import { createHttpServer } from './readers/http-server.ts'
import { readerLimits } from './readers/limits.ts'
import { onlyOwnNames } from './readers/names.ts'
import { type Health, healthRoutes } from './routes/health.ts'
import { metricsRoute } from './routes/metrics.ts'
import { openapiRoute } from './routes/openapi.ts'
import { pageRoutes, type StatusPage } from './routes/page.ts'
import { roundsRoute } from './routes/rounds.ts'
import { type Standings, targetsRoutes } from './routes/targets.ts'
import { zodCompilers } from './routes/zod-compilers.ts'

interface AppOptions {
  readonly health: Health
  readonly standings: Standings
  readonly metrics: Pick<Metrics, 'write'>
  /** Begins a round of a target. It is called for clients that gave the password, and for none if there is no password. */
  readonly requestRound: (target: string) => void
  readonly page: Omit<StatusPage, 'mayRequestRounds'>
  /** Certificate and key in PEM. Default: HTTP. */
  readonly tls?: Listening['tls']
  /** Returns, for each request, who may read all paths except health. `undefined` if any client may. */
  readonly reader: () => Reader | undefined
  /**
   * Returns, for each request, the names that it answers to in addition to its addresses.
   *
   * @default - `localhost` and the machine's own name
   */
  readonly names?: () => readonly string[]
  readonly logger?: FastifyServerOptions['logger']
}

/** How long who is being answered may take to the end, when the probe closes. */
const lastAnswersMs = 2000

/**
 * No client caches an answer, no page of another origin loads or frames one, and no browser guesses its type. The page has its own
 * policy.
 */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff'
}

/** Logs what is a bug, and none of the requests: a scrape every few seconds is nothing to tell. */
class BugLog extends LogController {
  override incomingRequest(): void {}
  override requestCompleted(): void {}
  override routeNotFound(): void {}
  /** An error reply that the error handler did not see is no bug: a wrong password, or too many requests. */
  override defaultErrorLog(): void {}

  override streamError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
    // Who asked went away.
    if ('code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE') return
    super.streamError(error, request, reply)
  }
}

/** The HTTP side of the probe, not yet listening. Requests read what is known. One of them begins a round, if there is a password. */
export async function buildApp({
  health,
  standings,
  metrics,
  requestRound,
  page,
  tls,
  reader,
  names = () => [],
  logger
}: AppOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    // The log tells by this that it is HTTPS.
    ...(tls === undefined ? {} : { https: tls }),
    serverFactory: handler => createHttpServer(handler, tls),
    logger: logger ?? false,
    logController: new BugLog(),
    bodyLimit: readerLimits.bodyBytes,
    routerOptions: { maxParamLength: readerLimits.pathPartCharacters },
    schemaController: zodCompilers
  })
  app.addHook('onRequest', async (_, reply) => {
    reply.headers(headers)
  })
  limitAnswers(app)
  app.setErrorHandler((error, _, reply) => {
    if (typeof error === 'object' && error !== null && 'statusCode' in error && Number(error.statusCode) < 500) {
      return reply.send(error)
    }
    app.log.error({ err: error }, 'a bug, while answering')
    return reply.code(500).send({ error: 'internal error' })
  })
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), lastAnswersMs).unref()
  })
  await app.register(fastifyRateLimit, { max: readerLimits.requestsPerMinute, timeWindow: '1 minute' })
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (_, reply) => reply.code(404).send({ error: 'not found' }))
  await app.register(healthRoutes, health)
  await app.register(async scope => {
    scope.addHook('onRequest', onlyOwnNames(names))
    await scope.register(fastifyBasicAuth, {
      authenticate: { realm: 'probe' },
      validate: async (username, password) => {
        const only = reader()
        return only === undefined || isReader(only, { username, password }) ? undefined : new Error('no')
      }
    })
    scope.addHook('onRequest', (request, reply, next) => {
      if (reader() === undefined) next()
      else scope.basicAuth(request, reply, next)
    })
    scope.addHook('onRequest', fewAnswers())
    const plain = scope.createRateLimit({ max: readerLimits.plainScrapesPerMinute, timeWindow: '1 minute' })
    await scope.register(metricsRoute, {
      ...metrics,
      mayAskForPlain: async request => {
        const seen = await plain(request)
        return seen.isAllowed || !seen.isExceeded
      }
    })
    await scope.register(targetsRoutes, standings)
    const hasPassword = () => reader() !== undefined
    await scope.register(roundsRoute, { ...standings, hasPassword, requestRound })
    await scope.register(openapiRoute)
    await scope.register(pageRoutes, { ...page, mayRequestRounds: hasPassword })
  })
  return app
}

/** Compares both, whatever the first comes to, and takes the same time for all. */
function isReader(reader: Reader, given: Reader): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  const isName = timingSafeEqual(hash(reader.username), hash(given.username))
  const isPassword = timingSafeEqual(hash(reader.password), hash(given.password))
  return isName && isPassword
}
