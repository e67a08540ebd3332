import type { FindingId } from '../cases/findings.ts'
import { lookTimes } from '../observers/look-times.ts'
import type { Standing } from './standing.ts'

/**
 * Returns in how many milliseconds to look at a target again. A change of its verdict asks for this, until three looks agree. Pure.
 *
 * These rounds ask for nothing:
 * - a round that did not count: what was wrong with the probe lasts longer than a few seconds;
 * - a healthy first verdict: no alert waits until it is confirmed;
 * - a link that is known to fail intermittently: its changes are not news, and the checks would never end.
 */
export function looksAgain(before: Standing, after: Standing, intervalMs: number): readonly number[] {
  if (after.heldBy.length > 0 || isConfirmed(after)) return []
  if (before.since === undefined ? after.diagnosis.state === 'healthy' : !hasChanged(before, after)) return []
  if (critical(after).includes('intermittent')) return []
  return lookTimes(intervalMs)
}

function isConfirmed({ confirmed, ...standing }: Standing): boolean {
  return confirmed.verdict && critical(standing).every(id => confirmed.findings.includes(id))
}

/** Whether something is another that an alert may be about. */
function hasChanged(before: Standing, after: Standing): boolean {
  const [was, is] = [before.diagnosis, after.diagnosis]
  if (was.case.id !== is.case.id || was.state !== is.state) return true
  return new Set(critical(before)).symmetricDifference(new Set(critical(after))).size > 0
}

function critical({ diagnosis }: Pick<Standing, 'diagnosis'>): readonly FindingId[] {
  return diagnosis.findings.flatMap(({ finding }) => (finding.severity === 'critical' ? [finding.id] : []))
}
