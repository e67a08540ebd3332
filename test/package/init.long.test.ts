import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { execa } from 'execa'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { awsLink, gcpLink } from '../modules/literals.ts'
import { awsWorld, googleWorld } from '../modules/world.ts'
import { reattachEnvironment } from '../standin/reattach.ts'
import { ctrlC, openTerminal } from '../support/terminal.ts'
import { testWith } from '../support/test-with.ts'
import { cdktf, installed, type Packed, pack } from './installed.ts'

let packed: Packed
beforeAll(async () => {
  packed = await pack()
})

/** What the project of a user has installed. */
const peers = { ...cdktf, 'cdktn-cli': undefined, typescript: undefined }

const onAws = [
  ...['--aws-region', awsLink.region, '--aws-vpc-id', awsLink.vpcId],
  ...['--aws-subnet-ids', awsLink.subnetIds.join(','), '--aws-service-name', awsLink.serviceName]
]
const onGoogleCloud = [
  ...['--gcp-project', gcpLink.project, '--gcp-region', gcpLink.region, '--gcp-network', gcpLink.network],
  ...['--gcp-subnetwork', gcpLink.subnetwork, '--gcp-service-attachment', gcpLink.serviceAttachment]
]

/** A folder in which the command runs, as npx runs it. */
const folderToRunIn = () => installed(packed, {}, peers)

