import { Command, CommanderError } from 'commander'
import packageFile from '../../package.json' with { type: 'json' }
import { shell } from '../../probe/clouds/shell.ts'
import { mistakeIn } from '../../probe/command/command.ts'
import { exitStatus, exitStatusHelp } from '../../probe/command/exit-status.ts'
import { type CommandName, programLine } from '../../probe/command/how-started.ts'
import { endWithNpx } from './end-with-npx.ts'

/** What each command does, and the program that it is: it reads its words from the command line. */
const commands = {
  init: ['write a new project with environments of your own', () => import('./init/init.ts')],
  deploy: ['deploy environments of this project', () => import('../deploy/deploy.ts')],
  destroy: ['destroy environments of this project', () => import('../deploy/destroy.ts')],
  links: ['compare an environment of this project to Zilliz Cloud', () => import('../links/links.ts')],
  doctor: [
    'check a private link, and print what is wrong and what to do',
    () => import('../../probe/doctor/doctor.ts')
  ],
  probe: ['watch private links', () => import('../../probe/server.ts')],
  'probe-files': [
    'write a systemd unit or Kubernetes manifests that run the probe',
    () => import('../../probe/probe-files.ts')
  ],
  dashboards: [
    'write Prometheus rules, Grafana boards and runbooks to a folder',
    () => import('../../dashboards/generate.ts')
  ]
} as const satisfies Partial<Record<CommandName, readonly [string, () => Promise<unknown>]>>

const { name, version, description } = packageFile
process.argv[1] = name
const help = shell`--help`
const program = new Command(name)
  .description(description)
  .version(version)
  .addHelpText('after', `\nFor the options of a command, run: ${programLine(shell`${'<command>'} --help`)}`)
  .addHelpText(
    'after',
    exitStatusHelp({ failure: 'failed, or it needs attention', noResult: 'invalid arguments, or no answer' })
  )
  .configureHelp({
    commandUsage: () => `${programLine()} <command> [options]`,
    subcommandTerm: command => command.name()
  })
  .configureOutput({ outputError: (text, write) => write(`${name}: ${mistakeIn(text)} See: ${programLine(help)}\n`) })
  .helpCommand(false)
  .enablePositionalOptions()
  .exitOverride()

for (const [command, [summary, run]] of Object.entries(commands)) {
  program
    .command(command)
    .description(summary)
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .argument('[words...]')
    .action(async (words: readonly string[]) => {
      endWithNpx(process.env.npm_command)
      process.argv = [process.execPath, `${name} ${command}`, ...words]
      await run()
    })
}

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? exitStatus.success : exitStatus.noResult
}
