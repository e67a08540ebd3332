import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createQueryBudget } from '../../../probe/rounds/query-budget.ts'
import { createSchedule, type Task, type TaskRun } from '../../../probe/rounds/schedule.ts'

function start(intervalMs: number, queriesPerSecond = 1000) {
  const overruns: string[] = []
  const schedule = createSchedule({ intervalMs, queriesPerSecond, onOverrun: name => overruns.push(name) })
  onTestFinished(schedule.close)
  return { schedule, overruns }
}

interface Doing {
  readonly queries?: number
  readonly sent?: number
  /** When it asks to run again, by how often it has run and whether it had asked for this run. */
  readonly again?: (times: number, run: TaskRun) => readonly number[]
}

/** A task that takes its time, and remembers when it began and how many of it ran at once. */
function task(name: string, ms: number, { queries = 0, sent = 0, again = () => [] }: Doing = {}) {
  const seen = { begun: [] as number[], asked: [] as boolean[], running: 0, most: 0 }
  const it: Task = {
    name,
    queries,
    run: async (signal, run) => {
      seen.begun.push(performance.now())
      seen.asked.push(run.isAgain)
      seen.running += 1
      seen.most = Math.max(seen.most, seen.running)
      try {
        await sleep(ms, undefined, { signal })
      } finally {
        seen.running -= 1
      }
      return { queries: sent, again: again(seen.begun.length, run) }
    }
  }
  return { task: it, seen }
}

test('no task ever runs twice at once, however long it takes and however often the tasks are set', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 2, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 2 }),
      async (lengths, intervalMs, again) => {
        const schedule = createSchedule({ intervalMs, queriesPerSecond: 1000, onOverrun: () => {} })
        const tasks = lengths.map((ms, index) =>
          task(`${index}`, ms, { again: () => (index % 2 === 0 ? again.toSorted((one, other) => one - other) : []) })
        )
        const all = tasks.map(each => each.task)
        schedule.set(all)
        await sleep(20)
        // Anew, as a change of the target would have it; the old one is still running.
        schedule.set(all.map(each => ({ ...each })))
        await sleep(20)
        await schedule.close()
        expect(tasks.filter(({ seen }) => seen.most > 1 || seen.running > 0)).toEqual([])
        const begun = tasks.map(({ seen }) => seen.begun.length)
        await sleep(2 * intervalMs)
        expect(tasks.map(({ seen }) => seen.begun.length)).toEqual(begun)
      }
    ),
    { numRuns: 15 }
  )
})

test('first turns are spread over the interval', async () => {
  const { schedule } = start(1000)
  const tasks = Array.from({ length: 10 }, (_, index) => task(`${index}`, 0))
  const from = performance.now()
  schedule.set(tasks.map(each => each.task))
  await expect.poll(() => tasks.every(({ seen }) => seen.begun.length > 0), { timeout: 20_000 }).toBe(true)
  tasks.forEach(({ seen }, index) => {
    expect((seen.begun[0] ?? 0) - from).toBeGreaterThanOrEqual(index * 100 - 2)
  })
})

test('a task that is set again goes on, one that is not ends, and others begin', async () => {
  const { schedule } = start(20)
  const [stays, goes, comes] = [task('stays', 0), task('goes', 60_000), task('comes', 0)]
  schedule.set([stays.task, goes.task])
  await expect.poll(() => goes.seen.running).toBe(1)
  schedule.set([stays.task, comes.task])
  await expect.poll(() => goes.seen.running).toBe(0)
  await expect.poll(() => comes.seen.begun.length).toBeGreaterThan(2)
  expect([stays.seen.most, goes.seen.begun.length]).toEqual([1, 1])
})

