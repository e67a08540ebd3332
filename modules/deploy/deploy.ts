import { createCommand, runCommand } from '../../probe/command/command.ts'
import { exitStatusHelp } from '../../probe/command/exit-status.ts'
import { shown } from '../../probe/schema/mistakes.ts'
import { readAccess } from '../../probe/zilliz/access.ts'
import { ApiError } from '../../probe/zilliz/api-error.ts'
import { createZillizApi, type ZillizApi } from '../../probe/zilliz/client.ts'
import type { Environment } from '../environment/environment.ts'
import { type ProgramOptions, readNamedEnvironments } from '../environment/named-environments.ts'
import { MistakesError } from '../mistakes.ts'
import { awaitedClusters } from './awaited-cluster.ts'
import { type CdktnEnd, runCdktn } from './cdktn.ts'
import { deployAndWait } from './deploy-and-wait.ts'
import { takeSignals } from './interruption.ts'
import { takeOptionsOfCdktf } from './options-of-cdktf.ts'
import { registeredByHand } from './registered-by-hand.ts'

interface DeployOptions extends ProgramOptions {
  readonly wait?: true
  readonly waitMinutes: string
}

const longestWaitMinutes = 24 * 60

const program = createCommand('deploy')
  .usage('[environments...] [options]')
  .description('Deploys environments. A program with one environment needs no name.')
  .argument('[environments...]', 'the names of environments; * is any text')
  .option(
    '--wait',
    'wait until Zilliz Cloud has allocated the private links, then continue; ask again only for changes that the first plan did not show'
  )
  .option('--wait-minutes <number>', 'maximum time to wait', '15')
  .addHelpText(
    'after',
    `
--wait needs the API key in ZILLIZCLOUD_API_KEY.
After Ctrl-C, Terraform completes the resources in progress and releases the lock of the state.`
  )
  .addHelpText(
    'after',
    exitStatusHelp({
      success: 'deployed',
      failure: 'failed or declined',
      noResult: 'invalid arguments, an invalid program, or no answer from Zilliz Cloud'
    })
  )
  .action(async (names: readonly string[], options: DeployOptions) => {
    process.exitCode = await deployed(names, options)
  })
const wordsOfCdktf = takeOptionsOfCdktf(program, 'deploy')
const interruption = takeSignals()
const say = (line: string) => console.error(`deploy: ${line}`)

await runCommand(program)

/** Deploys what is named, and returns the exit status. */
async function deployed(names: readonly string[], options: DeployOptions): Promise<number> {
  const { environments, mistakes } = await readNamedEnvironments(names, options)
  const clusters = awaitedClusters(environments)
  const wrong = [
    ...mistakes,
    ...(options.wait ? mistakesOfWait(options, mistakes.length === 0 ? clusters.length : undefined) : [])
  ]
  if (wrong.length > 0) throw new MistakesError(wrong)
  const asking = environments.filter(({ links }) => Object.values(links).some(({ zilliz }) => zilliz !== undefined))
  // Before anything is made, and in better words than the provider's.
  if (asking.length > 0) readAccess(process.env)
  const deploy = async (approved?: CdktnEnd['approved']) => {
    const words = ['deploy', ...environments.map(({ name }) => name), ...wordsOfCdktf()]
    const end = await runCdktn(words, { interruption, say, ...(approved && { approved }) })
    if (end.exitCode !== 0) for (const line of await explanations(asking)) say(line)
    return end
  }
  if (!options.wait) return (await deploy()).exitCode
  return deployAndWait({
    deploy: () => deploy(new Map()),
    goOn: deploy,
    clusters,
    api: openApi(),
    waitMs: Number(options.waitMinutes) * 60_000,
    pauseMs: 10_000,
    say,
    interruption
  })
}

/** @param clusters how many are waited for, if that is known */
function mistakesOfWait({ waitMinutes }: DeployOptions, clusters: number | undefined): readonly string[] {
  const minutes = Number(waitMinutes)
  return [
    ...(minutes > 0 && minutes <= longestWaitMinutes
      ? []
      : [`--wait-minutes: must be a number above 0, up to ${longestWaitMinutes}, got ${shown(waitMinutes)}`]),
    ...(clusters === 0
      ? ['--wait: no link of these environments reads clusters by zilliz. There is nothing to wait for: leave it out.']
      : [])
  ]
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
    onRetry: ({ happened, pauseMs }) => say(`${happened}; asked again in ${Math.ceil(pauseMs / 1000)} s`)
  })
}
