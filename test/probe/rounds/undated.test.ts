import { expect, onTestFinished, test } from 'vitest'
import { buildApp } from '../../../probe/app.ts'
import { reportJson } from '../../../probe/doctor/json.ts'
import { printedReport } from '../../../probe/doctor/print.ts'
import { createMetrics } from '../../../probe/metrics/metrics.ts'
import { startHistory } from '../../../probe/rounds/history.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../../probe/rounds/standing.ts'
import { alike, established, whole } from '../../support/evidence.ts'

const ways = {
  'neither date': { notBefore: undefined, notAfter: undefined },
  'no end': { notAfter: undefined },
  'no beginning': { notBefore: undefined }
} as const

for (const [what, dates] of Object.entries(ways)) {
  test(`a certificate with ${what} breaks no reader, and its row says so`, async () => {
    const certificate = { ...established.certificate, ...dates }
    const seen = alike(
      whole(undefined, { certificate, chainError: 'ERROR_IN_CERT_NOT_AFTER_FIELD', trustedBy: undefined })
    )
    const report = makeReport(seen, { seconds: 0.1, heldBy: [] })
    const standing = afterRound(newStanding(seen.target), report)
    const metrics = createMetrics({ version: '1', settleMs: 0 })
    metrics.start(newStanding(seen.target), ['vpc'])
    metrics.round(standing, report)
    const history = startHistory()
    history.record(report)
    const app = await buildApp({
      health: { impairments: () => [], stalledBy: () => undefined, isReady: () => true },
      standings: { standings: () => [standing], standing: () => standing },
      metrics,
      page: {
        standings: () => [standing],
        history: () => history,
        impairments: () => [],
        onChange: () => {},
        version: '1'
      },
      requestRound: () => {},
      reader: () => undefined
    })
    onTestFinished(() => app.close())
    const url = `/?target=${encodeURIComponent(seen.target.name)}`
    const [page, api, scrape] = await Promise.all(['/', '/api/targets', '/metrics'].map(each => app.inject(each)))
    const article = await app.inject(url)
    expect([page, api, scrape, article].map(reply => reply?.statusCode)).toEqual([200, 200, 200, 200])
    expect(scrape?.payload).not.toMatch(/NaN|undefined/)
    expect(article.payload).toContain('its dates are not valid dates')
    expect(printedReport(report, 80)).toContain('its dates are not valid dates')
    expect(JSON.parse(reportJson(report))).toMatchObject({ target: { name: seen.target.name } })
  })
}
