import { buildApp } from '../../../probe/app.ts'
import { createMetrics } from '../../../probe/metrics/metrics.ts'
import { startHistory } from '../../../probe/rounds/history.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../../probe/rounds/standing.ts'
import { alike, at, evidence, onlyTcp } from '../../support/evidence.ts'
import { targets } from '../probe/link.ts'

/** The page of a thousand hosts, of which one in twenty is down, with four hours behind them. */
const hosts = targets(1000).map((target, index) => {
  const history = startHistory()
  let standing = newStanding(target)
  for (let minute = 240; minute >= 0; minute--) {
    const isDown = index % 20 === 0 && minute < 30
    const seen = isDown ? alike(onlyTcp({ kind: 'timeout' })) : evidence()
    const report = makeReport({ ...seen, target, at: at - minute * 60 }, { seconds: 0.1, heldBy: [] })
    history.record(report)
    standing = afterRound(standing, report)
  }
  return { standing, history }
})
const byName = new Map(hosts.map(host => [host.standing.target.name, host]))

const app = await buildApp({
  health: { impairments: () => [], stalledBy: () => undefined, isReady: () => true },
  standings: { standings: () => [], standing: () => undefined },
  metrics: createMetrics({ version: '1' }),
  page: {
    standings: () => hosts.map(({ standing }) => standing),
    history: name => byName.get(name)?.history,
    impairments: () => [],
    onChange: () => {},
    version: '1'
  },
  requestRound: () => {},
  reader: () => undefined
})
process.send?.(await app.listen({ host: '127.0.0.1', port: 0 }))
process.on('disconnect', () => process.exit())
