import { fastifySwagger } from '@fastify/swagger'
import Fastify from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import packageFile from '../../package.json' with { type: 'json' }
import { healthRoutes } from '../routes/health.ts'
import { metricsRoute } from '../routes/metrics.ts'
import { openapiRoute } from '../routes/openapi.ts'
import { targetsRoutes } from '../routes/targets.ts'
import { zodCompilers } from '../zod-compilers.ts'

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
  await app.register(healthRoutes, { impairments: () => [], isReady: () => false })
  await app.register(metricsRoute, { write: async () => Buffer.alloc(0) })
  await app.register(targetsRoutes, { standings: () => [], standing: () => undefined })
  await app.register(openapiRoute)
  await app.ready()
  return app.swagger()
}
