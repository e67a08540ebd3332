import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished } from 'vitest'
import { deleteNamespace, deleteOrphans, ip, makeNamespace, type Namespace, run } from '../lab/namespace.ts'
import { startProbe } from '../support/probe.ts'
import { testWith } from '../support/test-with.ts'

const quiet = { targets: [], resolvers: [{ name: 'nowhere', address: '127.0.0.1', port: 1 }], libcIntervalSeconds: 0 }
const [, host = ''] = /PROBE_HOST=(\S+)/.exec(readFileSync('probe/Dockerfile', 'utf8')) ?? []
/** What the image sets. */
const image = { PROBE_CONFIG: JSON.stringify(quiet), PROBE_HOST: host, PROBE_PORT: '9815' }

const pod = { ipv4: '10.9.0.2', ipv6: 'fd00:9::2', linkLocal: 'fe80::2%eth0' }
const node = { ipv4: '10.9.0.1', ipv6: 'fd00:9::1', linkLocal: 'fe80::1%eth0' }
type Family = keyof typeof pod

/** A pod's network namespace and the node's, joined by a cable on which only some families have addresses. */
async function startPod(families: readonly Family[]): Promise<{ pod: Namespace; node: Namespace }> {
  await deleteOrphans()
  const lab = randomBytes(3).toString('hex')
  const make = async (role: string, addresses: typeof pod) => {
    const namespace = await makeNamespace(lab, role)
    onTestFinished(() => deleteNamespace(namespace))
    return { namespace, addresses }
  }
  const ends = [await make('pod', pod), await make('node', node)] as const
  const [{ namespace: podSpace }, { namespace: nodeSpace }] = ends
  await ip(podSpace, `link add eth0 type veth peer name eth0 netns ${nodeSpace.name}`)
  for (const { namespace, addresses } of ends) {
    await ip(namespace, 'link set eth0 addrgenmode none')
    await ip(namespace, 'link set eth0 up')
    if (families.includes('ipv4')) await ip(namespace, `address add ${addresses.ipv4}/24 dev eth0`)
    if (families.includes('ipv6')) {
      await ip(namespace, `address add ${addresses.ipv6}/64 dev eth0 nodad`)
      await ip(namespace, `address add ${addresses.linkLocal.replace('%eth0', '')}/64 dev eth0 nodad`)
    }
  }
  return { pod: podSpace, node: nodeSpace }
}

const inside = ({ name }: Namespace) => ['ip', 'netns', 'exec', name]

/** The status of `/healthz` and of `/metrics` at an address, asked from a namespace. */
async function statuses(namespace: Namespace, address: string): Promise<string> {
  const script = `
    const { get } = require('node:http')
    const ask = path => new Promise((resolve, reject) =>
      get({ host: '${address}', port: 9815, path, agent: false }, reply => resolve(reply.resume().statusCode)).on('error', reject))
    Promise.all(['/healthz', '/metrics'].map(ask)).then(
      all => console.log(all.join(' ')),
      error => console.log(error.code))`
  const [program = '', ...words] = [...inside(namespace), process.execPath, '--eval', script]
  return (await promisify(execFile)(program, words, { timeout: 30_000 })).stdout.trim()
}

/** What the image's own health check ends with. */
async function healthCheck(namespace: Namespace, env: Readonly<Record<string, string>>): Promise<string> {
  const [program = '', ...words] = [...inside(namespace), process.execPath, 'probe/health-check.ts']
  return promisify(execFile)(program, words, { timeout: 30_000, env: { ...process.env, ...env } }).then(
    () => '0',
    error => String(error.stderr)
  )
}

/** Sets a switch of a namespace's kernel to 1. */
const turnOn = (namespace: Namespace, sysctl: string) =>
  run('ip', 'netns', 'exec', namespace.name, 'sh', '-c', `echo 1 >/proc/sys/net/ipv6/${sysctl}`)

const inNamespaces = testWith('namespaces', 'ip')

interface Case {
  readonly when: string
  readonly families: readonly Family[]
  readonly sysctl?: string
}

