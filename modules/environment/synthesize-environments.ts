import { writeFileSync } from 'node:fs'
import { App } from 'cdktf'
import { exitStatus } from '../../probe/command/exit-status.ts'
import { MistakesError } from '../mistakes.ts'
import { forgetAbsolutePaths } from './add-backend.ts'
import { type EnvironmentLiteral, environmentsFileVariable } from './environment.ts'
import { forgetLocked } from './forget-locked.ts'
import { refuseHcl, removeHcl } from './hcl.ts'
import { readEnvironments } from './read-environments.ts'
import { EnvironmentStack } from './stack.ts'

export type { EnvironmentLiteral } from './environment.ts'

/**
 * The whole program of a project: synthesizes one stack for each environment. Prints one line for each mistake, and then synthesizes
 * none and sets the exit status 1. Where a command asks for the environments alone, writes them for it and synthesizes none.
 *
 * @param environments all environments of the project, so that a mistake or a conflict in any of them stops the deploy of each
 */
export async function synthesizeEnvironments(environments: readonly EnvironmentLiteral[]): Promise<void> {
  const file = process.env[environmentsFileVariable]
  if (file !== undefined) {
    writeFileSync(file, JSON.stringify(environments))
    return
  }
  try {
    refuseHcl(process.env)
    const app = new App()
    for (const environment of readEnvironments(environments)) await EnvironmentStack.addTo(app, environment)
    removeHcl(app.outdir)
    app.synth()
    forgetLocked(app.outdir)
    forgetAbsolutePaths(app.outdir)
  } catch (error) {
    if (!(error instanceof MistakesError)) throw error
    console.error(error.message)
    process.exitCode = exitStatus.failure
  }
}
