import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { observeIdle } from '../../probe/idle/observe-idle.ts'
import { trustIn } from '../../probe/observers/trust.ts'
import type { Order } from '../lab/service-process.ts'
import { makeAuthority } from '../support/certificates.ts'
import { host } from '../support/evidence.ts'
import { machine } from './probe/cpu.ts'

/**
 * What idle connections cost the probe: memory, and CPU to make them and to hold them. The probe holds at most 100 by default,
 * whatever the number of its targets; 1000 is the most that a config allows.
 */
const silenceSeconds = 20
const port = 19_532
const address = '127.0.0.1'

const authority = await makeAuthority()
const identity = await authority.issue([host])
const server = spawn(process.execPath, [join(import.meta.dirname, '../lab/service-process.ts')], {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc']
})
server.send({ service: { kind: 'http', identity, status: 400 }, address, port } satisfies Order)
await once(server, 'message')

const trust = trustIn(authority.cert)
const link = { address, port, host, trust, allowLoopback: true }
const stop = new AbortController()
const cpuMs = (since?: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}
const memoryMb = async () => {
  for (let turn = 0; turn < 3; turn += 1) {
    globalThis.gc?.()
    await sleep(100)
  }
  return process.memoryUsage().rss / 2 ** 20
}

console.log(`Idle connections. ${machine()}.\n`)
console.log('| connections | memory | CPU to make them | CPU to hold them |\n|---:|---:|---:|---:|')
await observeIdle(link, { idleMs: 0, signal: stop.signal })
let open = 0
const before = await memoryMb()
const held: Promise<unknown>[] = []
for (const connections of [100, 1000]) {
  const start = process.cpuUsage()
  while (open < connections) {
    held.push(observeIdle(link, { idleMs: 600_000, signal: stop.signal }).catch(() => {}))
    open += 1
    if (open % 20 === 0) await sleep(50)
  }
  await sleep(2000)
  const made = cpuMs(start)
  const quiet = process.cpuUsage()
  await sleep(silenceSeconds * 1000)
  const percent = cpuMs(quiet) / (silenceSeconds * 10)
  console.log(
    `| ${connections} | ${((await memoryMb()) - before).toFixed(1)} MB | ${made.toFixed(0)} ms | ${percent.toFixed(2)} % of a core |`
  )
}
stop.abort(new Error('measured'))
await Promise.all(held)
server.kill('SIGKILL')
