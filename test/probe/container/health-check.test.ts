import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeAuthority } from '../../support/certificates.ts'
import { startProbe } from '../../support/probe.ts'

const quiet = { targets: [], resolvers: [{ name: 'nowhere', address: '127.0.0.1', port: 1 }], listen: { port: 0 } }

async function check(port: number | string) {
  const { exitCode, stderr } = await execa(process.execPath, ['probe/health-check.ts'], {
    env: { PROBE_PORT: String(port) },
    reject: false
  })
  return { exitCode, stderr }
}

/** Lets a server listen until the test is over, and gives its port. */
async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

describe('the health check ends with 0', () => {
  test('when the probe answers over HTTP', async () => {
    const { port } = new URL(await startProbe([], { env: { PROBE_CONFIG: JSON.stringify(quiet) } }).url())
    expect(await check(port)).toEqual({ exitCode: 0, stderr: '' })
  })

  test('when it answers over HTTPS with a certificate of an unknown authority and another name, and asks for a password', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'health-check-'))
    onTestFinished(() => rm(directory, { recursive: true, force: true }))
    const { cert, key } = await (await makeAuthority()).issue(['probe.example'])
    const [certFile, keyFile, passwordFile] = ['tls.crt', 'tls.key', 'password'].map(name => join(directory, name)) as [
      string,
      string,
      string
    ]
    await Promise.all([writeFile(certFile, cert), writeFile(keyFile, key), writeFile(passwordFile, 'secret')])
    const listening = { port: 0, tls: { certFile, keyFile }, basicAuth: { username: 'prometheus', passwordFile } }
    const probe = startProbe([], { env: { PROBE_CONFIG: JSON.stringify({ ...quiet, listen: listening }) } })
    const { port } = new URL(await probe.url())
    expect(await check(port)).toEqual({ exitCode: 0, stderr: '' })
    expect(probe.log.filter(({ level }) => level >= 40)).toEqual([])
  })
})

describe('the health check ends with 1, and says why,', () => {
  test('when nothing listens', async () => {
    const server = createServer()
    const port = await listen(server)
    server.close()
    expect(await check(port)).toEqual({ exitCode: 1, stderr: `connect ECONNREFUSED 127.0.0.1:${port}` })
  })

  test('when who listens does not answer', async () => {
    const port = await listen(createServer(socket => onTestFinished(() => void socket.destroy())))
    expect(await check(port)).toEqual({ exitCode: 1, stderr: 'no answer in 3 seconds' })
  })

  test('when the answer is no', async () => {
    const port = await listen(createHttpServer((_, reply) => reply.writeHead(503).end()))
    expect(await check(port)).toEqual({ exitCode: 1, stderr: '/healthz answers 503' })
  })
})
