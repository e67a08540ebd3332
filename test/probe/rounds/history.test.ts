import { expect, test } from 'vitest'
import { mostMinutes, startHistory } from '../../../probe/rounds/history.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { address, alike, at, evidence, onlyTcp, resolver } from '../../support/evidence.ts'

/** The beginning of a minute. */
const start = Math.ceil(at / 60) * 60
const well = (seconds: number) => evidence({ at: start + seconds })
const ill = (seconds: number) => ({ ...alike(onlyTcp({ kind: 'timeout' })), at: start + seconds })
const report = (seen: ReturnType<typeof evidence>, heldBy: Parameters<typeof makeReport>[1]['heldBy'] = []) =>
  makeReport(seen, { seconds: 0.1, heldBy })

test('a minute has its worst case, and the most that each layer took where it succeeded', () => {
  const history = startHistory()
  const slow = { ...resolver(), a: { ...resolver().a, seconds: 0.25 } }
  history.record(report(well(0)))
  history.record(report(ill(10)))
  history.record(report({ ...well(20), resolvers: [slow] }))
  history.record(report(well(70)))
  expect(history.minutes()).toEqual([
    {
      at: start,
      case: 'no-answer-to-syn',
      isDegraded: false,
      seconds: { dns: 0.25, tcp: expect.closeTo(0.001), tls: expect.closeTo(0.01), application: expect.closeTo(0.005) }
    },
    {
      at: start + 60,
      case: 'healthy',
      isDegraded: false,
      seconds: {
        dns: expect.closeTo(0.001),
        tcp: expect.closeTo(0.001),
        tls: expect.closeTo(0.01),
        application: expect.closeTo(0.005)
      }
    }
  ])
})

test('a minute in which some clients failed is degraded, though its case is healthy; the next one is not', () => {
  const history = startHistory()
  const half = { addresses: [address('10.0.1.7'), address('10.0.2.7', onlyTcp({ kind: 'timeout' }))] }
  history.record(report(well(0)))
  history.record(report(evidence({ ...half, at: start + 10 })))
  history.record(report(well(70)))
  expect(history.minutes().map(minute => [minute.case, minute.isDegraded])).toEqual([
    ['healthy', true],
    ['healthy', false]
  ])
})

test('a layer that was not reached has no time', () => {
  const history = startHistory()
  history.record(report(ill(0)))
  expect(history.minutes()[0]?.seconds).toEqual({ dns: expect.closeTo(0.001) })
})

test('a held round is a minute without a case, and changes none', () => {
  const history = startHistory()
  history.record(report(ill(0), ['clock-step']))
  expect(history.minutes()).toEqual([{ at: start, case: undefined, isDegraded: false, seconds: {} }])
  history.record(report(well(10)))
  history.record(report(ill(20), ['clock-step']))
  expect(history.minutes()[0]?.case).toBe('healthy')
  expect(history.changes()).toEqual([])
})

test('changes are listed, the newest first; the first verdict is none', () => {
  const history = startHistory()
  for (const seen of [well(0), well(10), ill(20), ill(30), well(40)]) history.record(report(seen))
  expect(history.changes()).toEqual([
    { at: start + 40, from: 'no-answer-to-syn', to: 'healthy' },
    { at: start + 20, from: 'healthy', to: 'no-answer-to-syn' }
  ])
})

test('it keeps four hours and twenty changes, and no more', () => {
  const history = startHistory()
  for (let minute = 0; minute < mostMinutes + 50; minute++) {
    history.record(report(minute % 2 === 0 ? well(minute * 60) : ill(minute * 60)))
  }
  const minutes = history.minutes()
  expect(minutes).toHaveLength(mostMinutes)
  expect(minutes[0]?.at).toBe(start + 50 * 60)
  expect(minutes.map(minute => minute.at)).toEqual(minutes.map((_, index) => start + (50 + index) * 60))
  expect(history.changes()).toHaveLength(20)
})

test('a clock that goes back begins no minute', () => {
  const history = startHistory()
  history.record(report(well(120)))
  history.record(report(ill(0)))
  expect(history.minutes().map(minute => [minute.at, minute.case])).toEqual([[start + 120, 'no-answer-to-syn']])
})

test('an address that fails beside one that works does not hide how long the other took', () => {
  const history = startHistory()
  history.record(
    report(
      evidence({
        at: start,
        addresses: [address('10.0.1.7'), address('10.0.2.7', onlyTcp({ kind: 'timeout', seconds: 3.5 }))]
      })
    )
  )
  expect(history.minutes()[0]?.seconds.tcp).toBeCloseTo(0.001)
})
