import packageFile from '../../package.json' with { type: 'json' }
import { buildApp } from '../../probe/app.ts'
import { followConfig } from '../../probe/config/follow.ts'
import { createDaemon } from '../../probe/daemon.ts'
import { listen } from '../../probe/listen.ts'
import { createMetrics } from '../../probe/metrics/metrics.ts'
import { collectProcessMetrics } from '../../probe/metrics/process-metrics.ts'

/**
 * The probe as its server starts it, with less patience than a client: the arguments are a config, the milliseconds that it waits for what
 * is silent, and its port.
 */
const [file = '', patienceMs, port] = process.argv.slice(2)
const { version } = packageFile
const metrics = createMetrics({ version })
collectProcessMetrics(metrics.registry)
const daemon = createDaemon({
  metrics,
  onCaseChange: () => {},
  onImpairment: () => {},
  onBug: bug => {
    throw bug
  },
  patienceMs: Number(patienceMs)
})
const app = await buildApp({
  health: daemon,
  standings: daemon,
  metrics,
  page: { ...daemon, version },
  requestRound: daemon.requestRound,
  reader: () => undefined
})
await followConfig({ file }, { apply: daemon.apply, refuse: daemon.refuse })
await listen(app, { host: '127.0.0.1', port: Number(port) })
