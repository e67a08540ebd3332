import type { Diagnosis } from '../cases/diagnose.ts'
import type { State } from '../cases/state.ts'
import { symptomWords } from '../cases/symptoms.ts'
import type { Pod } from '../facts/pod.ts'

/** Each state in a word. */
export const stateWords: Readonly<Record<State, string>> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  failing: 'Failing',
  unknown: 'Unknown'
}

/**
 * The verdict in a few words: what clients print, or else the state. The state is also given while the verdict is held.
 *
 * @param quote puts what clients print in quotation marks
 */
export function verdictWords(
  { symptom, state }: Pick<Diagnosis, 'symptom' | 'state'>,
  quote: (words: string) => string
): string {
  return state === 'unknown' || symptom === 'none' || symptom === 'unknown'
    ? stateWords[state]
    : quote(symptomWords[symptom])
}

/** What the verdict means: the meaning of the case, unless only findings make the link degraded. */
export function verdictMeaning({ state, case: judged }: Pick<Diagnosis, 'state' | 'case'>): string {
  return state === 'degraded' && judged.id === 'healthy'
    ? 'Zilliz Cloud answers over the private link, but some clients fail. The critical findings name the reason.'
    : judged.meaning
}

/** For a page. */
export const inCurlyQuotes = (words: string) => `“${words}”`
/** For a terminal. */
export const inStraightQuotes = (words: string) => `"${words}"`

/** The pod from which a target was checked. */
export const podWords = ({ name, namespace }: Pod) =>
  [
    name === undefined ? 'a pod' : `pod ${name}`,
    namespace === undefined ? 'in Kubernetes' : `in namespace ${namespace} of Kubernetes`
  ].join(' ')
