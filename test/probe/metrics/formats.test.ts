import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'vitest'
import { startApp } from '../../support/app.ts'
import { awsTarget } from '../../support/evidence.ts'
import { metricsInEveryState } from '../../support/metrics-in-every-state.ts'
import { testWith } from '../../support/test-with.ts'
import { clientsPython } from '../../support/tools.ts'

const accepts = { text: 'text/plain', openmetrics: 'application/openmetrics-text;version=1.0.0' }
type Format = keyof typeof accepts

/** The whole page of a probe that has targets in every state. */
async function scraped(): Promise<(format: Format) => Promise<string>> {
  const { get } = await startApp({ metrics: metricsInEveryState() })
  return async format => (await get('/metrics', { accept: accepts[format] })).text()
}

testWith('promtool')('promtool has nothing to say against the whole page of a probe', async () => {
  const scrape = await scraped()
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: await scrape('text') })
  expect([status, `${stdout}${stderr}`]).toEqual([0, ''])
})

testWith('prometheusClient')('a strict parser reads the same series in both formats of the whole page', async () => {
  const scrape = await scraped()
  const [text, openmetrics] = [
    samplesIn('text', await scrape('text')),
    samplesIn('openmetrics', await scrape('openmetrics'))
  ]
  const series = (samples: readonly Sample[]) =>
    samples
      // Garbage of a new kind may be collected between the two.
      .filter(([name]) => !name.startsWith('nodejs_gc_'))
      .map(([name, labels]) => JSON.stringify([name, labels]))
      .toSorted()
  expect(series(openmetrics)).toEqual(series(text))
  const ofProbe = (samples: readonly Sample[]) => samples.filter(([name]) => name.startsWith('privatelink_'))
  expect(ofProbe(openmetrics)).toEqual(ofProbe(text))
  const of = (family: string) => openmetrics.filter(([name]) => name === family)
  expect(of('privatelink_state').map(([, { target, state }]) => [target, state])).toEqual([
    [awsTarget.name, 'healthy'],
    ['failing', 'failing'],
    ['degraded', 'degraded'],
    ['held', 'unknown'],
    ['unknown', 'unknown']
  ])
  expect(of('privatelink_target_info').at(-1)?.[1]).toMatchObject({ region: 'a"b\\c\nd' })
  expect(of('process_resident_memory_bytes')).toHaveLength(1)
})

type Sample = readonly [name: string, labels: Readonly<Record<string, string>>, value: string]

function samplesIn(format: Format, page: string): readonly Sample[] {
  const { status, stdout, stderr } = spawnSync(clientsPython, [join(import.meta.dirname, 'parse.py'), format], {
    input: page,
    encoding: 'utf8'
  })
  expect([status, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}
