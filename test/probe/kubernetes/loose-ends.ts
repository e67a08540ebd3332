import { parse } from 'yaml'
import { z } from 'zod'
import type { Manifest } from './manifest.ts'
import { containerOf, deploymentOf, Port, Selector, theOne } from './pod.ts'

const Service = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
  spec: z.looseObject({
    selector: z.record(z.string(), z.string()),
    ports: z.array(z.looseObject({ name: z.string(), port: z.number(), targetPort: Port }))
  })
})
const ServiceMonitor = z.looseObject({
  spec: z.looseObject({ selector: Selector, endpoints: z.array(z.looseObject({ port: z.string() })) })
})
const NetworkPolicy = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    podSelector: Selector,
    ingress: z.array(z.looseObject({ ports: z.array(z.looseObject({ port: Port })) })).default([])
  })
})
const Budget = z.looseObject({ spec: z.looseObject({ selector: Selector }) })

const ProbeFile = z.looseObject({ probes: z.number().optional() })

/** Whether labels are those that a selector asks for. */
function selects(asked: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(asked)
  return entries.length > 0 && entries.every(([key, value]) => labels[key] === value)
}

/** Where one object speaks of another that is not so, a line each. */
export function looseEnds(manifests: readonly Manifest[]): readonly string[] {
  const { metadata, spec } = deploymentOf(manifests)
  const { labels } = spec.template.metadata
  const { container, env, files } = containerOf(manifests)
  const { probes } = ProbeFile.parse(parse(files[env.PROBE_CONFIG_FILE ?? ''] ?? ''))
  const service = Service.parse(theOne(manifests, 'Service'))
  const monitor = ServiceMonitor.parse(theOne(manifests, 'ServiceMonitor'))
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy').map(each => NetworkPolicy.parse(each))
  const account = theOne(manifests, 'ServiceAccount')
  const { name: namespace } = theOne(manifests, 'Namespace').metadata

  const selectors: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    Deployment: spec.selector.matchLabels,
    Service: service.spec.selector,
    PodDisruptionBudget: Budget.parse(theOne(manifests, 'PodDisruptionBudget')).spec.selector.matchLabels,
    ...Object.fromEntries(
      policies.map(policy => [`NetworkPolicy ${policy.metadata.name}`, policy.spec.podSelector.matchLabels])
    ),
    ...Object.fromEntries(
      spec.template.spec.topologySpreadConstraints.map(each => [
        `spread by ${each.topologyKey}`,
        each.labelSelector.matchLabels
      ])
    )
  }
  const has = (port: string | number) =>
    container.ports.some(({ name, containerPort }) => port === name || port === containerPort)
  const ports: Readonly<Record<string, readonly (string | number)[]>> = {
    startupProbe: [container.startupProbe.httpGet.port],
    livenessProbe: [container.livenessProbe.httpGet.port],
    readinessProbe: [container.readinessProbe.httpGet.port],
    Service: service.spec.ports.map(({ targetPort }) => targetPort),
    NetworkPolicy: policies.flatMap(policy => policy.spec.ingress.flatMap(rule => rule.ports.map(({ port }) => port)))
  }
  return [
    ...(probes === spec.replicas ? [] : [`the config expects ${probes} probes, the Deployment runs ${spec.replicas}`]),
    ...Object.entries(selectors)
      .filter(([, asked]) => !selects(asked, labels))
      .map(([who]) => `${who} does not select the pods`),
    ...(selects(monitor.spec.selector.matchLabels, service.metadata.labels)
      ? []
      : ['ServiceMonitor does not select the Service']),
    ...Object.entries(ports).flatMap(([who, asked]) =>
      asked.filter(port => !has(port)).map(port => `${who}: the pods have no port ${port}`)
    ),
    ...monitor.spec.endpoints
      .filter(({ port }) => service.spec.ports.every(({ name }) => name !== port))
      .map(({ port }) => `ServiceMonitor: the Service has no port ${port}`),
    ...(spec.template.spec.serviceAccountName === account.metadata.name ? [] : ['the ServiceAccount is not there']),
    ...manifests
      .filter(each => each.kind !== 'Namespace' && each.metadata.namespace !== metadata.namespace)
      .map(each => `${each.kind} is in another namespace`),
    ...(metadata.namespace === namespace ? [] : ['the Namespace is another'])
  ]
}
