import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { ProbeConfig } from '../../../probe/target.ts'
import { GoogleCloud } from '../../standin/google/google-cloud.ts'
import { changesByKind, openDeployment, sharedDeployment } from '../../support/deployment.ts'
import { testWith } from '../../support/test-with.ts'
import { gcpLink, gcpProbe } from '../literals.ts'
import { gcpHost, googleWorld } from '../world.ts'
import { watchedBy } from './probe-process.ts'

const test = testWith('terraform')
const withProbe = { ...gcpLink, probe: gcpProbe }
const otherHost = 'https://in01-0a1b2c3d4e5f607-privatelink.gcp-us-west1.vectordb.zillizcloud.com:1443'

function environment(link: object, others: object = {}) {
  return { name: 'test', backend: { type: 'local' }, links: { papers: link, ...others } }
}

/** Deployed once, for the tests that only look at it. */
const deployed = sharedDeployment(environment(withProbe), { google: googleWorld() })

/** The VMs that run, in the order of their zones. */
function vmsOf(google: GoogleCloud) {
  const groups = [...google.instanceGroupManagers.values()].sort((one, other) => one.zone.localeCompare(other.zone))
  return groups.flatMap(({ zone, instances }) => instances.map(instance => ({ zone, ...instance })))
}

type Vm = ReturnType<typeof vmsOf>[number]

const config = (vm: Vm | undefined) => vm?.metadata['privatelink-probe-config'] ?? ''

/** The names of the targets that a VM is told of. */
function targetsIn(vm: Vm): readonly string[] {
  return ProbeConfig.parse(JSON.parse(config(vm))).targets.map(({ name }) => name)
}

/** The unit of systemd that cloud-init writes. */
function unitOf(vm: Vm | undefined): string {
  const userData = z.object({ write_files: z.tuple([z.object({ content: z.string() })]) })
  return userData.parse(parse(vm?.metadata['user-data'] ?? '')).write_files[0].content
}

/** What the unit gives the container: its environment, by `docker run`. */
function containerEnv(unit: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...unit.matchAll(/--env (\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]))
}

test('a link is deployed with its probe, planned again without change, and destroyed', async () => {
  const google = googleWorld()
  const { terraform, deploy, plan } = await openDeployment(environment(withProbe), { google })
  expect(await terraform.validate()).toEqual([])
  const applied = await deploy(environment(withProbe))
  expect(applied.errors).toEqual([])
  expect(applied.warnings).toEqual([])
  expect((await plan(environment(withProbe))).changes).toEqual([])
  expect(vmsOf(google).map(({ zone }) => zone)).toEqual(['us-west1-a', 'us-west1-b'])
  expect((await terraform.destroy()).errors).toEqual([])
  const left = [google.instanceGroupManagers, google.instanceTemplates, google.serviceAccounts, google.firewalls]
  expect(left.map(({ size }) => size)).toEqual([0, 0, 0, 0])
})

test('a probe is switched on and off, and the link is never touched', async () => {
  const google = googleWorld()
  const { deploy, plan } = await openDeployment(environment(gcpLink), { google })
  await deploy(environment(gcpLink))
  const outside = ({ address }: { address: string }) => !/\.papers_probe_/.test(address)

  const on = await plan(environment(withProbe))
  expect(on.changes.filter(outside)).toEqual([])
  expect(new Set(on.changes.flatMap(({ actions }) => actions))).toEqual(new Set(['create']))
  expect((await deploy(environment(withProbe))).errors).toEqual([])

  const off = await plan(environment(gcpLink))
  expect(off.changes.filter(outside)).toEqual([])
  expect(new Set(off.changes.flatMap(({ actions }) => actions))).toEqual(new Set(['delete']))
  expect((await deploy(environment(gcpLink))).errors).toEqual([])
  expect((await plan(environment(gcpLink))).changes).toEqual([])
})

test('a probe that is there in step one watches nothing, and in step two the hosts', async () => {
  const google = googleWorld()
  const stepOne = environment({ ...withProbe, hosts: [] })
  const { deploy } = await openDeployment(stepOne, { google })
  expect((await deploy(stepOne)).errors).toEqual([])
  expect(vmsOf(google).map(targetsIn)).toEqual([[], []])
  expect((await deploy(environment(withProbe))).errors).toEqual([])
  expect(vmsOf(google).map(targetsIn)).toEqual([
    ['test/papers/in01-61e949d971f841b'],
    ['test/papers/in01-61e949d971f841b']
  ])
})

test('another host or image rolls the VMs over to another template', async () => {
  const google = googleWorld()
  const { deploy } = await openDeployment(environment(withProbe), { google })
  await deploy(environment(withProbe))
  const ids = () => vmsOf(google).map(({ numericId }) => numericId)
  const first = ids()
  await deploy(environment({ ...withProbe, hosts: [`https://${gcpHost}:443`, otherHost] }))
  const second = ids()
  expect(second).toHaveLength(2)
  expect(second.filter(id => first.includes(id))).toEqual([])
  expect(google.instanceTemplates.size).toBe(1)

  const image = gcpProbe.image.replace('1.0.0', '1.0.1')
  await deploy(environment({ ...gcpLink, probe: { ...gcpProbe, image } }))
  expect(ids().filter(id => second.includes(id))).toEqual([])
  expect(vmsOf(google).every(vm => unitOf(vm).includes(` ${image}\n`))).toBe(true)
})

