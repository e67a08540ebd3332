import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Listr } from 'listr2'
import { reattachEnvironment } from '../standin/reattach.ts'
import { synthesize } from '../support/synthesize.ts'
import { hasTool, toInstall } from '../support/tools.ts'
import { type Deployed, deploySample } from './deploy.ts'
import { planOf, registration, result, title } from './report.ts'
import { type Step, sampleClouds, sampleEnvironment } from './sample.ts'

if (hasTool('terraform')) await deployBothSteps()
else showPlan()

async function deployBothSteps(): Promise<void> {
  const { aws, google } = sampleClouds()
  const workDirectory = await mkdtemp(join(tmpdir(), 'zilliz-privatelink-demo-'))
  const { variables, close } = await reattachEnvironment({ aws, google })
  try {
    const one = await deploy('one', 'Step one: deploy dev without hosts, into stand-ins of AWS and Google Cloud')
    console.log(registration(one))

    // What the vendor does when a person has entered these values in its dialog.
    aws.acceptance = 'granted'
    google.acceptance = 'ACCEPTED'

    const two = await deploy('two', 'Step two: Zilliz Cloud has accepted, deploy dev with its hosts')
    console.log(result(two, { aws, google }))
  } finally {
    await close()
    await rm(workDirectory, { recursive: true, force: true })
  }

  async function deploy(step: Step, heading: string): Promise<Deployed> {
    const tasks = new Listr<{ deployed?: Deployed }>([
      {
        title: heading,
        task: async (context, task) => {
          context.deployed = await deploySample(step, variables, workDirectory, line => {
            task.output = line
          })
          task.title = `${heading}: ${context.deployed.summary}`
        }
      }
    ])
    const { deployed } = await tasks.run({})
    if (deployed === undefined) throw new Error('the deploy ended without a result')
    return deployed
  }
}

function showPlan(): void {
  console.error(`${toInstall('terraform')}\nWithout it nothing is deployed. This is what would be:\n`)
  console.log(title('Step one: without hosts'))
  console.log(planOf(synthesize(sampleEnvironment('one', 'dev.tfstate'))))
  console.log(title('Step two: with the hosts that Zilliz Cloud has allocated'))
  console.log(planOf(synthesize(sampleEnvironment('two', 'dev.tfstate'))))
}
