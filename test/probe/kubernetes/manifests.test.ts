import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { settings } from '../../../dashboards/settings.ts'
import { type CloudId, cloudOf } from '../../../probe/clouds.ts'
import { readOutputs } from './deployed.ts'
import { looseEnds } from './loose-ends.ts'
import {
  folder,
  folderOf,
  hostsFolder,
  type Manifest,
  Manifest as ManifestSchema,
  overlays,
  readManifests,
  unnamedFiles
} from './manifest.ts'
import { containerOf, deploymentOf, theOne } from './pod.ts'
import { refusedByProfile } from './refused-by-profile.ts'
import { refusedBySchema } from './refused-by-schema.ts'

const kinds = [
  'Namespace',
  'ServiceAccount',
  'Deployment',
  'Service',
  'ServiceMonitor',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'NetworkPolicy',
  'ConfigMap'
]

const manifestsOf = async (overlay: CloudId) =>
  readManifests(folderOf(overlay), { 'outputs.json': await readOutputs() })

/** The manifests, with something else at a path in the one of that kind: `undefined` takes away what is there. */
function changed(manifests: readonly Manifest[], kind: string, path: readonly string[], value: unknown) {
  return manifests.map(manifest =>
    manifest.kind === kind ? ManifestSchema.parse(withValue(manifest, path, value)) : manifest
  )
}

function withValue(within: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  if (Array.isArray(within))
    return within.map((each, index) => (String(index) === key ? withValue(each, rest, value) : each))
  const held = z.record(z.string(), z.unknown()).parse(within ?? {})
  return { ...held, [key]: withValue(held[key], rest, value) }
}

const inContainer = (...path: readonly string[]) => ['spec', 'template', 'spec', 'containers', '0', ...path]

describe.for(overlays)('the manifests for %s', overlay => {
  test('are all there, and no file is left out', async () => {
    expect((await manifestsOf(overlay)).map(({ kind }) => kind)).toEqual(kinds)
    for (const each of [`${folder}/base`, folderOf(overlay)]) expect(await unnamedFiles(each), each).toEqual([])
  })

  test('are of the published schemas', async () => {
    expect(await refusedBySchema(await manifestsOf(overlay))).toEqual([])
  })

  test('have selectors, ports, names and a number of probes that agree', async () => {
    expect(looseEnds(await manifestsOf(overlay))).toEqual([])
  })

  test('make a pod that the restricted profile admits', async () => {
    const manifests = await manifestsOf(overlay)
    expect(refusedByProfile(deploymentOf(manifests).spec.template)).toEqual([])
    expect(theOne(manifests, 'Namespace').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/enforce-version': expect.stringMatching(/^v1\.\d+$/)
    })
  })

  test('let the probe ask both resolvers and connect to private addresses, and nothing else', async () => {
    const policies = (await manifestsOf(overlay)).filter(({ kind }) => kind === 'NetworkPolicy')
    const Policy = z.object({
      spec: z.object({
        policyTypes: z.array(z.string()),
        ingress: z.array(z.unknown()).default([]),
        egress: z.array(z.unknown())
      })
    })
    const specs = policies.map(policy => Policy.parse(policy).spec)
    const block = (cidr: string) => ({ ipBlock: { cidr } })
    const namespace = (name: string) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } }
    })
    const dns = [
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 }
    ]
    expect(specs).toEqual([
      {
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [namespace('monitoring')], ports: [{ protocol: 'TCP', port: 9815 }] }],
        egress: [
          { to: [namespace('kube-system'), block('169.254.20.10/32')], ports: dns },
          {
            to: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(block),
            ports: [{ protocol: 'TCP' }]
          }
        ]
      },
      {
        policyTypes: ['Egress'],
        ingress: [],
        egress: [{ to: [block(`${cloudOf(overlay).resolver}/32`)], ports: dns }]
      }
    ])
  })

  test('let the probe ask the resolver that its config names', async () => {
    const { env, files } = containerOf(await manifestsOf(overlay))
    const { resolvers } = parse(files[env.PROBE_CONFIG_FILE ?? ''] ?? '')
    expect(resolvers).toEqual([
      { name: 'cluster', address: 'system' },
      { name: 'vpc', address: cloudOf(overlay).resolver }
    ])
  })
})

