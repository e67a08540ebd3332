import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, describe, expect, vi } from 'vitest'
import packageFile from '../../../package.json' with { type: 'json' }
import lock from '../../../package-lock.json' with { type: 'json' }
import { allClouds } from '../../../probe/clouds.ts'
import { awsTarget } from '../../support/evidence.ts'
import { testWith } from '../../support/test-with.ts'
import { makeBaseRoot } from './base-root.ts'
import { type Container, startContainer } from './container.ts'
import { buildImage } from './image.ts'

// The base is made once on a machine, in about a minute.
vi.setConfig({ testTimeout: 300_000 })

const test = testWith('debootstrap', 'namespaces', 'ip')
const patience = { timeout: 30_000, interval: 100 }
const revision = '0123456789abcdef0123456789abcdef01234567'
const config = {
  targets: [awsTarget],
  resolvers: [{ name: 'nowhere', address: '127.0.0.1', port: 1 }],
  libcIntervalSeconds: 0
}

const base = once(() => makeBaseRoot(packageFile.devDependencies.node))
const directory = once(() => mkdtemp(join(tmpdir(), 'probe-image-')))
const built = once(async () =>
  buildImage({
    dockerfile: readFileSync('probe/Dockerfile', 'utf8'),
    context: process.cwd(),
    args: { REVISION: revision },
    base: await base(),
    into: await directory()
  })
)

afterAll(async () => rm(await directory(), { recursive: true, force: true }))

describe('the image, built step by step without a container engine,', () => {
  test('holds the probe and what it needs to run', async () => {
    const { root } = await built()
    const app = join(root, 'app')
    expect(readdirSync(app).sort()).toEqual(['node_modules', 'package.json', 'probe'])
    const holds = (name: string) => lstatSync(join(app, 'node_modules', name), { throwIfNoEntry: false }) !== undefined
    expect(Object.keys(packageFile.dependencies).filter(name => !holds(name))).toEqual([])
    expect(['cdktf', 'node', 'typescript', 'vitest', '@fastify/swagger'].filter(holds)).toEqual([])
    const clients = allClouds.flatMap(({ configuration }) => configuration.clients)
    expect(clients.filter(name => !holds(name))).toEqual([])
    const installed: Readonly<Record<string, { readonly version: string }>> = JSON.parse(
      readFileSync(join(app, 'node_modules/.package-lock.json'), 'utf8')
    ).packages
    const locked = new Map(Object.entries(lock.packages).map(([path, { version }]) => [path, version]))
    expect(Object.entries(installed).filter(([path, { version }]) => locked.get(path) !== version)).toEqual([])
  })

  test('says which commit it is made from', async () => {
    expect((await built()).labels).toMatchObject({
      'org.opencontainers.image.title': 'zilliz-privatelink-probe',
      'org.opencontainers.image.revision': revision
    })
  })

  test("adds less than 80 MB to what it is made from, most of it the clients of the clouds' APIs", async () => {
    const { root } = await built()
    const bytes = async (of: string) =>
      Number((await execa('du', ['--summarize', '--bytes', of])).stdout.split('\t')[0])
    const added = (await bytes(root)) - (await bytes(await base()))
    console.info(
      `the image: ${(added / 1e6).toFixed(0)} MB, with its base ${((await bytes(root)) / 1e6).toFixed(0)} MB`
    )
    expect(added).toBeLessThan(80e6)
  })

  test('leaves nothing to its user but compiled code', async () => {
    const { root, user, env } = await built()
    const cache = join(root, env.NODE_COMPILE_CACHE ?? '')
    const but = ['-not', '-path', join(root, 'home/node*'), '-not', '-path', `${cache}/*`]
    const { stdout } = await execa('find', [root, '-uid', user.split(':')[0] ?? '', ...but])
    expect(stdout).toBe(cache)
  })

  test('runs where nothing can be written, watches, is healthy, and ends in order at SIGTERM', async () => {
    const image = await built()
    const probe = startContainer(image, { env: { PROBE_CONFIG: JSON.stringify(config) } })
    await expect.poll(async () => (await probe.run(...image.healthCheck)).exitCode, patience).toBe(0)

    expect(await ask(probe, '/healthz')).toMatchObject({ status: 200 })
    await expect.poll(() => ask(probe, '/readyz'), patience).toEqual({ status: 200, body: '{"ready":true}' })
    const { body } = await ask(probe, '/metrics')
    const { version, devDependencies } = packageFile
    expect(body).toContain(
      `privatelink_build_info{version="${version}",revision="${revision}",node="${devDependencies.node}"} 1\n`
    )
    expect(body).toContain(`privatelink_target_info{target="${awsTarget.name}"`)

    const status = readFileSync(`/proc/${await probe.pid()}/status`, 'utf8')
    expect(status).toMatch(/^Uid:\t1000\t1000\t1000\t1000$/m)
    expect(status).toMatch(/^NSpid:.*\t1$/m)
    for (const place of ['/app', '/tmp', '/home/node', image.env.NODE_COMPILE_CACHE]) {
      expect(await probe.run('touch', `${place}/file`)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('Read-only file system')
      })
    }

    process.kill(await probe.pid(), 'SIGTERM')
    const { exitCode, stdout, stderr } = await probe.ended
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const log = String(stdout)
      .split('\n')
      .map(line => JSON.parse(line))
    expect(log.filter(({ level }) => level >= 50)).toEqual([])
    expect(log.at(-1)).toMatchObject({ msg: 'closed' })
  })

  test('takes all its code compiled, without a write or a word', async () => {
    const image = await built()
    const quiet = startContainer(image, { words: [...image.entrypoint, '--schema'] })
    expect(await quiet.ended).toMatchObject({ exitCode: 0, stderr: '' })
    const received = join(await directory(), 'told')
    await startContainer(image, {
      words: [...image.entrypoint, '--schema'],
      env: { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
      told: received
    }).ended
    const lines = readFileSync(received, 'utf8').split('\n')
    const accepted = lines.filter(line => line.includes('was accepted'))
    expect(accepted.length).toBeGreaterThan(300)
    expect(lines.filter(line => /rejected|not found|failed/i.test(line))).toEqual([])
  })

  test('is not healthy while the probe is away', async () => {
    const image = await built()
    const check = startContainer(image, { words: image.healthCheck })
    expect(await check.ended).toMatchObject({ exitCode: 1, stderr: 'connect ECONNREFUSED 127.0.0.1:9815' })
  })

  test('says that it has no config, when it is given none', async () => {
    const { ended } = startContainer(await built())
    expect(await ended).toMatchObject({
      exitCode: 2,
      stderr:
        'probe: no config is given. Give private links, or set --config, --outputs with --environment, PROBE_CONFIG or PROBE_TARGETS.'
    })
  })
})

/** What the probe in a container answers. */
async function ask(probe: Container, path: string): Promise<{ readonly status: number; readonly body: string }> {
  const script = `
    const reply = await fetch('http://127.0.0.1:9815${path}')
    console.log(JSON.stringify({ status: reply.status, body: await reply.text() }))`
  return JSON.parse(String((await probe.run('node', '--input-type=module', '--eval', script)).stdout))
}

/** Makes it when it is first needed, for most tests need it, and none if they are skipped. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
