import type { Severity } from '../cases/case.ts'
import type { State } from '../cases/state.ts'
import type { StationMark } from './picture.ts'

/** Each mark as a sign and in words: color alone never carries a meaning. */
export const marks: Readonly<Record<StationMark, { readonly sign: string; readonly words: string }>> = {
  good: { sign: '✔', words: 'works' },
  bad: { sign: '✘', words: 'fails' },
  careful: { sign: '!', words: 'needs a look' },
  unreached: { sign: '·', words: 'not reached' }
}

/** The mark of each state. */
export const markOfState: Readonly<Record<State, StationMark>> = {
  healthy: 'good',
  degraded: 'careful',
  failing: 'bad',
  unknown: 'careful'
}

/** The mark of something that is so bad. */
export function markOf(severity: Severity): StationMark {
  return severity === 'none' ? 'good' : severity === 'critical' ? 'bad' : 'careful'
}
