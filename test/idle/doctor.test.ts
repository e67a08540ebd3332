import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readIdleOption } from '../../probe/doctor/idle.ts'
import { makeAuthority } from '../support/certificates.ts'
import { runDoctor, startDoctor } from '../support/doctor.ts'
import { startEndpoint } from '../support/endpoint.ts'
import { host } from '../support/evidence.ts'
import { loopbackTarget } from '../support/loopback-target.ts'
import { a, startResolver } from '../support/resolver.ts'

const authority = await makeAuthority()
const identity = await authority.issue([host])

let directory: string
let ca: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'doctor-idle-'))
  ca = join(directory, 'ca.pem')
  await writeFile(ca, authority.cert)
})
afterAll(() => rm(directory, { recursive: true }))

async function config(port: number): Promise<string> {
  const file = join(directory, `${crypto.randomUUID()}.json`)
  await writeFile(file, JSON.stringify({ targets: [loopbackTarget(port)], caFile: ca, allowLoopback: true }))
  return file
}

/** A link that works, and how to check it. */
async function openLink() {
  await using stack = new AsyncDisposableStack()
  const endpoint = stack.use(await startEndpoint(identity))
  const resolver = stack.use(
    await startResolver(({ name, type }) => ({ answers: type === 'A' && name === host ? [a(host, '127.0.0.1')] : [] }))
  )
  const words = ['--config', await config(endpoint.port), '--resolver', `127.0.0.1:${resolver.resolver.port}`]
  const opened = stack.move()
  return { endpoint, words, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

describe('doctor --idle', () => {
  test('says how long it takes and how it goes, and then what is found; the exit status is that of the state', async () => {
    await using link = await openLink()
    const { code, stdout, stderr } = await runDoctor(...link.words, '--idle', '1')
    expect(stderr).toContain('Idle connections: one is held for up to 1 s each. This takes up to 1 s; Ctrl-C ends it')
    expect(stderr).toContain(`${host}:${link.endpoint.port}, 127.0.0.1: alive after 1 s`)
    expect(stdout).toContain('✔ Healthy (case healthy)')
    expect(stdout).toMatch(/Idle connections to .*\n {2}alive after 1 s\n/)
    expect(stdout).not.toContain('keepalive')
    expect(code).toBe(0)
  })

  test('has it in its JSON', async () => {
    await using link = await openLink()
    const { code, stdout } = await runDoctor(...link.words, '--json', '--idle', '1s')
    const reports = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(reports).toHaveLength(1)
    expect(reports[0]).toMatchObject({
      state: 'healthy',
      idle: { aliveSeconds: 1, interrupted: false, seen: [{ kind: 'alive', address: '127.0.0.1' }] }
    })
    expect(code).toBe(0)
  })

  test('says that the peer closes connections, with the settings of clients, and the state stays healthy', async () => {
    await using link = await openLink()
    const { child, ended } = startDoctor(...link.words, '--idle', '60')
    const [stdout] = await Promise.all([
      text(child.stdout),
      // The first connection is that of the check.
      expect
        .poll(() => link.endpoint.connections, { timeout: 20_000 })
        .toMatchObject({ made: 2, open: 1 })
        .then(() => sleep(1000))
        .then(() => link.endpoint[Symbol.asyncDispose]())
    ])
    expect(stdout).toMatch(/closed by the peer after \d+ s \((?:FIN|RST)\)/)
    expect(stdout).toContain('Let clients send a keepalive every 10 s, also while no call runs:')
    for (const setting of [
      'grpc_options=',
      'keepAliveWithoutCalls(true)',
      'PermitWithoutStream: true',
      'channelOptions:'
    ]) {
      expect(stdout).toContain(setting)
    }
    expect(await ended).toBe(0)
  })

  test('ends at Ctrl-C with what is known by then', async () => {
    await using link = await openLink()
    const { child, ended } = startDoctor(...link.words, '--idle', '1m')
    const printed = text(child.stdout)
    await expect.poll(() => link.endpoint.connections, { timeout: 20_000 }).toMatchObject({ made: 2, open: 1 })
    child.kill('SIGINT')
    expect(await ended).toBe(0)
    expect(await printed).toContain('The test was interrupted: longer silences were not tested.')
  })

  test('takes what follows for a private link if it is one', () => {
    expect(readIdleOption(true, ['a'])).toEqual({ times: [60, 180, 340, 360, 900], links: ['a'] })
    expect(readIdleOption('https://b', ['a']).links).toEqual(['https://b', 'a'])
    expect(readIdleOption('6m', []).times).toEqual([60, 180, 340, 360])
    expect(readIdleOption('1200', []).times).toEqual([60, 180, 340, 360, 900, 1200])
    expect(() => readIdleOption('0', [])).toThrow('--idle: the longest silence must be from 1 s to 3600 s, got "0".')
  })

  test.for(['abc', '2h', '6 min', '1.5m', '-5', ''])('says what a duration is where it has none: %j', async given => {
    const { code, stdout, stderr } = await runDoctor(`--idle=${given}`, `https://${host}:19531`)
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: `doctor: --idle: the longest silence must be a duration in seconds or minutes, got "${given}". Give one such as 360, 360s or 6m.\n`
    })
  })

  test('says so too where the duration is a word of its own', async () => {
    const { code, stderr } = await runDoctor('--idle', 'abc', `https://${host}:19531`)
    expect([code, stderr]).toEqual([2, expect.stringContaining('must be a duration in seconds or minutes, got "abc".')])
  })

  test('does not go with --watch', async () => {
    await using link = await openLink()
    const { code, stderr } = await runDoctor(...link.words, '--idle', '--watch')
    expect([code, stderr]).toEqual([2, expect.stringContaining('--idle and --watch: both are given.')])
  })
})
