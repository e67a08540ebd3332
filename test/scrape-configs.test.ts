import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'
import { awsLink } from './modules/literals.ts'
import { awsTarget } from './support/evidence.ts'
import { startProbe } from './support/probe.ts'
import { type Printed, scrapeConfigsIn, writtenScrapeConfigs } from './support/scrape-configs.ts'
import { deployedScrapeConfigs, discovered, jobFor } from './support/scrape-jobs.ts'
import { testWith } from './support/test-with.ts'

const dishonest = (all: readonly Printed[]) =>
  all.flatMap(({ where, config }) => (config.honor_labels === true ? [] : [`${where}: ${config.job_name}`]))

test('every scrape config in files and on pages lets the labels of the probe win', () => {
  const written = writtenScrapeConfigs()
  expect(new Set(written.map(({ where }) => where))).toEqual(
    new Set([
      'dashboards/examples/prometheus-dns.yml',
      'dashboards/examples/prometheus-kubernetes.yml',
      'dashboards/examples/prometheus.yml',
      'probe/guides/collect-metrics.md',
      'probe/kubernetes/base/service-monitor.yaml'
    ])
  )
  expect(dishonest(written)).toEqual([])
})

test('a scrape config that lets the labels of Prometheus win is found, wherever it is', () => {
  const found = (text: string) => dishonest(scrapeConfigsIn(text).map(config => ({ where: 'here', config })))
  expect(found('scrape_configs: [{ job_name: a }, { job_name: b, honor_labels: true }]')).toEqual(['here: a'])
  expect(found('- job_name: c\n  honor_labels: false\n')).toEqual(['here: c'])
  const monitor = 'kind: ServiceMonitor\nmetadata: { name: d }\nspec: { endpoints: [{ port: metrics }] }\n'
  expect(found(`a: 1\n---\n${monitor}`)).toEqual(['here: d'])
})

testWith('terraform')('every scrape config that a deploy puts out lets the labels of the probe win', async () => {
  const deployed = await deployedScrapeConfigs()
  expect(deployed.map(({ config }) => config.job_name)).toEqual(['privatelink/test/search', 'privatelink/test/papers'])
  expect(dishonest(deployed)).toEqual([])
})

/** Serves a page of metrics as it is, so that every job reads the same. */
async function serve(page: string): Promise<string> {
  const server = createServer((_, reply) => reply.setHeader('content-type', 'text/plain; version=0.0.4').end(page))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`
}

const Series = z.object({ data: z.array(z.record(z.string(), z.string())) })

/** Starts a real Prometheus with these jobs; it is killed when the test is over. */
async function startPrometheus(jobs: readonly object[]) {
  const directory = await mkdtemp(join(tmpdir(), 'scraping-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'prometheus.yml')
  await writeFile(file, stringify({ scrape_configs: jobs }))
  await execa('promtool', ['check', 'config', file])
  const child = spawn(
    'prometheus',
    [`--config.file=${file}`, `--storage.tsdb.path=${join(directory, 'data')}`, '--web.listen-address=127.0.0.1:0'],
    { stdio: ['ignore', 'ignore', 'pipe'] }
  )
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const listening = new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', line => {
      const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1]
      if (address !== undefined) resolve(address)
    })
    ended.then(() => reject(new Error('Prometheus ended')), reject)
  })
  const address = await listening
  return {
    series: async (selector: string) => {
      const query = new URLSearchParams({ 'match[]': selector })
      return Series.parse(await (await fetch(`http://${address}/api/v1/series?${query}`)).json()).data
    }
  }
}

testWith(
  'terraform',
  'prometheus',
  'promtool'
)(
  'no label that Prometheus adds replaces one of the probe, whichever scrape config finds it, and each names the instance',
  async () => {
    const all = [...(await deployedScrapeConfigs()), ...writtenScrapeConfigs()]
    const probe = startProbe([], {
      env: {
        PROBE_CONFIG: JSON.stringify({
          targets: [awsTarget],
          probes: 1,
          resolvers: [{ name: 'vpc', address: '127.0.0.1', port: 1 }],
          libcIntervalSeconds: 0,
          listen: { port: 0 }
        })
      }
    })
    const url = await probe.url()
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 30_000 }).toBe(200)
    // A page may be a tenth of a second old: the first one may have no target yet.
    const read = async () => (await fetch(`${url}/metrics`)).text()
    await expect.poll(read, { timeout: 30_000 }).toContain('privatelink_case{')
    const page = await read()
    const labels = [...new Set([...page.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label))]
    expect(labels).toEqual(expect.arrayContaining(['target', 'environment', 'cloud', 'region', 'host', 'port', 'case']))
    const others = labels.map(label => ({ target_label: label, replacement: 'other' }))
    const host = await serve(page)
    const { series } = await startPrometheus(
      all.flatMap(({ config }, index) => [
        jobFor(host, `bare ${index}`, config, []),
        jobFor(host, `labelled ${index}`, config, [...others, { target_label: 'team', replacement: 'search' }])
      ])
    )
    /** The probe's series of a job, without what Prometheus alone has given them. */
    const seriesOf = async (job: string) =>
      (await series(`{job="${job}",__name__=~"privatelink_.+"}`))
        .map(({ job, instance, team, ...rest }) => Object.entries(rest).filter(([, value]) => value !== 'other'))
        .map(rest => JSON.stringify(rest.sort()))
        .sort()
    for (const [index, { where }] of all.entries()) {
      await expect.poll(() => seriesOf(`labelled ${index}`), { timeout: 30_000 }).not.toEqual([])
      await expect.poll(() => seriesOf(`bare ${index}`), { timeout: 30_000 }).not.toEqual([])
      expect(await seriesOf(`labelled ${index}`), where).toEqual(await seriesOf(`bare ${index}`))
      const [info] = await series(`privatelink_target_info{job="labelled ${index}"}`)
      expect(info, where).toMatchObject({ environment: awsTarget.environment, cloud: 'aws', team: 'search' })
    }
    const instances = await Promise.all(
      all.map(async ({ where }, index) => [where, (await series(`up{job="bare ${index}"}`))[0]?.instance])
    )
    expect(instances).toEqual([
      ['output scrape_configs', `${awsLink.subnetIds[0]}/${host}`],
      ['output scrape_configs', discovered.__meta_gce_instance_name],
      ['dashboards/examples/prometheus-dns.yml', expect.stringContaining(host)],
      ['dashboards/examples/prometheus-kubernetes.yml', discovered.__meta_kubernetes_pod_name],
      ['dashboards/examples/prometheus.yml', host],
      ['probe/guides/collect-metrics.md', host],
      ['probe/kubernetes/base/service-monitor.yaml', discovered.__meta_kubernetes_pod_name]
    ])
  }
)
