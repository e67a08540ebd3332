import { findings } from '../../probe/cases/findings.ts'
import type { Settings } from '../settings.ts'
import type { RecordingRule } from './rule.ts'

/** The labels that identify one probe's view of a target. */
export const view = 'job, instance, target'
/** The labels that identify a target for all probes. */
export const identity = 'target, environment, cloud, region, host, port'
/** A query for each view, with the labels of the target. It joins by view, because two views may differ during a deploy. */
export const withIdentity = (query: string) =>
  `${query} * on (${view}) group_left (environment, cloud, region, host, port) privatelink_target_info`

/** Sustained cases other than `healthy`: `1` for each target, case and symptom on any view. */
export const sustainedCase = 'target_case:privatelink_case:sustained'
/** Sustained findings that stop some clients. */
export const sustainedFinding = 'target_finding:privatelink_finding:sustained'
/** The share of the last 15 minutes in which a finding was present: the greatest of all views. */
export const findingRatio = 'target_finding:privatelink_finding:ratio_15m'

/** Clients can connect, but there is a case, such as a record that also has public addresses. */
const isDegradedByCase = `privatelink_symptom{symptom="none"} and on (${view}) (privatelink_case{case="healthy"} == 0)`

const sustainedSymptom = 'view_target_symptom:privatelink_symptom:sustained'

/**
 * The recording rules that alerts use. Alerts wait for a sustained symptom, not for a sustained case: a link that is silent at TCP in one
 * round and at TLS in the next is broken all the time. So when the case changes, its alert replaces the previous one at once.
 *
 * The queries drop healthy targets before they join. In a thousand environments, that is nearly all of them.
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
