import { describe, expect, test } from 'vitest'
import { diagnose } from '../../../probe/cases/diagnose.ts'
import type { Evidence, RecentRound } from '../../../probe/cases/evidence.ts'
import { alternates } from '../../../probe/cases/intermittent.ts'
import { mostRecent, recentRound, remember } from '../../../probe/cases/recent.ts'
import { address, alike, answer, evidence, nxdomain, onlyTcp, resolver, unresolved } from '../../support/evidence.ts'

/** Rounds in a line, the oldest first: `.` went well, `x` failed; so did `:` and `X`, before their turn. */
const failed = (line: string) =>
  [...line].map(sign => ({
    failed: sign === 'x' || sign === 'X',
    ...(sign === ':' || sign === 'X' ? { isEarly: true as const } : {})
  }))
/** Rounds of which each failed or not. */
const chance = (line: readonly boolean[]) => line.map(each => ({ failed: each }))

describe('rounds', () => {
  for (const { what, line, is } of [
    { what: 'that all went well', line: '.'.repeat(60), is: false },
    { what: 'that all failed', line: 'x'.repeat(60), is: false },
    { what: 'of which one failed', line: `${'.'.repeat(30)}x${'.'.repeat(5)}`, is: false },
    { what: 'in which an outage healed', line: `${'.'.repeat(5)}${'x'.repeat(25)}${'.'.repeat(10)}`, is: false },
    { what: 'in which an outage goes on', line: `${'.'.repeat(20)}${'x'.repeat(10)}`, is: false },
    { what: 'of which the first failed', line: `x${'.'.repeat(10)}`, is: false },
    { what: 'of which two failed that are close', line: `.....x....x..`, is: true },
    { what: 'of which two failed, one right after the other', line: `.....xx......`, is: false },
    { what: 'of which two failed that are far apart', line: `x${'.'.repeat(20)}x..`, is: false },
    { what: 'of which every fourth failed', line: '...x'.repeat(15), is: true },
    { what: 'of which every second failed', line: 'x.'.repeat(30), is: true },
    { what: 'in which an outage healed for a moment', line: `..${'x'.repeat(10)}.${'x'.repeat(10)}..`, is: true },
    { what: 'that failed now and then and went well 29 times since', line: `x.x${'.'.repeat(29)}`, is: true },
    { what: 'that failed now and then and went well 30 times since', line: `x.x${'.'.repeat(30)}`, is: false },
    { what: 'that failed now and then and have failed 30 times since', line: `x.${'x'.repeat(30)}`, is: false },
    { what: 'that failed now and then, long ago, and once of late', line: `x.x${'.'.repeat(30)}x`, is: false },
    { what: 'at whose outage a moment went well', line: `....x:Xxxxxx`, is: false },
    { what: 'after whose outage a moment failed', line: `..xxxxx.X::...`, is: false },
    { what: 'of which one failed and went well in two moments after it', line: `....x::.....`, is: false },
    { what: 'that failed again in the next turn', line: `....x::x::..`, is: true },
    { what: 'that fail every second time, at turns and between', line: `.x:X:X`, is: true },
    { what: 'of which all turns failed and every moment between went well', line: `..x:X:Xx:X:X`, is: true },
    { what: 'of which two failed that are twenty turns apart', line: `x::${'.'.repeat(19)}x::`, is: false },
    { what: 'of which two failed that are nineteen turns apart', line: `x::${'.'.repeat(18)}x::`, is: true },
    { what: 'that failed now and then and went well 30 turns since', line: `x:X:X${'.'.repeat(30)}`, is: false },
    { what: 'that failed now and then and went well 29 turns since', line: `x:X:X:${'.'.repeat(29)}`, is: true }
  ]) {
    test(`${what} are ${is ? '' : 'not '}intermittent`, () => {
      expect(alternates(failed(line))).toBe(is)
    })
  }

  test('that fail by chance, a quarter of them, are intermittent for nearly all of the time', () => {
    const next = numbers(7)
    const line = Array.from({ length: 20_000 }, () => next() < 0.25)
    const windows = line.slice(60).map((_, index) => alternates(chance(line.slice(index, index + 60))))
    const found = windows.filter(Boolean).length / windows.length
    expect(found).toBeGreaterThan(0.99)
  })

  test('that fail by chance, one in five hundred, hardly ever are', () => {
    const next = numbers(7)
    const line = Array.from({ length: 20_000 }, () => next() < 0.002)
    const windows = line.slice(60).map((_, index) => alternates(chance(line.slice(index, index + 60))))
    expect(windows.filter(Boolean).length / windows.length).toBeLessThan(0.1)
  })
})

