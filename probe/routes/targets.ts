import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { severities } from '../cases/case.ts'
import { catalogue } from '../cases/catalogue.ts'
import { findings } from '../cases/findings.ts'
import { states } from '../cases/state.ts'
import { symptoms } from '../cases/symptoms.ts'
import { causeOf } from '../causes/inquiry.ts'
import type { Step } from '../clouds/step.ts'
import { sharedFor } from '../readers/shared.ts'
import { stateNow } from '../rounds/report.ts'
import type { Standing } from '../rounds/standing.ts'
import { impairments } from '../suspicion/impairments.ts'
import { Target } from '../target.ts'
import { targetName } from '../target-name.ts'
import { stepsFor, stepsForCause, stepsForVerdict } from '../words/remedy.ts'

/** How all targets stand. */
export interface Standings {
  readonly standings: () => readonly Standing[]
  readonly standing: (target: string) => Standing | undefined
}

/** Milliseconds for which everybody is given the same list. */
const sharedMs = 100

const Time = z.number().describe('Unix time in seconds.')
const CaseIds = z.enum(catalogue.map(({ id }) => id))
const FindingIds = z.enum(findings.map(({ id }) => id))

const Steps = z.array(
  z.object({
    cause: z.string().describe('A possible cause. Such steps are in the order of likelihood.').optional(),
    do: z.string().describe('What to do or to check.'),
    run: z.string().describe('A shell command for the step.').optional()
  })
)

const Entry = z.object({
  severity: z.enum(severities),
  layer: z.string().optional(),
  meaning: z.string(),
  remedy: Steps
})

const Round = z.object({
  at: Time,
  seconds: z.number(),
  case: CaseIds,
  symptom: z.enum(symptoms),
  state: z.enum(states),
  findings: z.array(FindingIds),
  heldBy: z
    .array(z.enum(impairments.map(({ id }) => id)))
    .describe('The impairments of the probe in that round, which therefore does not count.')
})

const Held = {
  heldBy: z
    .array(z.enum(impairments.map(({ id }) => id)))
    .describe(
      'Impairments of the probe that may have falsified the last round. If there are any, the state is unknown; case, symptom and findings are those of the last verdict.'
    ),
  verdictAt: Time.describe('When the round of the last verdict began. Absent before the first.').optional()
}

const isConfirmed = z
  .boolean()
  .describe(
    'Whether the last three checks agree on the state, and on whether the case is healthy. False while the verdict is held.'
  )

const Summary = z.object({
  name: z.string(),
  case: CaseIds,
  symptom: z.enum(symptoms),
  state: z.enum(states),
  confirmed: isConfirmed,
  ...Held,
  severity: z.enum(severities),
  since: Time.describe('When the present case began. Absent before the first verdict.').optional(),
  findings: z.array(FindingIds)
})

const RulingShown = z.object({
  ruling: z.enum(['confirmed', 'ruled-out', 'not-known']),
  text: z.string().describe('What proves it, what rules it out, or why it is not known.')
})

const ReadInCloud = z.object({
  at: Time,
  seconds: z.number(),
  elsewhere: RulingShown.describe('Whether this machine is outside the network of the link.'),
  causes: z.array(
    RulingShown.extend({
      id: z.string(),
      code: z.string().describe("The code of the cloud's own analyser.").optional(),
      title: z.string(),
      isCandidate: z.boolean().describe('Whether it can produce the case.'),
      about: z.array(z.string()).readonly().describe('If confirmed: the ids of the objects to change.').optional()
    })
  )
})

