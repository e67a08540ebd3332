import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AnnotationMetadataEntryType, App } from 'cdktf'
import { readEnvironments } from '../../modules/environment/read-environments.ts'
import { EnvironmentStack } from '../../modules/environment/stack.ts'

/** The warnings that `cdktf synth` prints for an environment, each with the path of its construct. */
export async function synthWarnings(literal: { readonly name: string }): Promise<readonly string[]> {
  const outdir = mkdtempSync(join(tmpdir(), 'synth-warnings-'))
  try {
    const app = new App({ outdir })
    for (const environment of readEnvironments([literal])) await EnvironmentStack.addTo(app, environment)
    return app.node
      .findAll()
      .flatMap(({ node }) =>
        node.metadata
          .filter(({ type }) => type === AnnotationMetadataEntryType.WARN)
          .map(({ data }) => `${node.path}: ${data}`)
      )
  } finally {
    rmSync(outdir, { recursive: true })
  }
}
