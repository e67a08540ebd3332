import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import packageFile from '../../../package.json' with { type: 'json' }
import { loadConfig } from '../../../probe/config/source.ts'
import { testWith } from '../../support/test-with.ts'
import { deployedTargets, readOutputs } from './deployed.ts'
import { looseEnds } from './loose-ends.ts'
import { folder, hostsFolder, Manifest, manifestsIn, readManifests } from './manifest.ts'
import { containerOf, deploymentOf, theOne } from './pod.ts'
import { refusedByGoogle } from './refused-by-google.ts'
import { refusedByProfile } from './refused-by-profile.ts'
import { refusedBySchema } from './refused-by-schema.ts'

const chart = join(folder, 'chart')
const link = 'https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531'
const usual = { image: { repository: 'registry.example/privatelink-probe' }, targets: [link] }
const withHelm = testWith('helm')

/** What Helm makes of the chart with these values, in the namespace of the other manifests. */
async function rendered(values: object): Promise<readonly Manifest[]> {
  const directory = await mkdtemp(join(tmpdir(), 'chart-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'values.yaml')
  await writeFile(file, JSON.stringify(values))
  const words = ['template', 'privatelink-probe', chart, '--namespace', 'privatelink', '--values', file]
  return manifestsIn((await execa('helm', words)).stdout)
}

/** What another way to deploy names otherwise: labels of a release, the image, and what rolls the pods. */
function alike(manifests: readonly Manifest[]) {
  const written = JSON.parse(JSON.stringify(manifests), (key, value) =>
    ['app.kubernetes.io/instance', 'image', 'imagePullPolicy', 'checksum/config'].includes(key) ? undefined : value
  )
  return Object.fromEntries(
    z
      .array(Manifest)
      .parse(written)
      .filter(({ kind }) => kind !== 'Namespace')
      .map(each => [
        each.kind,
        each.kind === 'ConfigMap' ? parse(z.object({ 'probe.yaml': z.string() }).parse(each.data)['probe.yaml']) : each
      ])
  )
}

test('the chart has the version of the package', async () => {
  const { version, appVersion } = parse(await readFile(join(chart, 'Chart.yaml'), 'utf8'))
  expect([version, appVersion]).toEqual([packageFile.version, packageFile.version])
})

describe('Helm makes of the chart', () => {
  withHelm('the manifests for hosts only, but for names of the release', async () => {
    const { ConfigMap: config, Deployment: deployment, ...others } = alike(await rendered(usual))
    const { ConfigMap: expected, Deployment: plain, ...rest } = alike(await readManifests(hostsFolder))
    expect(others).toEqual(rest)
    expect(config).toEqual({ ...expected, targets: [link] })
    const Template = z.looseObject({
      spec: z.looseObject({ template: z.looseObject({ metadata: z.looseObject({}) }) })
    })
    const { spec } = Template.parse(deployment)
    expect(spec.template.metadata.annotations).toEqual({})
    const { annotations: _, ...metadata } = spec.template.metadata
    expect({ ...Object(deployment), spec: { ...spec, template: { ...spec.template, metadata } } }).toEqual(plain)
  })

  withHelm('what the schemas and the restricted profile admit, and what agrees', async () => {
    const manifests = await rendered({ ...usual, replicas: 2, monitoring: { labels: { release: 'prometheus' } } })
    expect(await refusedBySchema(manifests)).toEqual([])
    expect(refusedByProfile(deploymentOf(manifests).spec.template)).toEqual([])
    const [namespace] = manifestsIn(await readFile(join(folder, 'base/namespace.yaml'), 'utf8'))
    expect(looseEnds([...manifests, Manifest.parse(namespace)])).toEqual([])
    expect(theOne(manifests, 'ServiceMonitor').metadata.labels).toMatchObject({ release: 'prometheus' })
  })

  withHelm('a probe on every node, of which nothing expects a number', async () => {
    const manifests = await rendered({
      ...usual,
      kind: 'DaemonSet',
      tolerations: [{ operator: 'Exists' }],
      resolvers: [{ name: 'vpc', address: 'fd00:ec2::253' }],
      config: { intervalSeconds: 30 }
    })
    expect(await refusedBySchema(manifests)).toEqual([])
    expect(manifests.map(({ kind }) => kind)).not.toContain('PodDisruptionBudget')
    const { 'probe.yaml': config } = z.object({ 'probe.yaml': z.string() }).parse(theOne(manifests, 'ConfigMap').data)
    expect(parse(config)).toMatchObject({ intervalSeconds: 30, targets: [link] })
    expect(Object.keys(parse(config))).not.toContain('probes')
    expect(JSON.stringify(theOne(manifests, 'NetworkPolicy'))).toContain('"cidr":"fd00:ec2::253/128"')
  })

  testWith(
    'helm',
    'go',
    'managedPrometheus'
  )("what Google's managed Prometheus scrapes", async () => {
    const manifests = await rendered({ ...usual, monitoring: { kind: 'google' } })
    expect(await refusedByGoogle(theOne(manifests, 'PodMonitoring'))).toEqual([])
    expect(await refusedBySchema(manifests.filter(({ kind }) => kind !== 'PodMonitoring'))).toEqual([])
    expect(JSON.stringify(theOne(manifests, 'NetworkPolicy'))).toContain('gmp-system')
  })

  withHelm('a config that the probe takes, with the hosts of a deploy', async () => {
    const { image } = usual
    const manifests = await rendered({ image, outputs: await readOutputs(), environment: 'prod' })
    const { env, files } = containerOf(manifests)
    const directory = await mkdtemp(join(tmpdir(), 'chart-config-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const at = (path = '') => join(directory, path.replaceAll('/', '-'))
    for (const [path, text] of Object.entries(files)) await writeFile(at(path), text)
    const { config } = await loadConfig({
      file: at(env.PROBE_CONFIG_FILE),
      outputs: { file: at(env.PROBE_OUTPUTS_FILE), environment: env.PROBE_ENVIRONMENT ?? '' }
    })
    expect(config.targets.map(({ name }) => name)).toEqual(deployedTargets)
    expect(config.probes).toBe(3)
  })

  withHelm('other pods when the config changes', async () => {
    const annotations = async (values: object) => {
      const { template } = deploymentOf(await rendered({ ...usual, ...values })).spec
      return template.metadata.annotations
    }
    expect(await annotations({ config: { intervalSeconds: 30 } })).not.toEqual(await annotations({}))
    expect(await annotations({ podAnnotations: { team: 'search' } })).toMatchObject({ team: 'search' })
  })
})

describe('Helm refuses', () => {
  for (const [what, values, says] of [
    ['no image', { targets: [link] }, '/image/repository'],
    ['nothing to watch', { image: usual.image }, '/targets'],
    ['outputs without an environment', { image: usual.image, outputs: '{}' }, '/environment'],
    ['a value that there is not', { ...usual, replica: 2 }, "'replica'"],
    ['a kind that there is not', { ...usual, kind: 'StatefulSet' }, '/kind'],
    ['targets in the config', { ...usual, config: { targets: [link] } }, '/config'],
    ['a resolver that is a name', { ...usual, resolvers: [{ name: 'vpc', address: 'dns.example' }] }, '/resolvers/0']
  ] as const) {
    withHelm(what, async () => {
      await expect(rendered(values)).rejects.toThrow(says)
    })
  }
})
