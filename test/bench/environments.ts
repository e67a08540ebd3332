import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { z } from 'zod'
import { hasTool, toInstall } from '../support/tools.ts'
import { cpuSecondsOf, machine, residentMegabytes } from './probe/cpu.ts'

/**
 * What one Prometheus takes for many environments, with the rules as they are shipped. Each environment has two probes, in two
 * availability zones, and three hosts. The probes are one process that serves their pages; what they would see is not measured.
 */
const sizes = [10, 100, 1000]
const probesEach = 2
const hostsEach = 3
/** Until every probe has been read, and rules have been evaluated, a few times. */
const settleSeconds = 90
const watchSeconds = 120
const address = '127.0.0.1:19090'
const Answer = z.object({ data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }) })

if (!hasTool('prometheus')) {
  console.error(toInstall('prometheus'))
  process.exitCode = 2
} else {
  console.log(`${probesEach} probes and ${hostsEach} hosts in each environment, read every 10 s. ${machine()}.\n`)
  console.log('| environments | series | samples a second | processor | memory | rules, evaluated in |')
  console.log('|---:|---:|---:|---:|---:|---:|')
  for (const size of sizes) {
    const { series, samples, processor, megabytes, ruleSeconds } = await measure(size)
    const number = (value: number) => Math.round(value).toLocaleString('en-GB')
    console.log(
      `| ${number(size)} | ${number(series)} | ${number(samples)} | ${(processor * 100).toFixed(0)} % of a core | ${number(megabytes)} MB | ${ruleSeconds.toFixed(2)} s |`
    )
  }
}

async function measure(environments: number) {
  await using stack = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'bench-environments-'))
  stack.defer(() => rm(directory, { recursive: true }))
  const probes = fork(join(import.meta.dirname, 'environments/probes-process.ts'), [String(hostsEach)])
  stack.defer(() => probes.disconnect())
  const [port] = await once(probes, 'message')
  const config = join(directory, 'prometheus.yml')
  await writeFile(config, stringify(configOf(environments, `127.0.0.1:${port}`)))
  const prometheus = spawn(
    'prometheus',
    [`--config.file=${config}`, `--storage.tsdb.path=${join(directory, 'data')}`, `--web.listen-address=${address}`],
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
  return {
    series: await ask('prometheus_tsdb_head_series'),
    samples: await ask('rate(prometheus_tsdb_head_samples_appended_total[1m])'),
    processor,
    megabytes: (await residentMegabytes(pid)).most,
    ruleSeconds: await ask('sum(prometheus_rule_group_last_duration_seconds)')
  }
}

function configOf(environments: number, target: string): object {
  return {
    global: { scrape_interval: '10s', evaluation_interval: '10s' },
    rule_files: [resolve('dashboards/generated/rules.yaml')],
    scrape_configs: [
      { job_name: 'prometheus', static_configs: [{ targets: [address] }] },
      {
        job_name: 'privatelink',
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

/** The one value of a query. */
async function ask(query: string): Promise<number> {
  const reply = await fetch(`http://${address}/api/v1/query?${new URLSearchParams({ query })}`)
  return Number(Answer.parse(await reply.json()).data.result[0]?.value[1])
}
