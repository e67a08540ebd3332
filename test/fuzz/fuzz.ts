import { availableParallelism } from 'node:os'
import { Command, Option } from 'commander'
import { type KindName, kindNames } from './kind.ts'
import { run } from './run.ts'

interface Options {
  readonly minutes: string
  readonly seed: string
  readonly kind?: KindName
  readonly batch?: string
  readonly processes: string
}

/** Enough that starting a process is little of the work. */
const batchesInTurn = 10

const program = new Command('fuzz')
  .description('Sends mutated input of every kind to the probe, and prints each failure.')
  .option('--minutes <number>', 'duration', '10')
  .option('--seed <number>', 'the same seed gives the same inputs', '1')
  .addOption(new Option('--kind <name>', 'only this kind').choices(kindNames))
  .option('--batch <number>', 'only this batch of the kind')
  .option('--processes <number>', 'number of processes', String(availableParallelism()))
  .action(fuzz)

await program.parseAsync()

async function fuzz({ minutes, seed, kind, batch, processes }: Options): Promise<void> {
  const chosen = kind === undefined ? kindNames : [kind]
  const end = performance.now() + Number(minutes) * 60_000
  const inputs = new Map<KindName, number>(chosen.map(name => [name, 0]))
  const failures: string[] = []
  /** The next batch of each kind, so that processes share a kind and nothing is run twice. */
  const next = new Map<KindName, number>(chosen.map(name => [name, 0]))
  let turn = 0

  const work = async () => {
    while (performance.now() < end) {
      const name = chosen[turn++ % chosen.length] ?? 'tls'
      const from = batch === undefined ? (next.get(name) ?? 0) : Number(batch)
      const batches = batch === undefined ? batchesInTurn : 1
      next.set(name, from + batches)
      const outcome = await run({
        kind: name,
        seed: Number(seed),
        from,
        batches,
        milliseconds: end - performance.now()
      })
      inputs.set(name, (inputs.get(name) ?? 0) + outcome.inputs)
      if (outcome.failure !== undefined) {
        failures.push(outcome.failure)
        console.error(`✘ ${outcome.failure}\n`)
      }
      if (batch !== undefined) break
    }
  }
  await Promise.all(Array.from({ length: batch === undefined ? Number(processes) : 1 }, work))
  for (const [name, count] of inputs) console.log(`${name}: ${count} inputs`)
  console.log(failures.length === 0 ? '✔ all of them were borne' : `✘ ${failures.length} were not`)
  process.exitCode = failures.length === 0 ? 0 : 1
}
