import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { App, GcsBackend, LocalBackend, S3Backend, type TerraformStack } from 'cdktf'
import { z } from 'zod'
import { type Backend, keyOf, prefixOf, statePlace } from './backend.ts'

/** Puts the state of `stack` where `backend` says. A local file is named from the folder of the stack, so that both can be moved together. */
export function addBackend(stack: TerraformStack, environment: string, backend: Backend): void {
  switch (backend.type) {
    case 'local':
      new LocalBackend(stack, {
        path: relative(join(realFolder(App.of(stack).outdir), 'stacks', environment), statePlace(environment, backend))
      })
      return
    case 's3':
      new S3Backend(stack, {
        bucket: backend.bucket,
        region: backend.region,
        key: keyOf(environment, backend),
        encrypt: true
      })
      // cdktf's binding does not know Terraform 1.10's lock file: https://developer.hashicorp.com/terraform/language/backend/s3
      stack.addOverride('terraform.backend.s3.use_lockfile', true)
      return
    case 'gcs':
      new GcsBackend(stack, { bucket: backend.bucket, prefix: prefixOf(environment, backend) })
  }
}

/** Terraform follows a link before it goes up. */
function realFolder(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path)
}

/** What Terraform notes of the backend that a folder was initialized with, and what a stack has. */
const Noted = z.looseObject({
  backend: z.looseObject({ type: z.literal('local'), config: z.looseObject({ path: z.string() }) })
})
const WithLocal = z.looseObject({
  terraform: z.looseObject({ backend: z.looseObject({ local: z.looseObject({ path: z.string() }) }) })
})

/**
 * Lets Terraform initialize stacks again for which it has noted the absolute path of their state, as earlier versions named it.
 * It would ask whether to copy the state to where it is.
 *
 * @param directory what cdktf synthesized
 */
export function forgetAbsolutePaths(directory: string): void {
  const stacks = join(directory, 'stacks')
  if (!existsSync(stacks)) return
  for (const stack of readdirSync(stacks)) {
    const [note, written] = [join(stacks, stack, '.terraform/terraform.tfstate'), join(stacks, stack, 'cdk.tf.json')]
    if (!existsSync(note) || !existsSync(written)) continue
    const noted = Noted.safeParse(JSON.parse(readFileSync(note, 'utf8'))).data?.backend.config.path
    const path = WithLocal.safeParse(JSON.parse(readFileSync(written, 'utf8'))).data?.terraform.backend.local.path
    if (noted === undefined || path === undefined || !isAbsolute(noted)) continue
    if (resolve(join(stacks, stack), path) === noted) rmSync(note)
  }
}