/** Numbers from 0 to 1 that look like chance and are the same every time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The diagnosis of the last of these rounds, with all that the ones before left. */
function diagnosisAfter(rounds: readonly Evidence[]) {
  let recent: readonly RecentRound[] = []
  for (const each of rounds.slice(0, -1)) recent = remember(recent, { ...each, recent })
  const last = rounds.at(-1)
  if (last === undefined) throw new Error('no rounds')
  const { state, findings, ...rest } = diagnose({ ...last, recent })
  const found = findings.map(({ finding, about }) => [finding.id, about] as const)
  return { state, case: rest.case.id, found: found.filter(([id]) => id.includes('intermittent')) }
}
const course = (line: string, well: Evidence, ill: Evidence) => [...line].map(sign => (sign === 'x' ? ill : well))

describe('a link', () => {
  const well = evidence({ libc: undefined })
  const missing = unresolved(resolver({ a: nxdomain(), aaaa: nxdomain() }))

  test('whose resolver says every fourth time that there is no such name is degraded, and says at which resolver', () => {
    const { state, found } = diagnosisAfter(course('...x...x..', well, missing))
    expect([state, found]).toEqual(['degraded', [['intermittent', ['vpc']]]])
  })

  test('that is failing right now and was before, now and then, is failing, and says so', () => {
    const { state, found } = diagnosisAfter(course('...x...x', well, missing))
    expect([state, found]).toEqual(['failing', [['intermittent', ['vpc']]]])
  })

  test('whose only address resets half of the connections is degraded, and says at which address', () => {
    const reset = { ...alike(onlyTcp({ kind: 'reset' })), libc: undefined }
    const { state, found } = diagnosisAfter(course('.x.x.', well, reset))
    expect([state, found]).toEqual(['degraded', [['intermittent', ['10.0.1.7', '10.0.2.7']]]])
  })

  test('of which one address of two fails now and then is degraded between the failures, too', () => {
    const half = evidence({
      libc: undefined,
      addresses: [address('10.0.1.7'), address('10.0.2.7', onlyTcp({ kind: 'timeout' }))]
    })
    const { state, case: judged, found } = diagnosisAfter(course('.x..x..', well, half))
    expect([state, judged, found]).toEqual(['degraded', 'healthy', [['intermittent', ['10.0.2.7']]]])
  })

  test('whose second resolver fails now and then is healthy, with a warning', () => {
    const both = (second: Parameters<typeof resolver>[0]) =>
      evidence({ libc: undefined, resolvers: [resolver(), resolver({ name: 'other', ...second })] })
    const { state, found } = diagnosisAfter(course('.x..x..', both({}), both({ a: { kind: 'timeout' } })))
    expect([state, found]).toEqual(['healthy', [['resolver-intermittent', ['other']]]])
  })

  test('whose resolver now and then knows the name and does not, in one round, is no good resolver in that round', () => {
    const torn = evidence({ libc: undefined, resolvers: [resolver({ a: answer(['10.0.1.7']), aaaa: nxdomain() })] })
    const { found } = diagnosisAfter(course('.x..x..', well, torn))
    expect(found).toEqual([['resolver-intermittent', ['vpc']]])
  })

  test('that had one outage is healthy after it, and one that had a single failed round is, at once', () => {
    for (const line of ['...xxxxxxxxxx.', '....x.']) {
      expect(diagnosisAfter(course(line, well, missing))).toEqual({ state: 'healthy', case: 'healthy', found: [] })
    }
  })

  test('says where it fails only if that is known: the host, if libc fails and the resolvers do not', () => {
    const misled = evidence({ libc: { layer: 'dns', seconds: 0.1, at: 1, kind: 'temporary-failure' } })
    const { found } = diagnosisAfter(course('.x..x..', evidence(), misled))
    expect(found).toEqual([['intermittent', [evidence().target.host]]])
  })
})

test('rounds that are alike are remembered as what they were, and hold what they share once', () => {
  const resolver = { name: 'other', address: '192.0.2.53', port: 53 }
  const seen = evidence({})
  const other = evidence({ resolvers: [...seen.resolvers, ...seen.resolvers.map(each => ({ ...each, resolver }))] })
  const rounds = [seen, { ...seen, at: seen.at + 10 }, { ...other, at: seen.at + 20 }]
  const [third, second, first] = rounds.reduce<readonly RecentRound[]>(remember, [])
  expect(second).toEqual({ ...recentRound(seen), at: seen.at + 10 })
  expect(third?.resolvers).toEqual(recentRound(other).resolvers)
  expect(second?.resolvers).toBe(first?.resolvers)
  expect(third?.resolvers).not.toEqual(second?.resolvers)
  expect(third?.addresses).toBe(first?.addresses)
})

test('rounds are remembered up to a limit, the newest first', () => {
  let recent: readonly RecentRound[] = []
  for (let index = 0; index <= mostRecent; index++) recent = remember(recent, evidence({ at: index }))
  expect([recent.length, recent[0]?.at, recent.at(-1)?.at]).toEqual([mostRecent, mostRecent, 1])
})
