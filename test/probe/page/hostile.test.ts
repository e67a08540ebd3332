import { expect, onTestFinished } from 'vitest'
import { buildApp } from '../../../probe/app.ts'
import type { Evidence } from '../../../probe/cases/evidence.ts'
import { createMetrics } from '../../../probe/metrics/metrics.ts'
import { startHistory } from '../../../probe/rounds/history.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../../probe/rounds/standing.ts'
import type { Target } from '../../../probe/target.ts'
import { openBrowser } from '../../support/browser.ts'
import { answer, awsTarget, evidence, resolver } from '../../support/evidence.ts'
import { testWith } from '../../support/test-with.ts'

const evil = '<script>document.title="owned"</script><img src=x onerror=alert(1)>"\'`&\u0000\u001b[31m\u202e'

/** The probe's page of what a target's evidence is. */
async function serve(seen: Evidence<Target>) {
  const report = makeReport(seen, { seconds: 0.1, heldBy: [] })
  const standing = afterRound(newStanding(seen.target), report)
  const history = startHistory()
  history.record(report)
  const app = await buildApp({
    health: { impairments: () => [], stalledBy: () => undefined, isReady: () => true },
    standings: { standings: () => [standing], standing: () => standing },
    metrics: createMetrics({ version: '1', settleMs: 0 }),
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
  return app.listen({ host: '127.0.0.1', port: 0 })
}

testWith('chromium')('what comes from DNS is text, whatever it holds', async () => {
  const seen = evidence({
    target: { ...awsTarget, region: evil, environment: evil },
    resolvers: [resolver({ a: answer(['10.0.1.7'], evil), name: evil })]
  })
  const browser = await openBrowser()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('console', message => errors.push(message.text()))
  page.on('dialog', dialog => errors.push(dialog.message()))
  await page.goto(`${await serve(seen)}/?target=${awsTarget.name}`)
  await page.locator('#live', { hasText: 'live' }).waitFor()
  expect(errors).toEqual([])
  expect(await page.title()).not.toContain('owned')
  expect(await page.locator('img, main script').count()).toBe(0)
  expect(await page.locator('.path').first().textContent()).toContain('<script>document.title="owned"</script>')
  expect(await page.locator('#filter option').allTextContents()).toContainEqual(expect.stringContaining('<img src=x'))
})
