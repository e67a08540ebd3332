import { resolve } from 'node:path'
import { z } from 'zod'
import { shapedText } from '../../probe/schema/shaped-text.ts'

const Bucket = shapedText({
  pattern: /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/,
  is: "a bucket's name such as my-terraform-state",
  find: 'Make one before the first deploy; Terraform does not.'
})

/** A region of Amazon S3. The state may be there whatever the clouds of the links are, so this is no knowledge of theirs. */
const BucketRegion = shapedText({
  pattern: /^[a-z]{2}(-[a-z]+)+-\d+$/,
  is: "a bucket's region such as us-west-2",
  find: "Copy it from the bucket's page, without aws- before it."
})

const StateKey = shapedText({
  pattern: /^[\w.-]+(?:\/[\w.-]+)*$/,
  is: 'a path such as zilliz-privatelink/prod',
  find: 'Give each environment its own.'
})

/** Where Terraform keeps an environment's state. */
export const Backend = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('local').describe('A local file, for trials and for a single operator.'),
      path: z.string().min(1).optional().describe('The file. Default: `terraform.<environment>.tfstate`.')
    }),
    z.strictObject({
      type: z.literal('s3').describe('An object in Amazon S3, with a lock file next to it.'),
      bucket: Bucket.describe("The bucket's name."),
      region: BucketRegion.describe("The bucket's region."),
      key: StateKey.optional().describe('The object. Default: `zilliz-privatelink/<environment>.tfstate`.')
    }),
    z.strictObject({
      type: z.literal('gcs').describe('An object in Google Cloud Storage, which also locks it.'),
      bucket: Bucket.describe("The bucket's name."),
      prefix: StateKey.optional().describe('The folder. Default: `zilliz-privatelink/<environment>`.')
    })
  ])
  .describe('Where Terraform keeps the state.')

export type Backend = z.output<typeof Backend>

/** The location of an environment's state, in a form in which two environments can be compared. */
export function statePlace(environment: string, backend: Backend): string {
  switch (backend.type) {
    case 'local':
      return resolve(backend.path ?? `terraform.${environment}.tfstate`)
    case 's3':
      return `s3://${backend.bucket}/${keyOf(environment, backend)}`
    case 'gcs':
      return `gs://${backend.bucket}/${prefixOf(environment, backend)}`
  }
}

/** The object in S3 that has the state. */
export function keyOf(
  environment: string,
  { key = `zilliz-privatelink/${environment}.tfstate` }: { key?: string | undefined }
) {
  return key
}

/** The folder in Cloud Storage that has the state. */
export function prefixOf(
  environment: string,
  { prefix = `zilliz-privatelink/${environment}` }: { prefix?: string | undefined }
) {
  return prefix
}
