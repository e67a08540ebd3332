import { createGunzip } from 'node:zlib'
import { negotiate } from '@fastify/accept-negotiator'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { contentTypes, type Format } from '../metrics/exposition.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { sharedFor } from '../readers/shared.ts'

interface Scraped extends Pick<Metrics, 'write'> {
  /** Whether a client may read uncompressed metrics once more. Each time costs more than all other answers. */
  readonly mayAskForPlain: (request: FastifyRequest) => Promise<boolean>
}

/** Milliseconds for which everybody is given the same bytes. */
const sharedMs = 100

/** What Prometheus scrapes, in the format that it asks for. They are kept compressed, and decompressed for the few who cannot. */
export const metricsRoute: FastifyPluginAsyncZod<Scraped> = async (app, { write, mayAskForPlain }) => {
  const written: Readonly<Record<Format, ReturnType<typeof sharedFor<Buffer>>>> = {
    text: sharedFor(sharedMs),
    openmetrics: sharedFor(sharedMs)
  }
  app.get('/metrics', { schema: { summary: 'Metrics, for Prometheus' } }, async (request, reply) => {
    const { accept, 'accept-encoding': encodings = '' } = request.headers
    const format = accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'text'
    const canGunzip = negotiate(encodings, ['gzip']) === 'gzip'
    if (!canGunzip && !(await mayAskForPlain(request))) {
      return reply.code(429).header('retry-after', 60).send({ error: 'too many requests without gzip. Accept gzip.' })
    }
    const gzip = await written[format](() => write(format))
    reply.type(contentTypes[format]).header('vary', 'accept, accept-encoding')
    if (canGunzip) return reply.header('content-encoding', 'gzip').send(gzip)
    return reply.send(createGunzip().end(gzip))
  })
}
