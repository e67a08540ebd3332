import { describe, expect, test } from 'vitest'
import type { Evidence } from '../../../probe/cases/evidence.ts'
import { looksAgain } from '../../../probe/rounds/look-again.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding, type Standing } from '../../../probe/rounds/standing.ts'
import type { ImpairmentId } from '../../../probe/suspicion/impairments.ts'
import type { Target } from '../../../probe/target.ts'
import { address, alike, evidence, nxdomain, onlyTcp, resolver, unresolved, whole } from '../../support/evidence.ts'

const interval = 10_000
const well = evidence({ libc: undefined })
const missing = unresolved(resolver({ a: nxdomain(), aaaa: nxdomain() }))
const refused = { ...alike(onlyTcp({ kind: 'refused' })), libc: undefined }
const half = evidence({
  libc: undefined,
  addresses: [address('10.0.1.7'), address('10.0.2.7', onlyTcp({ kind: 'refused' }))]
})

/** A round: what it saw, or that as one that does not count. */
type Round = Evidence<Target> | { readonly held: Evidence<Target> }

/** When a target is to be looked at again after each of these rounds, the oldest first. */
function wishesAfter(rounds: readonly Round[], intervalMs = interval) {
  let standing: Standing = newStanding(evidence().target)
  return rounds.map(each => {
    const heldBy: readonly ImpairmentId[] = 'held' in each ? ['event-loop-stall'] : []
    const seen = { ...('held' in each ? each.held : each), recent: standing.recent }
    const before = standing
    standing = afterRound(before, makeReport(seen, { seconds: 0.1, heldBy }))
    return looksAgain(before, standing, intervalMs).join()
  })
}

const soon = '2000,5000'

describe('a target is looked at again', () => {
  for (const { when, rounds, wishes } of [
    { when: 'when its case changes', rounds: [well, missing, missing], wishes: ['', soon, ''] },
    { when: 'when it changes back', rounds: [well, missing, well, well], wishes: ['', soon, soon, ''] },
    { when: 'when its first look fails', rounds: [missing, missing], wishes: [soon, ''] },
    { when: 'not when its first look is well', rounds: [well, well], wishes: ['', ''] },
    { when: 'when it begins to be degraded by a finding', rounds: [well, half, half], wishes: ['', soon, ''] },
    {
      when: 'when a case becomes another, for as long as no three looks agree that it fails',
      rounds: [well, missing, refused, missing, refused],
      wishes: ['', soon, soon, '', '']
    },
    {
      when: 'not after a round that does not count, and after the next one that does if that is another',
      rounds: [well, { held: missing }, { held: missing }, missing],
      wishes: ['', '', '', soon]
    },
    {
      when: 'not when it is known to fail now and then',
      rounds: [well, missing, well, missing, well, missing, well],
      wishes: ['', soon, soon, '', '', '', '']
    }
  ] satisfies readonly { when: string; rounds: readonly Round[]; wishes: readonly string[] }[]) {
    test(when, () => {
      expect(wishesAfter(rounds)).toEqual(wishes)
    })
  }

  test('sooner in proportion where rounds come more often than every ten seconds, and no later where they come less often', () => {
    expect(wishesAfter([missing], 1000)).toEqual(['200,500'])
    expect(wishesAfter([missing], 3_600_000)).toEqual([soon])
  })

  test('not for a finding that no alert wakes anybody for', () => {
    const slow = evidence({ libc: undefined, addresses: [address('10.0.1.7', whole(undefined, { seconds: 5 }))] })
    expect(wishesAfter([evidence({ libc: undefined, addresses: [address('10.0.1.7')] }), slow])).toEqual(['', ''])
  })
})
