import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { type CloudId, cloudOf } from '../../../probe/clouds.ts'
import { loadConfig } from '../../../probe/config/source.ts'
import { startProbe } from '../../support/probe.ts'
import { testWith } from '../../support/test-with.ts'
import { deployedTargets, readOutputs } from './deployed.ts'
import { folderOf, overlays, readManifests } from './manifest.ts'
import { containerOf } from './pod.ts'

/** What the image sets, and the manifests rely on. */
const image = { PROBE_HOST: '::', PROBE_PORT: '9815' }

/** The container's files in a directory, as the kubelet lays out a ConfigMap; and its environment, which names them there. */
async function mount(overlay: CloudId) {
  const manifests = await readManifests(folderOf(overlay), { 'outputs.json': await readOutputs() })
  const { container, env, files } = containerOf(manifests)
  const directory = await mkdtemp(join(tmpdir(), 'probe-pod-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const written = Object.entries(files).map(async ([path, text]) => {
    const file = join(directory, path)
    const version = join(dirname(file), '..2026')
    await mkdir(version, { recursive: true })
    await writeFile(join(version, file.slice(dirname(file).length + 1)), text)
    await symlink(join('..data', file.slice(dirname(file).length + 1)), file)
    return dirname(file)
  })
  for (const at of new Set(await Promise.all(written))) await symlink('..2026', join(at, '..data'))
  const mounted = Object.entries(env).map(([name, value]) => [name, value in files ? join(directory, value) : value])
  return { directory, container, env: z.record(z.string(), z.string()).parse(Object.fromEntries(mounted)) }
}

