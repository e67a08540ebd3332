import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installed, type Packed, pack, root, typescript5 } from './installed.ts'

let packed: Packed
beforeAll(async () => {
  packed = await pack()
})
afterAll(() => packed.remove())

const tool = (name: string) => join(root, 'node_modules/.bin', name)

/** What a user of cdktf has installed. */
const cdktf = {
  cdktf: undefined,
  constructs: undefined,
  '@cdktf/provider-aws': undefined,
  '@cdktf/provider-google': undefined,
  '@types/node': undefined
}

const stacks = `import { App, TerraformStack } from 'cdktf'
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import { AwsPrivateLink } from 'zilliz-privatelink/aws'
import { GcpPrivateLink } from 'zilliz-privatelink/gcp'

const app = new App()
const aws = new TerraformStack(app, 'aws')
new AwsProvider(aws, 'aws', { region: 'us-west-2' })
const search = new AwsPrivateLink(aws, 'search', {
  region: 'us-west-2',
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  subnetIds: ['subnet-0a1b2c3d4e5f6071a'],
  serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
  zone: 'per-host',
  hosts: ['https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531']
})
const id: string = search.endpointId
// @ts-expect-error: an id is no number
const number: number = search.endpointId
const gcp = new TerraformStack(app, 'gcp')
new GoogleProvider(gcp, 'google', { project: 'search-test' })
// @ts-expect-error: the region is missing
const wrong = () => new GcpPrivateLink(gcp, 'wrong', { project: 'search-test', network: 'default', subnetwork: 'default', zone: 'per-host' })
new GcpPrivateLink(gcp, 'search', {
  project: 'search-test',
  region: 'us-west1',
  serviceAttachment: 'projects/vdc-prod/regions/us-west1/serviceAttachments/vdc-prod-us-west1',
  network: 'default',
  subnetwork: 'default',
  zone: 'per-host',
  hosts: ['https://in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com:443']
})
app.synth()
if (number === 0) wrong()
console.log(typeof id)
`

async function synthesizedIn(app: string, stack: string): Promise<readonly string[]> {
  const text = await readFile(join(app, 'cdktf.out/stacks', stack, 'cdk.tf.json'), 'utf8')
  return Object.keys(JSON.parse(text).resource).toSorted()
}

async function expectBothClouds(app: string): Promise<void> {
  expect(await synthesizedIn(app, 'aws')).toEqual(
    expect.arrayContaining(['aws_route53_record', 'aws_security_group', 'aws_vpc_endpoint'])
  )
  expect(await synthesizedIn(app, 'gcp')).toEqual(
    expect.arrayContaining(['google_compute_address', 'google_compute_forwarding_rule', 'google_dns_record_set'])
  )
}

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

  test('runs no script when it is installed', async () => {
    const { scripts } = JSON.parse(await readFile(join(packed.folder, 'package.json'), 'utf8'))
    expect(Object.keys(scripts)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:pre|post)?install$|^prepare$/)])
    )
  })

  test('gives its constructs to an app of ES modules', { timeout: 60_000 }, async () => {
    const app = await installed(
      packed,
      {
        'package.json': '{ "type": "module" }',
        'main.ts': stacks,
        'tsconfig.json':
          '{ "compilerOptions": { "module": "nodenext", "strict": true, "noEmit": true, "types": ["node"] }, "files": ["main.ts"] }'
      },
      cdktf
    )
    await execa(tool('tsc'), { cwd: app })
    const { stdout } = await execa(process.execPath, ['main.ts'], { cwd: app })
    expect(stdout).toBe('string')
    await expectBothClouds(app)
  })

  test('gives its constructs to the CommonJS app that cdktf init makes, under ts-node', {
    timeout: 60_000
  }, async () => {
    const template = join(root, 'node_modules/cdktn-cli/bundle/templates/typescript')
    const app = await installed(
      packed,
      {
        'package.json': await readFile(join(template, 'package.json'), 'utf8'),
        'tsconfig.json': await readFile(join(template, 'tsconfig.json'), 'utf8'),
        'main.ts': stacks
      },
      { ...cdktf, 'ts-node': undefined, typescript: typescript5 }
    )
    const { stdout } = await execa(process.execPath, [tool('../ts-node/dist/bin.js'), 'main.ts'], { cwd: app })
    expect(stdout).toBe('string')
    await expectBothClouds(app)
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
