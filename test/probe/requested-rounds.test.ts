import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readerLimits } from '../../probe/readers/limits.ts'
import { startApp } from '../support/app.ts'
import { openBrowser } from '../support/browser.ts'
import { awsTarget, gcpTarget } from '../support/evidence.ts'
import { loopbackTarget } from '../support/loopback-target.ts'
import { startProbe } from '../support/probe.ts'
import { testWith } from '../support/test-with.ts'

const reader = { username: 'oncall', password: 'correct horse' }
const authorization = `Basic ${Buffer.from('oncall:correct horse').toString('base64')}`
const pathOf = ({ name }: { readonly name: string }) => `/api/targets/${name}/rounds`

/** The app, with a password, and which rounds were begun. */
async function start(options: Parameters<typeof startApp>[0] = {}) {
  const begun: string[] = []
  const app = await startApp({ reader: () => reader, requestRound: target => begun.push(target), ...options })
  const url = `http://127.0.0.1:${app.port}`
  const post = (path: string, headers: Record<string, string> = {}, body = '') =>
    fetch(`${url}${path}`, { method: 'POST', headers: { authorization, ...headers }, body, redirect: 'manual' })
  return { ...app, url, begun, post }
}

/** The probe itself, which has an hour between two rounds. */
async function startPatientProbe() {
  const directory = await mkdtemp(join(tmpdir(), 'requested-rounds-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const passwordFile = join(directory, 'password')
  await writeFile(passwordFile, reader.password)
  const target = loopbackTarget(9)
  const config = {
    targets: [target],
    resolvers: [{ name: 'vpc', address: '127.0.0.1', port: 1 }],
    intervalSeconds: 3600,
    libcIntervalSeconds: 0,
    allowLoopback: true,
    listen: { port: 0, basicAuth: { username: reader.username, passwordFile } }
  }
  const file = join(directory, 'config.json')
  await writeFile(file, JSON.stringify(config))
  const probe = startProbe(['--config', file])
  const url = await probe.url()
  const rounds = async () => {
    const reply = await fetch(`${url}/api/targets/${target.name}`, { headers: { authorization } })
    const { rounds } = (await reply.json()) as { rounds: readonly unknown[] }
    return rounds.length
  }
  // The first round of a case is looked at again twice.
  await expect.poll(rounds, { timeout: 60_000, interval: 100 }).toBe(3)
  return { target, url, rounds }
}

describe('a round on request', () => {
  test('begins for who gives the password, and says where to read what came of it', async () => {
    const { post, begun } = await start()
    const reply = await post(pathOf(awsTarget))
    expect([reply.status, reply.headers.get('location'), await reply.json()]).toEqual([
      202,
      `/api/targets/${awsTarget.name}`,
      { target: `/api/targets/${awsTarget.name}` }
    ])
    expect(begun).toEqual([awsTarget.name])
  })

  test('is off while the probe has no password, and the page has no button', async () => {
    const { post, get, begun } = await start({ reader: () => undefined })
    const reply = await post(pathOf(awsTarget))
    expect([reply.status, await reply.json()]).toEqual([
      403,
      { error: 'rounds on request are off. Set listen.basicAuth in the config.' }
    ])
    expect(await (await get('/')).text()).not.toContain('Check now')
    expect(begun).toEqual([])
  })

  for (const [what, headers] of [
    ['no password', { authorization: '' }],
    ['a wrong one', { authorization: `Basic ${Buffer.from('oncall:wrong').toString('base64')}` }]
  ] as const) {
    test(`does not begin for ${what}`, async () => {
      const { post, begun } = await start()
      expect((await post(pathOf(awsTarget), headers)).status).toBe(401)
      expect(begun).toEqual([])
    })
  }

  test('is for targets of the config alone', async () => {
    const { post, begun } = await start()
    const reply = await post('/api/targets/dev/search/in01-nobody/rounds')
    expect([reply.status, await reply.json()]).toEqual([404, { error: 'no such target' }])
    expect(begun).toEqual([])
  })

  test('begins once in ten seconds for a target, and at once for another target', async () => {
    const { post, begun } = await start()
    await post(pathOf(awsTarget))
    const again = await post(pathOf(awsTarget))
    const { error } = (await again.json()) as { error: string }
    expect([again.status, error]).toEqual([
      429,
      `a round was just requested; try again in ${again.headers.get('retry-after')} s`
    ])
    expect(Number(again.headers.get('retry-after'))).toBeLessThanOrEqual(readerLimits.roundOfTargetMs / 1000)
    expect((await post(pathOf(gcpTarget))).status).toBe(202)
    expect(begun).toEqual([awsTarget.name, gcpTarget.name])
  })

  test('begins a few times a second for all targets together', async () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ ...awsTarget, name: `dev/search/in01-${index}` }))
    const { post, begun } = await start({
      standings: { standings: () => [], standing: () => ({}) as never }
    })
    const replies = await Promise.all(many.map(target => post(pathOf(target))))
    const refused = replies.filter(({ status }) => status === 429)
    expect(begun.length + refused.length).toBe(many.length)
    // They can fall on both sides of a second's end.
    expect(begun.length).toBeLessThanOrEqual(2 * readerLimits.roundsPerSecond)
    expect(new Set(refused.map(({ headers }) => headers.get('retry-after')))).toEqual(new Set(['1']))
  })

  for (const [what, headers] of Object.entries({
    'from another origin': { origin: 'https://attacker.example' },
    'from another port of the same machine': { origin: 'http://127.0.0.1:1' },
    'from a page that hides where it is from': { origin: 'null' },
    'that the browser says is of another site': { 'sec-fetch-site': 'cross-site' },
    'that the browser says is of the same site': { 'sec-fetch-site': 'same-site' }
  })) {
    test(`is refused to a request ${what}`, async () => {
      const { post, begun } = await start()
      const reply = await post(pathOf(awsTarget), headers)
      expect([reply.status, await reply.text()]).toEqual([
        403,
        expect.stringContaining("Origin: must be the probe's own, got ")
      ])
      expect(begun).toEqual([])
    })
  }

  test('is given to a request of its own origin, and behind a proxy to what the browser says is of it', async () => {
    const { post, url, begun } = await start()
    expect((await post(pathOf(awsTarget), { origin: url })).status).toBe(202)
    const proxied = { origin: 'https://probe.example', 'sec-fetch-site': 'same-origin' }
    expect((await post(pathOf(gcpTarget), proxied)).status).toBe(202)
    expect(begun).toEqual([awsTarget.name, gcpTarget.name])
  })

  test('takes no body that is longer than others may be', async () => {
    const { post, begun } = await start()
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const statuses = [
      (await post(pathOf(awsTarget), form, 'x'.repeat(2 * readerLimits.bodyBytes))).status,
      (await post(pathOf(awsTarget), { 'content-type': 'application/json' }, '{')).status,
      (await post(pathOf(awsTarget), { 'content-type': 'text/csv' }, 'x')).status
    ]
    expect(statuses).toEqual([413, 400, 415])
    expect(begun).toEqual([])
  })

  test('comes at once, and the turns of the target stay where they are', { timeout: 90_000 }, async () => {
    const { url, target, rounds } = await startPatientProbe()
    const reply = await fetch(`${url}${pathOf(target)}`, { method: 'POST', headers: { authorization } })
    expect(reply.status).toBe(202)
    await expect.poll(rounds, { timeout: 30_000 }).toBe(4)
  })
})