describe("with the image's defaults, the probe answers the kubelet and Prometheus", () => {
  const cases: readonly Case[] = [
    { when: 'in a pod that has IPv6 alone', families: ['ipv6', 'linkLocal'] },
    { when: 'in a pod that has IPv4 alone', families: ['ipv4'] },
    { when: 'in a pod that has both', families: ['ipv4', 'ipv6', 'linkLocal'] },
    {
      when: 'where sockets are for IPv6 alone unless told otherwise',
      families: ['ipv4', 'ipv6'],
      sysctl: 'bindv6only'
    },
    { when: 'where IPv6 is disabled', families: ['ipv4'], sysctl: 'conf/all/disable_ipv6' }
  ]
  for (const { when, families, sysctl } of cases) {
    inNamespaces(when, async () => {
      const spaces = await startPod(families)
      if (sysctl !== undefined) await turnOn(spaces.pod, sysctl)
      await startProbe([], { env: image, through: inside(spaces.pod) }).url()
      for (const family of families) expect(await statuses(spaces.node, pod[family]), family).toBe('200 200')
      expect(await healthCheck(spaces.pod, image)).toBe('0')
    })
  }

  testWith(
    'namespaces',
    'ip',
    'python'
  )('where the kernel has no IPv6 at all', async () => {
    const spaces = await startPod(['ipv4'])
    const through = [...inside(spaces.pod), 'python3', join(import.meta.dirname, '../support/without-ipv6.py')]
    const probe = startProbe([], { env: image, through })
    expect(await probe.url()).toMatch(/^http:\/\/(127\.0\.0\.1|10\.9\.0\.2):9815$/)
    expect(await statuses(spaces.node, pod.ipv4)).toBe('200 200')
    expect(await healthCheck(spaces.pod, image)).toBe('0')
  })
})

describe('the health check asks where the probe listens', () => {
  for (const family of ['ipv4', 'ipv6'] as const) {
    inNamespaces(`on one ${family === 'ipv4' ? 'IPv4' : 'IPv6'} address`, async () => {
      const spaces = await startPod(['ipv4', 'ipv6'])
      const env = { ...image, PROBE_HOST: pod[family] }
      await startProbe([], { env, through: inside(spaces.pod) }).url()
      expect(await healthCheck(spaces.pod, env)).toBe('0')
      expect(await statuses(spaces.node, pod[family === 'ipv4' ? 'ipv6' : 'ipv4'])).toBe('ECONNREFUSED')
    })
  }
})

inNamespaces('addresses of one IPv6 network of 64 bits share the limits of one address', async () => {
  const spaces = await startPod(['ipv6'])
  await startProbe([], { env: image, through: inside(spaces.pod) }).url()
  const others = Array.from({ length: 8 }, (_, index) => `fd00:9::a${index}`)
  for (const address of [...others, 'fd00:7::1']) await ip(spaces.node, `address add ${address}/64 dev eth0 nodad`)
  await ip(spaces.pod, 'route add fd00:7::/64 via fd00:9::1')
  // From eight addresses 48 connections, and one from another network; then those that are still open.
  const script = `
    const { connect } = require('node:net')
    const open = localAddress => new Promise(resolve => {
      const socket = connect({ host: '${pod.ipv6}', port: 9815, localAddress, family: 6 })
      socket.on('error', () => {}).once('connect', () => resolve(socket.resume()))
    })
    const addresses = ${JSON.stringify(others)}
    Promise.all([open('fd00:7::1'), ...Array.from({ length: 48 }, (_, index) => open(addresses[index % 8]))]).then(async ([other, ...all]) => {
      await new Promise(resolve => setTimeout(resolve, 500))
      console.log(other.destroyed, all.filter(each => !each.destroyed).length)
      process.exit()
    })`
  const [program = '', ...words] = [...inside(spaces.node), process.execPath, '--eval', script]
  expect((await promisify(execFile)(program, words, { timeout: 30_000 })).stdout).toBe('false 32\n')
})
