import { Annotations } from 'cdktf'
import type { Construct } from 'constructs'

/** Registries in which everyone may read every image. */
const open = ['public.ecr.aws', 'ecr-public.aws.com', 'mirror.gcr.io', 'registry.k8s.io']

/** Says at synth who must let the probe read an image that the deploy cannot grant it. */
export function tellWhoGrants(scope: Construct, image: string): void {
  const registry = image.split('/')[0] ?? ''
  if (open.includes(registry)) return
  Annotations.of(scope).addWarning(
    `the probe pulls ${image} without credentials. Let everyone read it in ${registry}, or copy it to the registry of this cloud, where the deploy grants it to the probe.`
  )
}
