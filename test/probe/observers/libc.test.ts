import { expect, test } from 'vitest'
import { lookUp } from '../../../probe/observers/libc.ts'

test('a name of the hosts file has its address, and the observation its time', async () => {
  const before = Date.now() / 1000
  const observation = await lookUp('localhost')
  expect(observation).toMatchObject({ layer: 'dns', kind: 'answer' })
  expect(observation.kind === 'answer' && observation.addresses).toContain('127.0.0.1')
  expect(observation.at).toBeGreaterThanOrEqual(before)
})
