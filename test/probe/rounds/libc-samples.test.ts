import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { LibcObservation } from '../../../probe/facts/observation.ts'
import { createLibcSamples } from '../../../probe/rounds/libc-samples.ts'
import { libc } from '../../support/evidence.ts'
import { limit } from '../../support/limit.ts'

/** Milliseconds that a client waits. */
const patienceMs = 400
const hour = 3_600_000
const host = 'in01-1.example'
const here = libc({ kind: 'answer', addresses: ['10.0.1.7'] })
const there = libc({ kind: 'answer', addresses: ['10.0.9.9'] })
const broken = libc({ kind: 'temporary-failure' })

/** Samples of a libc that says what the test says, when it does. */
function start({ sampleMs = hour, roundMs = 10 }: { sampleMs?: number; roundMs?: number } = {}) {
  const asked: string[] = []
  const waiting: ((seen: LibcObservation | undefined) => void)[] = []
  let now: LibcObservation | 'hangs' = here
  let isFull = false
  const samples = createLibcSamples(
    {
      isFull: () => isFull,
      lookUp: each => {
        asked.push(each)
        if (now !== 'hangs') return Promise.resolve(now)
        return new Promise(resolve => waiting.push(resolve))
      }
    },
    patienceMs
  )
  const watch = (...hosts: readonly string[]) => samples.set(hosts, { sampleMs, roundMs })
  watch(host)
  return {
    ...samples,
    watch,
    asked,
    say: (next: typeof now) => {
      now = next
    },
    sayLate: (seen: LibcObservation | undefined) => {
      for (const settle of waiting.splice(0)) settle(seen)
    },
    fill: (full: boolean) => {
      isFull = full
    },
    /** A round of the host, while the resolvers resolve it to this. */
    round: (resolved = '10.0.1.7', ms = 20, each = host) => samples.observe(each, limit(ms), Promise.resolve(resolved))
  }
}

describe('a sample of libc', () => {
  test('is there in the first round, and is the same one until its turn has come', async () => {
    const { round, asked, say } = start()
    expect(await round()).toBe(here)
    say(there)
    for (const _ of [1, 2, 3]) expect(await round()).toBe(here)
    expect(asked).toEqual([host])
  })

  test('is taken anew while the resolvers are slow to answer, and does not wait for them', async () => {
    const { observe, round, asked, say } = start()
    expect(await round()).toBe(here)
    say(broken)
    const resolvers = Promise.withResolvers<string>()
    const seen = observe(host, limit(20), resolvers.promise)
    await expect.poll(() => asked).toEqual([host, host])
    resolvers.resolve('timeout')
    expect(await seen).toBe(broken)
    expect(asked).toEqual([host, host])
  })

  test('that is to be taken anew is so in the next round, once, and the one before is valid meanwhile', async () => {
    const { round, renew, asked, say, sayLate } = start()
    expect(await round()).toBe(here)
    say('hangs')
    renew(host)
    renew('in01-2.example')
    expect(await round()).toBe(here)
    expect(asked).toEqual([host, host])
    sayLate(there)
    expect(await round()).toBe(there)
    expect(await round()).toBe(there)
    expect(asked).toEqual([host, host])
  })

  test('that says that libc is broken holds for as long as that is so, and no longer than an interval', async () => {
    const { round, say } = start({ sampleMs: 100 })
    say(broken)
    expect(await round()).toBe(broken)
    const until = performance.now() + 250
    while (performance.now() < until) expect(await round()).toBe(broken)
    say(here)
    await expect.poll(() => round(), { timeout: 5000 }).toBe(here)
  })

  test('is dropped when the resolvers say something else, and a new one is there in the same round', async () => {
    const { round, asked, say } = start()
    expect(await round('10.0.9.9')).toBe(here)
    say(there)
    expect(await round('10.0.1.7')).toBe(there)
    expect(asked).toHaveLength(2)
  })

  test('that failed while no resolver answered is not left over when they do', async () => {
    const { round, say } = start()
    say(broken)
    expect(await round('timeout')).toBe(broken)
    say(here)
    expect(await round('10.0.1.7')).toBe(here)
  })

  test('that was under way when the resolvers began to say something else does not count', async () => {
    const { round, say, sayLate, asked } = start()
    say('hangs')
    const before = round('10.0.9.9')
    await sleep(20)
    const after = round('10.0.1.7')
    await sleep(20)
    say(here)
    sayLate(there)
    expect(await before).not.toBe(there)
    expect(await after).toBe(here)
    expect(asked).toHaveLength(2)
  })

  test('is taken anew after a round that was held', async () => {
    const { round, drop, say } = start()
    expect(await round()).toBe(here)
    drop(host)
    say(there)
    expect(await round()).toBe(there)
  })

  test('that is late is waited for as long as a client would, and is pending from then on until it is there', async () => {
    const { round, say, sayLate, asked } = start()
    say('hangs')
    const seen = await round()
    expect(seen).toMatchObject({ kind: 'pending' })
    expect(seen?.seconds).toBeGreaterThanOrEqual(patienceMs / 1000)
    const later = await round()
    expect(later).toMatchObject({ kind: 'pending', at: seen?.at })
    expect(later?.seconds).toBeGreaterThan(seen?.seconds ?? 0)
    sayLate(broken)
    expect(await round()).toBe(broken)
    expect(asked).toEqual([host])
  })

  test('that is slow but quicker than a client gives up is an answer, with its seconds', async () => {
    const { round, say, sayLate } = start()
    say('hangs')
    const seen = round()
    await sleep(60)
    const slow = libc({ kind: 'answer', addresses: ['10.0.1.7'], seconds: 4 })
    sayLate(slow)
    expect(await seen).toBe(slow)
  })

  test('stays valid while the next one is under way, until that takes longer than a client waits', async () => {
    const { round, say } = start({ sampleMs: 0, roundMs: 0 })
    expect(await round()).toBe(here)
    say('hangs')
    expect(await round()).toBe(here)
    expect(await round()).toBe(here)
    await sleep(patienceMs)
    expect(await round()).toMatchObject({ kind: 'pending' })
  })

  test('of one host does not wait for that of another', async () => {
    const { round, say, watch } = start()
    watch(host, 'in01-2.example')
    say('hangs')
    const hanging = round()
    await sleep(20)
    say(here)
    expect(await round('10.0.1.7', 20, 'in01-2.example')).toBe(here)
    expect(await hanging).toMatchObject({ kind: 'pending' })
  })

  test('is not taken of a host that nobody watches, nor while too many lookups hang; then there is none', async () => {
    const { round, asked, fill } = start()
    expect(await round('10.0.1.7', 20, 'in01-2.example')).toBeUndefined()
    fill(true)
    expect(await round()).toBeUndefined()
    expect(asked).toEqual([])
    fill(false)
    expect(await round()).toBe(here)
    fill(true)
    expect(await round()).toBe(here)
  })

  test('that comes to nothing is none, and is taken anew in the next round', async () => {
    const { round, say, sayLate } = start()
    say('hangs')
    const seen = round()
    await sleep(20)
    sayLate(undefined)
    expect(await seen).toBeUndefined()
    say(here)
    expect(await round()).toBe(here)
  })

  test('is waited for no longer than anybody wants to know', async () => {
    const { say, observe } = start()
    say('hangs')
    const stop = new AbortController()
    const seen = observe(host, { ms: 20, signal: stop.signal }, Promise.resolve(''))
    await sleep(20)
    stop.abort(new Error('over'))
    await expect(seen).rejects.toThrow('over')
  })
})
