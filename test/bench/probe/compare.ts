import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeAuthority } from '../../support/certificates.ts'
import { startBlackbox } from './blackbox.ts'
import { machine, median } from './cpu.ts'
import { type Daemon, decompress, type Load, nodeFlags, startDaemon, warmUp } from './daemon.ts'
import { domain } from './link.ts'
import type { Depth, Rounds } from './rounds-process.ts'
import type { Fault } from './service-process.ts'

const runs = 5
const roundsPerRun = 300
/** Runs that are not counted: V8 still compiles in the thousandth round, which a daemon has had after a few minutes. */
const warmUpRuns = 4
const watchSeconds = 30

const authority = await makeAuthority()
const identity = await authority.issue([`*.${domain}`])
const directory = await mkdtemp(join(tmpdir(), 'bench-probe-'))
const caFile = join(directory, 'ca.pem')
await writeFile(caFile, authority.cert)

const service = child('service-process.ts')
await once(service, 'message')
const set = async (fault: Fault) => {
  service.send({ identity, fault })
  await once(service, 'message')
}
await set('none')

try {
  const rounds = await compareRounds()
  await warmUp()
  const thousand = await loadOf(1000)
  const twenty = await loadOf(20)
  print(rounds, thousand, twenty)
} finally {
  service.kill()
  await rm(directory, { recursive: true })
}

/** Milliseconds of processor time for a round, by turns so that what else the machine does strikes all alike. */
async function compareRounds() {
  using blackbox = await startBlackbox(directory, caFile)
  const ours = child('rounds-process.ts', await nodeFlags())
  const look = async (depth: Depth) => {
    ours.send({ depth, count: roundsPerRun, ca: authority.cert } satisfies Rounds)
    const [seconds] = await once(ours, 'message')
    return seconds as number
  }
  const perRound = { equal: [] as number[], default: [] as number[], blackbox: [] as number[] }
  for (let run = -warmUpRuns; run < runs; run++) {
    const seconds = {
      equal: await look('equal'),
      default: await look('default'),
      blackbox: await blackbox.rounds(roundsPerRun)
    }
    if (run < 0) continue
    for (const each of ['equal', 'default', 'blackbox'] as const) {
      perRound[each].push((seconds[each] * 1000) / roundsPerRun)
    }
  }
  ours.kill()
  return { equal: median(perRound.equal), default: median(perRound.default), blackbox: median(perRound.blackbox) }
}

async function loadOf(count: number) {
  await using daemon = await startDaemon(directory, caFile, count)
  const load = await daemon.watch(watchSeconds)
  if (count > 100) return { load, refused: [], silent: [] }
  const refused = await secondsToMetric(daemon, count, 'refused', 'connection-refused')
  await secondsToMetric(daemon, count, 'none', 'healthy')
  const silent = await secondsToMetric(daemon, count, 'resolver-silent', 'resolver-silent')
  await set('none')
  return { load, refused, silent }
}

/** Seconds after which the metrics say so of each target: their rounds are spread over the interval. */
async function secondsToMetric(daemon: Daemon, count: number, fault: Fault, id: string): Promise<readonly number[]> {
  const printed = new Map<string, number>()
  const sample = new RegExp(`^privatelink_case\\{target="([^"]+)",case="${id}"\\} 1$`, 'gm')
  await set(fault)
  const start = performance.now()
  while (printed.size < count) {
    const { gzip } = await daemon.scrape()
    const now = (performance.now() - start) / 1000
    const text = await decompress(gzip)
    for (const [, target = ''] of text.matchAll(sample)) if (!printed.has(target)) printed.set(target, now)
    if (now > 60) throw new Error(`the metrics name ${id} of only ${printed.size} of ${count} targets`)
    await sleep(150)
  }
  return [...printed.values()]
}

function print(
  { equal, default: deeper, blackbox }: { equal: number; default: number; blackbox: number },
  thousand: { load: Load },
  twenty: { load: Load; refused: readonly number[]; silent: readonly number[] }
): void {
  const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`
  const seconds = (all: readonly number[]) => `${median(all).toFixed(1)} s, at most ${Math.max(...all).toFixed(1)} s`
  const megabytes = thousand.load.scrapeMegabytes
  const rows = [
    [
      'CPU of a round as deep as blackbox_exporter looks: A, TCP, TLS 1.3, HTTP',
      ms(equal),
      `a third: ${ms(blackbox / 3)}`
    ],
    ["CPU of blackbox_exporter's dns, tcp with TLS, and http modules", ms(blackbox), ''],
    ['ratio', (equal / blackbox).toFixed(2), '0.33'],
    ['CPU of a default round: AAAA, SOA and the endpoint beside it, judged and counted', ms(deeper), ''],
    ['ratio', (deeper / blackbox).toFixed(2), '0.40'],
    [
      '1,000 targets every 10 s: idle share of one core',
      `${((1 - thousand.load.cpuShare) * 100).toFixed(0)} %`,
      '50 %'
    ],
    [
      `1,000 targets: \`/metrics\`, ${megabytes.text.toFixed(1)} MB in ${megabytes.gzip.toFixed(1)} MB of gzip, median`,
      ms(thousand.load.scrapeMs.median),
      '10 ms'
    ],
    ['1,000 targets: `/metrics`, slowest', ms(thousand.load.scrapeMs.most), ''],
    ['1,000 targets: event loop late by, 99 %', ms(thousand.load.stallMs.p99), ''],
    ['1,000 targets: event loop late by, at most', ms(thousand.load.stallMs.most), '20 ms'],
    ['1,000 targets: resident memory', `${thousand.load.residentMegabytes.now.toFixed(0)} MB`, '150 MB'],
    ['20 targets: resident memory', `${twenty.load.residentMegabytes.now.toFixed(0)} MB`, '90 MB'],
    ['20 targets: from fault to metric, connection refused', seconds(twenty.refused), '19 s'],
    ['20 targets: from fault to metric, resolver silent', seconds(twenty.silent), '19 s']
  ]
  console.log(`Medians of ${runs} runs of ${roundsPerRun} rounds, and ${watchSeconds} s of the daemon. ${machine()}.\n`)
  console.log('| what | measured | goal |\n|---|---:|---:|')
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
}

function child(file: string, execArgv: readonly string[] = []) {
  return fork(join(import.meta.dirname, file), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...execArgv]
  })
}
