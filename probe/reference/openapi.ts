import { fastifyRateLimit } from '@fastify/rate-limit'
import { fastifySwagger } from '@fastify/swagger'
import Fastify from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import packageFile from '../../package.json' with { type: 'json' }
import { healthRoutes } from '../routes/health.ts'
import { metricsRoute } from '../routes/metrics.ts'
import { openapiRoute } from '../routes/openapi.ts'
import { pageRoutes } from '../routes/page.ts'
import { roundsRoute } from '../routes/rounds.ts'
import { targetsRoutes } from '../routes/targets.ts'
import { zodCompilers } from '../routes/zod-compilers.ts'

/** The OpenAPI description of all routes, as their schemas have it. */
export async function openapi(): Promise<object> {
  const app = Fastify({ schemaController: zodCompilers })
  await app.register(fastifySwagger, {
    openapi: {
      info: {
        title: 'Zilliz private link probe',
        description: 'Which troubleshooting case is it?',
        version: packageFile.version
      }
    },
    transform: jsonSchemaTransform
  })
  // Nobody asks these anything.
  const nothing = {
    standings: () => [],
    standing: () => undefined,
    history: () => undefined,
    impairments: () => [],
    stalledBy: () => undefined,
    isReady: () => false,
    hasPassword: () => false,
    mayRequestRounds: () => false,
    requestRound: () => {}
  }
  await app.register(healthRoutes, nothing)
  await app.register(metricsRoute, { write: async () => Buffer.alloc(0), mayAskForPlain: async () => false })
  await app.register(targetsRoutes, nothing)
  await app.register(fastifyRateLimit, { global: false })
  await app.register(roundsRoute, nothing)
  await app.register(openapiRoute)
  await app.register(pageRoutes, { ...nothing, onChange: () => {}, version: packageFile.version })
  await app.ready()
  return app.swagger()
}