test('a task that is taken out and put back waits for the end of its last time', async () => {
  const { schedule } = start(20)
  const seen = { begun: 0, running: 0, most: 0 }
  const stubborn = (): Task => ({
    name: 'stubborn',
    queries: 0,
    run: async signal => {
      seen.begun += 1
      seen.running += 1
      seen.most = Math.max(seen.most, seen.running)
      await sleep(200)
      seen.running -= 1
      signal.throwIfAborted()
      return { queries: 0, again: [] }
    }
  })
  schedule.set([stubborn()])
  await expect.poll(() => seen.running).toBe(1)
  schedule.set([])
  schedule.set([stubborn()])
  await expect.poll(() => seen.begun).toBeGreaterThan(2)
  expect(seen.most).toBe(1)
})

test('beginnings that were missed are counted, and none where there is time', async () => {
  const { schedule, overruns } = start(200)
  const [slow, quick] = [task('slow', 500), task('quick', 0)]
  schedule.set([slow.task, quick.task])
  await expect.poll(() => slow.seen.begun.length, { timeout: 20_000 }).toBe(2)
  expect(overruns.filter(name => name === 'slow').length).toBeGreaterThanOrEqual(2)
})

test('queries of all tasks together stay below the cap, those sent again included', async () => {
  const { schedule } = start(10, 100)
  const tasks = Array.from({ length: 10 }, (_, index) => task(`${index}`, 0, { queries: 5, sent: 10 }))
  const from = performance.now()
  schedule.set(tasks.map(each => each.task))
  await sleep(2000)
  const seconds = (performance.now() - from) / 1000
  await schedule.close()
  const begun = tasks.reduce((sum, { seen }) => sum + seen.begun.length, 0)
  expect(begun).toBeGreaterThan(0)
  // A round or two may be under way before it is known that they send twice what was expected.
  expect(begun * 10).toBeLessThanOrEqual(100 * seconds + 20)
})

test('a bug in a task is not caught', async () => {
  const bug = new Error('bug')
  const caught: unknown[] = []
  const listeners = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', error => caught.push(error))
  onTestFinished(() => {
    process.removeAllListeners('unhandledRejection')
    for (const listener of listeners) process.on('unhandledRejection', listener)
  })
  const schedule = createSchedule({ intervalMs: 10, queriesPerSecond: 1, onOverrun: () => {} })
  schedule.set([{ name: 'x', queries: 0, run: () => Promise.reject(bug) }])
  await expect.poll(() => caught).toContain(bug)
  await schedule.close()
})

