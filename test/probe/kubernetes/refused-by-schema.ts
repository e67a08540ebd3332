import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1'
import { execa } from 'execa'
import { DaemonSet, Deployment } from 'kubernetes-models/apps/v1'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Namespace, Service, ServiceAccount } from 'kubernetes-models/v1'
import type { Manifest } from './manifest.ts'

interface Schema {
  /** Throws at a value that is not of the schema. */
  readonly validate: (manifest: Manifest) => void
  /** Where its type is, and what that is called. */
  readonly module: string
  readonly type: string
}

type Model = new (data: never) => { validate: () => void }

const schemaOf = (kind: string, module: string, Of: Model): readonly [string, Schema] => [
  kind,
  {
    validate: manifest => {
      // Each model takes its own kind alone, which is what is to be found out.
      new Of(manifest as never).validate()
    },
    module,
    type: `I${kind}`
  }
]

const schemas = new Map<string, Schema>([
  schemaOf('Namespace', 'kubernetes-models/v1', Namespace),
  schemaOf('ServiceAccount', 'kubernetes-models/v1', ServiceAccount),
  schemaOf('ConfigMap', 'kubernetes-models/v1', ConfigMap),
  schemaOf('Service', 'kubernetes-models/v1', Service),
  schemaOf('Deployment', 'kubernetes-models/apps/v1', Deployment),
  schemaOf('DaemonSet', 'kubernetes-models/apps/v1', DaemonSet),
  schemaOf('NetworkPolicy', 'kubernetes-models/networking.k8s.io/v1', NetworkPolicy),
  schemaOf('PodDisruptionBudget', 'kubernetes-models/policy/v1', PodDisruptionBudget),
  schemaOf('ServiceMonitor', '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1', ServiceMonitor)
])

/**
 * What the published schemas refuse in these objects, a line each. The validators made of the schemas pass over fields
 * that the schemas do not have, as the API server does not; the types made of them do not.
 */
export async function refusedBySchema(manifests: readonly Manifest[]): Promise<readonly string[]> {
  return [...manifests.flatMap(invalid), ...(await unknownFields(manifests))]
}

function invalid(manifest: Manifest): readonly string[] {
  const schema = schemas.get(manifest.kind)
  if (schema === undefined) return [`${manifest.kind}: there is no schema of it`]
  try {
    schema.validate(manifest)
    return []
  } catch (error) {
    return [`${nameOf(manifest)}: ${error instanceof Error ? error.message : error}`]
  }
}

/** Lets the compiler look for properties that the types do not have. */
async function unknownFields(manifests: readonly Manifest[]): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'kubernetes-'))
  try {
    await symlink(resolve('node_modules'), join(directory, 'node_modules'))
    const known = manifests.flatMap(manifest => {
      const schema = schemas.get(manifest.kind)
      return schema === undefined ? [] : [{ manifest, schema }]
    })
    const files = await Promise.all(
      known.map(async ({ manifest, schema: { module, type } }, index) => {
        const file = join(directory, `${index}.mts`)
        const value = JSON.stringify(manifest, null, 2)
        await writeFile(
          file,
          `import type { ${type} } from '${module}'\nexport const manifest = ${value} satisfies ${type}\n`
        )
        return file
      })
    )
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'esnext']
    const { stdout, failed } = await execa('tsc', ['--ignoreConfig', '--pretty', 'false', ...options, ...files], {
      cwd: directory,
      preferLocal: true,
      localDir: resolve('.'),
      reject: false
    })
    const output = [...stdout.matchAll(/^(?:.*\/)?(\d+)\.mts\(\d+,\d+\): error TS\d+: (.*)$/gm)].map(
      ([, index, what]) => `${nameOf(known[Number(index)]?.manifest)}: ${what}`
    )
    return failed && output.length === 0 ? [`tsc: ${stdout}`] : output
  } finally {
    await rm(directory, { recursive: true })
  }
}

function nameOf(manifest: Manifest | undefined): string {
  return `${manifest?.kind} ${manifest?.metadata.name}`
}