const run = (cwd: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  execa(join(cwd, 'node_modules/.bin/zilliz-privatelink'), ['init', ...words], {
    cwd,
    reject: false,
    stdin: 'ignore',
    env: { NO_COLOR: '1', ...env }
  })

/** A new project, whose packages are installed. */
async function project(...words: readonly string[]): Promise<string> {
  const app = await folderToRunIn()
  const { exitCode, stderr } = await run(app, ['links', '--no-install', ...words])
  expect([exitCode, stderr]).toEqual([0, ''])
  await symlink('../node_modules', join(app, 'links/node_modules'))
  return join(app, 'links')
}

const npm = (cwd: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  execa('npm', ['run', ...words], { cwd, env: { CHECKPOINT_DISABLE: '1', ...env }, all: true, reject: false })

const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

describe('a new project', () => {
  testWith('terraform')(
    'compiles, deploys, is planned again without change and is destroyed, on each cloud',
    { timeout: 240_000 },
    async () => {
      const folder = await project(...onAws, '--aws-hosts', awsLink.hosts.join(','), ...onGoogleCloud)
      expect(await npm(folder, ['check'])).toMatchObject({ exitCode: 0 })
      const [aws, google] = [awsWorld(), googleWorld()]
      const { variables, close } = await reattachEnvironment({ aws, google })
      onTestFinished(close)
      const env = { ...variables, CI: 'true' }
      const all = ['dev-aws', 'dev-gcp', '--auto-approve', '--skip-provider-lock']
      expect(await npm(folder, ['deploy', '--', ...all], env)).toMatchObject({ exitCode: 0 })
      expect([aws.vpcEndpoints.size, aws.hostedZones.size, google.forwardingRules.size]).toEqual([1, 2, 1])
      const plan = await npm(folder, ['plan', '--', 'dev-aws', '--skip-provider-lock'], env)
      expect([plan.exitCode, stripVTControlCharacters(plan.all)]).toEqual([0, expect.stringContaining('No changes.')])
      expect(await npm(folder, ['destroy', '--', ...all], env)).toMatchObject({ exitCode: 0 })
      expect([aws.vpcEndpoints.size, aws.hostedZones.size, google.forwardingRules.size]).toEqual([0, 0, 0])
    }
  )

  test('without values compiles, and synth refuses each placeholder in one line', async () => {
    const folder = await project('--cloud', 'aws,gcp', '--zilliz-project', 'proj-0a1b2c')
    const [check, synth] = await Promise.all([
      npm(folder, ['check']),
      execa('node', ['main.ts'], { cwd: folder, reject: false })
    ])
    expect(check).toMatchObject({ exitCode: 0 })
    const lines = [
      ['dev-aws', 'region', '<region>'],
      ['dev-aws', 'vpcId', '<vpc-id>'],
      ['dev-aws', 'subnetIds[0]', '<subnet-ids>'],
      ['dev-gcp', 'project', '<project>'],
      ['dev-gcp', 'region', '<region>'],
      ['dev-gcp', 'network', '<network>'],
      ['dev-gcp', 'subnetwork', '<subnetwork>']
    ].map(
      ([name, option, value]) =>
        `${name}: links.search.${option}: still holds the placeholder ${value}, got "${value}". Put the real value in its place.`
    )
    expect(synth).toMatchObject({ exitCode: 1, stderr: lines.join('\n') })
  })

  test('says at its zone which the alternatives are', async () => {
    const text = await readFile(join(await project(...onAws), 'environments/dev.ts'), 'utf8')
    expect(text).toMatch(/'per-host': .*'parent': [\s\S]*'existing': .*'none': .*\n {6}zone: 'per-host'/)
  })

  test('keeps its state where it is told to, and deploys without the console if it has a project of Zilliz Cloud', async () => {
    const folder = await project(
      ...onAws.slice(0, -2),
      ...['--aws-state-bucket', 'my-state', '--zilliz-project', 'proj-0a1b2c', '--aws-clusters', 'in01-840ec44485bf25d']
    )
    const { exitCode } = await execa('node', ['main.ts'], { cwd: folder })
    const stack = JSON.parse(await readFile(join(folder, 'cdktf.out/stacks/dev/cdk.tf.json'), 'utf8'))
    expect([exitCode, stack.terraform.backend.s3]).toEqual([
      0,
      expect.objectContaining({ bucket: 'my-state', region: 'us-west-2' })
    ])
    const workflow = await readFile(join(folder, '.github/workflows/private-links.yml'), 'utf8')
    expect(workflow).toContain('npm run deploy -- dev --auto-approve --wait')
    expect(workflow).toContain('ZILLIZCLOUD_API_KEY: ${{ secrets.ZILLIZCLOUD_API_KEY }}')
  })

  test('costs what the list prices of a month say', async () => {
    const app = await folderToRunIn()
    const words = ['links', '--no-install', ...onAws, '--aws-hosts', awsLink.hosts.join(','), ...onGoogleCloud]
    const { stdout } = await run(app, words)
    expect(stdout).toContain(
      [
        'dev-aws costs 15.60 USD a month, by list prices of us-east-1 as of May 2026:',
        '   14.60  interface endpoint, 730 hours in each subnet: 1460 × 0.01',
        '    1.00  private hosted zone: 2 × 0.5',
        'Not included: 0.01 USD a gigabyte, DNS queries, taxes and your discounts. Check the prices:',
        '  https://aws.amazon.com/privatelink/pricing/',
        '  https://aws.amazon.com/route53/pricing/',
        '',
        'dev-gcp costs 7.50 USD a month, by list prices of all regions as of October 2025:'
      ].join('\n')
    )
  })
})

describe('the workflow of a new project', () => {
  const jobs = async (...words: readonly string[]) => {
    const folder = await project(...words)
    return parse(await readFile(join(folder, '.github/workflows/private-links.yml'), 'utf8')).jobs
  }

  testWith('actionlint')('passes actionlint', async () => {
    const folder = await project(...onAws, ...onGoogleCloud, '--aws-state-bucket', 'my-state')
    const { stdout } = await execa('actionlint', [join(folder, '.github/workflows/private-links.yml')])
    expect(stdout).toBe('')
  })

  test('gives an identity to no pull request of a fork, and to no code before its packages are installed', async () => {
    const { check, 'plan-dev': plan, 'deploy-dev': deploy } = await jobs(...onAws)
    expect(check.permissions).toEqual({ contents: 'read' })
    expect(plan.if).toContain('github.event.pull_request.head.repo.full_name == github.repository')
    expect(deploy.if).toBe("github.event_name == 'push'")
    for (const { steps } of [plan, deploy]) {
      const at = (text: string) => steps.findIndex((step: object) => JSON.stringify(step).includes(text))
      expect(at('npm ci')).toBeLessThan(at('configure-aws-credentials'))
    }
  })

  test('pins every action to a commit', async () => {
    const all = Object.values<{ steps: readonly { uses?: string }[] }>(await jobs(...onAws, ...onGoogleCloud))
    const used = all.flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []))
    expect(used.length).toBeGreaterThan(10)
    expect(used.filter(uses => !/@[0-9a-f]{40}$/.test(uses))).toEqual([])
  })

  test('deploys no state that ends with the machine', async () => {
    const folder = await project(...onAws)
    await execa('node', ['main.ts'], { cwd: folder })
    const { jobs } = parse(await readFile(join(folder, '.github/workflows/private-links.yml'), 'utf8'))
    const step = jobs['deploy-dev'].steps.find((step: { name?: string }) => step.name?.startsWith('Require'))
    const guard = step.run.replace('npm run synth\n', '')
    expect(await execa('bash', ['-e', '-c', guard], { cwd: folder, reject: false })).toMatchObject({
      exitCode: 1,
      stdout: '::error::environments/dev.ts: backend: must be a bucket, got a local file. Give the bucket.'
    })
  })
})

