import { once } from 'node:events'
import type { Server, Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readerLimits } from '../../../probe/readers/limits.ts'
import { startApp } from '../../support/app.ts'
import { makeAuthority } from '../../support/certificates.ts'

const { connections, connectionsPerAddress, pipelinedRequests } = readerLimits

const openAt = (server: Server) => promisify(server.getConnections.bind(server))()
const ask = 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n'

/** What a connection's first answer begins with; empty if it ends without one. */
async function answerOn(socket: Socket): Promise<string> {
  socket.write(ask)
  const [bytes] = await Promise.race([once(socket, 'data'), once(socket, 'close')])
  return Buffer.isBuffer(bytes) ? bytes.toString('latin1').slice(0, 12) : ''
}

describe('while 500 connections come from one address', () => {
  test('health is answered, to others and to that address itself', async () => {
    const { app, from } = await startApp()
    const flood = Array.from({ length: 500 }, () => from('127.0.0.2'))
    await Promise.all(flood.map(socket => once(socket, 'connect')))
    expect(await answerOn(from('127.0.0.1'))).toBe('HTTP/1.1 200')
    expect(await answerOn(from('127.0.0.2'))).toBe('HTTP/1.1 200')
    expect(await openAt(app.server)).toBeLessThanOrEqual(connectionsPerAddress + 1)
  })

  test('over HTTPS, with handshakes or without, health is answered', async () => {
    const { cert, key } = await (await makeAuthority()).issue(['probe.example'])
    const { app, from } = await startApp({ tls: { cert, key } })
    const secured = (address: string) => {
      const socket = connectSecurely({ socket: from(address), rejectUnauthorized: false })
      socket.on('error', () => {})
      return socket
    }
    const silent = Array.from({ length: 250 }, () => from('127.0.0.2'))
    await Promise.all(silent.map(socket => once(socket, 'connect')))
    const shaken = Array.from({ length: 250 }, () => secured('127.0.0.2'))
    await Promise.all(shaken.map(socket => Promise.race([once(socket, 'secureConnect'), once(socket, 'close')])))
    expect(await answerOn(secured('127.0.0.1'))).toBe('HTTP/1.1 200')
    expect(await answerOn(secured('127.0.0.2'))).toBe('HTTP/1.1 200')
    expect(await openAt(app.server)).toBeLessThanOrEqual(connectionsPerAddress + 1)
  })

  test('the oldest on which nothing is asked is closed, and one that is being answered never', async () => {
    const held = Promise.withResolvers<Buffer>()
    const { from } = await startApp({ metrics: { write: () => held.promise } })
    const [busy, idle] = [from('127.0.0.2'), from('127.0.0.2')]
    await Promise.all([once(busy, 'connect'), once(idle, 'connect')])
    busy.write('GET /metrics HTTP/1.1\r\nhost: localhost\r\naccept-encoding: gzip\r\n\r\n')
    expect(await answerOn(from('127.0.0.1'))).toBe('HTTP/1.1 200')
    const ended = once(idle, 'close')
    for (let count = 0; count < connectionsPerAddress; count++) from('127.0.0.2')
    await ended
    held.resolve(Buffer.from('answered'))
    const [answer] = await once(busy, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /)
  })
})

test('while connections come from a thousand addresses, health is answered, and few of them are open', async () => {
  const { app, from } = await startApp()
  const flood = Array.from({ length: 1000 }, (_, index) => from(`127.1.${index >> 8}.${index & 0xff}`))
  await Promise.all(flood.map(socket => once(socket, 'connect')))
  expect(await answerOn(from('127.0.0.1'))).toBe('HTTP/1.1 200')
  expect(await openAt(app.server)).toBeLessThanOrEqual(connections)
})

test('while bodies do not end on connections from twenty addresses, health is answered, to these addresses too', async () => {
  const { app, from } = await startApp()
  let begun = 0
  app.server.on('request', () => {
    begun += 1
  })
  const flood = Array.from({ length: 500 }, (_, index) => from(`127.0.4.${index % 20}`))
  for (const socket of flood) {
    socket.write(
      'POST /metrics HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n['
    )
  }
  await expect.poll(() => begun).toBeGreaterThanOrEqual(connections)
  expect(await answerOn(from('127.0.0.1'))).toBe('HTTP/1.1 200')
  expect(await answerOn(from('127.0.4.0'))).toBe('HTTP/1.1 200')
  expect(await openAt(app.server)).toBeLessThanOrEqual(connections)
})

test('connections that have ended take no place', async () => {
  const { app, from } = await startApp()
  for (let count = 0; count < 3 * connectionsPerAddress; count++) {
    const socket = from('127.0.0.2')
    expect(await answerOn(socket)).toBe('HTTP/1.1 200')
    socket.resetAndDestroy()
  }
  await expect.poll(() => openAt(app.server)).toBe(0)
  const kept = Array.from({ length: connectionsPerAddress }, () => from('127.0.0.2'))
  for (const socket of kept) expect(await answerOn(socket)).toBe('HTTP/1.1 200')
  expect(await openAt(app.server)).toBe(connectionsPerAddress)
})

test('a connection on which requests come faster than they are answered is closed', async () => {
  const answers: string[] = []
  const { app, from } = await startApp({
    health: {
      impairments: () => {
        answers.push('asked')
        return []
      },
      stalledBy: () => undefined,
      isReady: () => true
    }
  })
  const socket = from('127.0.0.2')
  onTestFinished(() => void socket.destroy())
  socket.resume()
  socket.write(ask.repeat(1000))
  await once(socket, 'close')
  expect(answers.length).toBeLessThanOrEqual(pipelinedRequests)
  expect(await answerOn(from('127.0.0.2'))).toBe('HTTP/1.1 200')
  await expect.poll(() => openAt(app.server)).toBe(1)
})
