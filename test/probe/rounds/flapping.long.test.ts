import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { makeAuthority } from '../../support/certificates.ts'
import { startEndpoint } from '../../support/endpoint.ts'
import { host } from '../../support/evidence.ts'
import { startProbe } from '../../support/probe.ts'
import { a, nxdomain, type Script, soa, startResolver } from '../../support/resolver.ts'
import { testWith } from '../../support/test-with.ts'

const collector = join(import.meta.dirname, '../../support/collect-on-signal.ts')
const patience = { timeout: 30_000, interval: 200 }

/** What a link does in turn: it works, has no record, has no resolver, leads to a closed port, and to nobody. */
const states: readonly Script[] = [
  ({ name, type }) =>
    type === 'A' ? { answers: [a(name, '127.0.0.1')] } : nxdomain(soa('zillizcloud.com', 'ns.example')),
  () => nxdomain(soa('vectordb.zillizcloud.com')),
  () => 'drop',
  ({ name, type }) => (type === 'A' ? { answers: [a(name, '127.0.0.2')] } : { header: { rcode: 2 } }),
  () => ({ header: { rcode: 5 } })
]

testWith('procfs')('links that flap leave no socket, no series and no memory behind', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'probe-flapping-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const authority = await makeAuthority()
  await using endpoint = await startEndpoint(await authority.issue([host]))
  let turn = 0
  const turns = setInterval(() => {
    turn += 1
  }, 700)
  onTestFinished(() => clearInterval(turns))
  await using resolver = await startResolver(query => states[turn % states.length]?.(query) ?? 'drop')

  await writeFile(join(directory, 'ca.pem'), authority.cert)
  const config = join(directory, 'config.json')
  const watch = (count: number) =>
    writeFile(
      config,
      JSON.stringify({
        targets: Array.from({ length: count }, (_, index) => ({
          cloud: 'gcp',
          name: `prod/images/${index}`,
          environment: 'prod',
          region: 'us-west1',
          host,
          port: endpoint.port,
          endpointAddress: '127.0.0.1'
        })),
        resolvers: [resolver.resolver],
        caFile: join(directory, 'ca.pem'),
        intervalSeconds: 1,
        libcIntervalSeconds: 0,
        allowLoopback: true,
        listen: { port: 0 }
      })
    )
  await watch(0)
  const probe = startProbe(['--config', config], { env: { NODE_OPTIONS: `--import ${collector}` } })
  const url = await probe.url()
  const metrics = async () => (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text()
  const files = async () => (await readdir(`/proc/${probe.pid}/fd`)).length
  /** The names and labels of all series but those of the runtime, whose kinds of handles come and go. */
  const series = (text: string) =>
    text
      .split('\n')
      .filter(line => line.startsWith('privatelink_'))
      .map(line => line.replace(/ \S+$/, ''))
  /** Megabytes in use, when nothing waits to be collected: the least of several looks, for rounds are under way. */
  const heap = async () => {
    const used = []
    for (let times = 0; times < 5; times++) {
      probe.kill('SIGWINCH')
      await sleep(200)
      used.push(Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(await metrics())?.[1]) / 1e6)
    }
    return Math.min(...used)
  }
  const empty = { files: await files(), series: series(await metrics()) }

  await watch(50)
  await probe.logged('config applied', 2)
  // Until the last twenty rounds of each target, which are kept, are twenty.
  await sleep(25_000)
  const early = { heap: await heap(), series: series(await metrics()).length }
  await sleep(20_000)
  const late = { heap: await heap(), series: series(await metrics()).length }
  const cases = new Set(probe.log.filter(({ msg }) => msg === 'case changed').map(({ to }) => to))
  expect([...cases].toSorted()).toEqual(
    expect.arrayContaining(['healthy', 'record-missing', 'resolver-refuses', 'resolves-public'])
  )
  // It is silent for a moment, and answers before any client would give it up.
  expect([...cases]).not.toContain('resolver-silent')
  // A thousand rounds lie between; what each might leave behind would be more.
  expect(late.heap).toBeLessThan(early.heap + 3)
  // Gauges of layers that a round did not reach are absent, so that two moments differ by those at most.
  expect(Math.abs(late.series - early.series)).toBeLessThan(early.series / 10)

  await watch(0)
  await probe.logged('config applied', 3)
  await expect.poll(files, patience).toBeLessThanOrEqual(empty.files)
  expect(series(await metrics())).toEqual(empty.series)
})
