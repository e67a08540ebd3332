import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import description from '../openapi.json' with { type: 'json' }

/** The description of everything that is served. It is in a file, so that what writes it need not run in the probe. */
export const openapiRoute: FastifyPluginAsyncZod = async app => {
  app.get('/openapi.json', { schema: { summary: 'This description' } }, async () => description)
}
