import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createPatience } from '../../../probe/observers/patience.ts'
import { type Limit, within } from '../../../probe/observers/within.ts'

/** What a place says; or that it said nothing. */
interface Word {
  readonly word: string | undefined
}

/** A place that answers each look as it is told at that moment. */
function startPlace() {
  let open = 0
  let looks = 0
  const waiting: ((word: string) => void)[] = []
  const discarded: string[] = []
  let quick: string | undefined
  const look = (limit: Limit): Promise<Word> => {
    looks += 1
    open += 1
    return within<Word>(
      limit,
      () => ({ word: undefined }),
      settle => {
        if (quick === undefined) waiting.push(word => settle({ word }))
        else setImmediate(settle, { word: quick })
        return () => {
          open -= 1
        }
      }
    )
  }
  return {
    look,
    discarded,
    isOpen: () => open,
    looks: () => looks,
    /** From now on it answers at once. */
    answer: (word: string | undefined) => {
      quick = word
    },
    /** It answers all that wait. */
    answerLate: (word: string) => {
      for (const settle of waiting.splice(0)) settle(word)
    },
    patience: createPatience<Word>(
      { isSilent: ({ word }) => word === undefined, discard: ({ word }) => discarded.push(String(word)) },
      patienceMs
    )
  }
}

/** What a client gives a place, and what a round gives one that is known to be silent. */
const patienceMs = 600
const never = new AbortController().signal
const short: Limit = { ms: 20, signal: never }

describe('patience with a place', () => {
  test('that answers after the limit and before a client gives up sees the answer, every time', async () => {
    const place = startPlace()
    for (const word of ['one', 'two', 'three']) {
      place.patience.turn()
      const look = place.patience.look('a', short, place.look)
      await sleep(3 * short.ms)
      place.answerLate(word)
      expect(await look).toEqual({ word })
    }
    expect([place.looks(), place.isOpen()]).toEqual([3, 0])
  })

  test('that says nothing waits as long as a client, once, and from then on for the limit alone', async () => {
    const place = startPlace()
    const first = place.patience.look('a', short, place.look)
    const silent = await first
    expect(silent).toEqual({ word: undefined })
    for (const _ of [1, 2, 3]) {
      place.patience.turn()
      // The observation of the exchange that lasted so long: this round's has not ended yet.
      expect(await place.patience.look('a', short, place.look)).toBe(silent)
      // The exchange of the first of these rounds is kept open, and no other one.
      expect(place.isOpen()).toBe(1)
    }
    await place.patience.close()
    expect(place.isOpen()).toBe(0)
  })

  test('that was silent and then is slow waits for it again as soon as a kept exchange was answered', async () => {
    const place = startPlace()
    await place.patience.look('a', short, place.look)
    expect(await place.patience.look('a', short, place.look)).toEqual({ word: undefined })
    place.answerLate('late')
    await expect.poll(() => place.discarded).toEqual(['late'])
    const look = place.patience.look('a', short, place.look)
    await sleep(3 * short.ms)
    place.answerLate('slow')
    expect(await look).toEqual({ word: 'slow' })
    expect(place.isOpen()).toBe(0)
  })

  test('that was silent and answers at once is seen to, and keeps nothing open', async () => {
    const place = startPlace()
    await place.patience.look('a', short, place.look)
    await place.patience.look('a', short, place.look)
    place.answer('quick')
    expect(await place.patience.look('a', short, place.look)).toEqual({ word: 'quick' })
    await expect.poll(place.isOpen).toBe(0)
  })

  test('does not tell it from others by their silence', async () => {
    const place = startPlace()
    await place.patience.look('a', short, place.look)
    const other = place.patience.look('b', short, place.look)
    await sleep(3 * short.ms)
    place.answerLate('slow')
    expect(await other).toEqual({ word: 'slow' })
  })

  test('forgets it when a round has not looked at it, with what is kept open there', async () => {
    const place = startPlace()
    await place.patience.look('a', short, place.look)
    place.patience.turn()
    await place.patience.look('a', short, place.look)
    expect(place.isOpen()).toBe(1)
    place.patience.turn()
    place.patience.turn()
    await expect.poll(place.isOpen).toBe(0)
    const look = place.patience.look('a', short, place.look)
    await sleep(3 * short.ms)
    place.answerLate('slow')
    expect(await look).toEqual({ word: 'slow' })
  })

  test('ends when nobody wants to know any more, and leaves nothing open', async () => {
    for (const isKnown of [false, true]) {
      const place = startPlace()
      if (isKnown) await place.patience.look('a', short, place.look)
      const stop = new AbortController()
      const look = place.patience.look('a', { ms: patienceMs, signal: stop.signal }, place.look)
      stop.abort(new Error('over'))
      await expect(look).rejects.toThrow('over')
      await expect.poll(place.isOpen).toBe(0)
    }
  })

  test('hands on what an observer throws', async () => {
    const place = startPlace()
    const bug = () => Promise.reject(new Error('bug'))
    await expect(place.patience.look('a', short, bug)).rejects.toThrow('bug')
    await place.patience.look('a', short, place.look)
    await expect(place.patience.look('a', short, bug)).rejects.toThrow('bug')
  })
})
