import { afterAll, beforeAll, describe, expect } from 'vitest'
import { idleFound } from '../../probe/idle/idle-found.ts'
import { idleWords } from '../../probe/words/idle-words.ts'
import { keepaliveSettings } from '../../probe/words/keepalive.ts'
import { testWith } from '../support/test-with.ts'
import { type ForgetfulNetwork, forgetfulNetworkTools, openForgetfulNetwork } from './forgetful-network.ts'

const test = testWith(...forgetfulNetworkTools)

/** Minutes of a network in use are half a second here. */
const times = [0.5, 1, 4]
const patienceMs = 1000

/** The options of gRPC in what the doctor prints for pymilvus. */
function printedOptions(seconds: number): Readonly<Record<string, number>> {
  const printed = keepaliveSettings.find(({ client }) => client === 'pymilvus')?.set(seconds) ?? ''
  return JSON.parse(/grpc_options=(\{.*?\})/.exec(printed)?.[1] ?? '')
}

describe('in a network that forgets connections', () => {
  let network: ForgetfulNetwork | undefined
  beforeAll(async () => {
    network = await openForgetfulNetwork()
  })
  afterAll(() => network?.[Symbol.asyncDispose]())

  for (const [how, then] of [
    ['silently', 'drop'],
    ['with a reset', 'reject with tcp reset']
  ] as const) {
    test(`of which nothing is heard for two seconds, ${how}, this is found`, async () => {
      await network?.forgetAfter(2, then)
      const seen = (await network?.hold(times, patienceMs)) ?? []
      expect(seen.map(({ kind }) => kind)).toEqual(['alive', 'alive', then === 'drop' ? 'silent' : 'forgotten'])
      const found = idleFound(seen, 0)
      expect(found && idleWords(found)).toBe(`alive after 1 s; dead after 4 s, ${how}`)
    })
  }

  test('only after a minute, connections are alive', async () => {
    await network?.forgetAfter(60, 'drop')
    const seen = (await network?.hold([1, 2], patienceMs)) ?? []
    const found = idleFound(seen, 0)
    expect(found && idleWords(found)).toBe('alive after 2 s')
  })

  testWith(...forgetfulNetworkTools, 'grpc')(
    'without a word, the next call of gRPC hangs, and with the settings that are printed for pymilvus it does not',
    async () => {
      await network?.forgetAfter(2, 'drop')
      const printed = await Promise.all([network?.callTwice(5, {}), network?.callTwice(5, printedOptions(1))])
      expect(printed).toEqual(['DEADLINE_EXCEEDED: Deadline Exceeded', 'OK'])
    }
  )
})
