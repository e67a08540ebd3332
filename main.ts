import { App } from 'cdktf'
import { refuseHcl, removeHcl } from './modules/environment/hcl.ts'
import { readEnvironments } from './modules/environment/read-environments.ts'
import { EnvironmentStack } from './modules/environment/stack.ts'
import { environments } from './modules/environments.ts'
import { MistakesError } from './modules/mistakes.ts'

try {
  refuseHcl(process.env)
  const app = new App()
  for (const environment of readEnvironments(environments)) new EnvironmentStack(app, environment)
  removeHcl(app.outdir)
  app.synth()
} catch (error) {
  if (!(error instanceof MistakesError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
