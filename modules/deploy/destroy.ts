import { createCommand, runCommand } from '../../probe/command/command.ts'
import { exitStatusHelp } from '../../probe/command/exit-status.ts'
import { type ProgramOptions, readNamedEnvironments } from '../environment/named-environments.ts'
import { MistakesError } from '../mistakes.ts'
import { runCdktn } from './cdktn.ts'
import { takeSignals } from './interruption.ts'
import { takeOptionsOfCdktf } from './options-of-cdktf.ts'

const program = createCommand('destroy')
  .usage('[environments...] [options]')
  .description('Destroys environments. A program with one environment needs no name.')
  .argument('[environments...]', 'the names of environments; * is any text')
  .addHelpText(
    'after',
    '\nAfter Ctrl-C, Terraform completes the resources in progress and releases the lock of the state.'
  )
  .addHelpText(
    'after',
    exitStatusHelp({
      success: 'destroyed',
      failure: 'failed or declined',
      noResult: 'invalid arguments or an invalid program'
    })
  )
  .action(async (names: readonly string[], options: ProgramOptions) => {
    const interruption = takeSignals()
    const { environments, mistakes } = await readNamedEnvironments(names, options)
    if (mistakes.length > 0) throw new MistakesError(mistakes)
    const words = ['destroy', ...environments.map(({ name }) => name), ...wordsOfCdktf()]
    const { exitCode } = await runCdktn(words, { interruption, say: line => console.error(`destroy: ${line}`) })
    process.exitCode = exitCode
  })
const wordsOfCdktf = takeOptionsOfCdktf(program, 'destroy')

await runCommand(program)
