import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { settings } from '../../../dashboards/settings.ts'
import { openDeployment } from '../../support/deployment.ts'
import { testWith } from '../../support/test-with.ts'
import { awsLink, awsProbe, gcpLink, gcpProbe } from '../literals.ts'
import { awsWorld, googleWorld } from '../world.ts'

const links = { search: { ...awsLink, probe: awsProbe }, papers: { ...gcpLink, probe: gcpProbe } }

async function outputsOf(links: object) {
  const literal = { name: 'test', backend: { type: 'local' }, links }
  const { deploy } = await openDeployment(literal, { aws: awsWorld(), google: googleWorld() })
  return (await deploy(literal)).outputs
}

testWith('terraform', 'promtool')('Prometheus takes the scrape jobs that a deploy puts out, as they are', async () => {
  const { scrape_configs: file } = await outputsOf(links)
  const directory = await mkdtemp(join(tmpdir(), 'scrape-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const check = async (text: string) => {
    const config = join(directory, 'prometheus.yml')
    await writeFile(config, text)
    return (await execa('promtool', ['check', 'config', config], { reject: false })).exitCode
  }
  expect(await check(String(file))).toBe(0)
  expect(await check(String(file).replace('type: A', 'kind: A'))).toBe(1)
  expect(await check(String(file).replace('honor_labels: true', 'honor_labels: 1.5'))).toBe(1)
  const jobs: readonly { job_name: string; scrape_interval: string }[] = parse(String(file)).scrape_configs
  expect(jobs.map(({ job_name }) => job_name)).toEqual(['privatelink/test/search', 'privatelink/test/papers'])
  expect(jobs.map(({ scrape_interval }) => scrape_interval)).toEqual(jobs.map(() => `${settings.evaluationSeconds}s`))
})

testWith('terraform')('an environment without a probe puts out nothing to scrape', async () => {
  expect(Object.keys(await outputsOf({ search: awsLink })).sort()).toEqual([
    'endpoint_ids',
    'links',
    'probe_config',
    'register'
  ])
})
