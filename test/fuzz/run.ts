import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Order, Word } from './fuzz-process.ts'

/** What came of an order. */
export interface Outcome {
  readonly inputs: number
  /** What was not borne, as a person reads it; `undefined` if all was. */
  readonly failure: string | undefined
}

const file = join(import.meta.dirname, 'fuzz-process.ts')

/** Runs an order in a process of its own, so that what ends the process is seen. */
export async function run(order: Order): Promise<Outcome> {
  const child = fork(file, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let inputs = 0
  let failure: string | undefined
  let reported = ''
  child.stderr?.on('data', chunk => {
    reported = `${reported}${chunk}`.slice(-4000)
  })
  child.on('message', (word: Word) => {
    if (word.is === 'batch') inputs += word.inputs
    else failure = `${again(order, word.batch)}, input ${word.index}:\n${word.error}\n${word.input}`
  })
  child.send(order)
  const [code, signal] = await once(child, 'close')
  if (failure === undefined && code !== 0)
    failure = `${again(order)}: the process ended with ${code ?? signal}\n${reported}`
  return { inputs, failure }
}

/** How to see it again. */
function again({ kind, seed }: Order, batch?: number): string {
  return `npm run fuzz -- --kind ${kind} --seed ${seed}${batch === undefined ? '' : ` --batch ${batch}`}`
}
