import { createMetrics } from '../../../probe/metrics/metrics.ts'
import { observeApplication } from '../../../probe/observers/application.ts'
import { observeDns } from '../../../probe/observers/dns.ts'
import { observeTcp } from '../../../probe/observers/tcp.ts'
import { observeTls } from '../../../probe/observers/tls.ts'
import { type Trust, trustIn } from '../../../probe/observers/trust.ts'
import { defaultBudget } from '../../../probe/rounds/budget.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { round } from '../../../probe/rounds/round.ts'
import { afterRound, newStanding } from '../../../probe/rounds/standing.ts'
import { limit } from '../../support/limit.ts'
import { port, targets } from './link.ts'

/** `equal` is as deep as blackbox_exporter's modules are, `default` is what the daemon does. */
export type Depth = 'equal' | 'default'

/** What this process is told: how often to look, one round after the other. It replies with seconds of processor time. */
export interface Rounds {
  readonly depth: Depth
  readonly count: number
  readonly ca: string
}

const [target = targets(1)[0]] = targets(1)
if (target === undefined) throw new Error('no target')
const resolver = { name: 'system', address: '127.0.0.1', port: 53 }
const metrics = createMetrics({ version: '0' })
let standing = newStanding(target)
metrics.start(standing, [resolver.name])

const trusts = new Map<string, Trust>()

process.on('message', async ({ depth, count, ca }: Rounds) => {
  // As in the daemon, which reads the authorities once.
  const trust = trusts.get(ca) ?? trustIn(ca)
  trusts.set(ca, trust)
  const look = depth === 'equal' ? lookAsDeepAsBlackbox : lookAsTheDaemonDoes
  const before = process.cpuUsage()
  for (let times = 0; times < count; times++) await look(trust)
  const { user, system } = process.cpuUsage(before)
  process.send?.((user + system) / 1e6)
})
process.on('disconnect', () => process.exit())

async function lookAsDeepAsBlackbox(trust: Trust): Promise<void> {
  const { host } = standing.target
  const dns = await observeDns({ question: { name: host, type: 'A' }, resolver }, limit())
  const address = dns.kind === 'answer' ? dns.addresses[0]?.address : undefined
  if (address === undefined) throw new Error(`the name does not resolve: ${dns.kind}`)
  const tcp = await observeTcp({ address, port, allowLoopback: true }, limit())
  if (tcp.connection === undefined) throw new Error(`no connection: ${tcp.observation.kind}`)
  const tls = await observeTls({ connection: tcp.connection, host, trust }, limit())
  if (tls.connection === undefined) throw new Error(`no handshake: ${tls.observation.kind}`)
  const application = await observeApplication({ connection: tls.connection, host, port }, limit())
  tls.connection.destroy()
  if (application.kind !== 'reply') throw new Error(`no reply: ${application.kind}`)
}

async function lookAsTheDaemonDoes(trust: Trust): Promise<void> {
  const start = performance.now()
  const watch = { target: standing.target, resolvers: [resolver], observeLibc: undefined, trust, budget: defaultBudget }
  const evidence = await round({ ...watch, allowLoopback: true }, limit().signal)
  const report = makeReport(evidence, { seconds: (performance.now() - start) / 1000, heldBy: [] })
  if (report.diagnosis.case.id !== 'healthy') throw new Error(`not healthy: ${report.diagnosis.case.id}`)
  standing = afterRound(standing, report)
  metrics.round(standing, report)
}
