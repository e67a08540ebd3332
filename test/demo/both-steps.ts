import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Listr } from 'listr2'
import type { Interruption } from '../../modules/deploy/interruption.ts'
import { reattachEnvironment } from '../standin/reattach.ts'
import { type Deployed, DeployOutputs, deploySample, type Outputs } from './deploy.ts'
import { registration, result } from './report.ts'
import { type Step, sampleClouds } from './sample.ts'

/**
 * Deploys the sample environment, in both of its steps, into stand-ins of the clouds.
 *
 * @param interruption ends it in the middle
 * @param say told what a person would read
 * @returns what the second step put out
 * @throws the reason of the interruption
 */
export async function deployed(interruption: Interruption, say: (text: string) => void): Promise<Outputs> {
  const { aws, google } = sampleClouds()
  await using stack = new AsyncDisposableStack()
  const workDirectory = await mkdtemp(join(tmpdir(), 'zilliz-privatelink-demo-'))
  stack.defer(() => rm(workDirectory, { recursive: true, force: true }))
  const { variables, close } = await reattachEnvironment({ aws, google })
  stack.defer(close)

  const deploy = async (step: Step, heading: string) => {
    const tasks = new Listr<{ deployed?: Deployed }>(
      [
        {
          title: heading,
          task: async (context, task) => {
            const progress = (line: string) => {
              task.output = line
            }
            try {
              context.deployed = await deploySample(step, variables, workDirectory, progress, interruption)
              task.title = `${heading}: ${context.deployed.summary}`
            } catch (error) {
              if (!interruption.signal.aborted) throw error
              task.skip(`${heading}: stopped`)
            }
          }
        }
      ],
      { silentRendererCondition: say !== console.log, registerSignalListeners: false }
    )
    const { deployed: result } = await tasks.run({})
    interruption.signal.throwIfAborted()
    if (result === undefined) throw new Error('the deploy ended without a result')
    return result
  }
  const one = await deploy('one', 'Step one: deploy dev without hosts, into stand-ins of AWS and Google Cloud')
  say(registration(one))

  // What the vendor does when a person has entered these values in its dialog.
  aws.acceptance = 'granted'
  google.acceptance = 'ACCEPTED'

  const two = await deploy('two', 'Step two: Zilliz Cloud has accepted, deploy dev with its hosts')
  say(result(two, { aws, google }))
  return two.outputs
}

/** What such a deploy put out once, for where there is no Terraform. */
export async function recorded(): Promise<Outputs> {
  const file = join(import.meta.dirname, 'deployed.json')
  return DeployOutputs.parse(JSON.parse(await readFile(file, 'utf8'))).dev
}
