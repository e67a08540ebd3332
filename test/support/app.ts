import type { AddressInfo } from 'node:net'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { buildApp } from '../../probe/app.ts'
import { createMetrics } from '../../probe/metrics/metrics.ts'
import { makeReport } from '../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../probe/rounds/standing.ts'
import type { ImpairmentId } from '../../probe/suspicion/impairments.ts'
import { awsTarget, gcpTarget, nxdomain, resolver, unresolved } from './evidence.ts'

const standings = [
  afterRound(
    newStanding(awsTarget),
    makeReport(unresolved(resolver({ a: nxdomain(), aaaa: nxdomain() })), { seconds: 0.025, heldBy: [] })
  ),
  newStanding(gcpTarget)
]
/** Registers what is done when a test is over. */
export type AtEnd = (end: () => void | Promise<void>) => void

/**
 * Starts the app on a port of loopback, with a target in a case and one before its first round.
 *
 * @param atEnd of the test, if others run beside it
 */
export async function startApp(options: Partial<Parameters<typeof buildApp>[0]> = {}, atEnd: AtEnd = onTestFinished) {
  const metrics = createMetrics({ version: '1.2.3', settleMs: 0 })
  metrics.accepted({ intervalSeconds: 10 })
  for (const standing of standings) metrics.start(standing, ['vpc'])
  const impairments: ImpairmentId[] = []
  let isReady = true
  const app = await buildApp({
    health: { impairments: () => impairments, stalledBy: () => undefined, isReady: () => isReady },
    standings: {
      standings: () => standings,
      standing: name => standings.find(({ target }) => target.name === name)
    },
    metrics,
    page: {
      standings: () => standings,
      history: () => undefined,
      impairments: () => impairments,
      onChange: () => {},
      version: '1.2.3'
    },
    requestRound: () => {},
    reader: () => undefined,
    ...options
  })
  atEnd(async () => void (await app.close()))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return {
    app,
    port,
    impairments,
    ready: (now: boolean) => {
      isReady = now
    },
    get: (path: string, headers: Record<string, string> = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers }),
    /** What comes back to these bytes until the connection ends. */
    raw: async (bytes: string | Buffer) => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write(bytes)
      return text(socket)
    },
    /** A connection from an address of loopback, ended with the test; errors on it are no news. */
    from: (localAddress: string): Socket => {
      const socket = connect({ port, host: '127.0.0.1', localAddress })
      socket.on('error', () => {})
      atEnd(() => void socket.destroy())
      return socket
    }
  }
}
