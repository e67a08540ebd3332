import { createMetrics, type Metrics } from '../../probe/metrics/metrics.ts'
import { collectProcessMetrics } from '../../probe/metrics/process-metrics.ts'
import { makeReport } from '../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../probe/rounds/standing.ts'
import { address, awsTarget, evidence, gcpTarget, nxdomain, onlyTcp, resolver, unresolved } from './evidence.ts'

/** The metrics of a probe that has targets in every state, and those of its process. */
export function metricsInEveryState(): Metrics {
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
  return metrics
}
