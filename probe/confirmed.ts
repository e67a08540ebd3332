import type { FindingId } from './cases/findings.ts'
import type { Outline } from './report.ts'

/** Looks that must agree before a verdict is confirmed. A single failed look may be one lost packet. */
export const looksToConfirm = 3

/** What the newest looks at a target agree on. */
export interface Confirmed {
  /** Whether the newest verdict is confirmed. Whether it is also a healthy one does not matter here. */
  readonly verdict: boolean
  /** The findings that all of these looks had. */
  readonly findings: readonly FindingId[]
}

export const nothingConfirmed: Confirmed = { verdict: false, findings: [] }

/**
 * What the newest looks agree on. They agree on a verdict if the state is the same and if either all or none of them had the case
 * `healthy`: a link that is silent at TCP in one look and at TLS in the next is failing all the same. Looks that did not count are
 * skipped.
 *
 * @param rounds the newest first
 */
export function confirmedBy(rounds: readonly Outline[]): Confirmed {
  const counted = rounds.filter(({ heldBy }) => heldBy.length === 0)
  const [newest] = counted
  if (newest === undefined) return nothingConfirmed
  return {
    verdict: agree(counted, round => round.state === newest.state && isWell(round) === isWell(newest)),
    findings: newest.findings.filter(id => agree(counted, ({ findings }) => findings.includes(id)))
  }
}

const isWell = ({ case: id }: Outline) => id === 'healthy'

/** Whether enough looks, from the newest on, are alike. A round may stand for several looks. */
function agree(rounds: readonly Outline[], isAlike: (round: Outline) => boolean): boolean {
  let looks = 0
  for (const round of rounds) {
    if (!isAlike(round)) return false
    looks += round.looks
    if (looks >= looksToConfirm) return true
  }
  return false
}
