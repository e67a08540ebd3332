import { Command } from 'commander'
import packageFile from '../../package.json' with { type: 'json' }

/** What each command does, and the program that it is: it reads its words from the command line. */
const commands = {
  deploy: ['deploy environments of this project', () => import('../deploy/deploy.ts')],
  destroy: ['destroy environments of this project', () => import('../deploy/destroy.ts')],
  links: ['compare an environment of this project to Zilliz Cloud', () => import('../links/links.ts')],
  doctor: [
    'check a private link, and print what is wrong and what to do',
    () => import('../../probe/doctor/doctor.ts')
  ],
  probe: ['watch private links', () => import('../../probe/server.ts')],
  dashboards: [
    'write Prometheus rules, Grafana boards and runbooks to a folder',
    () => import('../../dashboards/generate.ts')
  ]
} as const satisfies Record<string, readonly [string, () => Promise<unknown>]>

/** The exit status after invalid arguments. */
const wrongUse = 2

const { name, version, description } = packageFile
const program = new Command(name)
  .description(description)
  .version(version)
  .usage('<command> [options]')
  .addHelpText('after', `\nFor the options of a command, run npx ${name} <command> --help.`)
  .showHelpAfterError(`see: npx ${name} --help`)
  .helpCommand(false)
  .enablePositionalOptions()
  .exitOverride(({ exitCode, code }) => process.exit(exitCode === 0 && code !== 'commander.help' ? 0 : wrongUse))

for (const [command, [summary, run]] of Object.entries(commands)) {
  program
    .command(command)
    .description(summary)
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .argument('[words...]')
    .usage('[options]')
    .action(async (words: readonly string[]) => {
      process.argv = [process.execPath, `${name} ${command}`, ...words]
      await run()
    })
}

await program.parseAsync()
