import { shell } from '../../probe/clouds/shell.ts'
import { createCommand, runCommand } from '../../probe/command/command.ts'
import { exitStatusHelp } from '../../probe/command/exit-status.ts'
import { commandLine } from '../../probe/command/how-started.ts'
import { endWhenUnread } from '../../probe/command/unread-output.ts'
import { readAccess } from '../../probe/zilliz/access.ts'
import type { Retry } from '../../probe/zilliz/call.ts'
import { createZillizApi } from '../../probe/zilliz/client.ts'
import { environmentsOfProgram } from '../environment/environments-of-program.ts'
import { compare, exitCodeOf } from './comparison.ts'
import { json } from './json.ts'
import { printed } from './print.ts'
import { readSide, type SideOptions } from './side.ts'

interface LinksOptions extends SideOptions {
  readonly json?: true
}

const deploy = commandLine({ command: 'deploy', words: shell`${'<environment>'} --outputs-file ${'<file>'}` })

const program = createCommand('links')
  .usage('[options] <environment>')
  .description(
    'Compares the endpoints, clusters and hosts of an environment to those of Zilliz Cloud. Changes nothing.'
  )
  .argument('<environment>', 'the name of the environment')
  .option('--outputs <file>', `the file that \`${deploy}\` wrote`)
  .option('--project <id>', 'the Zilliz Cloud project of links without `zilliz`: proj-…')
  .option('--json', 'print one JSON object')
  .addHelpText(
    'after',
    `
Set ZILLIZCLOUD_API_KEY to an API key of Zilliz Cloud. ZILLIZCLOUD_HOST_ADDRESS replaces the default address of the API,
https://api.cloud.zilliz.com/v2.`
  )
  .addHelpText(
    'after',
    exitStatusHelp({
      success: 'nothing to do',
      failure: 'something to do',
      noResult: 'invalid arguments, an invalid program, or no answer from Zilliz Cloud'
    })
  )
  .action(async (environment: string, options: LinksOptions) => {
    process.exitCode = await run(environment, options)
  })

endWhenUnread('links')
await runCommand(program)

async function run(environment: string, options: LinksOptions): Promise<number> {
  const side = await readSide(await environmentsOfProgram(), environment, options)
  const comparison = await compare(side, createZillizApi({ access: readAccess(process.env), onRetry: tell }))
  console.log(options.json ? json(comparison) : printed(comparison))
  return exitCodeOf(comparison)
}

function tell({ happened, pauseMs, next, tries }: Retry): void {
  console.error(`links: ${happened}; asked again in ${Math.ceil(pauseMs / 1000)} s, try ${next} of ${tries}`)
}
