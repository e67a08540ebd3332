import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { z } from 'zod'
import { alertsOf } from '../../dashboards/alerts/rule.ts'
import { ruleGroups } from '../../dashboards/rules.ts'
import { settings } from '../../dashboards/settings.ts'
import { hasTool, type Tool, toInstall } from '../support/tools.ts'
import { type PastSeries, readOverTime, secondsOf, writeHistory } from './environments/history.ts'
import { cpuSecondsOf, machine, residentMegabytes } from './probe/cpu.ts'

/**
 * What one Prometheus takes for many environments, with the rules as they are shipped: in its first minutes, and with all the history that
 * rules read, written as blocks. Each environment has two probes, in two availability zones, and three hosts. The probes are one process
 * that serves their pages; what they would see is not measured.
 */
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10, 100, 1000]
const probesEach = 2
const hostsEach = 3
const scrapeSeconds = 10
/** Until every probe has been read, and every group of rules has been evaluated. */
const settleSeconds = 80
const watchSeconds = 60
const address = '127.0.0.1:19090'
const goalSeconds = 5
/** A group that is evaluated more seldom would not be evaluated while the benchmark watches. */
const groups = ruleGroups(settings).map(group => ({
  ...group,
  interval: secondsOf(group.interval) > watchSeconds ? `${watchSeconds}s` : group.interval
}))
const Vector = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }))
  })
})
const Evaluated = z.object({
  data: z.object({
    groups: z.array(z.object({ rules: z.array(z.object({ name: z.string(), evaluationTime: z.number() })) }))
  })
})

const needed: readonly Tool[] = ['prometheus', 'promtool']
const missing = needed.filter(tool => !hasTool(tool))
if (missing.length > 0) {
  for (const tool of missing) console.error(toInstall(tool))
  process.exitCode = 2
} else {
  const number = (value: number) => Math.round(value).toLocaleString('en-GB')
  console.log(
    `${probesEach} probes and ${hostsEach} hosts in each environment, read every ${scrapeSeconds} s. ${alertsOf(groups).length} alerts. ${machine()}.\n`
  )
  console.log(
    '| environments | history | series | samples a second | processor | memory | rules, evaluated in | goal |'
  )
  console.log('|---:|---|---:|---:|---:|---:|---:|---:|')
  const dearest = new Map<string, readonly string[]>()
  for (const size of sizes) {
    let past: readonly PastSeries[] = []
    for (const history of ['none', 'all that rules read']) {
      const { figures, read, rules } = await measure(size, past)
      past = read
      const { series, samples, processor, megabytes, ruleSeconds } = figures
      console.log(
        `| ${number(size)} | ${history} | ${number(series)} | ${number(samples)} | ${(processor * 100).toFixed(0)} % of a core | ${number(megabytes)} MB | ${ruleSeconds.toFixed(2)} s | ${goalSeconds} s |`
      )
      dearest.set(`${size}, ${history}`, rules)
    }
  }
  console.log('\nThe rules that take longest:\n')
  for (const [of, rules] of dearest) console.log(`${of}: ${rules.join(', ')}`)
}

async function measure(environments: number, past: readonly PastSeries[]) {
  await using stack = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'bench-environments-'))
  stack.defer(() => rm(directory, { recursive: true }))
  const data = join(directory, 'data')
  if (past.length > 0) await writeHistory(past, data, directory)
  const probes = fork(join(import.meta.dirname, 'environments/probes-process.ts'), [String(hostsEach)])
  stack.defer(() => probes.disconnect())
  const [port] = await once(probes, 'message')
  const config = join(directory, 'prometheus.yml')
  await writeFile(join(directory, 'rules.yaml'), stringify({ groups }))
  await writeFile(config, stringify(configOf(environments, `127.0.0.1:${port}`)))
  const keep = ['--storage.tsdb.retention.time=31d']
  const prometheus = spawn(
    'prometheus',
    [`--config.file=${config}`, `--storage.tsdb.path=${data}`, `--web.listen-address=${address}`, ...keep],
    { stdio: 'ignore' }
  )
  const { pid } = prometheus
  if (pid === undefined) throw new Error('Prometheus does not start')
  stack.defer(async () => {
    prometheus.kill()
    await once(prometheus, 'exit')
  })
  await sleep(settleSeconds * 1000)
  const before = await cpuSecondsOf(pid)
  await sleep(watchSeconds * 1000)
  const processor = ((await cpuSecondsOf(pid)) - before) / watchSeconds
  const up = await ask('count(up{job="privatelink"} == 1)')
  if (up !== environments * probesEach) throw new Error(`${up} of ${environments * probesEach} probes were read`)
  const judged = await ask('count(prometheus_rule_group_last_duration_seconds > 0)')
  if (judged !== groups.length) throw new Error(`${judged} of ${groups.length} groups of rules were evaluated`)
  const oldest = (Date.now() - (await ask('prometheus_tsdb_lowest_timestamp'))) / 1000
  const expected = Math.max(0, ...past.map(({ seconds }) => seconds))
  if (oldest < 0.9 * expected) throw new Error(`Prometheus has ${oldest} of ${expected} seconds of history`)
  const figures = {
    series: await ask('prometheus_tsdb_head_series'),
    samples: await ask('rate(prometheus_tsdb_head_samples_appended_total[1m])'),
    processor,
    megabytes: (await residentMegabytes(pid)).most,
    ruleSeconds: await ask(`sum(avg_over_time(prometheus_rule_group_last_duration_seconds[${watchSeconds}s]))`)
  }
  return { figures, rules: await dearestRules(), read: past.length > 0 ? past : await whatRulesRead() }
}

function configOf(environments: number, target: string): object {
  return {
    global: { scrape_interval: `${scrapeSeconds}s`, evaluation_interval: `${settings.evaluationSeconds}s` },
    rule_files: ['rules.yaml'],
    scrape_configs: [
      { job_name: 'prometheus', static_configs: [{ targets: [address] }] },
      {
        job_name: 'privatelink',
        honor_labels: true,
        static_configs: Array.from({ length: environments * probesEach }, (_, index) => {
          const environment = `environment-${Math.floor(index / probesEach)}`
          const probe = index % probesEach
          return {
            targets: [target],
            labels: { __metrics_path__: `/${environment}/${probe}`, instance: `${environment}-${probe}` }
          }
        })
      }
    ]
  }
}

/** The series that the rules read over a time, with their values now. */
async function whatRulesRead(): Promise<readonly PastSeries[]> {
  const all: PastSeries[] = []
  for (const { name, query, stepSeconds, seconds } of readOverTime(ruleGroups(settings), scrapeSeconds)) {
    for (const { metric, value } of await vector(query)) {
      all.push({ labels: { ...metric, __name__: name }, value: value[1], stepSeconds, seconds })
    }
  }
  return all
}

/** The five rules whose last evaluation took longest. */
async function dearestRules(): Promise<readonly string[]> {
  const { data } = Evaluated.parse(await (await fetch(`http://${address}/api/v1/rules`)).json())
  return data.groups
    .flatMap(({ rules }) => rules)
    .toSorted((one, other) => other.evaluationTime - one.evaluationTime)
    .slice(0, 5)
    .map(({ name, evaluationTime }) => `${name} ${evaluationTime.toFixed(3)} s`)
}

async function vector(query: string) {
  const reply = await fetch(`http://${address}/api/v1/query?${new URLSearchParams({ query })}`)
  return Vector.parse(await reply.json()).data.result
}

/** The one value of a query. */
async function ask(query: string): Promise<number> {
  return Number((await vector(query))[0]?.value[1])
}
