import { App } from 'cdktf'
import { readEnvironments } from '../../modules/environment/read-environments.ts'
import { EnvironmentStack } from '../../modules/environment/stack.ts'
import { sampleEnvironment } from './sample.ts'

// What main.ts is to a user, for the demo: the same stack of the same environment, in the step that the demo is at.
const app = new App()
const { DEMO_STEP, DEMO_STATE = '' } = process.env
for (const environment of readEnvironments([sampleEnvironment(DEMO_STEP === 'two' ? 'two' : 'one', DEMO_STATE)])) {
  await EnvironmentStack.addTo(app, environment)
}
app.synth()
