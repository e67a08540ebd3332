import { styleText } from 'node:util'
import { Command, InvalidArgumentError } from 'commander'
import Fastify from 'fastify'
import { exitCodeAfter, takeSignals } from '../../modules/deploy/interruption.ts'
import { exitStatus } from '../../probe/command/exit-status.ts'
import { takenByNpm } from '../../probe/command/options-of-npm.ts'
import { listen } from '../../probe/listen.ts'
import type { CaseChange } from '../../probe/rounds/case-change.ts'
import { ConfigError } from '../../probe/schema/read.ts'
import { verdictWords } from '../../probe/words/verdict-words.ts'
import { hasTool, toInstall } from '../support/tools.ts'
import { deployed, recorded } from './both-steps.ts'
import { type FaultName, faultNames, faults, isFault } from './faults.ts'
import { listenToKeys } from './keys.ts'
import { openNetwork } from './network.ts'
import { lookOnce } from './once.ts'
import { watchNetwork } from './watch.ts'

interface Flags {
  readonly fault: readonly FaultName[]
  readonly once?: true
  readonly port: number
}

const program = new Command('demo')
  .description('Deploys the sample environment into stand-ins of both clouds, and watches it while you break it.')
  .option('--fault <name>', `start with this fault; repeatable: ${faultNames.join(', ')}`, addFault, [])
  .option('--once', 'check once, print what doctor prints, and exit with its status')
  .option('--port <number>', 'serve the page on this port', readPort, 9815)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exitStatus.success : exitStatus.noResult))
  .addHelpText('after', '\nAs an npm script, flags come after two dashes: npm run demo -- --fault zone-detached --once')

const mistake = takenByNpm(
  program.options.map(({ long }) => long),
  process.env
)
if (mistake !== undefined) {
  console.error(`demo: ${mistake}`)
  process.exit(exitStatus.noResult)
}
const flags = program.parse().opts<Flags>()

const interruption = takeSignals()
const quit = new AbortController()
// Whoever read on has enough, as `head` has.
process.stdout.on('error', () => quit.abort())
const over = AbortSignal.any([interruption.signal, quit.signal])
try {
  await demo(flags, over)
} catch (error) {
  if (error instanceof ConfigError) {
    console.error(error.message)
    console.error('The demo takes another port with: npm run demo -- --port 9816')
    process.exitCode = exitStatus.noResult
  } else if (over.aborted) {
    const by = interruption.by()
    console.error(`${by ?? 'The reader is gone'}: stopped. Nothing is left behind.`)
    process.exitCode = by === undefined ? exitStatus.noResult : exitCodeAfter(by)
  } else throw error
}

async function demo({ fault, once, port }: Flags, signal: AbortSignal): Promise<void> {
  if (!once) await requireFree(port)
  const hasTerraform = hasTool('terraform')
  if (!hasTerraform) {
    console.error(
      `${toInstall('terraform')}\nWithout it nothing is deployed: the demo goes on with what it would have put out.`
    )
  }
  const outputs = hasTerraform ? await deployed(interruption, once ? () => {} : console.log) : await recorded()
  await using network = await openNetwork(outputs)
  for (const name of fault) network.toggle(name)
  if (once) {
    process.exitCode = await lookOnce(network, signal)
    return
  }
  await using watching = await watchNetwork(network, { port, onCaseChange: change => console.log(changeLine(change)) })
  console.log(`\n${styleText('bold', 'The probe watches it. Its page:')} ${styleText('cyan', watching.url)}\n`)
  const isInteractive = listenToKeys(network, () => quit.abort())
  faultNames.forEach((name, index) => {
    console.log(`  ${isInteractive ? styleText('bold', String(index + 1)) : '·'}  ${name.padEnd(22)} ${faults[name]}`)
  })
  console.log(
    isInteractive
      ? '\nA digit breaks it so, or mends it, as the buttons of the page do; q or Ctrl-C ends.\n'
      : '\nThe buttons of the page break it, or mend it; Ctrl-C ends.\n'
  )
  await new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
  console.log('Ended.')
}

/**
 * Finds out that a port is in use before a deploy has taken its time.
 *
 * @throws ConfigError if nobody can listen there
 */
async function requireFree(port: number): Promise<void> {
  const app = Fastify()
  try {
    await listen(app, { host: '127.0.0.1', port })
  } finally {
    await app.close()
  }
}

/** A line for each change of case, as the probe logs it. */
function changeLine({ target, from, to, symptom, state, severity }: CaseChange): string {
  const colour = severity === 'none' ? 'green' : severity === 'critical' ? 'red' : 'yellow'
  return `  ${styleText(colour, `${target}: ${verdictWords({ symptom, state }, words => words)}`)} (${from} → ${to})`
}

function addFault(name: string, before: readonly FaultName[]): readonly FaultName[] {
  if (!isFault(name)) throw new InvalidArgumentError(`known are ${faultNames.join(', ')}.`)
  return [...before, name]
}

function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('it must be a number from 0 to 65535.')
  return port
}
