import { once } from 'node:events'
import type { Socket } from 'node:net'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readerLimits } from '../../../probe/readers/limits.ts'
import { startHistory } from '../../../probe/rounds/history.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../../probe/rounds/standing.ts'
import { startApp } from '../../support/app.ts'
import { awsTarget, evidence } from '../../support/evidence.ts'

const { streams, streamsPerAddress, streamsPerMinute } = readerLimits
const standing = afterRound(newStanding(awsTarget), makeReport(evidence(), { seconds: 0.1, heldBy: [] }))

/** The app with a page of one target, and how often that was written for its readers. */
async function startPage() {
  const changed = new EventTarget()
  let written = 0
  const page = {
    standings: () => [standing],
    history: () => {
      written += 1
      return startHistory()
    },
    impairments: () => [],
    onChange: (tell: () => void, signal: AbortSignal) => changed.addEventListener('change', tell, { signal }),
    version: '1'
  }
  const app = await startApp({ page })
  const document = await (await app.get('/')).text()
  const [, edition, revision] = /data-edition="(.+?)" data-revision="(.+?)"/.exec(document) ?? []
  written = 0
  return {
    ...app,
    written: () => written,
    change: () => changed.dispatchEvent(new Event('change')),
    /** Opens the event stream from an address of loopback. */
    follow: (address: string, query = '') => {
      const socket = app.from(address)
      socket.setEncoding('utf8')
      socket.write(
        `GET /updates?edition=${edition}&revision=${revision}${query} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n`
      )
      return socket
    }
  }
}

const firstOf = async (socket: Socket) => String((await once(socket, 'data'))[0])

test('an event stream is written once for all who look at the same, however many open it', async () => {
  const { follow, written } = await startPage()
  const readers = Array.from({ length: streams }, (_, index) => follow(`127.0.3.${index >> 2}`))
  for (const first of await Promise.all(readers.map(firstOf))) {
    expect(first).toMatch(/^HTTP\/1\.1 200 /)
    expect(first).toContain('content-type: text/event-stream\r\n')
  }
  // A frame a second, and they came within a few.
  expect(written()).toBeLessThan(10)
})

test('a host is written once for all who look at it, whatever else they ask for', async () => {
  const { follow, written } = await startPage()
  const queries = ['', '&cloud=aws', '&environment=prod', '&text=in01', `&target=${awsTarget.name}`, '&case=healthy']
  const readers = queries.map((query, index) => follow(`127.0.3.${index}`, query))
  for (const first of await Promise.all(readers.map(firstOf))) expect(first).toMatch(/^HTTP\/1\.1 200 /)
  expect(written()).toBeLessThan(queries.length - 2)
})

