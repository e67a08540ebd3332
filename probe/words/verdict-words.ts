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
 * The verdict in a few words: what clients print, or the state if they print nothing, or if it is not known
 * whether they still do.
 *
 * @param quote makes a quotation of what clients print
 */
export function verdictWords(
  { symptom, state }: Pick<Diagnosis, 'symptom' | 'state'>,
  quote: (words: string) => string
): string {
  return state === 'unknown' || symptom === 'none' || symptom === 'unknown'
    ? stateWords[state]
    : quote(symptomWords[symptom])
}

/** What the verdict means: the meaning of the case, unless findings alone make the link degraded. */
export function verdictMeaning({ state, case: judged }: Pick<Diagnosis, 'state' | 'case'>): string {
  return state === 'degraded' && judged.id === 'healthy'
    ? 'Zilliz Cloud answers over the private link, but some clients fail. The critical findings name the reason.'
    : judged.meaning
}

/** For a page. */
export const inCurlyQuotes = (words: string) => `“${words}”`
/** For a terminal. */
export const inStraightQuotes = (words: string) => `"${words}"`

/** Where a target was looked at from. */
export const podWords = ({ name, namespace }: Pod) =>
  [
    name === undefined ? 'a pod' : `pod ${name}`,
    namespace === undefined ? 'in Kubernetes' : `in namespace ${namespace} of Kubernetes`
  ].join(' ')
