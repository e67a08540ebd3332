import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createMetrics } from '../../../probe/metrics/metrics.ts'
import { collectProcessMetrics } from '../../../probe/metrics/process-metrics.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../../probe/rounds/standing.ts'
import { startApp } from '../../support/app.ts'
import {
  address,
  awsTarget,
  evidence,
  gcpTarget,
  nxdomain,
  onlyTcp,
  resolver,
  unresolved
} from '../../support/evidence.ts'
import { testWith } from '../../support/test-with.ts'
import { clientsPython } from '../../support/tools.ts'

const accepts = { text: 'text/plain', openmetrics: 'application/openmetrics-text;version=1.0.0' }
type Format = keyof typeof accepts

/** The whole page of a probe that has targets in every state, and the metrics of its process. */
async function scraped(): Promise<(format: Format) => Promise<string>> {
  const metrics = createMetrics({ version: '1.2.3', settleMs: 0 })
  collectProcessMetrics(metrics.registry)
  metrics.accepted({ intervalSeconds: 10, probes: 2 })
  const dead = address('10.0.2.7', onlyTcp({ kind: 'timeout' }))
  const lost = unresolved(resolver({ a: nxdomain(), aaaa: nxdomain() }))
  const courses = [
    { target: awsTarget, rounds: Array.from({ length: 3 }, () => evidence()), heldBy: [] },
    { target: { ...awsTarget, name: 'failing' }, rounds: [lost, lost, lost], heldBy: [] },
    {
      target: { ...awsTarget, name: 'degraded' },
      rounds: Array.from({ length: 3 }, () => evidence({ addresses: [address('10.0.1.7'), dead] })),
      heldBy: []
    },
    { target: { ...awsTarget, name: 'held' }, rounds: [evidence()], heldBy: ['event-loop-stall'] },
    { target: { ...gcpTarget, name: 'unknown', region: 'a"b\\c\nd' }, rounds: [], heldBy: [] }
  ] as const
  for (const { target, rounds, heldBy } of courses) {
    let standing = newStanding(target)
    metrics.start(standing, ['vpc', 'stub'])
    for (const seen of rounds) {
      const report = makeReport({ ...seen, target }, { seconds: 0.025, heldBy })
      standing = afterRound(standing, report)
      metrics.round(standing, report)
    }
  }
  const { get } = await startApp({ metrics })
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
    samples.map(([name, labels]) => JSON.stringify([name, labels])).toSorted()
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