test('a reader who asks for the head of an event stream alone takes no place', async () => {
  const { from, follow } = await startPage()
  for (let count = 0; count < 2 * streamsPerAddress; count++) {
    const socket = from('127.0.0.2')
    socket.write('HEAD /updates?edition=a&revision=0 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
    socket.resume()
    await once(socket, 'close')
  }
  expect(await firstOf(follow('127.0.0.2'))).toMatch(/^HTTP\/1\.1 200 /)
})

test('a change is written once for all', async () => {
  const { follow, written, change } = await startPage()
  const readers = Array.from({ length: 40 }, (_, index) => follow(`127.0.3.${index >> 2}`))
  await Promise.all(readers.map(firstOf))
  const before = written()
  const updated = Promise.all(readers.map(reader => once(reader, 'data')))
  change()
  await updated
  expect(written() - before).toBeLessThanOrEqual(2)
})

describe('who opens too many event streams', () => {
  test('from one address is refused, and others are not', async () => {
    const { follow } = await startPage()
    const open = Array.from({ length: streamsPerAddress }, () => follow('127.0.0.2'))
    for (const first of await Promise.all(open.map(firstOf))) expect(first).toMatch(/^HTTP\/1\.1 200 /)
    expect(await firstOf(follow('127.0.0.2'))).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 30\r\n/)
    expect(await firstOf(follow('127.0.0.3'))).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('from all addresses together is refused, and the page is not', async () => {
    const { follow, get } = await startPage()
    const open = Array.from({ length: streams }, (_, index) => follow(`127.0.3.${index >> 2}`))
    await Promise.all(open.map(firstOf))
    expect(await firstOf(follow('127.0.0.2'))).toMatch(/^HTTP\/1\.1 503 /)
    expect((await get('/')).status).toBe(200)
    open[0]?.destroy()
    await expect.poll(() => firstOf(follow('127.0.0.2')).then(first => first.slice(0, 12))).toBe('HTTP/1.1 200')
  })

  test('one after the other waits for a minute, and still sees the page', async () => {
    const { follow, get } = await startPage()
    for (let count = 0; count < streamsPerMinute; count++) {
      const reader = follow('127.0.0.1')
      expect(await firstOf(reader)).toMatch(/^HTTP\/1\.1 (200|503) /)
      reader.destroy()
    }
    expect(await firstOf(follow('127.0.0.1'))).toMatch(/^HTTP\/1\.1 429 /)
    expect(await firstOf(follow('127.0.0.2'))).toMatch(/^HTTP\/1\.1 200 /)
    expect((await get('/')).status).toBe(200)
  })
})

test('browsers whose stream has ended come back at different times', async () => {
  const { follow } = await startPage()
  const waits = new Set<string | undefined>()
  for (let index = 0; index < 8; index++) {
    const [, wait] = /\nretry: (\d+)\n/.exec(await firstOf(follow('127.0.0.2'))) ?? []
    waits.add(wait)
    expect(Number(wait)).toBeGreaterThanOrEqual(2000)
  }
  expect(waits.size).toBeGreaterThan(4)
})

describe('a page of 300 hosts', () => {
  const page = {
    standings: () =>
      Array.from({ length: 300 }, (_, index) => newStanding({ ...awsTarget, name: `prod/search/in01-${index}` })),
    history: () => undefined,
    impairments: () => [],
    onChange: () => {},
    version: '1'
  }
  const open = async (had: (revision: number) => number) => {
    const { get, from } = await startApp({ page })
    const [, edition, revision] = /data-edition="(.+?)" data-revision="(.+?)"/.exec(await (await get('/')).text()) ?? []
    const socket = from('127.0.0.2')
    socket.write(
      `GET /updates?edition=${edition}&revision=${had(Number(revision))} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`
    )
    let received = ''
    for await (const bytes of socket) {
      received += bytes
      if (/\ndata: .*\n\n/.test(received) || received.includes('\ndata: }\n\n')) break
    }
    return received
  }

  test('is loaded again if it has missed more than 256 rows', async () => {
    expect(await open(() => 0)).toContain('data: {"reload":true}\n')
  })

  test('is given the rows that it has missed, be it with some more, and no others', async () => {
    const received = await open(revision => revision - 5)
    expect(received.match(/"name":"prod\/search\/in01-29\d"/g)).toHaveLength(8)
    expect(received).not.toContain('reload')
  })

  test('is given no row if it has missed none', async () => {
    expect(await open(revision => revision)).not.toContain('"rows"')
  })
})

test('a reader who takes nothing of an update is cut off', { timeout: 60_000 }, async () => {
  // More than sockets take in that nobody reads.
  const large = { ...standing, target: { ...awsTarget, host: 'x'.repeat(16_000_000) } }
  const { from, get, app } = await startApp({
    page: {
      standings: () => [large],
      history: () => undefined,
      impairments: () => [],
      onChange: () => {},
      version: '1'
    }
  })
  const [, edition] = /data-edition="(.+?)"/.exec(await (await get('/')).text()) ?? []
  const socket = from('127.0.0.2')
  socket.write(`GET /updates?edition=${edition}&revision=0 HTTP/1.1\r\nhost: localhost\r\n\r\n`)
  await once(socket, 'readable')
  const openConnections = () => promisify(app.server.getConnections.bind(app.server))()
  await expect.poll(openConnections, { timeout: 40_000 }).toBe(0)
})
