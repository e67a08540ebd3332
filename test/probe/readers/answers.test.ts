import { randomFillSync } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectSecurely } from 'node:tls'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { readerLimits } from '../../../probe/readers/limits.ts'
import { startApp } from '../../support/app.ts'
import { makeAuthority } from '../../support/certificates.ts'
import { awsTarget, gcpTarget } from '../../support/evidence.ts'

const { answers, answersPerAddress, plainScrapesPerMinute, sliceBytes } = readerLimits
const gzipped = 'GET /metrics HTTP/1.1\r\nhost: localhost\r\naccept-encoding: gzip\r\n\r\n'
const megabyte = 1_000_000
/** For how long readers are given what was written for the first of them. */
const sharedMs = 100

/** Metrics of `size` bytes, other ones each time they are written; and how often that was. */
function countedMetrics(size: number) {
  const written: WeakRef<Buffer>[] = []
  return {
    written,
    write: async () => {
      const bytes = randomFillSync(Buffer.allocUnsafeSlow(size))
      written.push(new WeakRef(bytes))
      return bytes
    }
  }
}

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** What the process holds beside its heap, once what nobody holds has been collected. */
async function heldBytes(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    collect()
    await sleep(10)
  }
  return process.memoryUsage().arrayBuffers
}

async function isOpen(socket: Socket): Promise<boolean> {
  await sleep(0)
  return !socket.destroyed
}

describe('readers that do not read', () => {
  test('all hold the same bytes, if they ask at the same time', async () => {
    const metrics = countedMetrics(8 * megabyte)
    const { from } = await startApp({ metrics })
    const readers = Array.from({ length: answersPerAddress }, () => from('127.0.0.2'))
    const begin = performance.now()
    for (const reader of readers) reader.write(gzipped)
    await Promise.all(readers.map(reader => once(reader, 'readable')))
    // One for each tenth of a second that a busy machine takes to read the questions.
    const windows = 1 + Math.floor((performance.now() - begin) / sharedMs)
    expect(metrics.written.length).toBeLessThanOrEqual(windows)
    expect(metrics.written.length).toBeLessThan(answersPerAddress)
  })

  for (const protocol of ['HTTP', 'HTTPS'] as const) {
    test(`hold few answers in memory over ${protocol}, however many they are`, async () => {
      const size = 4 * megabyte
      const metrics = countedMetrics(size)
      const tls = protocol === 'HTTP' ? undefined : await (await makeAuthority()).issue(['probe.example'])
      const { from } = await startApp({ metrics, tls })
      const open = (address: string) => {
        const socket = from(address)
        if (tls === undefined) return socket
        const secured = connectSecurely({ socket, rejectUnauthorized: false })
        secured.on('error', () => {})
        return secured
      }
      const before = await heldBytes()
      for (let count = 0; count < 3 * answers; count++) {
        const reader = open(`127.0.1.${count % 20}`)
        reader.write(gzipped)
        await Promise.race([once(reader, 'readable'), once(reader, 'close')])
        // Each a write of its own.
        if (metrics.written.length === count) await sleep(110)
      }
      expect((await heldBytes()) - before).toBeLessThan((answers + 2) * size)
      const living = metrics.written.filter(each => each.deref() !== undefined)
      expect(living.length).toBeLessThanOrEqual(answers + 2)
    })
  }

  test('of the same bytes hold a slice each over HTTPS, which encrypts all that it is given', async () => {
    const bytes = randomFillSync(Buffer.alloc(24 * megabyte))
    const tls = await (await makeAuthority()).issue(['probe.example'])
    const { from } = await startApp({ metrics: { write: async () => bytes }, tls })
    const before = process.memoryUsage().rss
    for (let count = 0; count < answers; count++) {
      const reader = connectSecurely({ socket: from(`127.0.5.${count >> 2}`), rejectUnauthorized: false })
      reader.on('error', () => {})
      reader.write(gzipped)
      await once(reader, 'readable')
    }
    expect(process.memoryUsage().rss - before).toBeLessThan((answers / 2) * bytes.length)
  })

  test('keep no other reader from an answer: the oldest of the address that has most is cut off', async () => {
    const metrics = countedMetrics(8 * megabyte)
    const { from, get } = await startApp({ metrics })
    const slow = Array.from({ length: answers }, (_, index) => from(`127.0.2.${index % 5}`))
    for (const reader of slow) {
      reader.write(gzipped)
      await once(reader, 'readable')
    }
    const reply = await get('/metrics', { 'accept-encoding': 'gzip' }).catch(() => undefined)
    expect(reply?.status).toBe(200)
    const open = await Promise.all(slow.map(isOpen))
    expect(open.filter(Boolean).length).toBeGreaterThanOrEqual(answers - 1)
  })

  test('are cut off one by one where one address has too many', async () => {
    const { from } = await startApp({ metrics: countedMetrics(8 * megabyte) })
    const slow: Socket[] = []
    for (let count = 0; count < answersPerAddress + 2; count++) {
      const reader = from('127.0.0.2')
      slow.push(reader)
      reader.write(gzipped)
      await once(reader, 'readable')
    }
    for (const reader of slow.slice(0, 2)) {
      reader.resume()
      if (!reader.closed) await new Promise(resolve => reader.once('close', resolve))
      expect(reader.bytesRead).toBeLessThan(8 * megabyte)
    }
    const last = slow.at(-1)
    expect(last?.destroyed).toBe(false)
  })
})

test('a large answer is whole, with its length', async () => {
  const bytes = randomFillSync(Buffer.alloc(3 * sliceBytes + 1))
  const { raw } = await startApp({ metrics: { write: async () => bytes } })
  const reply = await raw(gzipped.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'))
  expect(reply).toContain(`content-length: ${bytes.length}\r\n`)
  const { get } = await startApp({ metrics: { write: async () => bytes } })
  const body = await get('/openapi.json')
  expect(Number(body.headers.get('content-length'))).toBe((await body.arrayBuffer()).byteLength)
})

test('the list of targets is written once for all who ask at the same time', async () => {
  let written = 0
  const { get } = await startApp({
    standings: {
      standings: () => {
        written += 1
        return []
      },
      standing: () => undefined
    }
  })
  const replies = await Promise.all(Array.from({ length: 50 }, () => get('/api/targets')))
  expect(await Promise.all(replies.map(reply => reply.json()))).toEqual(Array(50).fill({ targets: [] }))
  expect(written).toBeLessThan(10)
})

test('metrics uncompressed are for few requests a minute, and compressed ones for all others', async () => {
  const { get } = await startApp()
  const plain = { 'accept-encoding': 'identity' }
  for (let count = 0; count < plainScrapesPerMinute; count++) expect((await get('/metrics', plain)).status).toBe(200)
  const refused = await get('/metrics', plain)
  expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
    429,
    '60',
    { error: 'too many requests without gzip. Accept gzip.' }
  ])
  const reply = await get('/metrics', { 'accept-encoding': 'gzip' })
  expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining(awsTarget.name)])
  expect((await get(`/api/targets/${gcpTarget.name}`)).status).toBe(200)
})
