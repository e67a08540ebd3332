import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Delivered } from '../../probe/otlp/deliver.ts'
import { startPush } from '../../probe/otlp/push.ts'
import { makeReport } from '../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../probe/rounds/standing.ts'
import { awsTarget, evidence, nxdomain, resolver, unresolved } from '../support/evidence.ts'
import { metricsInEveryState } from '../support/metrics-in-every-state.ts'

const program = process.env.PROMETHEUS3

interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Prometheus 3 with its receiver of OTLP, and nothing that it scrapes. */
async function startPrometheus(binary: string) {
  const directory = await mkdtemp(join(tmpdir(), 'prometheus3-'))
  const file = join(directory, 'prometheus.yaml')
  await writeFile(file, '{}')
  const port = await freePort()
  const child = spawn(
    binary,
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-otlp-receiver'
    ],
    { stdio: 'ignore' }
  )
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
    await rm(directory, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}`
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false
    )
  await expect.poll(isReady, { timeout: 30_000 }).toBe(true)
  return {
    url,
    query: async (query: string): Promise<readonly Series[]> => {
      const reply = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`)
      const { data } = (await reply.json()) as { data: { result: readonly Series[] } }
      return data.result
    }
  }
}

test.skipIf(program === undefined)(
  'Prometheus 3 has of what is pushed the series that it has of what is scraped, and no case that is over',
  {
    timeout: 60_000
  },
  async () => {
    const { url, query } = await startPrometheus(program ?? '')
    const metrics = metricsInEveryState()
    const delivered: Delivered[] = []
    const { close } = startPush(metrics, {
      receiver: { url: `${url}/api/v1/otlp/v1/metrics`, authorization: undefined, authorities: undefined },
      intervalMs: 500,
      reporter: { service: 'privatelink-probe', instance: 'here', version: '1.2.3', startMs: Date.now() - 60_000 },
      onDelivered: each => delivered.push(each),
      onPushed: () => {},
      onClientMissing: error => expect.unreachable(error.message)
    })
    onTestFinished(close)
    await expect.poll(() => delivered.length, { timeout: 20_000 }).toBeGreaterThan(1)
    expect(delivered).toEqual(delivered.map(() => ({ kind: 'accepted' })))

    const stored = await query('{__name__=~"privatelink_.+"}')
    expect(new Set(stored.map(({ metric: { job, instance } }) => `${job} ${instance}`))).toEqual(
      new Set(['privatelink-probe here'])
    )
    const known = ([name, labels, value]: readonly [string, Readonly<Record<string, string>>, number]) =>
      `${name} ${JSON.stringify(Object.entries(labels).toSorted())} ${value}`
    const pushed = stored.map(({ metric: { __name__ = '', job: _, instance: __, ...labels }, value: [, value] }) =>
      known([__name__, 'le' in labels ? { ...labels, le: bound(labels.le) } : labels, Number(value)])
    )
    const families = [...(await metrics.ofProcess()), ...metrics.targets().flatMap(metrics.ofTarget)]
    const own = families
      .filter(({ name }) => name.startsWith('privatelink_') && name !== 'privatelink_otlp_requests_total')
      .flatMap(({ name, samples }) =>
        samples.map(({ suffix, labels, value }) =>
          known([name + suffix, 'le' in labels ? { ...labels, le: bound(labels.le) } : labels, value])
        )
      )
    expect(pushed.toSorted()).toEqual(own.toSorted())
    expect(own.length).toBeGreaterThan(100)

    const cases = async () =>
      (await query(`privatelink_case{target="${awsTarget.name}"}`)).map(({ metric }) => metric.case)
    expect(await cases()).toEqual(['healthy'])
    const report = makeReport(unresolved(resolver({ a: nxdomain(), aaaa: nxdomain() })), { seconds: 0.1, heldBy: [] })
    metrics.round(
      afterRound(afterRound(newStanding(awsTarget), makeReport(evidence(), { seconds: 0.1, heldBy: [] })), report),
      report
    )
    await expect.poll(cases, { timeout: 10_000 }).toEqual(['zone-not-visible'])
    expect(await query(`privatelink_up{target="${awsTarget.name}"}`)).toMatchObject([
      { value: [expect.any(Number), '0'] }
    ])
  }
)

function bound(le: string | undefined): string {
  return String(Number(le === '+Inf' ? 'Infinity' : le))
}
