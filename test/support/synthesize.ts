import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'cdktf'
import { readEnvironments } from '../../modules/environment/read-environments.ts'
import { EnvironmentStack } from '../../modules/environment/stack.ts'

/** The text of the `cdk.tf.json` that `cdktf deploy` gives Terraform for an environment. */
export async function synthesize(literal: { readonly name: string }): Promise<string> {
  const outdir = mkdtempSync(join(tmpdir(), 'synthesize-'))
  try {
    const app = new App({ outdir })
    for (const environment of readEnvironments([literal])) await EnvironmentStack.addTo(app, environment)
    app.synth()
    return readFileSync(join(outdir, 'stacks', literal.name, 'cdk.tf.json'), 'utf8')
  } finally {
    rmSync(outdir, { recursive: true })
  }
}
