import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { generated } from '../../dashboards/generated.ts'
import { settings } from '../../dashboards/settings.ts'
import { testWith } from '../support/test-with.ts'

const folder = 'dashboards/examples'

describe('the examples for Prometheus', () => {
  testWith('promtool').for(['prometheus.yml', 'prometheus-dns.yml'])('are configs, with rules: %s', async file => {
    const { stdout } = await execa('promtool', ['check', 'config', join(folder, file)])
    expect(stdout).toContain('1 rule files found')
    expect(stdout).toContain(`${file} is valid prometheus config file syntax`)
  })

  // Debian's build has no discovery of Kubernetes, so that alone is replaced.
  testWith('promtool')('are configs, but for the discovery of Kubernetes', async () => {
    const config = parse(await readFile(join(folder, 'prometheus-kubernetes.yml'), 'utf8'))
    const [job] = config.scrape_configs
    expect(job.kubernetes_sd_configs).toEqual([{ role: 'pod' }])
    delete job.kubernetes_sd_configs
    const directory = await mkdtemp(join(tmpdir(), 'example-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const file = join(directory, 'prometheus.yml')
    await writeFile(file, stringify(config))
    const { stdout } = await execa('promtool', ['check', 'config', '--syntax-only', file])
    expect(stdout).toContain('is valid prometheus config file syntax')
  })

  test('keep the labels that the probe gives, whatever labels are added to a job', async () => {
    for (const file of ['prometheus.yml', 'prometheus-dns.yml', 'prometheus-kubernetes.yml']) {
      const { scrape_configs: jobs } = parse(await readFile(join(folder, file), 'utf8'))
      expect(jobs.length, file).toBeGreaterThan(0)
      for (const job of jobs) expect(job, file).toMatchObject({ honor_labels: true })
    }
  })

  test('scrape and evaluate as often as the rules are made for', async () => {
    for (const file of ['prometheus.yml', 'prometheus-dns.yml', 'prometheus-kubernetes.yml']) {
      const { global } = parse(await readFile(join(folder, file), 'utf8'))
      const often = `${settings.evaluationSeconds}s`
      expect(global, file).toEqual({ scrape_interval: often, evaluation_interval: often })
    }
  })
})

testWith('promtool')('the rules are ones, and none is there twice', async () => {
  const { stdout } = await execa('promtool', ['check', 'rules', '--lint-fatal', 'dashboards/generated/rules.yaml'])
  expect(stdout).toContain('SUCCESS')
})

test('those for Kubernetes are the same', () => {
  const files = generated(settings)
  const { spec, kind } = parse(files['generated/prometheus-rule.yaml'] ?? '')
  expect([kind, spec]).toEqual(['PrometheusRule', parse(files['generated/rules.yaml'] ?? '')])
})

describe('the example for Alertmanager', () => {
  const file = join(folder, 'alertmanager.yml')
  const routed = async (...labels: readonly string[]) =>
    (await execa('amtool', ['config', 'routes', 'test', `--config.file=${file}`, ...labels])).stdout.trim()

  testWith('amtool')('is a config', async () => {
    const { stdout } = await execa('amtool', ['check-config', file])
    expect(stdout).toMatch(/SUCCESS[\s\S]*1 inhibit rules[\s\S]*2 receivers/)
  })

  test('waits five seconds for other alerts of an environment before it pages', async () => {
    const { route } = parse(await readFile(file, 'utf8'))
    expect(route.routes).toMatchObject([{ receiver: 'pages', group_wait: '5s' }])
  })

  testWith('amtool')('pages for what is critical, and for nothing else', async () => {
    expect(await routed('alertname=PrivateLinkTimeout', 'severity=critical')).toBe('pages')
    expect(await routed('alertname=PrivateLinkFinding', 'severity=warning')).toBe('tickets')
    expect(await routed('alertname=SomebodyElse', 'severity=critical')).toBe('tickets')
  })
})
