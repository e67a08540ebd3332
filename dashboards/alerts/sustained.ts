import { findings } from '../../probe/cases/findings.ts'
import type { Settings } from '../settings.ts'
import type { RecordingRule } from './rule.ts'

/** What tells a probe's view of a target from another's. */
export const view = 'job, instance, target'
/** What a target is, whoever looks at it. */
export const identity = 'target, environment, cloud, region, host, port'
/** A query of one view, with what the target is beside it. Joined by view, for two views may differ in the middle of a deploy. */
export const withIdentity = (query: string) =>
  `${query} * on (${view}) group_left (environment, cloud, region, host, port) privatelink_target_info`

/** Cases that stand, but for the healthy one: `1` for each target, case and symptom on any view. */
export const sustainedCase = 'target_case:privatelink_case:sustained'
/** Findings that stop some clients and stand. */
export const sustainedFinding = 'target_finding:privatelink_finding:sustained'
/** In which share of the last 15 minutes a finding was there: the greatest of all views. */
export const findingRatio = 'target_finding:privatelink_finding:ratio_15m'

/** Clients get through, and yet it is a case, such as a record that has public addresses as well. */
const isDegradedByCase = `privatelink_symptom{symptom="none"} and on (${view}) (privatelink_case{case="healthy"} == 0)`

const sustainedSymptom = 'view_target_symptom:privatelink_symptom:sustained'

/**
 * What alerts are made of. It is the symptom that must stand, not the case: a link that is now silent at TCP and now at TLS is
 * broken all the time. So the alert of another case comes at once, in place of the one before.
 *
 * What is well is left out before anything is joined: of a thousand environments that is nearly all.
 */
export function sustainedRules({ evaluationSeconds, sustainedSeconds }: Settings): readonly RecordingRule[] {
  const stands = (metric: string) =>
    `${metric} == 1 and min_over_time(${metric}[${sustainedSeconds}s:${evaluationSeconds}s]) == 1`
  const critical = findings.filter(({ severity }) => severity === 'critical').map(({ id }) => id)
  return [
    {
      record: sustainedSymptom,
      expr: `(${stands('privatelink_symptom{symptom!="none"}')}) or (${stands(`(${isDegradedByCase})`)})`
    },
    {
      record: sustainedCase,
      expr: `max by (${identity}, case, symptom) (${withIdentity(`((privatelink_case{case!="healthy"} == 1) * on (${view}) group_left (symptom) ${sustainedSymptom})`)})`
    },
    {
      record: sustainedFinding,
      expr: `max by (${identity}, finding) (${withIdentity(`(${stands(`privatelink_finding{finding=~"${critical.join('|')}"}`)})`)})`
    },
    {
      record: findingRatio,
      expr: `max by (${identity}, finding) (${withIdentity('(avg_over_time(privatelink_finding[15m]) > 0)')})`
    }
  ]
}
