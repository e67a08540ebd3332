import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import packageFile from '../../package.json' with { type: 'json' }
import { buildApp } from '../../probe/app.ts'
import { loadConfig } from '../../probe/config/source.ts'
import { createDaemon, type Daemon } from '../../probe/daemon.ts'
import { listen } from '../../probe/listen.ts'
import { createMetrics } from '../../probe/metrics/metrics.ts'
import { collectProcessMetrics } from '../../probe/metrics/process-metrics.ts'
import type { CaseChange } from '../../probe/rounds/case-change.ts'
import { isFault } from './faults.ts'
import type { DemoNetwork } from './network.ts'
import { panel } from './panel.ts'

/** The probe at work in the demo's networks. */
export interface Watching extends AsyncDisposable {
  /** Where its page is. */
  readonly url: string
  readonly daemon: Daemon
}

/** As often as a person waits with patience; a round takes up to nine tenths of it. */
const intervalSeconds = 4

/**
 * Lets the probe watch what was deployed: its own parts, put together as it does, on the config that the deploy put out.
 *
 * @throws ConfigError if it cannot listen there
 */
export async function watchNetwork(
  network: DemoNetwork,
  { port, onCaseChange }: { readonly port: number; readonly onCaseChange: (change: CaseChange) => void }
): Promise<Watching> {
  await using stack = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'zilliz-privatelink-demo-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  const caFile = join(directory, 'ca.pem')
  await writeFile(caFile, network.ca)
  const { targets, resolver } = network
  const config = await loadConfig({
    // This machine's own libc knows nothing of these names.
    json: JSON.stringify({
      targets,
      resolvers: [resolver],
      caFile,
      intervalSeconds,
      libcIntervalSeconds: 0,
      allowLoopback: true
    })
  })
  const { version } = packageFile
  const metrics = createMetrics({ version })
  collectProcessMetrics(metrics.registry)
  const daemon = createDaemon({
    metrics,
    onCaseChange,
    onImpairment: () => {},
    onBug: bug => console.error(bug),
    begin: network.begin
  })
  network.onToggle(daemon.forgetRounds)
  const app = await buildApp({
    health: daemon,
    standings: daemon,
    metrics,
    page: { ...daemon, version, panel: () => panel(network.broken) },
    requestRound: daemon.requestRound,
    reader: () => undefined
  })
  stack.defer(() => app.close())
  stack.defer(daemon.close)
  // A form has nothing to say but which button it was.
  app.addContentTypeParser('application/x-www-form-urlencoded', (_request, _payload, done) => done(null))
  app.post<{ Params: { fault: string } }>('/demo/faults/:fault', async ({ params: { fault } }, reply) => {
    if (!isFault(fault)) return reply.code(404).send({ error: 'no such fault' })
    network.toggle(fault)
    return reply.redirect('/', 303)
  })
  await listen(app, { host: '127.0.0.1', port })
  await daemon.apply(config)
  const opened = stack.move()
  return {
    url: `${urlOf(app.addresses())}/`,
    daemon,
    [Symbol.asyncDispose]: () => opened.disposeAsync()
  }
}

function urlOf([address]: readonly (AddressInfo | string)[]): string {
  return `http://127.0.0.1:${typeof address === 'object' ? address.port : ''}`
}
