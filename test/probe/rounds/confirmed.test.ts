import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../probe/cases/catalogue.ts'
import type { Evidence } from '../../../probe/cases/evidence.ts'
import { findings } from '../../../probe/cases/findings.ts'
import { states } from '../../../probe/cases/state.ts'
import { confirmedBy, nothingConfirmed } from '../../../probe/rounds/confirmed.ts'
import { looksToConfirm } from '../../../probe/rounds/looks.ts'
import { makeReport, type Outline } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../../probe/rounds/standing.ts'
import type { Target } from '../../../probe/target.ts'
import {
  address,
  alike,
  at,
  evidence,
  libc,
  nxdomain,
  onlyTcp,
  onlyTls,
  resolver,
  unresolved
} from '../../support/evidence.ts'

const bare = (seen: Evidence<Target>): Evidence<Target> => ({ ...seen, libc: undefined })
const well = bare(evidence())
const missing = unresolved(resolver({ a: nxdomain(), aaaa: nxdomain() }))
const silentTcp = bare(alike(onlyTcp({ kind: 'timeout' })))
const silentTls = bare(alike(onlyTls({ kind: 'timeout' })))
const half = bare(evidence({ addresses: [address('10.0.1.7'), address('10.0.2.7', onlyTcp({ kind: 'refused' }))] }))
const unseen = bare(alike(onlyTcp({ kind: 'crashed', error: 'TypeError' })))

type Round = Evidence<Target> | { readonly held: Evidence<Target> }

/** What is confirmed after each of these rounds, the oldest first: the verdict and critical findings, either or neither. */
function confirmedAfter(rounds: readonly Round[]) {
  let standing = newStanding(well.target)
  return rounds.map(each => {
    const seen = { ...('held' in each ? each.held : each), recent: standing.recent }
    standing = afterRound(standing, makeReport(seen, { seconds: 0.1, heldBy: 'held' in each ? ['no-network'] : [] }))
    const { confirmed, diagnosis } = standing
    const critical = diagnosis.findings.flatMap(({ finding: { id, severity } }) =>
      severity === 'critical' ? [id] : []
    )
    const sure = critical.filter(id => confirmed.findings.includes(id))
    return [confirmed.verdict ? diagnosis.state : '', ...sure].join(' ').trim()
  })
}

describe('what is confirmed after each round', () => {
  for (const { when, rounds, confirmed } of [
    {
      when: 'a failure that lasts',
      rounds: [well, missing, missing, missing, missing],
      confirmed: ['', '', '', 'failing', 'failing']
    },
    { when: 'a failure at the first look', rounds: [missing, well, well, well], confirmed: ['', '', '', 'healthy'] },
    {
      when: 'failures that are healed in between',
      rounds: [missing, missing, well, missing, missing, well],
      confirmed: ['', '', '', '', '', 'intermittent']
    },
    {
      when: 'silence at TCP and at TLS in turn',
      rounds: [silentTcp, silentTls, silentTcp],
      confirmed: ['', '', 'failing']
    },
    { when: 'failures that differ', rounds: [missing, silentTls, silentTcp], confirmed: ['', '', 'failing'] },
    {
      when: 'a link on which half of the addresses fail',
      rounds: [half, half, half, well],
      confirmed: ['', '', 'degraded address-fails', '']
    },
    {
      when: 'a link that fails and then half of it',
      rounds: [missing, missing, half, half],
      confirmed: ['', '', '', '']
    },
    { when: 'what the probe could not see', rounds: [unseen, unseen, unseen], confirmed: ['', '', 'unknown'] },
    {
      when: 'verdicts that are held',
      rounds: [missing, missing, missing, { held: missing }, missing],
      confirmed: ['', '', 'failing', '', 'failing']
    },
    {
      when: 'rounds of which none counted',
      rounds: [{ held: missing }, { held: missing }, { held: missing }],
      confirmed: ['', '', '']
    }
  ] satisfies readonly { when: string; rounds: readonly Round[]; confirmed: readonly string[] }[]) {
    test(when, () => {
      expect(confirmedAfter(rounds)).toEqual(confirmed)
    })
  }

  test('silence in three exchanges, of what answered before', () => {
    const silent = onlyTcp({ kind: 'timeout' })
    const thrice = bare(
      evidence({
        addresses: ['10.0.1.7', '10.0.2.7'].map(each => ({ ...address(each, silent), further: [silent, silent] }))
      })
    )
    expect(confirmedAfter([well, thrice])).toEqual(['', 'failing'])
    expect(confirmedAfter([thrice, well])).toEqual(['', ''])
  })

  test('failures of libc alone, of which each sample is one look, however many rounds it is valid for', () => {
    const fails = (taken: number) => evidence({ libc: libc({ kind: 'not-known', at: at + taken }) })
    expect(confirmedAfter([fails(0), fails(0), fails(0), fails(0), fails(60), fails(60), fails(120)])).toEqual([
      '',
      '',
      '',
      '',
      '',
      '',
      'failing'
    ])
  })
})

const outline: fc.Arbitrary<Outline> = fc.record({
  at: fc.nat(),
  seconds: fc.constant(0.1),
  case: fc.constantFrom('healthy' as const, 'no-answer-to-syn' as const, ...catalogue.map(({ id }) => id)),
  symptom: fc.constantFrom('none' as const, 'timeout' as const),
  state: fc.constantFrom('healthy' as const, 'failing' as const, ...states),
  findings: fc.subarray(['address-fails', 'stale-address', ...findings.slice(0, 3).map(({ id }) => id)] as const),
  heldBy: fc.constantFrom([], [], [], ['no-network'] as const),
  looks: fc.constantFrom(1, 1, looksToConfirm),
  certain: fc.constantFrom([], ['address-fails'] as const),
  sample: fc.constantFrom(undefined, undefined, 1, 2, 3)
})

/** How many looks these rounds are, counted another way: those of each sample once. */
function looksIn(rounds: readonly Outline[], of: (round: Outline) => number): number {
  const free = rounds.filter(({ sample }) => sample === undefined).reduce((sum, round) => sum + of(round), 0)
  return free + new Set(rounds.flatMap(({ sample }) => sample ?? [])).size
}

test('whatever was seen, a verdict is confirmed if three looks in a row agree on it, and never by fewer', () => {
  let confirmed = 0
  fc.assert(
    fc.property(fc.array(outline, { maxLength: 12 }), rounds => {
      const counted = rounds.filter(({ heldBy }) => heldBy.length === 0)
      const alike = (one: Outline, other: Outline) =>
        one.state === other.state && (one.case === 'healthy') === (other.case === 'healthy')
      const end = counted.findIndex(round => !alike(round, counted[0] ?? round))
      const agreeing = end === -1 ? counted : counted.slice(0, end)
      const { verdict, findings: sure } = confirmedBy(rounds)
      expect(verdict).toBe(looksIn(agreeing, ({ looks }) => looks) >= looksToConfirm)
      for (const id of counted[0]?.findings ?? []) {
        const last = counted.findIndex(round => !round.findings.includes(id))
        const having = last === -1 ? counted : counted.slice(0, last)
        const looks = looksIn(having, ({ certain }) => (certain.includes(id) ? looksToConfirm : 1))
        expect(sure.includes(id)).toBe(looks >= looksToConfirm)
      }
      if (verdict) confirmed += 1
    }),
    { numRuns: 3000 }
  )
  expect(confirmed).toBeGreaterThan(300)
  expect(confirmedBy([])).toEqual(nothingConfirmed)
})
