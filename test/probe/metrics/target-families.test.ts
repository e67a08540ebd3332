import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineOf } from '../../../probe/metrics/exposition.ts'
import { startTally, type Tallied, tallyRound } from '../../../probe/metrics/tally.ts'
import { targetFamilies } from '../../../probe/metrics/target-families.ts'
import { makeReport } from '../../../probe/report.ts'
import { afterRound, newStanding } from '../../../probe/standing.ts'
import { anyEvidence } from '../../support/arbitrary-evidence.ts'
import { awsTarget } from '../../support/evidence.ts'

/** A target after rounds of any kind, from before the first to after the last. */
function course(rounds: readonly Parameters<typeof makeReport>[0][]): readonly Tallied[] {
  let standing = newStanding(awsTarget)
  const all = [startTally(undefined, standing, ['vpc', 'stub'])]
  for (const seen of rounds) {
    const report = makeReport({ ...seen, target: awsTarget }, { seconds: 0.01, heldBy: [] })
    standing = afterRound(standing, report)
    const last = all.at(-1)
    if (last !== undefined) all.push(tallyRound({ ...last, tally: structuredClone(last.tally) }, standing, report))
  }
  return all
}

describe.for(targetFamilies.filter(({ dependsOn }) => dependsOn !== undefined))('$name', family => {
  test('has the same samples as long as what it depends on is the same', () => {
    fc.assert(
      fc.property(fc.array(anyEvidence, { maxLength: 6 }), rounds => {
        const seen = new Map<unknown, string>()
        for (const tallied of course(rounds)) {
          const samples = family.samples(tallied, lineOf(family.name, 't'))
          const key = family.dependsOn?.(tallied)
          expect(seen.get(key) ?? samples).toBe(samples)
          seen.set(key, samples)
        }
      })
    )
  })
})
