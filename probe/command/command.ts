import { Command, CommanderError } from 'commander'
import { shell } from '../clouds/shell.ts'
import { OperatorError } from '../schema/operator-error.ts'
import { exitStatus } from './exit-status.ts'
import { type CommandName, commandLine } from './how-started.ts'
import { takenByNpm } from './options-of-npm.ts'

/** A command of the package: its usage line can be pasted, and a mistake in its words is one line that begins with its name. */
export function createCommand(name: CommandName): Command {
  return new Command(name)
    .exitOverride()
    .configureHelp({ commandUsage: command => `${commandLine({ command: name })} ${command.usage()}` })
    .configureOutput({
      outputError: (text, write) =>
        write(`${name}: ${mistakeIn(text)} See: ${commandLine({ command: name, words: shell`--help` })}\n`)
    })
}

/** What commander reports, as one line. */
export function mistakeIn(text: string): string {
  const [what = '', ...hints] = text
    .trim()
    .replace(/^error: /, '')
    .split('\n')
  const hint = hints.map(line => ` ${line.replace(/^\((.*)\)$/, '$1')}`).join('')
  return `${/[.?!]$/.test(what) ? what : `${what}.`}${hint}`
}

/**
 * Runs a command with the arguments of this process, and sets its exit status. It prints each mistake of the operator as one line.
 *
 * @param npmOptions options that the command hands on, which npm may have taken as well: `--auto-approve`
 */
export async function runCommand(command: Command, npmOptions: readonly string[] = []): Promise<void> {
  try {
    const options = [...command.options.map(({ long }) => long), ...npmOptions]
    const taken = takenByNpm(options, process.env)
    if (taken !== undefined) throw new OperatorError([taken])
    await command.parseAsync()
  } catch (error) {
    process.exitCode = statusAfter(error, command.name())
  }
}

/** Prints an error of a command, and returns its exit status. */
function statusAfter(error: unknown, name: string): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.success : exitStatus.noResult
  if (!(error instanceof OperatorError)) {
    console.error(error)
    // What a bug has left open would keep the process.
    process.exit(exitStatus.noResult)
  }
  for (const mistake of error.mistakes) console.error(`${name}: ${mistake}`)
  return exitStatus.noResult
}
