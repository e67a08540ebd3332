import { once } from 'node:events'
import type { Server, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectSecurely } from 'node:tls'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readerLimits } from '../../../probe/readers/limits.ts'
import { type AtEnd, startApp } from '../../support/app.ts'
import { makeAuthority } from '../../support/certificates.ts'

const { handshakeMs, headersMs, requestMs, idleMs, answerMs } = readerLimits

/** Longer than the deadline by what a busy machine takes, and shorter than any deadline that is not enforced. */
const within = (ms: number) => ({ timeout: ms + 8000 })

/** More than sockets take in that nobody reads. */
const metrics = { write: async () => Buffer.allocUnsafe(32_000_000) }

const openAt = (server: Server) => promisify(server.getConnections.bind(server))()

/** Writes every half second until the test is over: nobody is silent. */
function drip(socket: Socket, bytes: string, atEnd: AtEnd): void {
  const timer = setInterval(() => {
    if (!socket.destroyed) socket.write(bytes)
  }, 500)
  atEnd(() => clearInterval(timer))
}

/** What comes before a connection ends, in order or not. */
async function heardOn(socket: Socket): Promise<string> {
  let received = ''
  socket.setEncoding('latin1').on('data', text => {
    received += text
  })
  await new Promise(resolve => socket.once('close', resolve))
  return received
}

const protocols = {
  HTTP: async (atEnd: AtEnd) => {
    const { app, from } = await startApp({ metrics }, atEnd)
    return { app, socket: from('127.0.0.1') }
  },
  HTTPS: async (atEnd: AtEnd) => {
    const tls = await (await makeAuthority()).issue(['probe.example'])
    const { app, from } = await startApp({ metrics, tls }, atEnd)
    const socket = connectSecurely({ socket: from('127.0.0.1'), rejectUnauthorized: false })
    socket.on('error', () => {})
    return { app, socket }
  }
}

for (const [protocol, open] of Object.entries(protocols)) {
  describe.concurrent(`over ${protocol}, a connection is closed`, () => {
    test('on which nothing is sent', within(headersMs), async ({ onTestFinished }) => {
      const { socket } = await open(onTestFinished)
      expect(await heardOn(socket)).toMatch(/^(HTTP\/1\.1 408 |$)/)
    })

    test('on which headers do not end', within(headersMs), async ({ onTestFinished }) => {
      const { socket } = await open(onTestFinished)
      socket.write('GET /metrics HTTP/1.1\r\nhost: localhost\r\n')
      drip(socket, 'x: y\r\n', onTestFinished)
      expect(await heardOn(socket)).toMatch(/^(HTTP\/1\.1 408 |$)/)
    })

    test('on which the headers of a second request do not end', within(headersMs), async ({ onTestFinished }) => {
      const { socket } = await open(onTestFinished)
      socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n')
      await once(socket, 'data')
      socket.write('GET /metrics HTTP/1.1\r\nhost: localhost\r\n')
      drip(socket, 'x: y\r\n', onTestFinished)
      await heardOn(socket)
    })

    for (const length of ['content-length: 1000', 'transfer-encoding: chunked']) {
      test(`on which a body does not end (${length})`, within(requestMs), async ({ onTestFinished }) => {
        const { socket } = await open(onTestFinished)
        socket.write(`POST /metrics HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${length}\r\n\r\n`)
        drip(socket, length.startsWith('content') ? 'x' : '1\r\nx\r\n', onTestFinished)
        await heardOn(socket)
      })
    }

    test('on which no further request comes', within(idleMs), async ({ onTestFinished }) => {
      const { socket } = await open(onTestFinished)
      socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n')
      expect(await heardOn(socket)).toMatch(/^HTTP\/1\.1 200 /)
    })

    test(
      'on which an answer is not read to its end, though some of it is',
      within(answerMs),
      async ({ onTestFinished }) => {
        const { app, socket } = await open(onTestFinished)
        socket.write('GET /metrics HTTP/1.1\r\nhost: localhost\r\naccept-encoding: gzip\r\n\r\n')
        await once(socket, 'readable')
        const timer = setInterval(() => socket.read(50_000), 200)
        onTestFinished(() => clearInterval(timer))
        while ((await openAt(app.server)) > 0) await sleep(200)
      }
    )
  })
}

describe.concurrent('a TLS handshake that does not end is cut off', () => {
  const start = async (atEnd: AtEnd) => {
    const tls = await (await makeAuthority()).issue(['probe.example'])
    return (await startApp({ tls }, atEnd)).from('127.0.0.1')
  }

  test('if nothing is sent', within(handshakeMs), async ({ onTestFinished }) => {
    expect(await heardOn(await start(onTestFinished))).toBe('')
  })

  test('if it comes byte by byte', within(handshakeMs), async ({ onTestFinished }) => {
    const socket = await start(onTestFinished)
    // A record of 512 octets, in which a ClientHello begins.
    socket.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]))
    drip(socket, 'x', onTestFinished)
    expect(await heardOn(socket)).toBe('')
  })
})