describe('init', () => {
  test('without a cloud and a terminal writes an environment for AWS, and says so', async () => {
    const app = await folderToRunIn()
    const { exitCode, stdout, stderr } = await run(app, ['links', '--no-install'])
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /^No cloud is given, so the environment is for AWS\. For Google Cloud, run init again with --cloud gcp\.\n/
    )
    expect(stdout).toMatch(
      /\n {2}cd links\n {2}npm install\n {2}replace the placeholders in environments\/, then run npm run synth\n {2}npm run deploy -- dev$/
    )
    expect(await readFile(join(app, 'links/environments/dev.ts'), 'utf8')).toContain("cloud: 'aws'")
  })

  test.for([
    {
      when: 'values are wrong',
      words: [
        '--aws-region',
        'aws-us-west-2',
        '--aws-vpc-id',
        'vpc',
        '--aws-subnet-ids',
        'subnet-1,x',
        '--aws-zone',
        'all'
      ],
      says: [
        /^init: --aws-region: must be AWS's own spelling, got "aws-us-west-2". Write us-west-2\.$/,
        /^init: --aws-vpc-id: must be a VPC id such as .*, got "vpc"/,
        /^init: --aws-subnet-ids\[0\]: must be .*, got "subnet-1"/,
        /^init: --aws-subnet-ids\[1\]: must be .*, got "x"/,
        /^init: --aws-zone: must be "parent", .*, got "all"$/
      ]
    },
    {
      when: 'values do not fit each other',
      words: ['--aws-region', 'eu-central-1', '--aws-service-name', awsLink.serviceName, '--environment', 'Dev_1'],
      says: [
        /^init: --environment: must be a name .*, got "Dev_1"/,
        /^init: --aws-service-name: is a service of us-west-2, but the link is in eu-central-1/
      ]
    },
    {
      when: 'the cloud is unknown',
      words: ['--cloud', 'azure'],
      says: [
        /^init: option '--cloud <list>' argument 'azure' is invalid. must be one or more of aws, gcp, got "azure"\. See: /
      ]
    },
    {
      when: 'a value is for another cloud',
      words: ['--cloud', 'aws', '--gcp-region', 'us-west1'],
      says: [/^init: --cloud: must name gcp, for which there are options, got aws\. Add it\.$/]
    },
    {
      when: 'an option is misspelled',
      words: ['--aws-vpc', 'vpc-1'],
      says: [/^init: unknown option '--aws-vpc'\. Did you mean .* See: /]
    }
  ])('says each mistake in one line and writes nothing where $when', async ({ words, says }) => {
    const app = await folderToRunIn()
    const { exitCode, stdout, stderr } = await run(app, ['links', ...words])
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr.split('\n')).toEqual(says.map(line => expect.stringMatching(line)))
    expect(await readdir(app)).toEqual(['node_modules'])
  })

  test('touches nothing in a folder that is not empty, and writes over no file', async () => {
    const app = await folderToRunIn()
    await mkdir(join(app, 'links'))
    await writeFile(join(app, 'links/notes.txt'), 'mine')
    for (const [folder, got] of [
      ['links', 'a folder with notes.txt'],
      ['links/notes.txt', 'a file']
    ] as const) {
      expect(await run(app, [folder, ...onAws])).toMatchObject({
        exitCode: 2,
        stdout: '',
        stderr: `init: ${folder}: must be empty or absent, got ${got}. Give another folder.`
      })
    }
    expect(await filesIn(join(app, 'links'))).toEqual(['notes.txt'])
  })

  test('writes into an empty folder and one with a space in its name, and quotes it in what to do next', async () => {
    const app = await folderToRunIn()
    await mkdir(join(app, 'My Links'))
    const { exitCode, stdout } = await run(app, ['My Links', '--no-install', ...onAws])
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringContaining("  cd 'My Links'\n  npm install\n  npm run deploy -- dev")
    ])
    expect(JSON.parse(await readFile(join(app, 'My Links/package.json'), 'utf8'))).toMatchObject({ name: 'my-links' })
  })

  test('inside a repository, says where GitHub reads the workflow, which then works in the folder', async () => {
    const app = await folderToRunIn()
    await mkdir(join(app, '.git'))
    const { stdout } = await run(app, ['infra/links', '--no-install', ...onAws])
    expect(stdout).toContain('infra/links is a part of the repository')
    const workflow = await readFile(join(app, 'infra/links/.github/workflows/private-links.yml'), 'utf8')
    expect(parse(workflow)).toMatchObject({ defaults: { run: { 'working-directory': 'infra/links' } } })
  })

  test.for([
    {
      when: 'there is no npm',
      env: () => ({ PATH: dirname(process.execPath) }),
      why: 'npm is not on the PATH'
    },
    {
      when: 'the registry does not answer',
      env: () => ({ npm_config_registry: 'http://127.0.0.1:1/', npm_config_fetch_retries: '0' }),
      why: 'npm install ended with 1'
    }
  ])('keeps the files and says how to go on where $when', async ({ env, why }) => {
    const app = await folderToRunIn()
    const cache = join(app, 'cache')
    const { exitCode, stderr } = await run(app, ['links', ...onAws], { npm_config_cache: cache, ...env() })
    expect(exitCode).toBe(1)
    expect(stderr.split('\n').at(-1)).toBe(
      `init: ${why}. links is written, but its packages are not installed. To go on: cd links && npm install && npm run synth`
    )
    expect(await filesIn(join(app, 'links'))).toContain('environments/dev.ts')
  })

  test('depends on the tarball that it was installed from, and takes it along', async () => {
    const folder = await installedFromTarball(packed)
    const { exitCode } = await run(folder, ['links', '--no-install', ...onAws])
    const { dependencies } = JSON.parse(await readFile(join(folder, 'links/package.json'), 'utf8'))
    expect([exitCode, dependencies['zilliz-privatelink']]).toEqual([0, 'file:vendor/zilliz-privatelink-0.1.0.tgz'])
    const [copy, original] = await Promise.all(
      [join(folder, 'links/vendor/zilliz-privatelink-0.1.0.tgz'), packed.tarball].map(file => readFile(file))
    )
    expect(copy?.equals(original ?? Buffer.of())).toBe(true)
  })

  test('depends on its own version exactly if it came from a registry', async () => {
    const { dependencies, devDependencies } = JSON.parse(
      await readFile(join(await project(...onAws), 'package.json'), 'utf8')
    )
    const { version } = JSON.parse(await readFile(join(packed.folder, 'package.json'), 'utf8'))
    expect(dependencies['zilliz-privatelink']).toBe(version)
    for (const spec of Object.values({ ...dependencies, ...devDependencies })) expect(spec).toMatch(/^\d+\.\d+\.\d+$/)
  })
})