describe('the button of the page', () => {
  const withBrowser = testWith('chromium')

  async function visit(url: string, options: BrowserContextOptions = {}) {
    const browser = await openBrowser()
    onTestFinished(() => browser.close())
    const context = await browser.newContext({ httpCredentials: reader, ...options })
    const page = await context.newPage()
    await page.goto(url)
    return page
  }

  withBrowser('begins a round that the page then shows', { timeout: 90_000 }, async () => {
    const { url, target, rounds } = await startPatientProbe()
    const page = await visit(`${url}?target=${target.name}`)
    const checked = page.locator('article header time.ago')
    const before = await checked.getAttribute('datetime')
    await page.getByRole('button', { name: 'Check now' }).click()
    await expect.poll(rounds, { timeout: 30_000 }).toBe(4)
    await expect.poll(() => checked.getAttribute('datetime'), { timeout: 30_000 }).not.toBe(before)
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByText(/a round was just requested; try again in \d+ s/).waitFor()
  })

  withBrowser('needs no script', async () => {
    const { url, begun } = await start()
    const page = await visit(`${url}/?target=${awsTarget.name}`, { javaScriptEnabled: false })
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByRole('heading', { name: 'in01-840ec44485bf25d' }).waitFor()
    expect([page.url(), begun]).toEqual([`${url}/?target=${awsTarget.name}`, [awsTarget.name]])
  })

  withBrowser("cannot be pressed by another page, though the browser knows the probe's password", async () => {
    const { url, begun } = await start()
    const form = `<form method="post" action="${url}${pathOf(awsTarget)}"><button>Win</button></form>`
    const evil = createServer((_, response) => response.setHeader('content-type', 'text/html').end(form))
    evil.listen(0)
    onTestFinished(() => void evil.close())
    const { port } = evil.address() as AddressInfo
    const page = await visit(url)
    for (const name of ['127.0.0.1', 'localhost']) {
      await page.goto(`http://${name}:${port}/`)
      const [reply] = await Promise.all([page.waitForResponse(/rounds$/), page.getByRole('button').click()])
      expect(reply.status(), name).toBe(403)
    }
    await page.goto(`http://localhost:${port}/`)
    await page.evaluate(
      `fetch(${JSON.stringify(`${url}${pathOf(awsTarget)}`)}, { method: 'POST', mode: 'no-cors', credentials: 'include' }).catch(() => {})`
    )
    expect(begun).toEqual([])
  })
})
