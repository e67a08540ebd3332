import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createPatience, mostAtOnce } from '../../../probe/observers/patience.ts'
import { type Limit, within } from '../../../probe/observers/within.ts'

/** What a place says; or that it said nothing. */
interface Word {
  readonly word: string | undefined
}

/** A place that answers each look as it is told at that moment. */
function startPlace() {
  let open = 0
  let mostOpen = 0
  let looks = 0
  const waiting: ((word: string) => void)[] = []
  const discarded: string[] = []
  let quick: string | undefined
  const look = (limit: Limit): Promise<Word> => {
    looks += 1
    open += 1
    mostOpen = Math.max(mostOpen, open)
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
  const patience = createPatience<Word>(
    { isSilent: ({ word }) => word === undefined, discard: ({ word }) => discarded.push(String(word)) },
    patienceMs
  )
  return {
    look,
    discarded,
    isOpen: () => open,
    mostOpen: () => mostOpen,
    looks: () => looks,
    /** From now on it answers at once. */
    answer: (word: string | undefined) => {
      quick = word
    },
    /** It answers all that wait. */
    answerLate: (word: string) => {
      for (const settle of waiting.splice(0)) settle(word)
    },
    /** It answers the exchange that has waited longest but for so many. */
    answerOne: (word: string, after = 0) => waiting.splice(after, 1)[0]?.(word),
    /** Its exchanges stay alone. */
    patience: {
      ...patience,
      look: async (name: string, limit: Limit, first: typeof look) => (await patience.look(name, limit, { first })).seen
    },
    /** Further exchanges begin while one is silent. */
    together: (limit: Limit, further: (limit: Limit) => Promise<Word | undefined> = look) =>
      patience.look('a', limit, { first: look, further })
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

describe('while a place is silent,', () => {
  test('it is looked at again next to the first exchange, three times in all, and silent is what was each time', async () => {
    const place = startPlace()
    const start = performance.now()
    expect(await place.together(short)).toEqual({
      seen: { word: undefined },
      further: [{ word: undefined }, { word: undefined }]
    })
    expect([place.looks(), place.mostOpen(), place.isOpen()]).toEqual([3, mostAtOnce, 0])
    // All within one patience.
    expect(performance.now() - start).toBeLessThan(1.5 * patienceMs)
  })

  test('and if the first exchange is answered after all, that is what a client gets, and the others end with it', async () => {
    const place = startPlace()
    const look = place.together(short)
    await expect.poll(place.looks).toBe(3)
    place.answerOne('slow')
    expect(await look).toEqual({ seen: { word: 'slow' }, further: [{ word: undefined }, { word: undefined }] })
    expect(place.isOpen()).toBe(0)
  })

  test('and another exchange is answered, a client has been left waiting all the same, and both are known', async () => {
    const place = startPlace()
    const look = place.together(short)
    await expect.poll(place.looks).toBe(2)
    place.answerOne('quick', 1)
    expect(await look).toEqual({ seen: { word: undefined }, further: [{ word: 'quick' }, { word: undefined }] })
    expect(place.isOpen()).toBe(0)
  })

  test('it is asked no more often than may be asked: what was not sent is no exchange', async () => {
    const place = startPlace()
    expect(await place.together(short, () => Promise.resolve(undefined))).toEqual({
      seen: { word: undefined },
      further: []
    })
    expect(place.looks()).toBe(1)
  })

  test('in later rounds it is looked at once in each', async () => {
    const place = startPlace()
    await place.together(short)
    expect(await place.together(short)).toEqual({ seen: { word: undefined }, further: [] })
    expect(place.looks()).toBe(4)
    await place.patience.close()
    expect(place.isOpen()).toBe(0)
  })

  test('and nobody wants to know any more, all exchanges end', async () => {
    const place = startPlace()
    const stop = new AbortController()
    const look = place.together({ ms: 20, signal: stop.signal })
    await expect.poll(place.looks).toBe(3)
    stop.abort(new Error('over'))
    await expect(look).rejects.toThrow('over')
    expect(place.isOpen()).toBe(0)
  })

  test('and a further exchange fails for a bug, that is handed on, and nothing stays open', async () => {
    const place = startPlace()
    const look = place.together(short, () => Promise.reject(new Error('bug')))
    await expect(look).rejects.toThrow('bug')
    expect(place.isOpen()).toBe(0)
  })
})

test('a place that answers is looked at once, and nothing is begun later', async () => {
  const place = startPlace()
  place.answer('quick')
  expect(await place.together(short)).toEqual({ seen: { word: 'quick' }, further: [] })
  await sleep(patienceMs)
  expect(place.looks()).toBe(1)
})