describe('the manifests for hosts only', () => {
  const read = () => readManifests(hostsFolder)

  test('are all but what a cloud adds, and no file is left out', async () => {
    const found = (await read()).map(({ kind }) => kind)
    expect(found).toEqual([...kinds.slice(0, 7), 'ConfigMap'])
    expect(await unnamedFiles(hostsFolder)).toEqual([])
  })

  test('are of the published schemas, agree, and make a pod that the restricted profile admits', async () => {
    expect(await refusedBySchema(await read())).toEqual([])
    expect(looseEnds(await read())).toEqual([])
    expect(refusedByProfile(deploymentOf(await read()).spec.template)).toEqual([])
  })

  test('give the probe its config, and nothing of a deploy', async () => {
    const { env, files } = containerOf(await read())
    expect(env).toEqual({ PROBE_CONFIG_FILE: '/etc/privatelink-probe/probe.yaml' })
    expect(Object.keys(files)).toEqual(['/etc/privatelink-probe/probe.yaml'])
  })
})

describe('a probe in a cluster', () => {
  const deployment = async () => deploymentOf(await manifestsOf('aws')).spec

  test('is never less than all of its replicas while it is rolled out', async () => {
    const { replicas, strategy } = await deployment()
    expect(replicas).toBeGreaterThan(1)
    expect(strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 })
  })

  test('is spread over zones and over nodes', async () => {
    const { topologySpreadConstraints } = (await deployment()).template.spec
    expect(topologySpreadConstraints.map(({ topologyKey }) => topologyKey)).toEqual([
      'topology.kubernetes.io/zone',
      'kubernetes.io/hostname'
    ])
  })

  test('has memory to itself, and is not throttled', async () => {
    const { requests, limits } = (await deployment()).template.spec.containers[0].resources
    expect([Object.keys(requests), Object.keys(limits)]).toEqual([['cpu', 'memory'], ['memory']])
  })

  test('has no way into the API, and no variables of Services', async () => {
    const manifests = await manifestsOf('aws')
    const { automountServiceAccountToken, enableServiceLinks } = deploymentOf(manifests).spec.template.spec
    expect([automountServiceAccountToken, enableServiceLinks]).toEqual([false, false])
    expect(theOne(manifests, 'ServiceAccount')).toMatchObject({ automountServiceAccountToken: false })
  })
})

describe('who scrapes them', () => {
  const Relabel = z.strictObject({
    source_labels: z.array(z.string()),
    regex: z.string().default('(.*)'),
    action: z.enum(['keep', 'replace']).default('replace'),
    target_label: z.string().optional()
  })
  const metaOf = async () => {
    const manifests = await manifestsOf('gcp')
    const { labels } = deploymentOf(manifests).spec.template.metadata
    return {
      __meta_kubernetes_pod_container_port_name: containerOf(manifests).container.ports[0]?.name ?? '',
      __meta_kubernetes_pod_name: 'privatelink-probe-7d4b9c-x2x9p',
      ...Object.fromEntries(
        Object.entries(labels).map(([key, value]) => [
          `__meta_kubernetes_pod_label_${key.replaceAll(/[^A-Za-z0-9_]/g, '_')}`,
          value
        ])
      )
    }
  }
  /** Labels after relabelling, or nothing if they are not kept. */
  const relabelled = (labels: Readonly<Record<string, string>>, configs: readonly z.output<typeof Relabel>[]) => {
    const held = { ...labels }
    for (const { source_labels, regex, action, target_label } of configs) {
      const value = source_labels.map(each => held[each] ?? '').join(';')
      const matches = new RegExp(`^(?:${regex})$`).test(value)
      if (action === 'keep' && !matches) return undefined
      if (action === 'replace' && matches && target_label !== undefined) held[target_label] = value
    }
    return held
  }

  test('without the operator are those of the example, and an instance is a pod', async () => {
    const { scrape_configs } = parse(await readFile('dashboards/examples/prometheus-kubernetes.yml', 'utf8'))
    const configs = z.array(Relabel).parse(scrape_configs[0].relabel_configs)
    const meta = await metaOf()
    expect(relabelled(meta, configs)).toMatchObject({ instance: 'privatelink-probe-7d4b9c-x2x9p' })
    expect(relabelled({ ...meta, __meta_kubernetes_pod_container_port_name: 'other' }, configs)).toBeUndefined()
  })

  test('with the operator scrape as often as the rules are made for, and an instance is a pod as well', async () => {
    const { spec } = z
      .looseObject({ spec: z.looseObject({ endpoints: z.array(z.unknown()) }) })
      .parse(theOne(await manifestsOf('gcp'), 'ServiceMonitor'))
    expect(spec.endpoints).toEqual([
      {
        port: 'metrics',
        path: '/metrics',
        interval: `${settings.evaluationSeconds}s`,
        scrapeTimeout: '9s',
        honorLabels: true,
        relabelings: [{ sourceLabels: ['__meta_kubernetes_pod_name'], targetLabel: 'instance' }]
      }
    ])
  })
})

