import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { createMetrics } from '../../../probe/metrics/metrics.ts'
import { collectProcessMetrics } from '../../../probe/metrics/process-metrics.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../../probe/rounds/standing.ts'
import { at, awsTarget, evidence } from '../../support/evidence.ts'

/** The metrics of any number of probes, each of which watches this many hosts: `/<environment>/<probe>`. */
const [hosts = '3'] = process.argv.slice(2)
const environment = 'environment-of-a-probe'

const page = await pageOf(Number(hosts))
const server = createServer((request, response) => {
  const [, name = ''] = (request.url ?? '').split('/')
  const now = String(Math.floor(Date.now() / 1000))
  response.end(page.replaceAll(environment, name).replaceAll(String(at), now))
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit())

/** What such a probe writes once every host has had a round. */
async function pageOf(count: number): Promise<string> {
  const metrics = createMetrics({ version: '1.0.0', settleMs: 0 })
  metrics.accepted({ intervalSeconds: 10 })
  collectProcessMetrics(metrics.registry)
  for (let index = 0; index < count; index++) {
    const target = { ...awsTarget, environment, name: `${environment}/search/in01-${index}` }
    const standing = newStanding(target)
    metrics.start(standing, ['10.20.0.2'])
    const report = makeReport({ ...evidence(), target }, { seconds: 0.1, heldBy: [] })
    metrics.round(afterRound(standing, report), report)
  }
  const text = gunzipSync(await metrics.write('text')).toString()
  if (text.match(/case="healthy"\} 1\n/g)?.length !== count) throw new Error('a host is not healthy')
  return text
}