describe.for(overlays)('in a pod on %s', overlay => {
  test('the config has the targets of the deploy, and both resolvers', async () => {
    const { env } = await mount(overlay)
    expect(Object.keys(env)).toEqual(['PROBE_CONFIG_FILE', 'PROBE_OUTPUTS_FILE', 'PROBE_ENVIRONMENT'])
    const { config, resolvers } = await loadConfig({
      file: env.PROBE_CONFIG_FILE,
      outputs: { file: env.PROBE_OUTPUTS_FILE ?? '', environment: env.PROBE_ENVIRONMENT ?? '' }
    })
    expect(config.targets.map(({ name }) => name)).toEqual(deployedTargets)
    expect(resolvers).toContainEqual({ name: 'vpc', address: cloudOf(overlay).resolver, port: 53 })
    const { length } = new Set(resolvers.map(({ address }) => address)).values().toArray()
    expect(length).toBe(resolvers.length)
  })

  // In a network of its own, in which every address is the pod's and refuses: else it would ask real resolvers, and connect
  // to whoever is there.
  const inPod = testWith('namespaces', 'ip')

  /** What a pod has of each family where the cluster has no other, and its address, to which the kubelet connects. */
  const networks = {
    ipv4: {
      network: [
        'sysctl --quiet --write net.ipv6.conf.all.disable_ipv6=1',
        'ip address add 10.0.0.5/24 dev pod',
        'ip route add local default dev lo'
      ],
      address: '10.0.0.5'
    },
    ipv6: {
      network: [
        'ip address flush dev lo scope host',
        'ip -6 address add ::1/128 dev lo',
        'ip -6 address add fd00::5/64 dev pod nodad',
        'ip -6 route add local default dev lo'
      ],
      address: '[fd00::5]'
    }
  } as const

  /** Starts the probe as the kubelet does, with this in /etc/resolv.conf. */
  const start = async (resolvConf: string, family: keyof typeof networks = 'ipv4') => {
    const { network, address } = networks[family]
    const { directory, container, env } = await mount(overlay)
    const file = join(directory, 'resolv.conf')
    await writeFile(file, resolvConf)
    const script = [
      'ip link set lo up',
      'ip link add pod type veth peer name node',
      'ip link set pod up',
      'ip link set node up',
      ...network,
      `mount --bind '${file}' /etc/resolv.conf`,
      'exec "$0" "$@"'
    ].join(' && ')
    const probe = startProbe([], {
      // The kubelet tells every container where the API is, whether or not the pod has a token.
      env: { ...image, ...env, KUBERNETES_SERVICE_HOST: '10.100.0.1' },
      through: ['unshare', '--net', '--mount', 'sh', '-c', script]
    })
    await probe.url()
    const get = async (path: string) => {
      const url = `http://${address}:${container.ports[0]?.containerPort}${path}`
      const fetching = `const answer = await fetch('${url}'); console.log(answer.status); console.log(await answer.text())`
      const node = [process.execPath, '--input-type=module', '--eval', fetching]
      const { stdout } = await execa('nsenter', ['--net', '--target', String(probe.pid), ...node])
      const end = stdout.indexOf('\n')
      return { status: Number(stdout.slice(0, end)), text: stdout.slice(end + 1) }
    }
    const asked = async () => {
      const { text } = await get(`/api/targets/${deployedTargets[0]}`)
      const Told = z.object({
        evidence: z.object({
          resolvers: z.array(z.object({ resolver: z.object({ name: z.string(), address: z.string() }) }))
        })
      })
      return Told.parse(JSON.parse(text)).evidence.resolvers.map(
        ({ resolver }) => `${resolver.name} ${resolver.address}`
      )
    }
    return { probe, container, get, asked }
  }

  inPod("it starts, is alive and ready by the manifest's own probes, and has looked at all targets", async () => {
    const { probe, container, get, asked } = await start(
      'search privatelink.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.100.0.10\noptions ndots:5\n'
    )
    const { startupProbe, livenessProbe, readinessProbe } = container
    expect((await get(startupProbe.httpGet.path)).status).toBe(200)
    expect((await get(livenessProbe.httpGet.path)).status).toBe(200)
    await expect
      .poll(async () => (await get(readinessProbe.httpGet.path)).status, { timeout: 30_000, interval: 500 })
      .toBe(200)
    const { targets } = z
      .object({ targets: z.array(z.looseObject({ name: z.string() })) })
      .parse(JSON.parse((await get('/api/targets')).text))
    expect(targets.map(({ name }) => name)).toEqual(deployedTargets)
    expect(await asked()).toEqual(['cluster 10.100.0.10', `vpc ${cloudOf(overlay).resolver}`])
    expect(await probe.logged('running in a pod of Kubernetes')).toMatchObject({
      pod: { namespace: 'privatelink', ndots: 5 }
    })
    const detail = JSON.parse((await get(`/api/targets/${deployedTargets[0]}`)).text)
    expect(detail.evidence.pod).toMatchObject({ namespace: 'privatelink', ndots: 5 })
    expect(JSON.stringify(detail.case.remedy)).toContain('kubectl')
    expect((await get(`/?target=${deployedTargets[0]}`)).text).toContain('in namespace privatelink of Kubernetes')
    probe.kill('SIGTERM')
    expect(await probe.ended).toEqual({ code: 0, stderr: '' })
  })

  inPod('in a cluster with IPv6 only, it becomes ready', async () => {
    const { container, get } = await start('nameserver fd00::10\noptions ndots:5\n', 'ipv6')
    await expect
      .poll(async () => (await get(container.readinessProbe.httpGet.path)).status, { timeout: 30_000, interval: 500 })
      .toBe(200)
  })

  inPod("asks the VPC's resolver once where the cluster has no other", async () => {
    const { container, get, asked } = await start(`nameserver ${cloudOf(overlay).resolver}\n`)
    await expect
      .poll(async () => (await get(container.readinessProbe.httpGet.path)).status, { timeout: 30_000, interval: 500 })
      .toBe(200)
    expect(await asked()).toEqual([`vpc ${cloudOf(overlay).resolver}`])
  })
})

test('the image listens where the manifests say', async () => {
  const dockerfile = await readFile('probe/Dockerfile', 'utf8')
  for (const [name, value] of Object.entries(image)) expect(dockerfile).toMatch(new RegExp(`\\s${name}=${value}\\s`))
  expect(dockerfile).toMatch(/^USER 1000:1000$/m)
})
