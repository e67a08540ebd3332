import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { readerLimits } from '../readers/limits.ts'
import { onlySameOrigin } from '../readers/same-origin.ts'
import { targetName } from '../target-name.ts'
import { type Standings, TargetPath } from './targets.ts'

/** Begins rounds because a client wants them. */
export interface RequestedRounds extends Pick<Standings, 'standing'> {
  /** Whether clients have to give a password. Without one, anybody on the network could make the probe send. */
  readonly hasPassword: () => boolean
  readonly requestRound: (target: string) => void
}

const Refused = z.object({ error: z.string() })

/** A round that does not wait for its turn, of a target in the config and no other. */
export const roundsRoute: FastifyPluginAsyncZod<RequestedRounds> = async (
  app,
  { hasPassword, requestRound, standing }
) => {
  const ofAll = app.createRateLimit({
    max: readerLimits.roundsPerSecond,
    timeWindow: 1000,
    keyGenerator: () => 'all'
  })
  const ofTarget = app.createRateLimit({
    max: 1,
    timeWindow: readerLimits.roundOfTargetMs,
    keyGenerator: ({ params }) => targetName(TargetPath.parse(params))
  })
  // What a browser sends for a form without fields.
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, __, done) => done(null))
  app.post(
    '/api/targets/:environment/:link/:cluster/rounds',
    {
      onRequest: onlySameOrigin,
      schema: {
        summary: 'Begin a round of a target now',
        description: 'A browser is sent back to the status page instead.',
        params: TargetPath,
        response: {
          202: z.object({
            target: z.string().describe('The address to read for the result. Its newest round is the requested one.')
          }),
          403: Refused,
          404: Refused,
          429: Refused
        }
      }
    },
    async (request, reply) => {
      if (!hasPassword()) {
        return reply.code(403).send({ error: 'rounds on request are off. Set listen.basicAuth in the config.' })
      }
      const name = targetName(request.params)
      if (standing(name) === undefined) return reply.code(404).send({ error: 'no such target' })
      for (const limit of [ofAll, ofTarget]) {
        const seen = await limit(request)
        if (!seen.isAllowed && seen.isExceeded) {
          return reply
            .code(429)
            .header('retry-after', seen.ttlInSeconds)
            .send({ error: `a round was just requested; try again in ${seen.ttlInSeconds} s` })
        }
      }
      requestRound(name)
      if (request.headers.accept?.includes('text/html')) return reply.redirect(`/?target=${name}`, 303)
      return reply
        .code(202)
        .header('location', `/api/targets/${name}`)
        .send({ target: `/api/targets/${name}` })
    }
  )
}
