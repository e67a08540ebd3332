import { createGunzip } from 'node:zlib'
import { negotiate } from '@fastify/accept-negotiator'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { contentTypes } from '../metrics/exposition.ts'
import type { Metrics } from '../metrics.ts'

/** What Prometheus scrapes, in the format that it asks for. They are kept compressed, and decompressed for the few who cannot. */
export const metricsRoute: FastifyPluginAsyncZod<Pick<Metrics, 'write'>> = async (app, { write }) => {
  app.get('/metrics', { schema: { summary: 'Metrics, for Prometheus' } }, async (request, reply) => {
    const { accept, 'accept-encoding': encodings = '' } = request.headers
    const format = accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'text'
    const gzip = await write(format)
    reply.type(contentTypes[format]).header('vary', 'accept, accept-encoding')
    if (negotiate(encodings, ['gzip']) === 'gzip') return reply.header('content-encoding', 'gzip').send(gzip)
    return reply.send(createGunzip().end(gzip))
  })
}
