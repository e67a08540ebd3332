import { expect, test } from 'vitest'
import { createLibcObserver } from '../../../probe/observers/libc.ts'
import { limit } from '../../support/limit.ts'

test('a name of the hosts file has its address, and the observation its time', async () => {
  const before = Date.now() / 1000
  const observation = await createLibcObserver()('localhost', limit())
  expect(observation).toMatchObject({ layer: 'dns', kind: 'answer' })
  expect(observation.kind === 'answer' && observation.addresses).toContain('127.0.0.1')
  expect(observation.at).toBeGreaterThanOrEqual(before)
})

test('while a lookup is in flight, the same host shares it and another is not asked', async () => {
  const observe = createLibcObserver()
  const seen = await Promise.all([
    observe('localhost', limit()),
    observe('localhost', limit()),
    observe('in01-1.vectordb.example', limit())
  ])
  expect(seen.map(({ kind }) => kind)).toEqual(['answer', 'answer', 'busy'])
})

test('a lookup that takes longer than the limit is pending, and the next is told its answer', async () => {
  const observe = createLibcObserver()
  const impatient = observe('localhost', limit(0))
  const patient = observe('localhost', limit())
  expect((await impatient).kind).toMatch(/pending|answer/)
  expect((await patient).kind).toBe('answer')
})

test('after an abort nobody waits', async () => {
  const observe = createLibcObserver()
  const signal = AbortSignal.abort(new Error('over'))
  await expect(observe('localhost', { ms: 1000, signal })).rejects.toThrow('over')
})
