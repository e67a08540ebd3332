import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { get as getSecurely } from 'node:https'
import { exitStatus } from './command/exit-status.ts'

// Asks the probe of the same container whether it runs, and ends with success or failure. A container engine starts it
// every half minute: it loads little more than what comes with Node, and HTTPS only if the probe does not speak HTTP.

/** A container has an IPv4 loopback address even where all its other addresses are IPv6. */
const loopback = '127.0.0.1'
const { PROBE_HOST = loopback, PROBE_PORT } = process.env

const signal = AbortSignal.timeout(3000)

try {
  const status = await statusOver(get).catch(async () => statusOver((await import('node:https')).get))
  if (status !== 200) throw new Error(`/healthz answers ${status}`)
} catch (error) {
  console.error(signal.aborted ? 'no answer in 3 seconds' : error instanceof Error ? error.message : error)
  process.exitCode = exitStatus.failure
}

async function statusOver(ask: typeof get | typeof getSecurely): Promise<number | undefined> {
  const request = ask({
    host: ['::', '0.0.0.0'].includes(PROBE_HOST) ? loopback : PROBE_HOST,
    port: PROBE_PORT,
    path: '/healthz',
    agent: false,
    // Its certificate is made for the name that Prometheus calls it by.
    rejectUnauthorized: false,
    signal
  })
  const [reply]: IncomingMessage[] = await once(request, 'response')
  reply?.destroy()
  return reply?.statusCode
}
