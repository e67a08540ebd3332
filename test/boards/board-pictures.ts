import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { stringify } from 'yaml'
import { ruleGroups } from '../../dashboards/rules.ts'
import { settings } from '../../dashboards/settings.ts'
import { recorded } from '../demo/both-steps.ts'
import type { FaultName } from '../demo/faults.ts'
import { openNetwork } from '../demo/network.ts'
import { watchNetwork } from '../demo/watch.ts'
import { freePort } from '../support/free-port.ts'
import { hasTool, toInstall } from '../support/tools.ts'
import { answersTo } from './answers.ts'
import { boardNames, readBoard } from './board.ts'
import { draw } from './draw.ts'

/**
 * Draws both boards: the probe of the demo watches the demo's networks while they break, a Prometheus scrapes it and evaluates the
 * rules, and its answers to the queries of the boards become SVG. It takes 14 minutes and little of the processor.
 */
const folder = 'dashboards/pictures'
const scrapeSeconds = 5

/** What breaks or is mended, and how many seconds it stays so. At the end, one host is failing and one is degraded. */
const course: readonly (readonly [FaultName | undefined, number])[] = [
  [undefined, 180],
  ['security-group-closed', 100],
  ['security-group-closed', 120],
  ['zone-detached', 80],
  ['zone-detached', 120],
  ['endpoint-pending', 60],
  ['one-zone-dead', 180]
]

if (hasTool('prometheus')) await drawBoards()
else {
  console.error(toInstall('prometheus'))
  process.exitCode = 2
}

async function drawBoards(): Promise<void> {
  await using network = await openNetwork(await recorded())
  await using watching = await watchNetwork(network, { port: 0, onCaseChange: () => {} })
  await using prometheus = await startPrometheus(new URL(watching.url).host)
  const from = Math.floor(Date.now() / 1000)
  for (const [fault, seconds] of course) {
    if (fault !== undefined) network.toggle(fault)
    console.log(
      fault === undefined ? 'nothing is broken' : `${fault} is ${network.broken.has(fault) ? 'broken' : 'mended'}`
    )
    await sleep(seconds * 1000)
  }
  const to = Math.floor(Date.now() / 1000)
  const target = network.targets.find(({ cloud }) => cloud === 'aws')?.name ?? ''
  const shown = { variables: { environment: '.*', target }, from, to, stepSeconds: scrapeSeconds, scrapeSeconds }
  const { stdout } = await execa('prometheus', ['--version'])
  const version = /version (\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? ''
  const minutes = Math.round((to - from) / 60)
  const note = `Prometheus ${version} answered them about the networks of the demo. It has ${minutes} minutes of data, so "30 days" are these minutes. Times are in UTC.`
  await mkdir(folder, { recursive: true })
  for (const name of boardNames) {
    const board = readBoard(name)
    const file = join(folder, `${name}.svg`)
    await writeFile(file, draw(board, await answersTo(board, prometheus.url, shown), shown, note))
    console.log(`written: ${file}`)
  }
}

/** A Prometheus with the rules of this repository, which scrapes one probe. Rules that it would evaluate less often, it evaluates every 10 s. */
async function startPrometheus(probe: string): Promise<AsyncDisposable & { readonly url: string }> {
  await using stack = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'board-pictures-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  const often = `${scrapeSeconds}s`
  const job = { job_name: 'privatelink', honor_labels: true, static_configs: [{ targets: [probe] }] }
  const config = {
    global: { scrape_interval: often, scrape_timeout: often, evaluation_interval: often },
    rule_files: ['rules.yaml'],
    scrape_configs: [job]
  }
  const groups = ruleGroups(settings).map(group => ({ ...group, interval: '10s' }))
  await writeFile(join(directory, 'rules.yaml'), stringify({ groups }))
  await writeFile(join(directory, 'prometheus.yml'), stringify(config))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`
    ],
    { stdio: 'ignore' }
  )
  const ended = once(child, 'exit')
  stack.defer(async () => {
    child.kill('SIGKILL')
    await ended
  })
  for (let times = 0; ; times++) {
    if (
      await fetch(`${url}/-/ready`).then(
        reply => reply.ok,
        () => false
      )
    )
      break
    if (times === 100) throw new Error('Prometheus does not become ready')
    await sleep(100)
  }
  const opened = stack.move()
  return { url, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}
