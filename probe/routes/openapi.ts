import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'

/** The description of everything that is served. */
export const openapiRoute: FastifyPluginAsyncZod = async app => {
  app.get('/openapi.json', { schema: { summary: 'This description' } }, async () => app.swagger())
}
