import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CaseId } from '../../../probe/cases/catalogue.ts'
import { ClientsMissing } from '../../../probe/causes/configuration.ts'
import type { Inquiry } from '../../../probe/causes/inquiry.ts'
import { watchCauses } from '../../../probe/inquiries/watch-causes.ts'
import { awsTarget, linkTo } from '../../support/evidence.ts'

const inquiry: Inquiry = { at: 0, seconds: 0, elsewhere: { ruling: 'not-known', text: '' }, causes: [] }

/** A cloud that answers when it is told to. */
function slowCloud() {
  const asked: { readonly target: string; readonly found: CaseId; readonly answer: (outcome: unknown) => void }[] = []
  const inquiries: [string, CaseId][] = []
  const missing: string[] = []
  const bugs: unknown[] = []
  const watch = watchCauses({
    onInquiry: (target, found) => inquiries.push([target, found]),
    onClientsMissing: ({ message }) => missing.push(message),
    onBug: bug => bugs.push(bug),
    inquirers: signal => ({
      ask: ({ target }, found) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          asked.push({
            target: target.name,
            found,
            answer: outcome => (outcome instanceof Error ? reject(outcome) : resolve(inquiry))
          })
        })
    })
  })
  const consider = async (found: CaseId, isHealthy = false, name = awsTarget.name) => {
    watch.consider(linkTo({ ...awsTarget, name }).evidence(), found, isHealthy)
    await turn()
  }
  return { watch, consider, asked, heard: inquiries, missing, bugs }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the cloud is asked', () => {
  test('at once when a target fails, and again after a minute while its case stays', async () => {
    const { consider, asked, heard } = slowCloud()
    await consider('no-answer-to-syn')
    expect(asked).toHaveLength(1)
    asked[0]?.answer(inquiry)
    await turn()
    expect(heard).toEqual([[awsTarget.name, 'no-answer-to-syn']])
    vi.advanceTimersByTime(59_000)
    await consider('no-answer-to-syn')
    expect(asked).toHaveLength(1)
    vi.advanceTimersByTime(1000)
    await consider('no-answer-to-syn')
    expect(asked).toHaveLength(2)
  })

  test('about the new case when the case becomes another, and what is late about the old one is dropped', async () => {
    const { consider, asked, heard } = slowCloud()
    await consider('no-answer-to-syn')
    vi.advanceTimersByTime(10_000)
    await consider('zone-not-visible')
    expect(asked.map(({ found }) => found)).toEqual(['no-answer-to-syn', 'zone-not-visible'])
    asked[0]?.answer(inquiry)
    asked[1]?.answer(inquiry)
    await turn()
    expect(heard).toEqual([[awsTarget.name, 'zone-not-visible']])
  })

  test('at most every ten seconds about a target whose case keeps changing', async () => {
    const { consider, asked } = slowCloud()
    for (const found of ['no-answer-to-syn', 'zone-not-visible', 'no-answer-to-syn'] as const) {
      await consider(found)
      vi.advanceTimersByTime(4000)
    }
    expect(asked.map(({ found }) => found)).toEqual(['no-answer-to-syn'])
    await consider('zone-not-visible')
    expect(asked).toHaveLength(2)
  })

  test('never about a healthy target', async () => {
    const { consider, asked } = slowCloud()
    await consider('healthy', true)
    vi.advanceTimersByTime(100_000)
    await consider('healthy', true)
    expect(asked).toEqual([])
  })

  test('not twice at once about the same, however long it takes', async () => {
    const { consider, asked } = slowCloud()
    await consider('no-answer-to-syn')
    vi.advanceTimersByTime(300_000)
    await consider('no-answer-to-syn')
    expect(asked).toHaveLength(1)
  })

  test('about eight targets at a time', async () => {
    const { consider, asked } = slowCloud()
    for (let index = 0; index < 20; index += 1) await consider('no-answer-to-syn', false, `prod/search/in01-${index}`)
    expect(asked).toHaveLength(8)
    asked[0]?.answer(inquiry)
    await turn()
    await turn()
    expect(asked).toHaveLength(9)
  })

  test('and if its clients are not installed, that is reported once', async () => {
    const { consider, asked, missing, bugs } = slowCloud()
    await consider('no-answer-to-syn')
    asked[0]?.answer(new ClientsMissing(['a-client']))
    await turn()
    vi.advanceTimersByTime(60_000)
    await consider('no-answer-to-syn')
    asked[1]?.answer(new ClientsMissing(['a-client']))
    await turn()
    expect(missing).toEqual(['npm packages are missing. Run: npm install a-client'])
    expect(bugs).toEqual([])
  })

  test('and a bug in asking is reported and costs no later question', async () => {
    const { consider, asked, bugs } = slowCloud()
    await consider('no-answer-to-syn')
    asked[0]?.answer(new TypeError('a bug'))
    await turn()
    expect(bugs).toEqual([new TypeError('a bug')])
    vi.advanceTimersByTime(60_000)
    await consider('no-answer-to-syn')
    expect(asked).toHaveLength(2)
  })

  test('no longer once the probe closes, whatever is under way', async () => {
    const { watch, consider, asked, heard, bugs } = slowCloud()
    for (let index = 0; index < 20; index += 1) await consider('no-answer-to-syn', false, `prod/search/in01-${index}`)
    await watch.close()
    expect([asked.length, heard, bugs]).toEqual([8, [], []])
  })
})
