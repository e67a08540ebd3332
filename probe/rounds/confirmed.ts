import type { FindingId } from '../cases/findings.ts'
import { looksToConfirm } from './looks.ts'
import type { Outline } from './report.ts'

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
 * skipped. Pure.
 *
 * @param rounds the newest first
 */
export function confirmedBy(rounds: readonly Outline[]): Confirmed {
  const counted = rounds.filter(({ heldBy }) => heldBy.length === 0)
  const [newest] = counted
  if (newest === undefined) return nothingConfirmed
  return {
    verdict: agree(
      counted,
      round => round.state === newest.state && isWell(round) === isWell(newest),
      ({ looks }) => looks
    ),
    findings: newest.findings.filter(id =>
      agree(
        counted,
        ({ findings }) => findings.includes(id),
        ({ certain }) => (certain.includes(id) ? looksToConfirm : 1)
      )
    )
  }
}

const isWell = ({ case: id }: Outline) => id === 'healthy'

/** Whether enough looks, from the newest on, are alike. Rounds that rest on one sample of libc are one look. */
function agree(
  rounds: readonly Outline[],
  isAlike: (round: Outline) => boolean,
  looksOf: (round: Outline) => number
): boolean {
  const samples = new Set<number>()
  let looks = 0
  for (const round of rounds) {
    if (!isAlike(round)) return false
    if (round.sample === undefined) looks += looksOf(round)
    else if (!samples.has(round.sample)) looks += 1
    if (round.sample !== undefined) samples.add(round.sample)
    if (looks >= looksToConfirm) return true
  }
  return false
}