const Detail = z.object({
  target: Target,
  state: z.enum(states),
  confirmed: isConfirmed,
  ...Held,
  symptom: z.enum(symptoms),
  case: Entry.extend({ id: CaseIds }),
  cause: z
    .object({ id: z.string(), proof: z.string(), remedy: Steps })
    .describe('What in the configuration of the cloud produces the case. Absent if it is not known.')
    .optional(),
  cloud: ReadInCloud.describe(
    'What the configuration of the cloud says. Absent if the cloud was not queried.'
  ).optional(),
  idle: z
    .object({
      at: Time,
      aliveSeconds: z
        .number()
        .describe('The longest idle time after which a connection still worked, in seconds.')
        .optional(),
      dead: z
        .object({ seconds: z.number(), how: z.enum(['silent', 'forgotten']) })
        .describe(
          'The shortest idle time after which a connection was dropped. The next call gets no answer, or a reset.'
        )
        .optional(),
      closed: z
        .object({ seconds: z.number(), by: z.enum(['FIN', 'RST', 'GOAWAY']) })
        .describe('The shortest idle time after which the peer closed a connection.')
        .optional()
    })
    .describe('Results of idle connections. Absent before the first result. No verdict depends on them.')
    .optional(),
  since: Time.optional(),
  findings: z.array(Entry.extend({ id: FindingIds, about: z.array(z.string()) })),
  rounds: z.array(Round).describe('The last rounds, the newest first.'),
  evidence: z.unknown().describe('The observations from which the case was judged. The format may change.')
})

/** What names a target in a path. */
export const TargetPath = z.object({ environment: z.string(), link: z.string(), cluster: z.string() })

/** How targets stand, for programs and for people in a hurry. */
export const targetsRoutes: FastifyPluginAsyncZod<Standings> = async (app, { standings, standing }) => {
  const list = sharedFor<Buffer>(sharedMs)
  app.get(
    '/api/targets',
    { schema: { summary: 'How all targets stand', response: { 200: z.object({ targets: z.array(Summary) }) } } },
    async (_, reply: FastifyReply) => {
      const json = await list(() => Buffer.from(String(reply.serialize({ targets: standings().map(summary) }))))
      return reply.type('application/json; charset=utf-8').send(json)
    }
  )
  app.get(
    '/api/targets/:environment/:link/:cluster',
    {
      schema: {
        summary: 'How a target stands, why, and what to do',
        params: TargetPath,
        response: { 200: Detail, 404: z.object({ error: z.string() }) }
      }
    },
    async ({ params }, reply) => {
      const found = standing(targetName(params))
      return found === undefined ? reply.code(404).send({ error: 'no such target' }) : detail(found)
    }
  )
}

function summary(standing: Standing): z.output<typeof Summary> {
  const { target, diagnosis, since } = standing
  const { symptom } = diagnosis
  const { id, severity } = diagnosis.case
  const found = diagnosis.findings.map(({ finding }) => finding.id)
  return { name: target.name, ...held(standing), symptom, case: id, severity, since, findings: found }
}

function held(standing: Standing) {
  return {
    state: stateNow(standing),
    confirmed: standing.confirmed.verdict,
    heldBy: [...standing.heldBy],
    verdictAt: standing.evidence?.at
  }
}

function detail(standing: Standing): z.output<typeof Detail> {
  const { target, diagnosis, since, rounds, evidence, inquiry, idle } = standing
  const cause = inquiry === undefined ? undefined : causeOf(inquiry)
  const { symptom } = diagnosis
  const { id, severity, layer, meaning } = diagnosis.case
  const pod = evidence?.pod
  return {
    target,
    ...held(standing),
    symptom,
    case: { id, severity, layer, meaning, remedy: steps(stepsForVerdict(diagnosis.case, target, inquiry, pod)) },
    cause: cause && { id: cause.id, proof: cause.text, remedy: steps(stepsForCause(cause, target)) },
    cloud: inquiry && { ...inquiry, causes: [...inquiry.causes] },
    idle,
    since,
    findings: diagnosis.findings.map(({ finding, about }) => ({
      id: finding.id,
      severity: finding.severity,
      layer: finding.layer,
      meaning: finding.meaning,
      about: [...about],
      remedy: steps(stepsFor(finding, target, pod))
    })),
    rounds: rounds.map(round => ({ ...round, findings: [...round.findings], heldBy: [...round.heldBy] })),
    evidence: evidence === undefined ? undefined : { ...evidence, recent: undefined, traits: undefined }
  }
}

function steps(all: readonly Step[]): z.output<typeof Steps> {
  return all.map(step => ({ ...step }))
}
