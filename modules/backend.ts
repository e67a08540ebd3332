import { resolve } from 'node:path'
import { GcsBackend, LocalBackend, S3Backend, type TerraformStack } from 'cdktf'
import { z } from 'zod'
import { AwsRegion } from './aws/region.ts'
import { shapedText } from './shaped-text.ts'

const Bucket = shapedText({
  pattern: /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/,
  is: "a bucket's name such as my-terraform-state",
  find: 'make one before the first deploy; Terraform does not'
})

/** Where Terraform keeps an environment's state. */
export const Backend = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('local').describe('A file beside the project: for trials, and for one person alone.'),
      path: z.string().min(1).optional().describe('The file. Left out: `terraform.<environment>.tfstate`.')
    }),
    z.strictObject({
      type: z.literal('s3').describe('An object in Amazon S3, locked by a file beside it.'),
      bucket: Bucket,
      region: AwsRegion.describe("The bucket's region.")
    }),
    z.strictObject({
      type: z.literal('gcs').describe('An object in Google Cloud Storage, which locks it.'),
      bucket: Bucket
    })
  ])
  .describe('Where Terraform keeps the state.')

export type Backend = z.output<typeof Backend>

/** Puts the state of `stack` where `backend` says, in an object or file named after the environment. */
export function addBackend(stack: TerraformStack, environment: string, backend: Backend): void {
  switch (backend.type) {
    case 'local':
      new LocalBackend(stack, backend.path === undefined ? {} : { path: resolve(backend.path) })
      return
    case 's3':
      new S3Backend(stack, {
        bucket: backend.bucket,
        region: backend.region,
        key: `zilliz-privatelink/${environment}.tfstate`,
        encrypt: true
      })
      // cdktf's binding does not know Terraform 1.10's lock file: https://developer.hashicorp.com/terraform/language/backend/s3
      stack.addOverride('terraform.backend.s3.use_lockfile', true)
      return
    case 'gcs':
      new GcsBackend(stack, { bucket: backend.bucket, prefix: `zilliz-privatelink/${environment}` })
  }
}
