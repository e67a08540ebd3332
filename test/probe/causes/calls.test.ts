import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { answered } from '../../../probe/causes/asked.ts'
import { createCalls } from '../../../probe/causes/calls.ts'

class Denied extends Error {}

const explain = (error: unknown) => (error instanceof Denied ? { because: 'denied' as const } : undefined)

function callsFor(options: Partial<Parameters<typeof createCalls>[0]> = {}) {
  return createCalls({ deadlineMs: 60_000, keptMs: 60_000, explain, signal: new AbortController().signal, ...options })
}

describe('calls to a cloud', () => {
  test('one call answers all who ask for the same meanwhile and a while later', async () => {
    const calls = callsFor()
    const ask = (id: string) => calls.ask('zones.read', { id }, async () => ({ id, call: calls.made() }))
    const [first, same, other] = await Promise.all([ask('a'), ask('a'), ask('b')])
    expect(same).toBe(first)
    expect(other).toEqual(answered({ id: 'b', call: 2 }))
    expect(await ask('a')).toBe(first)
    expect(calls.made()).toBe(2)
  })

  test('an answer is asked for again once it is old', async () => {
    const calls = callsFor({ keptMs: 0 })
    await calls.ask('zones.read', {}, async () => 1)
    expect(await calls.ask('zones.read', {}, async () => 2)).toEqual(answered(2))
  })

  test('what the cloud denies has no answer and is not asked for by the next target', async () => {
    const calls = callsFor()
    const ask = () =>
      calls.ask('zones.read', {}, async () => {
        throw new Denied()
      })
    expect(await ask()).toEqual({ kind: 'unanswered', because: 'denied', action: 'zones.read' })
    await ask()
    expect(calls.made()).toBe(1)
  })

  test('a client that does not heed its signal has no answer when its time is over', async () => {
    const calls = callsFor({ deadlineMs: 20 })
    const asked = await calls.ask('zones.read', {}, () => new Promise(() => {}))
    expect(asked).toEqual({ kind: 'unanswered', because: 'too-slow', action: 'zones.read' })
  })

  test('a bug is thrown, and not kept', async () => {
    const calls = callsFor()
    const ask = (bug: boolean) =>
      calls.ask('zones.read', {}, async () => {
        if (bug) throw new TypeError('a bug')
        return 1
      })
    await expect(ask(true)).rejects.toThrow('a bug')
    await sleep(0)
    expect(await ask(false)).toEqual(answered(1))
  })

  test('the end of the asking ends every call', async () => {
    const over = new AbortController()
    const calls = callsFor({ signal: over.signal })
    const asked = calls.ask('zones.read', {}, () => new Promise(() => {}))
    over.abort(new Error('closed'))
    await expect(asked).rejects.toThrow('closed')
  })

  test('calls of a service that takes few are spread, and those that would wait too long are not made', async () => {
    const over = new AbortController()
    const spread = callsFor({
      signal: over.signal,
      pauseMs: action => (action === 'names.read' ? { service: 'names', ms: 16_000 } : undefined)
    })
    const begun: number[] = []
    const ask = (id: number) =>
      spread.ask('names.read', { id }, async () => {
        begun.push(id)
        return id
      })
    expect(await ask(1)).toEqual(answered(1))
    const second = ask(2).catch((error: unknown) => error)
    expect(await ask(3)).toEqual({ kind: 'unanswered', because: 'throttled', action: 'names.read' })
    expect(await spread.ask('zones.read', {}, async () => 'at once')).toEqual(answered('at once'))
    expect(begun).toEqual([1])
    over.abort(new Error('closed'))
    expect(await second).toEqual(new Error('closed'))
  })
})
