import { Command } from 'commander'
import { takenByNpm } from '../../probe/config/options-of-npm.ts'
import { readAccess } from '../../probe/zilliz/access.ts'
import { ApiError } from '../../probe/zilliz/api-error.ts'
import { createZillizApi, type ZillizApi } from '../../probe/zilliz/client.ts'
import type { Environment } from '../environment/environment.ts'
import { environmentsOfProgram } from '../environment/environments-of-program.ts'
import { refuseHcl } from '../environment/hcl.ts'
import { readEnvironments } from '../environment/read-environments.ts'
import { MistakesError } from '../mistakes.ts'
import { awaitedClusters } from './awaited-cluster.ts'
import { type CdktnEnd, runCdktn } from './cdktn.ts'
import { deployAndWait } from './deploy-and-wait.ts'
import { takeSignals } from './interruption.ts'
import { registeredByHand } from './registered-by-hand.ts'

/** Options of cdktf deploy by which a deploy does something else than without them. */
const optionsOfCdktf = [
  'auto-approve',
  'skip-synth',
  'refresh-only',
  'migrate-state',
  'outputs-file',
  'var',
  'var-file',
  'hcl'
]

const program = new Command('deploy')
  .usage('[environments...] [options]')
  .description('Deploys environments. Passes all other options to cdktf deploy.')
  .option(
    '--wait',
    'wait until Zilliz Cloud has allocated the private links, then continue; ask again only for changes that the first plan did not show'
  )
  .option('--wait-minutes <number>', 'maximum time to wait', '15')
  .allowUnknownOption()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .allowExcessArguments()
  .addHelpText(
    'after',
    `
For the options of cdktf deploy, run npx cdktn deploy --help. --wait needs the API key in ZILLIZCLOUD_API_KEY.
After Ctrl-C, Terraform completes the resources in progress and releases the lock of the state.
Exit status: that of cdktf deploy, 1 if a plan is declined, 2 for invalid arguments, 128 plus its number after a signal.`
  )
  .parse()

const { wait, waitMinutes } = program.opts<{ wait?: true; waitMinutes: string }>()

const interruption = takeSignals()

try {
  const names = [...program.options.map(({ long }) => long), ...optionsOfCdktf.map(name => `--${name}`)]
  const taken = takenByNpm(names, process.env)
  if (taken !== undefined) throw new MistakesError([taken])
  refuseHcl(process.env, program.args)
  const environments = readEnvironments(await environmentsOfProgram())
  const chosen = environments.filter(({ name }) => program.args.includes(name))
  const asking = chosen.filter(({ links }) => Object.values(links).some(({ zilliz }) => zilliz !== undefined))
  // Before anything is made, and in better words than the provider's.
  if (asking.length > 0) readAccess(process.env)
  const deploy = async (approved?: CdktnEnd['approved']) => {
    const words = ['deploy', ...program.args]
    const end = await runCdktn(words, { interruption, say: console.error, ...(approved && { approved }) })
    if (end.exitCode !== 0) for (const line of await explanations(asking)) console.error(line)
    return end
  }
  process.exitCode = wait ? await waiting(environments, chosen, deploy) : (await deploy()).exitCode
} catch (error) {
  if (error instanceof MistakesError || error instanceof ApiError) console.error(error.message)
  else throw error
  process.exitCode = 2
}

async function waiting(
  environments: readonly Environment[],
  chosen: readonly Environment[],
  deploy: (approved: CdktnEnd['approved']) => Promise<CdktnEnd>
): Promise<number> {
  const minutes = Number(waitMinutes)
  if (!(minutes > 0 && minutes <= 24 * 60)) {
    console.error(`--wait-minutes: must be a number above 0, got ${JSON.stringify(waitMinutes)}`)
    return 2
  }
  const names = chosen.map(({ name }) => name)
  const clusters = awaitedClusters(chosen)
  if (clusters.length === 0) {
    console.error(
      names.length === 0
        ? `--wait: names no environment; there are ${environments.map(({ name }) => name).join(', ')}`
        : `--wait: no link of ${names.join(', ')} reads clusters by zilliz, so there is nothing to wait for; leave it out`
    )
    return 2
  }
  return deployAndWait({
    deploy: () => deploy(new Map()),
    goOn: deploy,
    clusters,
    api: openApi(),
    waitMs: minutes * 60_000,
    pauseMs: 10_000,
    say: console.error,
    interruption
  })
}

/** What Zilliz Cloud knows about a deploy that failed, of environments that ask it by its API. */
async function explanations(asking: readonly Environment[]): Promise<readonly string[]> {
  if (asking.length === 0 || interruption.signal.aborted) return []
  try {
    const api = openApi()
    return (await Promise.all(asking.map(environment => registeredByHand(environment, api, interruption)))).flat()
  } catch (error) {
    // The deploy has told why it failed; this would only have told more.
    if (error instanceof ApiError) return []
    throw error
  }
}

function openApi(): ZillizApi {
  return createZillizApi({
    access: readAccess(process.env),
    onRetry: ({ happened, pauseMs }) => console.error(`${happened}; asked again in ${Math.ceil(pauseMs / 1000)} s`)
  })
}