describe('on a terminal, init', () => {
  const test = testWith('script')
  const open = async (words: string, env: Readonly<Record<string, string>> = {}) => {
    const app = await folderToRunIn()
    const terminal = openTerminal(`node_modules/.bin/zilliz-privatelink init links ${words}`, { cwd: app, env })
    return { app, terminal }
  }
  const enter = '\r'

  test('asks for what is not given, and asks again where an answer is wrong', { timeout: 120_000 }, async () => {
    const { app, terminal } = await open('--no-install')
    const dialog = [
      ['On which clouds?', 'azure'],
      ['must be one or more of aws, gcp, got "azure"', 'aws'],
      ['DNS zone', ''],
      ['Region of the VPC', 'us-west'],
      ['must be an AWS region such as us-west-2', 'us-west-2'],
      ['VPC whose clients connect', awsLink.vpcId],
      ['separate several by commas', awsLink.subnetIds.join(', ')],
      ['Register the endpoint', 'key'],
      ['Project of Zilliz Cloud', 'proj-0a1b2c'],
      ['Clusters whose hosts', 'in01-840ec44485bf25d'],
      ['Bucket for the Terraform state', '']
    ]
    for (const [shows = '', answer] of dialog) {
      await terminal.shows(shows)
      terminal.type(`${answer}${enter}`)
    }
    expect(await terminal.ended).toBe(0)
    const { stdout } = await execa(
      'node',
      [
        '--eval',
        "import('./links/environments/dev.ts').then(({ devEnvironment }) => console.log(JSON.stringify(devEnvironment)))"
      ],
      { cwd: app }
    )
    expect(JSON.parse(stdout)).toEqual({
      name: 'dev',
      backend: { type: 'local' },
      links: {
        search: {
          cloud: 'aws',
          region: 'us-west-2',
          vpcId: awsLink.vpcId,
          subnetIds: awsLink.subnetIds,
          zone: 'per-host',
          zilliz: { projectId: 'proj-0a1b2c', clusters: ['in01-840ec44485bf25d'] }
        }
      }
    })
  })

  test('ends with 130 and writes nothing after Ctrl-C at a question', { timeout: 60_000 }, async () => {
    const { app, terminal } = await open('--cloud aws')
    await terminal.shows('DNS zone')
    terminal.type(ctrlC)
    expect(await terminal.ended).toBe(130)
    expect(terminal.shown()).toContain('init: canceled. Nothing was written.')
    expect(await readdir(app)).toEqual(['node_modules'])
  })

  test('ends with 130 and says what it left after Ctrl-C in the middle of npm install', {
    timeout: 60_000
  }, async () => {
    let isAsked = false
    const silent = createServer(() => {
      isAsked = true
    }).listen(0, '127.0.0.1')
    onTestFinished(() => {
      silent.closeAllConnections()
      silent.close()
    })
    await expect.poll(() => silent.address()).not.toBeNull()
    const { port } = silent.address() as AddressInfo
    const { app, terminal } = await open(`--no-input ${onAws.join(' ')}`, {
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_cache: await temporary()
    })
    await expect.poll(() => isAsked, { timeout: 30_000 }).toBe(true)
    terminal.type(ctrlC)
    expect(await terminal.ended).toBe(130)
    expect(terminal.shown()).toContain(
      'init: stopped by SIGINT. links is written, but its packages are not. To go on: cd links && npm install && npm run synth'
    )
    expect(await filesIn(join(app, 'links'))).toContain('environments/dev.ts')
  })
})

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zilliz-init-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A folder into which npm installed the tarball, as far as init sees it. */
async function installedFromTarball({ tarball, folder: unpacked }: Packed) {
  const folder = await temporary()
  const shared = join(await folderToRunIn(), 'node_modules')
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, '.bin'), { recursive: true })
  await cp(unpacked, join(modules, 'zilliz-privatelink'), { recursive: true })
  for (const name of await readdir(shared)) {
    if (name !== '.bin' && name !== 'zilliz-privatelink') await symlink(join(shared, name), join(modules, name))
  }
  await symlink(
    '../zilliz-privatelink/dist/modules/cli/zilliz-privatelink.js',
    join(modules, '.bin/zilliz-privatelink')
  )
  await cp(tarball, join(folder, 'zilliz-privatelink-0.1.0.tgz'))
  const resolved = 'file:zilliz-privatelink-0.1.0.tgz'
  const record = JSON.stringify({ packages: { 'node_modules/zilliz-privatelink': { version: '0.1.0', resolved } } })
  await writeFile(join(modules, '.package-lock.json'), record)
  return folder
}
