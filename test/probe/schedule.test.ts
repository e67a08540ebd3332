import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { createSchedule, type Task } from '../../probe/schedule.ts'

function start(intervalMs: number, queriesPerSecond = 1000) {
  const overruns: string[] = []
  const schedule = createSchedule({ intervalMs, queriesPerSecond, onOverrun: name => overruns.push(name) })
  onTestFinished(schedule.close)
  return { schedule, overruns }
}

/** A task that takes its time, and remembers when it began and how many of it ran at once. */
function task(name: string, ms: number, { queries = 0, sent = 0 } = {}) {
  const seen = { begun: [] as number[], running: 0, most: 0 }
  const it: Task = {
    name,
    queries,
    run: async signal => {
      seen.begun.push(performance.now())
      seen.running += 1
      seen.most = Math.max(seen.most, seen.running)
      try {
        await sleep(ms, undefined, { signal })
      } finally {
        seen.running -= 1
      }
      return sent
    }
  }
  return { task: it, seen }
}

test('no task ever runs twice at once, however long it takes and however often the tasks are set', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 2, max: 20 }),
      async (lengths, intervalMs) => {
        const schedule = createSchedule({ intervalMs, queriesPerSecond: 1000, onOverrun: () => {} })
        const tasks = lengths.map((ms, index) => task(`${index}`, ms))
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
      return 0
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
