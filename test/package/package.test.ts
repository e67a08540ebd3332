import { readFile, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeAuthority } from '../support/certificates.ts'
import { startEndpoint } from '../support/endpoint.ts'
import { endpointName, host } from '../support/evidence.ts'
import { a, cname, nxdomain, soa, startResolver } from '../support/resolver.ts'
import { hasTool } from '../support/tools.ts'
import { cdktf, installed, type Packed, pack, root } from './installed.ts'
import { dependencyFolders, total, weightOf } from './weight.ts'

let packed: Packed
beforeAll(async () => {
  packed = await pack()
})

const tool = (name: string) => join(root, 'node_modules/.bin', name)

const oldNode = await findOldNode()

describe('the packed tarball', () => {
  test('passes publint', async () => {
    const { stdout } = await execa(tool('publint'), [packed.tarball, '--strict'])
    expect(stdout).toContain('All good!')
  })

  test('has types that resolve in every kind of project, by arethetypeswrong', async () => {
    // A CommonJS module loads an ES module from Node 22.12 on; the tool does not know that.
    const { exitCode } = await execa(tool('attw'), [packed.tarball, '--ignore-rules', 'cjs-resolves-to-esm'])
    expect(exitCode).toBe(0)
  })

  test('would be published as a public package', async () => {
    const { exitCode, stderr } = await execa('npm', [
      'publish',
      '--dry-run',
      '--offline',
      '--access',
      'public',
      packed.tarball
    ])
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('(dry-run)')])
  })

  test('takes less than 40 MiB of disk with all that an install brings along, as the page of measurements says', async () => {
    const folders = [packed.folder, ...(await dependencyFolders())]
    const { content, disk } = total(await Promise.all(folders.map(weightOf)))
    expect(content).toBeLessThan(30e6)
    expect(disk).toBeLessThan(40 * 2 ** 20)
    expect(folders.length).toBeLessThan(115)
    expect(await readFile(join(root, 'modules/guides/measurements.md'), 'utf8')).toContain(
      'takes less than 40 MiB of disk'
    )
  })

  test('brings along nothing that only makes files that it has already', async () => {
    const folders = await dependencyFolders()
    for (const name of ['@grafana/grafana-foundation-sdk', '@fastify/swagger', 'typescript', 'yaml'])
      expect(folders).not.toContain(join(root, 'node_modules', name))
  })

  test('runs no script when it is installed', async () => {
    const { scripts } = JSON.parse(await readFile(join(packed.folder, 'package.json'), 'utf8'))
    expect(Object.keys(scripts)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:pre|post)?install$|^prepare$/)])
    )
  })

  test('gives the whole program of environments', async () => {
    const app = await installed(
      packed,
      {
        'package.json': '{ "type": "module" }',
        'main.js': `import { synthesizeEnvironments } from 'zilliz-privatelink/environment'
synthesizeEnvironments([{ name: 'none', backend: { type: 'local' }, links: {} }, { name: 'Wrong', backend: { type: 'local' }, links: {} }])`
      },
      cdktf
    )
    const { exitCode, stderr } = await execa(process.execPath, ['main.js'], { cwd: app, reject: false })
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^Wrong: name: /)])
  })

  test("gives the schema of the probe's config", async () => {
    const app = await installed(packed, {
      'main.mjs':
        "import { configJsonSchema } from 'zilliz-privatelink/probe'\nconsole.log(JSON.stringify(configJsonSchema()))"
    })
    const { stdout } = await execa(process.execPath, ['main.mjs'], { cwd: app })
    expect(JSON.parse(stdout)).toEqual(JSON.parse(await readFile(join(root, 'probe/config.schema.json'), 'utf8')))
  })
})

