import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { openBrowser } from './support/browser.ts'
import { codeBlocksOf, pages } from './support/pages.ts'
import { testWith } from './support/test-with.ts'
import { hasTool } from './support/tools.ts'

const test = testWith('chromium')
const diagrams = pages.flatMap(codeBlocksOf).filter(({ kind }) => kind === 'mermaid')

/** What the browser has of Mermaid, after its script. */
declare const mermaid: {
  parse(code: string): Promise<{ readonly diagramType: string }>
  render(id: string, code: string): Promise<{ readonly svg: string }>
}

let browser: Browser | undefined
let tab: Page | undefined

beforeAll(async () => {
  if (!hasTool('chromium')) return
  browser = await openBrowser()
  tab = await browser.newPage()
  await tab.addScriptTag({ path: 'node_modules/mermaid/dist/mermaid.min.js' })
})
afterAll(() => browser?.close())

/** What Mermaid makes of a diagram: its picture, or what is wrong with it. */
async function drawn(code: string): Promise<string> {
  if (tab === undefined) throw new Error('there is no browser')
  return await tab.evaluate(async text => {
    try {
      await mermaid.parse(text)
      return (await mermaid.render('diagram', text)).svg
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }, code)
}

for (const { page, line, code } of diagrams) {
  test(`Mermaid draws the diagram of ${page} on line ${line}`, async () => {
    expect(await drawn(code)).toMatch(/^<svg/)
  })
}

test('a diagram with a mistake is found', async () => {
  expect(await drawn('flowchart LR\n  client[Client --> endpoint[Endpoint]')).toMatch(/^Parse error on line 2/)
})

test('the pages have diagrams of the link on each cloud, of a round, and of the way from a fault to a page', () => {
  const having = new Set(diagrams.map(({ page }) => page))
  for (const page of [
    'modules/guides/how-it-works.md',
    'probe/README.md',
    'dashboards/guides/time-from-fault-to-page.md'
  ])
    expect(having).toContain(page)
})