describe('a broken manifest is refused:', () => {
  for (const { when, kind, path, value, says } of [
    {
      when: 'a field of another type',
      kind: 'Deployment',
      path: ['spec', 'replicas'],
      value: '3',
      says: 'data/spec/replicas must be integer'
    },
    {
      when: 'a value that is none of the known ones',
      kind: 'NetworkPolicy',
      path: ['spec', 'podSelector', 'matchExpressions'],
      value: 'x',
      says: 'must be array'
    },
    {
      when: 'a field that there is not',
      kind: 'Deployment',
      path: ['spec', 'replica'],
      value: 3,
      says: `'"replica"' does not exist`
    },
    {
      when: 'a field that there is not, deep down',
      kind: 'Deployment',
      path: inContainer('readinessProbe', 'periodSecond'),
      value: 5,
      says: `'"periodSecond"' does not exist`
    },
    {
      when: 'a field that a ServiceMonitor has not',
      kind: 'ServiceMonitor',
      path: ['spec', 'endpoints', '0', 'intervall'],
      value: '10s',
      says: `'"intervall"' does not exist`
    },
    {
      when: 'a duration that is none',
      kind: 'ServiceMonitor',
      path: ['spec', 'endpoints', '0', 'interval'],
      value: 'often',
      says: 'must match pattern'
    },
    { when: 'a kind of which nothing is known', kind: 'Service', path: ['kind'], value: 'Servise', says: 'no schema' }
  ]) {
    test(when, async () => {
      const refused = await refusedBySchema(changed(await manifestsOf('aws'), kind, path, value))
      expect(refused.join('\n')).toContain(says)
    })
  }

  for (const { when, kind, path, value, says } of [
    {
      when: 'a Service that selects other pods',
      kind: 'Service',
      path: ['spec', 'selector'],
      value: { app: 'probe' },
      says: ['Service does not select the pods']
    },
    {
      when: 'a Service that selects any pod',
      kind: 'Service',
      path: ['spec', 'selector'],
      value: {},
      says: ['Service does not select the pods']
    },
    {
      when: 'policies and a budget for other pods',
      kind: 'Deployment',
      path: ['spec', 'template', 'metadata', 'labels'],
      value: { 'app.kubernetes.io/name': 'other' },
      says: [
        'Deployment does not select the pods',
        'Service does not select the pods',
        'PodDisruptionBudget does not select the pods',
        'NetworkPolicy privatelink-probe does not select the pods',
        'NetworkPolicy privatelink-probe-vpc-resolver does not select the pods',
        'spread by topology.kubernetes.io/zone does not select the pods',
        'spread by kubernetes.io/hostname does not select the pods'
      ]
    },
    {
      when: 'a port of another name',
      kind: 'Deployment',
      path: inContainer('ports', '0', 'name'),
      value: 'http',
      says: [
        'startupProbe: the pods have no port metrics',
        'livenessProbe: the pods have no port metrics',
        'readinessProbe: the pods have no port metrics',
        'Service: the pods have no port metrics'
      ]
    },
    {
      when: 'a port of another number',
      kind: 'Deployment',
      path: inContainer('ports', '0', 'containerPort'),
      value: 9816,
      says: ['NetworkPolicy: the pods have no port 9815']
    },
    {
      when: 'a scrape of a port that the Service has not',
      kind: 'ServiceMonitor',
      path: ['spec', 'endpoints', '0', 'port'],
      value: 'http',
      says: ['ServiceMonitor: the Service has no port http']
    },
    {
      when: 'another number of replicas than the config expects probes',
      kind: 'Deployment',
      path: ['spec', 'replicas'],
      value: 2,
      says: ['the config expects 3 probes, the Deployment runs 2']
    },
    {
      when: 'a config that does not say how many probes there are',
      kind: 'ConfigMap',
      path: ['data', 'probe.yaml'],
      value: 'intervalSeconds: 10',
      says: ['the config expects undefined probes, the Deployment runs 3']
    },
    {
      when: 'an account that is not there',
      kind: 'ServiceAccount',
      path: ['metadata', 'name'],
      value: 'other',
      says: ['the ServiceAccount is not there']
    }
  ]) {
    test(when, async () => {
      expect(looseEnds(changed(await manifestsOf('aws'), kind, path, value))).toEqual(says)
    })
  }

  for (const { when, path, value, says } of [
    { when: 'the network of the node', path: ['spec', 'hostNetwork'], value: true, says: ['hostNetwork'] },
    {
      when: 'a folder of the node',
      path: ['spec', 'volumes', '0'],
      value: { name: 'config', hostPath: { path: '/etc' } },
      says: ['volume config: hostPath']
    },
    {
      when: 'nothing said of users',
      path: ['spec', 'securityContext', 'runAsNonRoot'],
      value: undefined,
      says: ['probe: may run as root']
    },
    { when: 'user 0', path: ['spec', 'securityContext', 'runAsUser'], value: 0, says: ['pod: user 0'] },
    {
      when: 'no seccomp profile',
      path: ['spec', 'securityContext', 'seccompProfile'],
      value: undefined,
      says: ['probe: no seccomp profile']
    },
    {
      when: 'an AppArmor profile that confines nothing',
      path: ['spec', 'securityContext', 'appArmorProfile'],
      value: { type: 'Unconfined' },
      says: ['pod: AppArmor']
    },
    {
      when: 'a sysctl that reaches the node',
      path: ['spec', 'securityContext', 'sysctls'],
      value: [{ name: 'kernel.msgmax', value: '1' }],
      says: ['sysctl kernel.msgmax']
    },
    {
      when: 'a container with everything that is forbidden',
      path: ['spec', 'containers', '0'],
      value: {
        name: 'bad',
        securityContext: {
          privileged: true,
          runAsNonRoot: false,
          procMount: 'Unmasked',
          seccompProfile: { type: 'Unconfined' },
          seLinuxOptions: { type: 'spc_t' },
          windowsOptions: { hostProcess: true },
          capabilities: { add: ['NET_RAW', 'NET_BIND_SERVICE'] }
        },
        ports: [{ containerPort: 9815, hostPort: 9815 }],
        livenessProbe: { httpGet: { host: '169.254.169.254', port: 80 } }
      },
      says: [
        'bad: host process',
        'bad: SELinux',
        'bad: seccomp',
        'bad: runs as root',
        'bad: privileged',
        'bad: does not drop all capabilities',
        'bad: capability NET_RAW',
        'bad: privilege escalation',
        'bad: procMount',
        'bad: may run as root',
        'bad: no seccomp profile',
        'bad: host port',
        'bad: probe of a host'
      ]
    },
    {
      when: 'such a container before the others',
      path: ['spec', 'initContainers'],
      value: [{ name: 'first' }],
      says: ['first: does not drop all capabilities', 'first: privilege escalation']
    }
  ]) {
    test(`by the restricted profile, ${when}`, async () => {
      const { template } = deploymentOf(await manifestsOf('aws')).spec
      expect(refusedByProfile(withValue(template, path, value))).toEqual(says)
    })
  }
})
