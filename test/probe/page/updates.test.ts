import { expect, onTestFinished, test } from 'vitest'
import { keepBoard } from '../../../probe/page/board.ts'
import { keepUpdates, type Update } from '../../../probe/page/updates.ts'
import { View } from '../../../probe/page/view.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding, type Standing } from '../../../probe/rounds/standing.ts'
import { alike, at, awsTarget, evidence, gcpTarget, onlyTcp } from '../../support/evidence.ts'

const report = (seen: ReturnType<typeof evidence>) => makeReport(seen, { seconds: 0.1, heldBy: [] })

/** The next update of an event stream, as a browser reads it (HTML, "Parsing an event stream"). */
async function nextUpdate(stream: AsyncIterator<Buffer>): Promise<Update | undefined> {
  let text = ''
  while (!text.endsWith('\n\n')) {
    const { value, done } = await stream.next()
    if (done) return undefined
    text += value
  }
  const data = text.split('\n').filter(line => line.startsWith('data: '))
  return JSON.parse(data.map(line => line.slice('data: '.length)).join('\n'))
}

/** Somebody who looks at targets that a test changes. */
function open(view: Partial<View> = {}) {
  const standings = new Map<string, Standing>(
    [awsTarget, gcpTarget].map(target => [
      target.name,
      afterRound(newStanding(target), report({ ...evidence(), target }))
    ])
  )
  const listeners: (() => void)[] = []
  const watched = {
    standings: () => [...standings.values()],
    history: () => undefined,
    impairments: () => [],
    mayRequestRounds: () => false,
    onChange: (tell: () => void) => void listeners.push(tell)
  }
  const board = keepBoard(watched.standings)
  const gone = new AbortController()
  onTestFinished(() => gone.abort(new Error('gone')))
  const had = { edition: board.edition(), revision: board.revision() }
  const stream = keepUpdates(watched, board).follow(View.parse(view), had, gone.signal)
  return {
    next: () => nextUpdate(stream),
    gone,
    set: (target: typeof awsTarget, seen: ReturnType<typeof evidence>) => {
      const before = standings.get(target.name) ?? newStanding(target)
      standings.set(target.name, afterRound(before, report({ ...seen, target })))
      for (const tell of listeners) tell()
    },
    remove: (target: typeof awsTarget) => {
      standings.delete(target.name)
      for (const tell of listeners) tell()
    }
  }
}

test('the first update has what may have changed since the page was made, and no row that has not', async () => {
  const { next } = open({ target: awsTarget.name })
  expect(await next()).toEqual({
    summary: expect.stringContaining('2 hosts'),
    shown: expect.stringContaining('<article')
  })
})

test('then comes what has changed, and nothing else', async () => {
  const { next, set } = open({ target: gcpTarget.name })
  await next()
  set(awsTarget, { ...alike(onlyTcp({ kind: 'timeout' })), at: at + 10 })
  const update = await next()
  expect(update).toEqual({
    summary: expect.stringContaining('1 failing'),
    rows: [{ name: awsTarget.name, rank: expect.any(String), html: expect.stringContaining('no-answer-to-syn') }]
  })
})

test('a round that comes to the same sends no row, and no more than the moment of what is shown in full', async () => {
  const { next, set } = open({ target: awsTarget.name })
  await next()
  set(awsTarget, { ...evidence(), at: at + 10 })
  const update = await next()
  expect(Object.keys(update ?? {})).toEqual(['shown'])
})

test('a round that comes to the same sends nothing to a page on which every host is one line', async () => {
  const { next, set } = open()
  await next()
  set(awsTarget, { ...evidence(), at: at + 10 })
  expect(await next()).toEqual({})
})

test('another set of hosts is another page', async () => {
  const { next, remove } = open()
  await next()
  remove(gcpTarget)
  expect(await next()).toEqual({ reload: true })
  expect(await next()).toBeUndefined()
})

test('it ends when the reader has gone', async () => {
  const { next, gone } = open()
  await next()
  const waiting = next()
  gone.abort(new Error('gone'))
  expect(await waiting).toBeUndefined()
})
