import { styleText } from 'node:util'
import { Command, InvalidArgumentError } from 'commander'
import type { CaseChange } from '../../probe/case-change.ts'
import { ConfigError } from '../../probe/config/mistakes.ts'
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

const flags = new Command('demo')
  .description('Deploys the sample environment into stand-ins of both clouds, watches it, and lets you break it.')
  .option('--fault <name>', `break it so from the start; repeatable: ${faultNames.join(', ')}`, addFault, [])
  .option('--once', 'look once, print what doctor prints, and end with its code')
  .option('--port <number>', 'serve the page there', readPort, 9815)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .addHelpText('after', '\nAs an npm script, flags come after two dashes: npm run demo -- --fault zone-detached --once')
  .parse()
  .opts<Flags>()

const over = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Not once: libraries that find nobody listening end the process at once.
  process.on(signal, () => {
    if (over.signal.aborted) process.exit(1)
    over.abort()
  })
}
try {
  await demo(flags, over.signal)
} catch (error) {
  if (error instanceof ConfigError) {
    console.error(error.message)
    console.error('The demo takes another port with: npm run demo -- --port 9816')
    process.exitCode = 2
  } else if (!over.signal.aborted) throw error
}

async function demo({ fault, once, port }: Flags, signal: AbortSignal): Promise<void> {
  const hasTerraform = hasTool('terraform')
  if (!hasTerraform) {
    console.error(
      `${toInstall('terraform')}\nWithout it nothing is deployed: the demo goes on with what it would have put out.`
    )
  }
  const outputs = hasTerraform ? await deployed(signal, once ? () => {} : console.log) : await recorded()
  await using network = await openNetwork(outputs)
  for (const name of fault) network.toggle(name)
  if (once) {
    process.exitCode = await lookOnce(network, signal)
    return
  }
  await using watching = await watchNetwork(network, { port, onCaseChange: change => console.log(said(change)) })
  console.log(`\n${styleText('bold', 'The probe watches it. Its page:')} ${styleText('cyan', watching.url)}\n`)
  const isInteractive = listenToKeys(network, () => over.abort())
  faultNames.forEach((name, index) => {
    console.log(`  ${isInteractive ? styleText('bold', String(index + 1)) : '·'}  ${name.padEnd(22)} ${faults[name]}`)
  })
  console.log(
    isInteractive
      ? '\nA digit breaks it so, or mends it, as the buttons of the page do; q or Ctrl-C ends.\n'
      : '\nThe buttons of the page break it, or mend it; Ctrl-C ends.\n'
  )
  await new Promise(resolve => signal.addEventListener('abort', resolve))
  console.log('Ended.')
}

/** A line for each change of case, as the probe logs it. */
function said({ target, from, to, symptom, state, severity }: CaseChange): string {
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
