import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'

/**
 * Installs the packed package, without scripts, and runs it under versions of Node that it refuses and that it supports: the oldest
 * and the newest of each. It takes minutes, and so is not in the tests.
 */
const root = join(import.meta.dirname, '../..')

const refused = ['18.20.8', '20.19.0', '22.11.0', '22.14.0']
const supported = ['22.15.0', '22.18.0', '24.21.0']

const environments = JSON.stringify([
  {
    name: 'search',
    backend: { type: 'local' },
    links: {
      search: {
        cloud: 'aws',
        region: 'us-west-2',
        serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
        vpcId: 'vpc-0a1b2c3d4e5f60718',
        subnetIds: ['subnet-0a1b2c3d4e5f6071a'],
        zone: 'per-host'
      }
    }
  }
])
const programs = {
  'main.mjs': `import { synthesizeEnvironments } from 'zilliz-privatelink/environment'\nawait synthesizeEnvironments(${environments})\n`,
  'main.cjs': `const { synthesizeEnvironments } = require('zilliz-privatelink/environment')\nsynthesizeEnvironments(${environments})\n`
}

const directory = await mkdtemp(join(tmpdir(), 'nodes-'))
let mistakes = 0
try {
  const { stdout } = await execa('npm', ['pack', '--silent', '--pack-destination', directory], { cwd: root })
  const app = join(directory, 'app')
  await mkdir(app)
  await writeFile(join(app, 'package.json'), '{}')
  for (const [name, text] of Object.entries(programs)) await writeFile(join(app, name), text)
  await install(app, '--ignore-scripts', join(directory, stdout.trim().split('\n').at(-1) ?? ''))
  for (const name of ['cdktf', 'constructs', '@cdktf/provider-aws']) {
    const link = join(app, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(root, 'node_modules', name), link)
  }
  const command = join(app, 'node_modules/.bin/zilliz-privatelink')
  for (const version of refused) {
    const { exitCode, stdout, stderr } = await run(version, app, [command, 'doctor', '--help'])
    const line = `zilliz-privatelink: Node must be version 22.15 or later, got ${version}. Install a later one: https://nodejs.org/en/download`
    report(version, 'is refused in one line', exitCode === 2 && stdout === '' && stderr === line, stderr)
  }
  for (const version of supported) {
    const help = await run(version, app, [command, 'doctor', '--help'])
    const isHelp = help.exitCode === 0 && help.stderr === '' && help.stdout.startsWith('Usage: ')
    report(version, 'prints the help of doctor', isHelp, help.stderr)
    for (const name of Object.keys(programs)) {
      const { exitCode, stderr } = await run(version, app, [name])
      report(version, `synthesizes ${name}`, exitCode === 0, stderr)
    }
  }
} finally {
  await rm(directory, { recursive: true })
}
if (mistakes > 0) process.exitCode = 1

/** Runs a program under a version of Node, which comes from the registry. */
async function run(version: string, cwd: string, words: readonly string[]) {
  const folder = join(directory, version)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{}')
  await install(folder, `node@${version}`)
  return execa(join(folder, 'node_modules/.bin/node'), words, { cwd, reject: false, env: { NODE_OPTIONS: '' } })
}

function install(cwd: string, ...words: readonly string[]) {
  return execa('npm', ['install', '--no-audit', '--no-fund', ...words], { cwd })
}

function report(version: string, what: string, isTrue: boolean, text: string): void {
  console.log(`Node ${version} ${what}: ${isTrue ? 'yes' : `NO: ${text}`}`)
  if (!isTrue) mistakes += 1
}
