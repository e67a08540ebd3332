import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { openBrowser } from '../support/browser.ts'
import { hasTool, toInstall } from '../support/tools.ts'
import { machine, median } from './probe/cpu.ts'

/** How soon the page of a thousand hosts is there, and how soon it is filtered, in Chromium on this machine. */
const runs = 9

if (!hasTool('chromium')) {
  console.error(toInstall('chromium'))
  process.exitCode = 2
} else {
  const server = fork(join(import.meta.dirname, 'status-page/server-process.ts'))
  const [url] = await once(server, 'message')
  const browser = await openBrowser()
  const took = { reply: [] as number[], paint: [] as number[], filter: [] as number[] }
  let kilobytes = 0
  for (let run = -1; run < runs; run++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    // The browser's own start of a tab is not the page's.
    await page.goto(`${url}/healthz`)
    await page.goto(url)
    await page.locator('#live', { hasText: 'live' }).waitFor()
    const measured = (await page.evaluate(`({
      reply: performance.getEntriesByType('navigation')[0].responseEnd,
      paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
      kilobytes: performance.getEntriesByType('navigation')[0].encodedBodySize / 1000
    })`)) as { reply: number; paint: number; kilobytes: number }
    // From the change of a field to the frame in which it is shown.
    const filter = (await page.evaluate(`new Promise(resolve => {
      const select = document.querySelector('#filter [name=case]')
      const start = performance.now()
      select.value = 'no-answer-to-syn'
      select.dispatchEvent(new Event('input', { bubbles: true }))
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)))
    })`)) as number
    const left = await page.locator('#rows > li:not([hidden])').count()
    if (left !== 50) throw new Error(`the filter left ${left} hosts, not 50`)
    await page.close()
    if (run < 0) continue
    took.reply.push(measured.reply)
    took.paint.push(measured.paint)
    took.filter.push(filter)
    kilobytes = measured.kilobytes
  }
  await browser.close()
  server.disconnect()
  const row = (what: string, all: readonly number[], goal: string) =>
    console.log(`| ${what} | ${median(all).toFixed(0)} ms | ${Math.max(...all).toFixed(0)} ms | ${goal} |`)
  console.log(`${runs} visits of a page of 1,000 hosts, ${kilobytes.toFixed(0)} kB. ${machine()}.\n`)
  console.log('| what | median | most | goal |\n|---|---:|---:|---:|')
  row('the whole page is read', took.reply, '')
  row('first paint', took.paint, '200 ms')
  row('filtered by its case', took.filter, '200 ms')
}
