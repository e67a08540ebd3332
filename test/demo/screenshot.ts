import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openBrowser } from '../support/browser.ts'
import { recorded } from './both-steps.ts'
import { openNetwork } from './network.ts'
import { watchNetwork } from './watch.ts'

/** Takes the picture of the page that README opens with: a security group that lets nobody in, a minute after it was closed. */
const file = join(import.meta.dirname, 'page.png')

await using network = await openNetwork(await recorded())
await using watching = await watchNetwork(network, { port: 0, onCaseChange: () => {} })
// So that the last hours have some minutes in them.
await sleep(130_000)
network.toggle('security-group-closed')
await sleep(60_000)
const browser = await openBrowser()
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
await page.goto(`${watching.url}?target=dev/aws-us-west-2/in01-840ec44485bf25d`)
await page.locator('.verdict.bad pre button').first().waitFor()
await page.screenshot({ path: file })
await browser.close()
console.log(`written: ${file}`)