describe('a task that asks to run again sooner', () => {
  test('does so in place of the turns that come meanwhile, misses none, and then goes on in its turn', async () => {
    const { schedule, overruns } = start(1000)
    const asks = task('asks', 0, { again: times => (times === 1 ? [200, 1300] : []) })
    const from = performance.now()
    schedule.set([asks.task])
    await expect.poll(() => asks.seen.begun.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(4)
    expect(asks.seen.asked.slice(0, 4)).toEqual([false, true, true, false])
    const [, second = 0, third = 0, fourth = 0] = asks.seen.begun.map(at => at - from)
    expect(second).toBeGreaterThanOrEqual(198)
    expect(third).toBeGreaterThanOrEqual(1298)
    // The turn at 1000 was replaced, and the next one is where it has always been.
    expect(fourth).toBeGreaterThanOrEqual(1998)
    expect(overruns).toEqual([])
  })

  test('counts from its last wish, and keeps an earlier one if it has none', async () => {
    const { schedule } = start(60_000)
    const wishes: readonly (readonly number[])[] = [[20, 60_000], [20, 60], [], [], [30]]
    const asks = task('asks', 0, { again: times => wishes[times - 1] ?? [] })
    schedule.set([asks.task])
    await expect.poll(() => asks.seen.begun.length).toBe(4)
    await sleep(100)
    expect(asks.seen.asked).toEqual([false, true, true, true])
  })

  test('has missed the turns that no run took the place of', async () => {
    const { schedule, overruns } = start(200)
    const slow = task('slow', 900, { again: times => (times === 1 ? [0] : []) })
    schedule.set([slow.task])
    await expect.poll(() => slow.seen.begun.length, { timeout: 20_000 }).toBe(2)
    // Four turns and more came while it ran; one was replaced.
    expect(overruns.length).toBeGreaterThanOrEqual(3)
  })

  test('each time it runs still has its turns', async () => {
    const { schedule } = start(500)
    const asks = task('asks', 0, { again: () => [100, 250] })
    schedule.set([asks.task])
    await expect.poll(() => asks.seen.asked.filter(isAgain => !isAgain).length, { timeout: 20_000 }).toBe(4)
    expect(asks.seen.asked.slice(0, 2)).toEqual([false, true])
  })

  test('leaves the turns of all tasks spread over the interval', async () => {
    const { schedule } = start(1000)
    const tasks = Array.from({ length: 10 }, (_, index) =>
      task(`${index}`, 0, { again: (_, { isAgain }) => (isAgain ? [] : [100, 250]) })
    )
    const from = performance.now()
    schedule.set(tasks.map(each => each.task))
    const turns = () => tasks.map(({ seen }) => seen.begun.filter((_, index) => seen.asked[index] === false))
    await expect.poll(() => turns().every(({ length }) => length >= 3), { timeout: 20_000 }).toBe(true)
    turns().forEach((begun, index) => {
      begun.slice(0, 3).forEach((at, times) => {
        expect(at - from).toBeGreaterThanOrEqual(1000 * times + 100 * index - 2)
      })
    })
    expect(tasks.every(({ seen }) => seen.asked.slice(0, 4).join() === 'false,true,true,false')).toBe(true)
  })

  test('one of a thousand, takes no turn from others and no query beyond the cap', { timeout: 60_000 }, async () => {
    const queriesPerSecond = 1500
    const { schedule, overruns } = start(5000, queriesPerSecond)
    const queries = { queries: 5, sent: 5 }
    const failing = Array.from({ length: 1000 }, (_, index) =>
      task(`failing ${index}`, 0, { ...queries, again: () => [20, 50] })
    )
    const well = Array.from({ length: 20 }, (_, index) => task(`well ${index}`, 0, queries))
    const from = performance.now()
    schedule.set([...well, ...failing].map(each => each.task))
    await expect.poll(() => well.every(({ seen }) => seen.begun.length >= 2), { timeout: 40_000 }).toBe(true)
    const seconds = (performance.now() - from) / 1000
    await schedule.close()
    const begun = [...failing, ...well].reduce((sum, { seen }) => sum + seen.begun.length, 0)
    expect(begun * 5).toBeLessThanOrEqual(queriesPerSecond * (seconds + 0.05) + 10)
    // What the turns left over was used.
    expect(failing.some(({ seen }) => seen.asked.includes(true))).toBe(true)
    expect(overruns.filter(name => name.startsWith('well'))).toEqual([])
    // Nearly a thousand wait for a query when the turn of a task that is well comes, and it does not wait for them.
    const asked = failing.flatMap(({ seen }) => seen.begun.filter((_, index) => seen.asked[index]))
    const [first = 0, second = 0] = well[0]?.seen.begun ?? []
    expect(asked.filter(at => at > first + 5000 && at < second).length).toBeLessThan(300)
  })
})

describe('a task that shall run soon', () => {
  test('runs at once, and its turns stay where they are', async () => {
    const { schedule, overruns } = start(1000)
    const [wanted, other] = [task('wanted', 0), task('other', 0)]
    const from = performance.now()
    schedule.set([wanted.task, other.task])
    await expect.poll(() => wanted.seen.begun.length).toBe(1)
    schedule.runSoon('wanted')
    schedule.runSoon('nobody')
    await expect.poll(() => wanted.seen.asked.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3)
    expect(wanted.seen.asked.slice(0, 3)).toEqual([false, true, false])
    const [, second = 0, third = 0] = wanted.seen.begun.map(at => at - from)
    expect(second).toBeLessThan(900)
    expect(third).toBeGreaterThanOrEqual(998)
    expect(other.seen.asked).not.toContain(true)
    expect(overruns).toEqual([])
  })

  test('does so after its present run, and once however often that is wanted', async () => {
    const { schedule } = start(60_000)
    const wanted = task('wanted', 200)
    schedule.set([wanted.task])
    await expect.poll(() => wanted.seen.running).toBe(1)
    for (let times = 0; times < 10; times++) schedule.runSoon('wanted')
    await expect.poll(() => wanted.seen.begun.length).toBe(2)
    await sleep(500)
    expect([wanted.seen.begun.length, wanted.seen.most]).toEqual([2, 1])
  })

  test('keeps what an earlier run asked for', async () => {
    const { schedule } = start(60_000)
    const wanted = task('wanted', 0, { again: times => (times === 1 ? [400] : []) })
    schedule.set([wanted.task])
    await expect.poll(() => wanted.seen.begun.length).toBe(1)
    schedule.runSoon('wanted')
    await expect.poll(() => wanted.seen.begun.length).toBe(3)
    const [first = 0, , third = 0] = wanted.seen.begun
    expect(third - first).toBeGreaterThanOrEqual(398)
  })

  test('takes no query from those that others wait for', async () => {
    const { schedule } = start(60_000, 100)
    const [dear, waits] = [task('dear', 0, { queries: 0, sent: 10_000 }), task('waits', 0, { queries: 50 })]
    schedule.set([dear.task])
    await expect.poll(() => dear.seen.begun.length).toBe(1)
    // It owes 100 seconds' worth of queries, and so does nobody for what was wanted.
    schedule.set([dear.task, waits.task])
    schedule.runSoon('dear')
    schedule.runSoon('waits')
    await expect.poll(() => [dear.seen.begun.length, waits.seen.begun.length]).toEqual([2, 1])
    expect(waits.seen.asked).toEqual([true])
  })

  test('ends with the schedule like all others', async () => {
    const { schedule } = start(60_000)
    const wanted = task('wanted', 0)
    schedule.set([wanted.task])
    await expect.poll(() => wanted.seen.begun.length).toBe(1)
    await schedule.close()
    schedule.runSoon('wanted')
    await sleep(50)
    expect(wanted.seen.begun.length).toBe(1)
  })
})

describe('the budget of queries', () => {
  const never = new AbortController().signal

  test('serves those who are due before those who can wait, and what is left over last', async () => {
    const budget = createQueryBudget(100)
    const served: string[] = []
    const wait = async (name: string, due?: number) => {
      await budget.take(10, never, due)
      served.push(name)
    }
    const now = performance.now()
    await Promise.all([
      wait('first'),
      wait('left over', Number.POSITIVE_INFINITY),
      wait('due in an hour', now + 3_600_000),
      wait('due in a minute', now + 60_000),
      wait('due'),
      wait('due, later')
    ])
    expect(served).toEqual(['first', 'due', 'due, later', 'due in a minute', 'due in an hour', 'left over'])
  })

  test('serves what could wait once it is due, before those who came later', async () => {
    const budget = createQueryBudget(100)
    const served: string[] = []
    const wait = async (name: string, due?: number) => {
      await budget.take(20, never, due)
      served.push(name)
    }
    const all = [wait('first'), wait('could wait', performance.now() + 50)]
    await sleep(100)
    all.push(wait('came later'))
    await Promise.all(all)
    expect(served).toEqual(['first', 'could wait', 'came later'])
  })

  test('lets those go who give up, and takes nothing for them', async () => {
    const budget = createQueryBudget(100)
    await budget.take(10, never)
    const stop = new AbortController()
    const gone = budget.take(1_000_000, stop.signal)
    const stays = budget.take(1, never)
    stop.abort(new Error('over'))
    await expect(gone).rejects.toThrow('over')
    await stays
    await expect(budget.take(1, AbortSignal.abort(new Error('over')))).rejects.toThrow('over')
  })
})
