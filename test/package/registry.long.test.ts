import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { pack } from './installed.ts'
import { type Registry, startRegistry, uplinkOfNpm } from './registry.ts'

const uplink = await uplinkOfNpm()
if (uplink === undefined) console.warn('skipped: the registry that npm is set to does not answer within 5 s')

describe.skipIf(uplink === undefined)('npx, in an empty folder, from a registry', () => {
  let registry: Registry
  beforeAll(async () => {
    registry = await startRegistry(uplink ?? '', (await pack()).tarball)
  })
  afterAll(() => registry?.[Symbol.asyncDispose]())

  async function emptyFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'zilliz-npx-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    return folder
  }

  const npx = (cwd: string, ...words: readonly string[]) =>
    execa('npx', ['--yes', 'zilliz-privatelink', ...words], {
      cwd,
      env: { ...registry.env, NO_COLOR: '1' },
      stdin: 'ignore',
      reject: false
    })

  test('installs the command and runs it, with its words and its exit status', async () => {
    const folder = await emptyFolder()
    expect(await npx(folder, '--version')).toMatchObject({ exitCode: 0, stdout: await versionOf(), stderr: '' })
    expect(await npx(folder, 'doctor', '--help')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Usage: npx zilliz-privatelink doctor /),
      stderr: ''
    })
    expect(await npx(folder, 'doctor')).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(/^doctor: give one of private links .+\. See --help\.$/)
    })
    expect(await readdir(folder)).toEqual([])
  })

  test('init writes a project that depends on the version that the registry has', async () => {
    const folder = await emptyFolder()
    expect(await npx(folder, 'init', 'links', '--no-install')).toMatchObject({ exitCode: 0, stderr: '' })
    const { dependencies } = JSON.parse(await readFile(join(folder, 'links/package.json'), 'utf8'))
    expect(dependencies['zilliz-privatelink']).toBe(await versionOf())
    expect(Object.keys(dependencies)).toContain('@cdktf/provider-aws')
    expect(Object.keys(dependencies)).not.toContain('@cdktf/provider-google')
  })
})

async function versionOf(): Promise<string> {
  return JSON.parse(await readFile(join((await pack()).folder, 'package.json'), 'utf8')).version
}
