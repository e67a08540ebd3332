import { z } from 'zod'
import type { Manifest } from './manifest.ts'

const Labels = z.record(z.string(), z.string())
export const Selector = z.strictObject({ matchLabels: Labels })

/** A reference to a port, by its number or by its name. */
export const Port = z.union([z.string(), z.number()])

const HttpProbe = z.looseObject({ httpGet: z.strictObject({ path: z.string(), port: Port }) })

const Container = z.looseObject({
  name: z.string(),
  image: z.string(),
  // The image's own.
  command: z.never().optional(),
  args: z.never().optional(),
  env: z.array(
    z.union([
      z.strictObject({ name: z.string(), value: z.string() }),
      z.strictObject({
        name: z.string(),
        valueFrom: z.strictObject({
          configMapKeyRef: z.strictObject({ name: z.string(), key: z.string(), optional: z.literal(true) })
        })
      })
    ])
  ),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: z.number(), protocol: z.literal('TCP') })),
  startupProbe: HttpProbe,
  livenessProbe: HttpProbe,
  readinessProbe: HttpProbe,
  resources: z.looseObject({
    requests: z.record(z.string(), z.string()),
    limits: z.record(z.string(), z.string())
  }),
  volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.literal(true) }))
})

/** The Deployment, as far as tests look at it. */
const Deployment = z.looseObject({
  metadata: z.looseObject({ namespace: z.string() }),
  spec: z.looseObject({
    replicas: z.number(),
    strategy: z.looseObject({ rollingUpdate: z.looseObject({}) }),
    selector: Selector,
    template: z.looseObject({
      metadata: z.looseObject({ labels: Labels }),
      spec: z.looseObject({
        serviceAccountName: z.string(),
        automountServiceAccountToken: z.boolean(),
        enableServiceLinks: z.boolean(),
        terminationGracePeriodSeconds: z.number(),
        topologySpreadConstraints: z.array(z.looseObject({ topologyKey: z.string(), labelSelector: Selector })),
        containers: z.tuple([Container]),
        volumes: z.array(
          z.strictObject({
            name: z.string(),
            configMap: z.strictObject({ name: z.string() })
          })
        )
      })
    })
  })
})

const ConfigMap = z.looseObject({ metadata: z.looseObject({ name: z.string() }), data: Labels })

/** The one object of a kind and name; the name may be left out where there is one. */
export function theOne(manifests: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = manifests.filter(each => each.kind === kind && (name === undefined || each.metadata.name === name))
  const [one] = found
  if (one === undefined || found.length > 1) throw new Error(`there are ${found.length} of ${kind} ${name ?? ''}`)
  return one
}

/** The Deployment among them. */
export const deploymentOf = (manifests: readonly Manifest[]) => Deployment.parse(theOne(manifests, 'Deployment'))

/** What the container of the probe finds: its environment, and its files by their paths. */
export function containerOf(manifests: readonly Manifest[]) {
  const { containers, volumes } = deploymentOf(manifests).spec.template.spec
  const [container] = containers
  const dataOf = (name: string) => ConfigMap.parse(theOne(manifests, 'ConfigMap', name)).data
  const env = container.env.flatMap(entry => {
    if ('value' in entry) return [[entry.name, entry.value]]
    const { name, key } = entry.valueFrom.configMapKeyRef
    const { [key]: value } = dataOf(name)
    return value === undefined ? [] : [[entry.name, value]]
  })
  const files = container.volumeMounts.flatMap(({ name, mountPath }) => {
    const volume = volumes.find(each => each.name === name)
    if (volume === undefined) throw new Error(`there is no volume ${name}`)
    return Object.entries(dataOf(volume.configMap.name)).map(([key, text]) => [`${mountPath}/${key}`, text])
  })
  return {
    container,
    env: z.record(z.string(), z.string()).parse(Object.fromEntries(env)),
    files: z.record(z.string(), z.string()).parse(Object.fromEntries(files))
  }
}
