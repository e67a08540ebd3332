import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { split } from 'shlex'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import packageFile from '../../package.json' with { type: 'json' }
import { loadConfig } from '../../probe/config/source.ts'
import { host } from '../support/evidence.ts'
import { testWith } from '../support/test-with.ts'
import { hostsFolder, readManifests } from './kubernetes/manifest.ts'
import { deploymentOf } from './kubernetes/pod.ts'

const Told = z.object({ targets: z.array(z.looseObject({ name: z.string() })) })

const unitFile = 'probe/systemd/zilliz-privatelink-probe.service'
const links = [`https://${host}:19531`, `https://${host}:19532`] as const
const names = [19531, 19532].map(port => `probe/aws-us-west-2/in01-840ec44485bf25d-privatelink-${port}`)

async function directoryOfTest(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'probe-files-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

const write = (...words: readonly string[]) =>
  execa(process.execPath, ['probe/probe-files.ts', ...words], { reject: false })

/** The values of a setting of a unit. */
const valuesOf = (unit: string, setting: string) =>
  [...unit.matchAll(new RegExp(`^${setting}=(.*)$`, 'gm'))].map(([, value = '']) => value)

/** The variables in the words of `Environment=`, or in the lines of an EnvironmentFile. */
const variablesIn = (settings: readonly string[]) =>
  Object.fromEntries(
    settings.map(setting => [setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1)])
  )

const unit = await readFile(unitFile, 'utf8')
const unitVariables = variablesIn(valuesOf(unit, 'Environment').flatMap(words => split(words)))

test('probe-files writes the manifests for hosts only, which watch the private links that it was given', async () => {
  const out = await directoryOfTest()
  const { exitCode, stdout } = await write('kubernetes', ...links, '--out', out)
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`kubectl apply -k ${out}/kubernetes/hosts`)])
  const { config } = await loadConfig({ file: join(out, 'kubernetes/hosts/probe.yaml') })
  expect(config.targets.map(({ name }) => name)).toEqual(names)
  const manifests = await readManifests(join(out, 'kubernetes/hosts'))
  expect(manifests.map(({ kind }) => kind)).toEqual((await readManifests(hostsFolder)).map(({ kind }) => kind))
})

test('probe-files replaces no file, and writes nothing for a private link that is wrong', async () => {
  const out = await directoryOfTest()
  expect((await write('systemd', ...links, '--out', out)).exitCode).toBe(0)
  const again = await write('systemd', ...links, '--out', out)
  expect([again.exitCode, again.stderr]).toEqual([
    2,
    expect.stringContaining('(EEXIST). Give a directory that is new.')
  ])
  const other = join(out, 'other')
  const wrong = await write('systemd', 'one', links[0], 'two', '--out', other)
  expect([wrong.exitCode, wrong.stderr.split('\n').length]).toEqual([2, 2])
  await expect(readFile(other)).rejects.toThrow('ENOENT')
})

test('the files have a host that the probe refuses, until an operator gives one', async () => {
  await expect(loadConfig({ file: join(hostsFolder, 'probe.yaml') })).rejects.toThrow('is the example of a guide')
})

test('the unit starts the probe as npm start and the image do', async () => {
  const dockerfile = await readFile('probe/Dockerfile', 'utf8')
  const { NODE_OPTIONS = '', MALLOC_ARENA_MAX } = unitVariables
  expect(packageFile.scripts.start).toContain(`node ${NODE_OPTIONS} probe/server.ts`)
  expect(packageFile.scripts.start).toContain(`MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX} `)
  const words = ['node', ...NODE_OPTIONS.split(' '), 'probe/server.ts']
  expect(dockerfile).toContain(`ENTRYPOINT [${words.map(word => `"${word}"`).join(', ')}]`)
  expect(dockerfile).toContain(`MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX} `)
})

test('a unit, a pod and a task have the same limits, and more memory than 1,000 hosts take', async () => {
  const { containers, terminationGracePeriodSeconds } = deploymentOf(await readManifests(hostsFolder)).spec.template
    .spec
  const mebibytes = Number(/^(\d+)M$/.exec(valuesOf(unit, 'MemoryMax')[0] ?? '')?.[1])
  expect(containers[0].resources.limits.memory).toBe(`${mebibytes}Mi`)
  expect(await readFile('modules/aws/probe-task.ts', 'utf8')).toContain(`memory: '${mebibytes}'`)
  const [, measured = ''] =
    /\| 1,000 targets: resident memory \| (\d+) MB \|/.exec(await readFile('modules/guides/measurements.md', 'utf8')) ??
    []
  expect(mebibytes).toBeGreaterThan(Number(measured) * 1.5)
  expect(valuesOf(unit, 'TimeoutStopSec')).toEqual([String(terminationGracePeriodSeconds)])
})