test('each probe receives how many there are, and more or fewer of them roll the others over to another template', async () => {
  const google = googleWorld()
  const inZones = (...zones: readonly string[]) => environment({ ...gcpLink, probe: { ...gcpProbe, zones } })
  const [zoneA = '', zoneB = ''] = gcpProbe.zones
  const { deploy, plan } = await openDeployment(inZones(zoneA), { google })
  const expected = () => vmsOf(google).map(vm => [vm.zone, ProbeConfig.parse(JSON.parse(config(vm))).probes])

  await deploy(inZones(zoneA))
  expect(expected()).toEqual([[zoneA, 1]])

  expect(changesByKind(await plan(inZones(zoneA, zoneB)))).toEqual([
    'create and delete google_compute_instance_template',
    'create google_compute_instance_group_manager',
    'update google_compute_instance_group_manager'
  ])
  await deploy(inZones(zoneA, zoneB))
  expect(expected()).toEqual([
    [zoneA, 2],
    [zoneB, 2]
  ])
  expect((await plan(inZones(zoneA, zoneB))).changes).toEqual([])

  await deploy(inZones(zoneB))
  expect(expected()).toEqual([[zoneB, 1]])
})

test('a VM has no external address, is shielded, and lets nobody in by the keys of its project', async () => {
  const { google, terraform } = await deployed()
  const [template] = (await terraform.state()).filter(({ address }) =>
    address.startsWith('google_compute_instance_template.')
  )
  expect(template?.values).toMatchObject({
    machine_type: 'e2-micro',
    network_interface: [{ access_config: [], ipv6_access_config: [] }],
    shielded_instance_config: [{ enable_secure_boot: true, enable_vtpm: true, enable_integrity_monitoring: true }],
    can_ip_forward: false
  })
  expect(vmsOf(google)[0]?.metadata).toMatchObject({
    'google-logging-enabled': 'true',
    'enable-oslogin': 'TRUE',
    'block-project-ssh-keys': 'TRUE'
  })
})

test('cloud-init starts the container as nobody, on a file system that it cannot write, and opens its port', async () => {
  const { google } = await deployed()
  const unit = unitOf(vmsOf(google)[0])
  expect(unit).toContain('docker-credential-gcr configure-docker --registries=us-west1-docker.pkg.dev\n')
  expect(unit).toContain('iptables --wait --append INPUT --protocol tcp --dport 9815 --jump ACCEPT')
  expect(unit).toMatch(
    /^ExecStart=\/usr\/bin\/docker run .*--network host --user 1000:1000 --read-only --cap-drop ALL --security-opt no-new-privileges /m
  )
  const elsewhere = { ...gcpProbe, image: 'ghcr.io/example/privatelink-probe:1.0.0' }
  const other = googleWorld()
  const literal = environment({ ...gcpLink, probe: elsewhere })
  await (await openDeployment(literal, { google: other })).deploy(literal)
  expect(unitOf(vmsOf(other)[0])).not.toContain('docker-credential-gcr')
})

