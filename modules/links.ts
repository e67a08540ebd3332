import { Command, CommanderError } from 'commander'
import { ConfigError } from '../probe/config/mistakes.ts'
import { endWhenUnread } from '../probe/doctor/unread-output.ts'
import { WrongUse } from '../probe/doctor/wrong-use.ts'
import { takenByNpm } from '../probe/options-of-npm.ts'
import { environments } from './environments.ts'
import { compare, exitCodeOf, exitCodes } from './links/comparison.ts'
import { json } from './links/json.ts'
import { printed } from './links/print.ts'
import { type Choice, readSide } from './links/side.ts'
import { MistakesError } from './mistakes.ts'
import { readAccess } from './zilliz-api/access.ts'
import { ApiError } from './zilliz-api/api-error.ts'
import type { Retry } from './zilliz-api/call.ts'
import { createZillizApi } from './zilliz-api/client.ts'

interface Options extends Choice {
  readonly json?: true
}

const program = new Command('links')
  .usage('[options] <environment>')
  .description(
    'Compares what an environment deploys with what Zilliz Cloud has: endpoints, clusters and their hosts. Changes nothing.'
  )
  .argument('<environment>', 'its name')
  .option('--outputs <file>', 'what `npm run deploy -- <environment> --outputs-file <file>` wrote there')
  .option('--project <id>', 'the Zilliz Cloud project of the links that do not name theirs: proj-…')
  .option('--json', 'print one JSON object')
  .addHelpText(
    'after',
    `
Asks Zilliz Cloud with the API key in ZILLIZCLOUD_API_KEY; ZILLIZCLOUD_HOST_ADDRESS is another address than
https://api.cloud.zilliz.com/v2.
Exits with 0 if nothing needs doing, 1 if something does, 2 for a wrong use or if Zilliz Cloud does not say.`
  )
  .showHelpAfterError('see: npm run links -- --help')
  .exitOverride()
  .action(async (environment: string, options: Options) => {
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

async function run(environment: string, options: Options): Promise<number> {
  const side = await readSide(environments, environment, options)
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
