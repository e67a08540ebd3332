import { Command, CommanderError } from 'commander'
import { startedBy, takenByNpm } from '../../probe/config/options-of-npm.ts'
import { endWhenUnread } from '../../probe/doctor/unread-output.ts'
import { WrongUse } from '../../probe/doctor/wrong-use.ts'
import { ConfigError } from '../../probe/schema/read.ts'
import { readAccess } from '../../probe/zilliz/access.ts'
import { ApiError } from '../../probe/zilliz/api-error.ts'
import type { Retry } from '../../probe/zilliz/call.ts'
import { createZillizApi } from '../../probe/zilliz/client.ts'
import { environmentsOfProgram } from '../environment/environments-of-program.ts'
import { MistakesError } from '../mistakes.ts'
import { compare, exitCodeOf, exitCodes } from './comparison.ts'
import { json } from './json.ts'
import { printed } from './print.ts'
import { readSide, type SideOptions } from './side.ts'

interface LinksOptions extends SideOptions {
  readonly json?: true
}

const program = new Command('links')
  .usage('[options] <environment>')
  .description(
    'Compares the endpoints, clusters and hosts of an environment to those of Zilliz Cloud. Changes nothing.'
  )
  .argument('<environment>', 'the name of the environment')
  .option('--outputs <file>', 'the file that `npm run deploy -- <environment> --outputs-file <file>` wrote')
  .option('--project <id>', 'the Zilliz Cloud project of links without `zilliz`: proj-…')
  .option('--json', 'print one JSON object')
  .addHelpText(
    'after',
    `
Set ZILLIZCLOUD_API_KEY to an API key of Zilliz Cloud. ZILLIZCLOUD_HOST_ADDRESS replaces the default address of the API,
https://api.cloud.zilliz.com/v2.
Exit status: 0 if there is nothing to do, 1 if there is, 2 for invalid arguments or if Zilliz Cloud does not answer.`
  )
  .showHelpAfterError(`see: ${startedBy('links', 'run links')} --help`)
  .exitOverride()
  .action(async (environment: string, options: LinksOptions) => {
    process.exitCode = await run(environment, options)
  })

endWhenUnread('links', exitCodes['could-not-tell'])
try {
  const taken = takenByNpm(
    program.options.map(({ long }) => long),
    process.env
  )
  if (taken !== undefined) throw new WrongUse(taken)
  await program.parseAsync()
} catch (error) {
  process.exitCode = explain(error)
}

async function run(environment: string, options: LinksOptions): Promise<number> {
  const side = await readSide(await environmentsOfProgram(), environment, options)
  const comparison = await compare(side, createZillizApi({ access: readAccess(process.env), onRetry: tell }))
  console.log(options.json ? json(comparison) : printed(comparison))
  return exitCodeOf(comparison)
}

function tell({ happened, pauseMs, next, tries }: Retry): void {
  console.error(`links: ${happened}; asked again in ${Math.ceil(pauseMs / 1000)} s, try ${next} of ${tries}`)
}

function explain(error: unknown): number {
  if (error instanceof WrongUse || error instanceof ApiError) console.error(`links: ${error.message}`)
  else if (error instanceof ConfigError || error instanceof MistakesError) {
    for (const mistake of error.mistakes) console.error(`links: ${mistake}`)
  } else if (!(error instanceof CommanderError)) console.error(error)
  else if (error.exitCode === 0) return 0
  return exitCodes['could-not-tell']
}
