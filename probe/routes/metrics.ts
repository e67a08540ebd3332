import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { contentTypes } from '../metrics/exposition.ts'
import type { Metrics } from '../metrics.ts'

/** What Prometheus scrapes, in the format that it asks for. */
export const metricsRoute: FastifyPluginAsyncZod<Pick<Metrics, 'write'>> = async (app, { write }) => {
  app.get('/metrics', { schema: { summary: 'Metrics, for Prometheus' } }, async (request, reply) => {
    const format = request.headers.accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'text'
    return reply.type(contentTypes[format]).send(Readable.from(write(format), { objectMode: false }))
  })
}
