import { createHash, timingSafeEqual } from 'node:crypto'
import { fastifyBasicAuth } from '@fastify/basic-auth'
import { fastifyRateLimit } from '@fastify/rate-limit'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { BugLog } from './bug-log.ts'
import type { Listening, Reader } from './config/listening.ts'
import type { Metrics } from './metrics.ts'
import { readerLimits } from './reader-limits.ts'
import { type Health, healthRoutes } from './routes/health.ts'
import { metricsRoute } from './routes/metrics.ts'
import { openapiRoute } from './routes/openapi.ts'
import { type Page, pageRoutes } from './routes/page.ts'
import { type Standings, targetsRoutes } from './routes/targets.ts'
import { zodCompilers } from './zod-compilers.ts'

interface AppOptions {
  readonly health: Health
  readonly standings: Standings
  readonly metrics: Pick<Metrics, 'write'>
  readonly page: Page
  /** Certificate and key in PEM. Left out, HTTP. */
  readonly tls?: Listening['tls']
  /** Tells, whenever somebody asks, who may read everything but health; `undefined` if anybody. */
  readonly reader: () => Reader | undefined
  readonly logger?: FastifyServerOptions['logger']
}

/** Connections at once: the descriptors that they take are those that rounds need. */
const mostConnections = 500

/** How long who is being answered may take to the end, when the probe closes. */
const lastAnswersMs = 2000

/** The HTTP side of the probe, not yet listening. It only tells what is known: no request makes it look at anything. */
export async function buildApp({
  health,
  standings,
  metrics,
  page,
  tls,
  reader,
  logger
}: AppOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    ...(tls === undefined ? {} : { https: tls }),
    logger: logger ?? false,
    logController: new BugLog(),
    bodyLimit: 1024,
    requestTimeout: 10_000,
    connectionTimeout: 30_000,
    keepAliveTimeout: 75_000,
    http: { maxHeaderSize: readerLimits.headerBytes, connectionsCheckingInterval: 5000 },
    routerOptions: { maxParamLength: 100 },
    schemaController: zodCompilers
  })
  app.server.maxConnections = mostConnections
  app.addHook('onRequest', async (_, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  })
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
    await scope.register(metricsRoute, metrics)
    await scope.register(targetsRoutes, standings)
    await scope.register(openapiRoute)
    await scope.register(pageRoutes, page)
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
