import { GcsBackend, LocalBackend, S3Backend, type TerraformStack } from 'cdktf'
import { type Backend, keyOf, prefixOf, statePlace } from './backend.ts'

/** Puts the state of `stack` where `backend` says. */
export function addBackend(stack: TerraformStack, environment: string, backend: Backend): void {
  switch (backend.type) {
    case 'local':
      new LocalBackend(stack, { path: statePlace(environment, backend) })
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
