import { expect, test } from 'vitest'
import { strip } from '../../../probe/page/strip.ts'
import { startHistory } from '../../../probe/rounds/history.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { address, alike, at, evidence, onlyTcp } from '../../support/evidence.ts'

const silent = onlyTcp({ kind: 'timeout' })
const start = Math.ceil(at / 60) * 60

/** A minute each in which all is well, an address of two fails, and both do. */
const minutes = [evidence(), evidence({ addresses: [address('10.0.1.7'), address('10.0.2.7', silent)] }), alike(silent)]

test('each minute is drawn as good, as degraded or as failing, and each kind is counted', () => {
  const history = startHistory()
  for (const [minute, seen] of minutes.entries()) {
    history.record(makeReport({ ...seen, at: start + 60 * minute }, { seconds: 0.1, heldBy: [] }))
  }
  const drawn = strip(history, 'a/b/c')
  const bars = [...drawn.matchAll(/<rect class="(\w+)"[^>]*><title>[^<]*: ([a-z-]+)<\/title>/g)]
  expect(bars.map(([, mark, words]) => [mark, words])).toEqual([
    ['good', 'healthy'],
    ['careful', 'degraded'],
    ['bad', 'no-answer-to-syn']
  ])
  expect(drawn).toContain('1 of 3 minutes healthy, 1 degraded, 1 change')
})

test('a minute that was degraded and then failed is one that failed', () => {
  const history = startHistory()
  for (const [second, seen] of minutes.entries()) {
    history.record(makeReport({ ...seen, at: start + second }, { seconds: 0.1, heldBy: [] }))
  }
  expect(strip(history, 'a/b/c')).toMatch(/<rect class="bad"[^>]*><title>[^<]*: no-answer-to-syn</)
})
