import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import fc from 'fast-check'
import { kind as certificate } from '../fuzz/kinds/certificate.ts'
import { kind as http1 } from '../fuzz/kinds/http1.ts'
import { kind as http2 } from '../fuzz/kinds/http2.ts'
import { kind as tls } from '../fuzz/kinds/tls.ts'
import { startEndpoint } from '../support/endpoint.ts'
import { type Act, startHostileServer } from '../support/hostile.ts'
import { headers, settings, settingsAck } from '../support/http2-frames.ts'
import { a, nxdomain, soa, startResolver } from '../support/resolver.ts'

/*
 * The probe as it runs, with 20 targets of which half are hostile or flapping: memory, sockets and series must be flat,
 * and no healthy target may be anything but healthy.
 */

const { minutes } = new Command('soak')
  .description('Runs the probe with hostile and flapping targets, and checks that nothing grows.')
  .option('--minutes <number>', 'duration', '10')
  .parse()
  .opts<{ minutes: string }>()

const example = (name: string) => readFile(join(import.meta.dirname, '../fuzz/examples', name), 'utf8')
const identity = { cert: await example('leaf.pem'), key: await example('leaf-key.pem') }
const everyMs = 10_000
const flapMs = 60_000

/** Acts without end, the same each time. */
function endless(inputs: fc.Arbitrary<Act>, seed: number): () => Act {
  let batch = 0
  let left: Act[] = []
  return () => {
    if (left.length === 0) left = fc.sample(inputs, { seed: seed + batch++, numRuns: 100 })
    return left.pop() ?? answers
  }
}

const reply = Buffer.concat([settings, settingsAck, headers({ ':status': '400' }, { last: true })]).toString('base64')
const answers: Act = { writes: [reply], upon: 'data', finally: 'keep' }
const resets: Act = { writes: [], upon: 'data', finally: 'reset' }

await using open = new AsyncDisposableStack()
const good = open.use(await startEndpoint(identity))
const hostile = fc.oneof(http2.inputs, http1.inputs, certificate.inputs)
const ports = {
  well: good.port,
  secure: open.use(await startHostileServer({ tls: identity }, endless(hostile, 1))).port,
  bare: open.use(await startHostileServer({}, endless(tls.inputs, 1))).port,
  flapping: open.use(
    await startHostileServer({ tls: identity }, () => (Math.floor(Date.now() / flapMs) % 2 === 0 ? answers : resets))
  ).port
}
const counts = { well: 10, secure: 4, bare: 3, flapping: 3 } as const
const resolver = open.use(
  await startResolver(({ name, type }) =>
    type === 'A' && name.endsWith('.b.example') ? { answers: [a(name, '127.0.0.1')] } : nxdomain(soa('example'))
  )
)
const directory = await mkdtemp(join(tmpdir(), 'soak-'))
open.defer(() => rm(directory, { recursive: true }))
const [config, caFile] = [join(directory, 'config.json'), join(directory, 'ca.pem')]
await writeFile(caFile, await example('authority.pem'))
await writeFile(
  config,
  JSON.stringify({
    targets: Object.entries(counts).flatMap(([kind, count]) =>
      Array.from({ length: count }, (_, index) => ({
        cloud: 'gcp',
        name: `soak/${kind}/${index}`,
        environment: 'soak',
        region: 'us-west1',
        host: `${kind}-${index}.b.example`,
        port: ports[kind as keyof typeof ports],
        endpointAddress: '127.0.0.1'
      }))
    ),
    resolvers: [{ name: 'vpc', address: resolver.resolver.address, port: resolver.resolver.port }],
    caFile,
    intervalSeconds: 2,
    libcIntervalSeconds: 0,
    allowLoopback: true
  })
)

const server = join(import.meta.dirname, '../../probe/server.ts')
const probe = spawn(process.execPath, [server, '--config', config, '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit']
})
const ended = once(probe, 'exit')
const url = Promise.withResolvers<string>()
createInterface(probe.stdout).on('line', line => {
  const { msg, level }: { msg: string; level: number } = JSON.parse(line)
  const [where] = /http:\/\/\S+/.exec(msg) ?? []
  if (where !== undefined) url.resolve(where)
  if (level >= 50) faults.push(line.slice(0, 1000))
})

const faults: string[] = []
const samples: { readonly bytes: number; readonly files: number; readonly series: number }[] = []
const base = await Promise.race([url.promise, ended.then(() => undefined)])
if (base === undefined) throw new Error('the probe did not start')
const end = performance.now() + Number(minutes) * 60_000
while (performance.now() < end && probe.exitCode === null) {
  await sleep(everyMs)
  const lines = (await (await fetch(new URL('/metrics', base))).text()).split('\n').filter(line => /^[a-z]/.test(line))
  const value = (name: string) =>
    Number(
      lines
        .find(line => line.startsWith(`${name} `))
        ?.split(' ')
        .at(-1)
    )
  samples.push({
    bytes: value('process_resident_memory_bytes'),
    files: value('process_open_fds'),
    series: lines.length
  })
  const isWell = (line: string) => line.includes('target="soak/well/')
  for (const line of lines.filter(isWell)) {
    if (line.startsWith('privatelink_up{') && !line.endsWith(' 1')) faults.push(line)
    if (line.startsWith('privatelink_verdict_held{') && !line.endsWith(' 0')) faults.push(line)
  }
  console.log(JSON.stringify(samples.at(-1)))
}
if (probe.exitCode !== null) faults.push(`the probe ended with ${probe.exitCode}`)
probe.kill('SIGTERM')
await ended

/** The most in the last third, against the most in the third before: what grows on and on is higher. */
for (const [what, slack] of [
  ['bytes', 1.1],
  ['files', 1.25],
  ['series', 1.05]
] as const) {
  const third = Math.floor(samples.length / 3)
  const most = (part: typeof samples) => Math.max(...part.map(sample => sample[what]))
  const [before, after] = [most(samples.slice(third, 2 * third)), most(samples.slice(2 * third))]
  if (after > before * slack) faults.push(`${what}: ${before}, then ${after}`)
}
for (const fault of faults) console.error(`✘ ${fault}`)
console.log(faults.length === 0 ? '✔ nothing grew, and no healthy target was held' : `✘ ${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