describe('zilliz-privatelink, installed in a folder of its own,', () => {
  /** A user's project with an environment that has no links yet, so that Terraform needs no provider. */
  const project = {
    'package.json': '{ "type": "module" }',
    'cdktf.json':
      '{ "language": "typescript", "app": "node main.js", "projectId": "links", "sendCrashReports": "false" }',
    'main.js': `import { synthesizeEnvironments } from 'zilliz-privatelink/environment'
console.log('synthesizing')
synthesizeEnvironments([{ name: 'search', backend: { type: 'local' }, links: {} }])`
  }
  const run = (app: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    execa(join(app, 'node_modules/.bin/zilliz-privatelink'), words, {
      cwd: app,
      reject: false,
      env: { NO_COLOR: '1', ...env }
    })

  test('prints its version and its commands', async () => {
    const app = await installed(packed, {})
    const { version } = JSON.parse(await readFile(join(packed.folder, 'package.json'), 'utf8'))
    expect(await run(app, ['--version'])).toMatchObject({ exitCode: 0, stdout: version })
    expect(await run(app, ['--help'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('  doctor ')
    })
    expect(await run(app, [])).toMatchObject({ exitCode: 2, stdout: '' })
    expect(await run(app, ['docter'])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining("unknown command 'docter'")
    })
  })

  /** Wrong use of each command, and what it says. Whatever is wrong with a project comes after it. */
  const misused = {
    init: [['links', '--cloud', 'azure'], /^init: option '--cloud <list>' argument 'azure' is invalid\. /],
    deploy: [['search', '--paralelism', '1'], /^deploy: unknown option '--paralelism'\. Did you mean --parallelism\?/],
    destroy: [['search', '--autoapprove'], /^destroy: unknown option '--autoapprove'\. Did you mean --auto-approve\?/],
    links: [[], /^links: missing required argument /],
    doctor: [['nowhere'], /^doctor: /],
    probe: [['--port', 'x'], /^probe: /],
    'probe-files': [[], /^probe-files: /],
    dashboards: [['--runbooks', 'nowhere'], /^dashboards: /]
  } as const satisfies Record<string, readonly [readonly string[], RegExp]>

  test('lists each command in its help', async () => {
    const { stdout } = await run(await installed(packed, {}), ['--help'])
    const listed = stdout.match(/(?<=^ {2})[a-z-]+(?= {2,})/gm) ?? []
    expect(listed.filter(name => !name.startsWith('-'))).toEqual(Object.keys(misused))
  })

  test.for(Object.entries(misused))(
    '%s prints its help with 0, and ends with 2 and one line after wrong use, with nothing but its dependencies',
    async ([command, [wrong, says]]) => {
      const app = await installed(packed, {})
      const [help, misuse] = await Promise.all([run(app, [command, '--help']), run(app, [command, ...wrong])])
      expect(help).toMatchObject({
        exitCode: 0,
        stderr: '',
        stdout: expect.stringMatching(/^Usage: [\s\S]*\nExit status/)
      })
      expect(misuse).toMatchObject({ exitCode: 2, stdout: '' })
      expect(misuse.stderr.split('\n')).toEqual([expect.stringMatching(says)])
    }
  )

  test('doctor checks a private link', async () => {
    const authority = await makeAuthority()
    await using endpoint = await startEndpoint(await authority.issue([host]))
    await using resolver = await startResolver(({ name, type }) => {
      if (type === 'SOA') return nxdomain(soa('zillizcloud.com', 'ns-1.awsdns-01.org'))
      const addresses = type === 'A' ? [a(endpointName, '127.0.0.1')] : []
      return { answers: name === host ? [cname(host, endpointName), ...addresses] : addresses }
    })
    await using nowhere = await startResolver(() => nxdomain(soa('zillizcloud.com', 'ns-1.awsdns-01.org')))
    const app = await installed(packed, { 'ca.pem': authority.cert })
    const doctor = (port: number) =>
      run(app, [
        'doctor',
        `https://${host}:${endpoint.port}`,
        '--ca',
        'ca.pem',
        '--allow-loopback',
        '--resolver',
        `127.0.0.1:${port}`
      ])
    const [well, failing] = await Promise.all([doctor(resolver.resolver.port), doctor(nowhere.resolver.port)])
    expect(well).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('(case healthy)') })
    expect(failing).toMatchObject({
      exitCode: 1,
      stderr: '',
      stdout: expect.stringContaining('(case zone-not-visible)')
    })
  })

  test('dashboards writes its files, and --check names each that differs', async () => {
    const app = await installed(packed, {})
    expect(await run(app, ['dashboards', '--out', 'watch'])).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
    expect(await readFile(join(app, 'watch/generated/rules.yaml'), 'utf8')).toBe(
      await readFile(join(root, 'dashboards/generated/rules.yaml'), 'utf8')
    )
    expect(await run(app, ['dashboards', '--out', 'watch', '--check'])).toMatchObject({ exitCode: 0, stderr: '' })
    await writeFile(join(app, 'watch/generated/rules.yaml'), '')
    await rm(join(app, 'watch/generated/target.json'))
    expect(await run(app, ['dashboards', '--out', 'watch', '--check'])).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: [
        'dashboards: watch/generated/rules.yaml: differs from what these options and this version make. Run the command without --check.',
        'dashboards: watch/generated/target.json: is missing. Run the command without --check.'
      ].join('\n')
    })
  })

  test("links reads the environments of the user's own program, and prints nothing of it to its output", async () => {
    const app = await installed(packed, project, cdktf)
    expect(await run(app, ['links', 'serach'], { ZILLIZCLOUD_API_KEY: 'key' })).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: 'synthesizing\nlinks: there is no environment "serach". Did you mean search?'
    })
  })

  test.for([
    {
      when: 'without a project',
      files: {},
      says: /^links: cdktf\.json: is not in this folder, got .+\. Run the command in the folder of the project\.$/
    },
    {
      when: 'with a program that fails',
      files: { ...project, 'main.js': 'process.exit(3)' },
      says: /^links: cdktf\.json: app: cannot be run, got .*exit code 3.*\. Run it as it is written\.$/
    },
    {
      when: 'with a program without environments',
      files: { ...project, 'main.js': '' },
      says: /^links: cdktf\.json: app: must call synthesizeEnvironments of zilliz-privatelink\/environment, got node main\.js\./
    }
  ])('links $when says so in one line', async ({ files, says }) => {
    const app = await installed(packed, files, cdktf)
    expect(await run(app, ['links', 'search'])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(says)
    })
  })

  test.skipIf(!hasTool('terraform'))(`deploy deploys an environment of the user's own program`, async () => {
    const app = await installed(packed, project, { ...cdktf, 'cdktn-cli': undefined })
    const { exitCode, all } = await execa(
      join(app, 'node_modules/.bin/zilliz-privatelink'),
      ['deploy', 'search', '--auto-approve'],
      { cwd: app, reject: false, all: true, stdin: 'ignore' }
    )
    expect([exitCode, all]).toEqual([0, expect.stringContaining('Apply complete')])
    expect(await readFile(join(app, 'terraform.search.tfstate'), 'utf8')).toContain('terraform_version')
  })

  test.skipIf(oldNode === undefined)(
    `on an older Node, says in one line what to do${oldNode === undefined ? ': skipped, there is none older than 22 on the PATH' : ''}`,
    async () => {
      const app = await installed(packed, {})
      const { exitCode, stdout, stderr } = await execa(
        oldNode ?? '',
        [join(app, 'node_modules/.bin/zilliz-privatelink'), 'doctor', '--help'],
        { reject: false }
      )
      expect([exitCode, stdout, stderr]).toEqual([
        2,
        '',
        expect.stringMatching(
          /^zilliz-privatelink: Node must be version 22\.15 or later, got \d+\.\d+\.\d+\. Install .+$/
        )
      ])
    }
  )

  test('asks for the same Node as its package.json', async () => {
    const { engines } = JSON.parse(await readFile(join(packed.folder, 'package.json'), 'utf8'))
    const first = await readFile(join(packed.folder, 'dist/modules/cli/zilliz-privatelink.js'), 'utf8')
    expect(first).toContain(`Node must be version ${engines.node.slice('>='.length)} or later`)
  })
})

/** A Node of the system that is older than the package supports, if there is one. */
async function findOldNode(): Promise<string | undefined> {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const { stdout = '' } = await execa(join(directory, 'node'), ['--version'], { reject: false })
    if (/^v(?:1\d|20|21)\./.test(stdout)) return join(directory, 'node')
  }
  return undefined
}
