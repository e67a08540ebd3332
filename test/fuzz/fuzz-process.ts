import fc from 'fast-check'
import { type Kind, type KindName, kinds } from './kind.ts'

/** What the process is given: which batches of which kind, and when to stop. */
export interface Order {
  readonly kind: KindName
  readonly seed: number
  /** The first batch. */
  readonly from: number
  /** @default - none, only `milliseconds` counts */
  readonly batches: number | undefined
  readonly milliseconds: number
}

/** What the process says: a batch is done, or an input was not borne. */
export type Word =
  | { readonly is: 'batch'; readonly batch: number; readonly inputs: number }
  | {
      readonly is: 'failure'
      readonly batch: number
      readonly index: number
      readonly input: string
      readonly error: string
    }

const usualCpuMs = 1000

process.once('message', (order: Order) => void fuzz(order))
process.once('disconnect', () => process.exit())

async function fuzz({ kind: name, seed, from, batches, milliseconds }: Order): Promise<void> {
  const { kind }: { readonly kind: Kind<unknown> } = await kinds[name]()
  const end = performance.now() + milliseconds
  let now: { readonly batch: number; readonly index: number; readonly input: unknown } | undefined
  let failed = false

  const fail = (error: unknown) => {
    if (failed) return
    failed = true
    const { batch = from, index = 0, input } = now ?? {}
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    say({ is: 'failure', batch, index, input: fc.stringify(input).slice(0, 20_000), error: text }, () =>
      process.exit(1)
    )
  }
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  // What an observer threw after its last word.
  process.on('warning', warning => warning.name !== 'ExperimentalWarning' && fail(warning))

  await using session = await kind.start()
  for (let batch = from; batches === undefined || batch < from + batches; batch += 1) {
    if (performance.now() > end) break
    const inputs = fc.sample(kind.inputs, { seed: seed * 1_000_003 + batch, numRuns: kind.batch })
    for (const [index, input] of inputs.entries()) {
      now = { batch, index, input }
      const before = process.cpuUsage()
      try {
        await session.run(input)
      } catch (error) {
        return fail(error)
      }
      const { user, system } = process.cpuUsage(before)
      if ((user + system) / 1000 > (kind.cpuMs ?? usualCpuMs)) {
        return fail(new Error(`took ${Math.round((user + system) / 1000)} ms of processor time`))
      }
      if (failed) return
    }
    say({ is: 'batch', batch, inputs: inputs.length })
  }
  await session[Symbol.asyncDispose]()
  process.disconnect()
}

function say(word: Word, then: () => void = () => {}): void {
  process.send?.(word, undefined, undefined, then)
}
