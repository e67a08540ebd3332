import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type ImpairmentId, impairments } from '../suspicion/impairments.ts'
import type { Work } from '../suspicion/work.ts'

/** How the probe itself is. */
export interface Health {
  readonly impairments: () => readonly ImpairmentId[]
  /** The work that held the event loop when it last stood still, if that was lately and it was work. */
  readonly stalledBy: () => Work | undefined
  /** Whether every target has had a round. */
  readonly isReady: () => boolean
}

const Impairments = z.array(z.enum(impairments.map(({ id }) => id))).describe('What is wrong with the probe itself.')

const StalledBy = z
  .object({
    of: z.string().describe('A target, or other work of the probe.'),
    seconds: z.number().describe('CPU seconds that it took.')
  })
  .describe('The work that blocked the event loop in the last stall. Absent if no work blocked it.')

/** Whether the process runs, and whether it has something to say. Open to all, for a kubelet has no password. */
export const healthRoutes: FastifyPluginAsyncZod<Health> = async (app, health) => {
  app.get(
    '/healthz',
    {
      config: { rateLimit: false },
      schema: {
        summary: 'The process runs',
        response: { 200: z.object({ impairments: Impairments, stalledBy: StalledBy.optional() }) }
      }
    },
    async () => ({ impairments: [...health.impairments()], stalledBy: health.stalledBy() })
  )
  app.get(
    '/readyz',
    {
      config: { rateLimit: false },
      schema: {
        summary: 'Every target has had a round',
        response: { 200: z.object({ ready: z.literal(true) }), 503: z.object({ ready: z.literal(false) }) }
      }
    },
    async (_, reply) => {
      if (health.isReady()) return { ready: true as const }
      return reply.code(503).send({ ready: false })
    }
  )
}
