import { appendFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { generated } from '../../../dashboards/generated.ts'
import { settings } from '../../../dashboards/settings.ts'
import { testRules } from '../../support/promtool.ts'
import { testWith } from '../../support/test-with.ts'
import { build, testWithKustomize } from './kustomize.ts'
import { folder, hostsFolder, Manifest, manifestsIn } from './manifest.ts'
import { Selector, theOne } from './pod.ts'
import { refusedByGoogle } from './refused-by-google.ts'
import { refusedByProfile } from './refused-by-profile.ts'
import { refusedBySchema } from './refused-by-schema.ts'

/** What a cluster gets from the overlay for hosts with these components. */
async function withComponents(...names: readonly string[]): Promise<readonly Manifest[]> {
  const directory = await mkdtemp(join(tmpdir(), 'components-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  await cp(folder, join(directory, folder), { recursive: true })
  const at = join(directory, hostsFolder)
  await appendFile(join(at, 'kustomization.yaml'), `components:\n${names.map(name => `  - ../${name}\n`).join('')}`)
  return build(at)
}

const kinds = (manifests: readonly Manifest[]) => manifests.map(({ kind }) => kind)

const Workload = z.looseObject({ spec: z.looseObject({ selector: Selector, template: z.looseObject({}) }) })

describe('a probe on every node', () => {
  testWithKustomize(
    'is a DaemonSet that the schemas and the restricted profile admit, with the same pods',
    async () => {
      const [manifests, plain] = await Promise.all([withComponents('nodes'), build(hostsFolder)])
      expect(await refusedBySchema(manifests)).toEqual([])
      const daemons = Workload.parse(theOne(manifests, 'DaemonSet'))
      expect(refusedByProfile(daemons.spec.template)).toEqual([])
      const { spec } = z
        .looseObject({ spec: z.looseObject({ topologySpreadConstraints: z.unknown() }) })
        .parse(Workload.parse(theOne(plain, 'Deployment')).spec.template)
      const { topologySpreadConstraints: _, ...pod } = spec
      expect(daemons.spec.template.spec).toEqual(pod)
      expect(kinds(manifests)).not.toContain('Deployment')
      expect(kinds(manifests)).not.toContain('PodDisruptionBudget')
    }
  )

  testWithKustomize('has its node as the instance, so that an alert names the nodes', async () => {
    expect(theOne(await withComponents('nodes'), 'ServiceMonitor')).toMatchObject({
      spec: {
        endpoints: [{ relabelings: [{ sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'instance' }] }]
      }
    })
  })
})

describe('for Google Cloud Managed Service for Prometheus', () => {
  testWithKustomize('the ServiceMonitor is left out, and the collectors are let in', async () => {
    const manifests = await withComponents('managed-prometheus')
    expect(kinds(manifests)).not.toContain('ServiceMonitor')
    expect(await refusedBySchema(manifests.filter(({ kind }) => kind !== 'PodMonitoring'))).toEqual([])
    expect(theOne(manifests, 'NetworkPolicy', 'privatelink-probe-collectors')).toMatchObject({
      metadata: { namespace: 'privatelink' },
      spec: { policyTypes: ['Ingress'], ingress: [{ ports: [{ protocol: 'TCP', port: 9815 }] }] }
    })
  })

  testWithKustomize(
    'the PodMonitoring selects the pods, by the name of their port, as often as the rules are made for',
    async () => {
      const manifests = await withComponents('managed-prometheus', 'nodes')
      const { metadata, spec } = z
        .looseObject({
          metadata: z.looseObject({}),
          spec: z.looseObject({ selector: Selector, endpoints: z.unknown() })
        })
        .parse(theOne(manifests, 'PodMonitoring'))
      expect(metadata.namespace).toBe('privatelink')
      expect(spec.selector).toEqual(Workload.parse(theOne(manifests, 'DaemonSet')).spec.selector)
      expect(spec.endpoints).toEqual([
        { port: 'metrics', path: '/metrics', interval: `${settings.evaluationSeconds}s`, timeout: '9s' }
      ])
    }
  )

  const rules = () => Manifest.parse(parse(generated(settings)['generated/managed-prometheus-rules.yaml'] ?? ''))
  const monitoring = async () => {
    const [manifest] = manifestsIn(await readFile(join(folder, 'managed-prometheus/pod-monitoring.yaml'), 'utf8'))
    return Manifest.parse(manifest)
  }

  testWith('go', 'managedPrometheus')('PodMonitoring and Rules are of the schemas of its operator', async () => {
    expect(await refusedByGoogle(await monitoring())).toEqual([])
    expect(await refusedByGoogle(rules())).toEqual([])
  })

  testWith('go', 'managedPrometheus')('the schemas refuse what its operator does not have', async () => {
    const { spec, ...rest } = await monitoring()
    expect(await refusedByGoogle(Manifest.parse({ ...rest, spec: { ...Object(spec), jobLabel: 'x' } }))).toEqual([
      expect.stringContaining('jobLabel')
    ])
    const operators = parse(generated(settings)['generated/prometheus-rule.yaml'] ?? '')
    expect((await refusedByGoogle({ ...rules(), spec: operators.spec })).join()).toContain('keep_firing_for')
  })

  const Groups = z.object({
    groups: z.array(
      z.looseObject({
        rules: z.array(
          z.looseObject({ expr: z.string(), keep_firing_for: z.string().optional(), for: z.string().optional() })
        )
      })
    )
  })

  test('the rules are the same, but for those that keep firing', () => {
    const [theirs, ours] = [rules().spec, parse(generated(settings)['generated/rules.yaml'] ?? '')].map(spec =>
      Groups.parse(spec).groups.flatMap(group => group.rules)
    )
    expect(theirs?.map(({ expr }) => expr)).toEqual(
      ours?.map(({ expr, keep_firing_for: seconds, for: waits }) =>
        seconds === undefined || waits !== undefined
          ? expr
          : `max_over_time((${expr})[${seconds}:${settings.evaluationSeconds}s])`
      )
    )
    expect(theirs?.map(({ expr: _, ...rule }) => rule)).toEqual(
      ours?.map(({ expr: _, keep_firing_for: __, ...rule }) => rule)
    )
  })

  testWith('promtool')('an alert there ends two minutes after its cause, as with keep_firing_for', async () => {
    const labels = 'target="prod/search/in01",environment="prod",cloud="aws",region="us-west-2",host="h",port="1"'
    const firing = 'count(ALERTS{alertname="PrivateLinkTimeout",alertstate="firing"})'
    const both = [generated(settings)['generated/rules.yaml'] ?? '', stringify(rules().spec)]
    for (const each of both) {
      const wrong = await testRules({
        rules: each,
        stepSeconds: 10,
        // It is broken from 50 seconds to five minutes.
        series: {
          [`privatelink_confirmed_case{${labels},case="no-answer-to-syn",symptom="timeout"}`]: '_x5 1x24 stale'
        },
        expect: [
          { at: '40s', query: firing, gives: [] },
          { at: '60s', query: firing, gives: ['{} 1'] },
          { at: '6m50s', query: firing, gives: ['{} 1'] },
          { at: '7m20s', query: firing, gives: [] }
        ]
      })
      expect(wrong).toBe('')
    }
  })
})
