import { expect, test } from 'vitest'
import { type KindName, kindNames } from './kind.ts'
import { run } from './run.ts'

/** Batches of each kind: a few seconds each. More of them by `npm run fuzz`. */
const batches: Readonly<Record<KindName, number>> = {
  dns: 10,
  tls: 10,
  reader: 10,
  http1: 10,
  http2: 20,
  json: 5,
  yaml: 5,
  pem: 4,
  certificate: 10,
  daemon: 1
}

test.for(kindNames)('mutated %s ends nothing, and takes no more time than it may', async kind => {
  const outcome = await run({ kind, seed: 1, from: 0, batches: batches[kind], milliseconds: 60_000 })
  expect(outcome.failure).toBeUndefined()
  expect(outcome.inputs).toBeGreaterThan(0)
})
