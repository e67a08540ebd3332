import { spawnSync } from 'node:child_process'
import { execa } from 'execa'
import { test } from 'vitest'
import { type Manifest, manifestsIn } from './manifest.ts'

/** Either builds a kustomization; what is there first is taken. */
const builders = [
  { runs: ['kustomize', 'version'], build: ['kustomize', 'build'] },
  { runs: ['kubectl', 'version', '--client'], build: ['kubectl', 'kustomize'] }
]
const builder = builders.find(({ runs: [program = '', ...words] }) => spawnSync(program, words).status === 0)
const isSkipped = builder === undefined && process.env.CI === undefined
if (isSkipped) {
  console.warn(
    'skipped: neither kustomize nor kubectl is on the PATH; install kustomize: go install sigs.k8s.io/kustomize/kustomize/v5@v5.7.1'
  )
}

/** `test` for what needs kustomize or kubectl. Without either, it is skipped; in CI, it fails. */
export const testWithKustomize = isSkipped ? test.skip : test

/** What a kustomization comes to. */
export async function build(at: string): Promise<readonly Manifest[]> {
  const [program = '', ...words] = builder?.build ?? []
  return manifestsIn((await execa(program, [...words, at])).stdout)
}