testWith('terraform', 'cloudInit')("the user data of the VM is valid by cloud-init's own schema", async () => {
  const { google } = await deployed()
  const check = async (text: string) => {
    const directory = await mkdtemp(join(tmpdir(), 'cloud-init-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const file = join(directory, 'user-data')
    await writeFile(file, text)
    return execa('cloud-init', ['schema', '--config-file', file], { reject: false, timeout: 30_000 })
  }
  const userData = vmsOf(google)[0]?.metadata['user-data'] ?? ''
  expect((await check(userData)).exitCode).toBe(0)
  expect((await check(userData.replace('- path:', '- file:'))).exitCode).not.toBe(0)
})

testWith('terraform', 'systemdAnalyze')('systemd reads the unit without a word', async () => {
  const { google } = await deployed()
  const directory = await mkdtemp(join(tmpdir(), 'unit-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const verify = async (unit: string) => {
    const file = join(directory, 'privatelink-probe.service')
    await writeFile(file, unit)
    return (await execa('systemd-analyze', ['verify', '--man=no', file], { reject: false, timeout: 30_000 })).stderr
  }
  const unit = unitOf(vmsOf(google)[0])
  // The programs are those of Container-Optimized OS.
  const complaints = (stderr: string) =>
    stderr.split('\n').filter(line => line !== '' && !line.includes('is not executable'))
  expect(complaints(await verify(unit))).toEqual([])
  expect(complaints(await verify(unit.replace('RestartSec=10', 'RestartSek=10')))).not.toEqual([])
})

testWith(
  'terraform',
  'namespaces',
  'ip'
)('a real probe with the environment of the container watches the hosts', async () => {
  const { google } = await deployed()
  const [vm] = vmsOf(google)
  const directory = await mkdtemp(join(tmpdir(), 'probe-config-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'config.json')
  await writeFile(file, config(vm))
  const env = containerEnv(unitOf(vm))
  expect(env).toEqual({
    PROBE_CONFIG_FILE: '/config.json',
    PROBE_HOST: '::',
    PROBE_PORT: '9815',
    PROBE_NAMES: '*.internal'
  })
  expect(await watchedBy({ ...env, PROBE_CONFIG_FILE: file })).toEqual({
    targets: ['test/papers/in01-61e949d971f841b'],
    probesExpected: '2'
  })
})

test('the probe is reached by the scrapers alone', async () => {
  const { google } = await deployed()
  const ingress = [...google.firewalls.values()].filter(({ direction }) => direction === 'INGRESS')
  expect(ingress).toMatchObject([
    {
      name: 'zilliz-us-west1-probe-scrape',
      sourceRanges: ['10.138.64.0/20'],
      sourceTags: ['prometheus'],
      targetTags: ['zilliz-us-west1-probe'],
      allow: [{ protocol: 'tcp', ports: ['9815'] }]
    }
  ])
  expect(vmsOf(google).map(({ tags }) => tags)).toEqual([['zilliz-us-west1-probe'], ['zilliz-us-west1-probe']])
})

test('it goes out as the clients do by their tags, or by a rule of its own beside their service accounts', async () => {
  const google = googleWorld()
  const tagged = { ...withProbe, egressTargetTags: ['search-client'] }
  const { deploy } = await openDeployment(environment(tagged), { google })
  const egress = () =>
    [...google.firewalls.values()]
      .filter(({ direction }) => direction === 'EGRESS')
      .map(({ name }) => name)
      .sort()
  await deploy(environment(tagged))
  expect(vmsOf(google)[0]?.tags).toEqual(['search-client', 'zilliz-us-west1-probe'])
  expect(egress()).toEqual(['zilliz-us-west1-egress'])

  const accounts = { ...withProbe, egressTargetServiceAccounts: ['search@search-test.iam.gserviceaccount.com'] }
  expect((await deploy(environment(accounts))).errors).toEqual([])
  expect(egress()).toEqual(['zilliz-us-west1-egress', 'zilliz-us-west1-probe-egress'])
  const rule = [...google.firewalls.values()].find(({ name }) => name === 'zilliz-us-west1-probe-egress')
  expect(rule).toMatchObject({ targetTags: ['zilliz-us-west1-probe'], allow: [{ protocol: 'tcp', ports: ['443'] }] })
})

test('its service account writes logs and reads one repository', async () => {
  const google = googleWorld()
  const { deploy } = await openDeployment(environment(withProbe), { google })
  await deploy(environment(withProbe))
  const [account] = google.serviceAccounts.values()
  const member = `serviceAccount:${account?.accountId}@search-test.iam.gserviceaccount.com`
  expect(Object.fromEntries(google.iamPolicies)).toEqual({
    'projects/search-test': [{ role: 'roles/logging.logWriter', member }],
    'projects/search-test/locations/us-west1/repositories/containers': [
      { role: 'roles/artifactregistry.reader', member }
    ]
  })
  expect(vmsOf(google)[0]?.serviceAccount?.email).toBe(member.replace('serviceAccount:', ''))
})

test('Prometheus finds the VMs by their label, and the outputs say which', async () => {
  const { google, applied } = await deployed()
  const { outputs } = applied
  const filter = 'labels.privatelink-probe=test--papers'
  expect(outputs.probes).toEqual({
    papers: { project: 'search-test', zones: ['us-west1-a', 'us-west1-b'], filter, port: 9815 }
  })
  expect(vmsOf(google).map(({ labels }) => labels['privatelink-probe'])).toEqual(['test--papers', 'test--papers'])
})

test('in a Shared VPC the firewall rule is made in the host project, and the VMs in the service project', async () => {
  const google = googleWorld()
  const shared = { networkProject: 'net-host-123', network: 'shared', subnetwork: 'shared-us-west1' }
  const literal = environment({ ...withProbe, ...shared })
  const { deploy } = await openDeployment(literal, { google })
  expect((await deploy(literal)).errors).toEqual([])
  expect(vmsOf(google)[0]?.subnetwork).toBe('projects/net-host-123/regions/us-west1/subnetworks/shared-us-west1')
  expect([...google.firewalls.values()].map(({ project }) => project)).toEqual(['net-host-123', 'net-host-123'])
})

test('a subnet without Private Google Access is warned of', async () => {
  const google = new GoogleCloud({
    project: gcpLink.project,
    networks: [
      { name: 'default', subnetworks: [{ name: 'default', range: '10.138.0.0/20', privateGoogleAccess: false }] }
    ]
  })
  const { deploy } = await openDeployment(environment(withProbe), { google })
  const { warnings, errors } = await deploy(environment(withProbe))
  expect(errors).toEqual([])
  expect(warnings.map(({ detail }) => detail)).toEqual([
    'test/papers/probe: the VMs have no external address, and Private Google Access is off in subnet default. Turn it on, or have Cloud NAT, or they fetch no image and write no logs.'
  ])
})