/** A folder with a `zilliz-privatelink` like that which npm installs, of this repository. */
async function withCommand(): Promise<string> {
  const folder = join(await directoryOfTest(), 'bin')
  await mkdir(folder)
  const command = join(folder, 'zilliz-privatelink')
  const program = resolve('modules/cli/zilliz-privatelink.ts')
  await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`)
  await chmod(command, 0o755)
  return folder
}

testWith('systemdAnalyze', 'namespaces')('systemd reads the unit without a word, and finds its command', async () => {
  const bin = await withCommand()
  const verify = async (text: string) => {
    const file = join(await directoryOfTest(), 'zilliz-privatelink-probe.service')
    await writeFile(file, text)
    const script = `mount --bind '${bin}' /usr/local/bin && exec systemd-analyze verify --man=no '${file}'`
    return (await execa('unshare', ['--mount', 'sh', '-c', script], { reject: false, timeout: 60_000 })).stderr
  }
  expect(await verify(unit)).toBe('')
  expect(await verify(unit.replace('DynamicUser=', 'DynamicUsr='))).toContain('DynamicUsr')
  expect(await verify(unit.replace('ExecStart=zilliz', 'ExecStart=zillis'))).toContain('is not executable')
})

testWith('systemdAnalyze')('systemd rates the unit as hardly exposed, at most 2 of 10', async () => {
  const rate = async (text: string) => {
    const file = join(await directoryOfTest(), 'zilliz-privatelink-probe.service')
    await writeFile(file, text)
    const words = ['security', '--offline=true', '--threshold=20', '--no-pager', file]
    return (await execa('systemd-analyze', words, { reject: false, timeout: 60_000 })).exitCode
  }
  expect(await rate(unit)).toBe(0)
  expect(await rate(unit.replace(/^DynamicUser=yes$/m, '').replace(/^CapabilityBoundingSet=$/m, ''))).not.toBe(0)
})

test("the unit's command watches the hosts of its file, with nothing else in its environment, and ends with 0", async () => {
  const out = await directoryOfTest()
  expect((await write('systemd', ...links, '--out', out)).exitCode).toBe(0)
  const hosts = await readFile(join(out, 'systemd/zilliz-privatelink-probe.env'), 'utf8')
  expect(valuesOf(unit, 'EnvironmentFile')).toEqual(['/etc/zilliz-privatelink-probe.env'])
  const cache = join(out, 'cache')
  const [command = ''] = valuesOf(unit, 'ExecStart')
  const [program = '', ...words] = command.split(' ')
  const probe = execa(join(await withCommand(), program), words, {
    extendEnv: false,
    env: {
      ...Object.fromEntries(Object.entries(unitVariables).map(([name, value]) => [name, value.replace('%C', cache)])),
      ...variablesIn(hosts.split('\n').filter(line => /^[A-Z]/.test(line))),
      PROBE_PORT: '0'
    },
    reject: false,
    timeout: 60_000
  })
  let log = ''
  probe.stdout.on('data', text => {
    log += text
  })
  await expect.poll(() => log, { timeout: 60_000 }).toMatch(/Server listening at http/)
  const [, url = ''] = /Server listening at (http:[^"]+)/.exec(log) ?? []
  const { targets } = Told.parse(await (await fetch(`${url}/api/targets`)).json())
  expect(targets.map(({ name }) => name)).toEqual(names)
  probe.kill('SIGTERM')
  expect(await probe).toMatchObject({ exitCode: 0, stderr: '' })
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('the variables that the file of the unit names are those of the probe', async () => {
  const { stdout } = await execa(process.execPath, ['probe/server.ts', '--help'])
  const file = await readFile('probe/systemd/zilliz-privatelink-probe.env', 'utf8')
  const named = [...file.matchAll(/^#?(PROBE_[A-Z_]+)=/gm)].map(([, name = '']) => name)
  expect(named.length).toBeGreaterThan(3)
  for (const name of named) expect(stdout).toContain(name)
})
