import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { awsWorld, googleWorld } from '../modules/world.ts'
import { AwsCloud } from '../standin/aws/aws-cloud.ts'
import { reattachEnvironment } from '../standin/reattach.ts'
import { openTerraform } from '../standin/terraform.ts'
import { testWith } from '../support/test-with.ts'
import { cdktf, cdktn, installed, type Packed, pack, root, typescript5 } from './installed.ts'

const testWithTerraform = testWith('terraform')

let packed: Packed
beforeAll(async () => {
  packed = await pack()
})

const tsc7 = join(root, 'node_modules/.bin/tsc')
const tsc5 = join(typescript5, 'bin/tsc')

/** A stack with a network of its own, a provider with an alias, and all that a link takes as a token or gives as one. */
const awsStack = `
import { App, Fn, TerraformOutput, TerraformStack } from 'cdktf'
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js'
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js'
import { AwsPrivateLink, ParentHostedZone } from 'zilliz-privatelink/aws'

const app = new App()
const region = 'us-west-2'
const aws = new TerraformStack(app, 'aws')
new AwsProvider(aws, 'aws', { region })
const provider = new AwsProvider(aws, 'network', { region, alias: 'network' })
const vpc = new Vpc(aws, 'vpc', { cidrBlock: '10.50.0.0/16', enableDnsHostnames: true, provider })
const subnets = ['a', 'b'].map((letter, index) => new Subnet(aws, 'subnet-' + letter, {
  vpcId: vpc.id, cidrBlock: '10.50.' + index + '.0/24', availabilityZone: region + letter, provider
}))
const clients = new SecurityGroup(aws, 'clients', { vpcId: vpc.id, name: 'clients', provider })
const search = new AwsPrivateLink(aws, 'search', {
  region,
  vpcId: vpc.id,
  subnetIds: subnets.map(({ id }) => id),
  serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
  zone: new ParentHostedZone(aws, 'names', { vpcs: [{ vpcId: vpc.id, region }] }),
  sources: { ipv4: [vpc.cidrBlock, '10.60.0.0/16'], securityGroupIds: { clients: clients.id } },
  clientSecurityGroupIds: [clients.id],
  hosts: ['https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531'],
  provider
})
search.addHost('https://in01-9c3d7e8f1a2b4c6-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19532')
search.allowFrom(['10.70.0.0/16'])
const id: string = search.endpointId
new TerraformOutput(aws, 'endpoint', { value: id })
new TerraformOutput(aws, 'addresses', { value: Fn.join(',', [...search.addresses]) })
new TerraformOutput(aws, 'uris', { value: search.uris })
`

const googleStack = `
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import { GcpPrivateLink } from 'zilliz-privatelink/gcp'

const gcp = new TerraformStack(app, 'gcp')
new GoogleProvider(gcp, 'google', { project: 'search-test' })
new GcpPrivateLink(gcp, 'search', {
  project: 'search-test',
  region: 'us-west1',
  serviceAttachment: 'projects/vdc-prod/regions/us-west1/serviceAttachments/vdc-prod-us-west1',
  network: 'default',
  subnetwork: 'default',
  zone: 'per-host',
  hosts: ['https://in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com:443']
})
`

/** A program of cdktf as a user of cdktn writes it. */
const onCdktn = (program: string) =>
  program
    .replaceAll("'cdktf'", "'cdktn'")
    .replaceAll("'@cdktf/", "'@cdktn/")
    .replaceAll("'zilliz-privatelink/", "'zilliz-privatelink/cdktn/")

const es = {
  'package.json': '{ "type": "module" }',
  'tsconfig.json':
    '{ "compilerOptions": { "module": "nodenext", "strict": true, "noEmit": true, "types": ["node"] }, "files": ["main.ts"] }'
}

/** The app of CommonJS that \`init --template=typescript\` makes. */
async function commonJs() {
  const template = join(root, 'node_modules/cdktn-cli/bundle/templates/typescript')
  return {
    'package.json': await readFile(join(template, 'package.json'), 'utf8'),
    'tsconfig.json': await readFile(join(template, 'tsconfig.json'), 'utf8')
  }
}

const run = {
  es: async (main: string, peers: Peers) => {
    const app = await installed(packed, { ...es, 'main.ts': main }, peers)
    await execa(tsc7, { cwd: app })
    await execa(process.execPath, ['main.ts'], { cwd: app })
    return app
  },
  commonJs: async (main: string, peers: Peers) => {
    const app = await installed(
      packed,
      { ...(await commonJs()), 'main.ts': main },
      { ...peers, 'ts-node': undefined, typescript: typescript5 }
    )
    await execa(process.execPath, [join(root, 'node_modules/ts-node/dist/bin.js'), 'main.ts'], { cwd: app })
    return app
  }
} as const

type Peers = Readonly<Record<string, string | undefined>>

/** What Terraform reads of a stack. The state of a local backend is in the folder of the project, which differs. */
async function stackOf(app: string, stack: string): Promise<string> {
  const text = await readFile(join(app, 'cdktf.out/stacks', stack, 'cdk.tf.json'), 'utf8')
  return text.replaceAll(app, '.')
}

/** The same without what names the library: its metadata, and the version of the provider that its bindings are of. */
function terraformOf(text: string): unknown {
  return JSON.parse(text, function (this: unknown, key, value) {
    if (key === '//') return undefined
    if (key === 'required_providers') return Object.keys(value)
    return value
  })
}

/** Deploys a stack into stand-ins from nothing, plans it again without a change, and destroys it. */
async function comesAndGoes(configuration: string, clouds: Parameters<typeof openTerraform>[0]['clouds']) {
  const terraform = await openTerraform({ configuration, clouds })
  try {
    await terraform.init()
    const applied = await terraform.apply()
    expect(applied.errors).toEqual([])
    const { changes, outputs, errors } = await terraform.plan()
    expect({ changes, outputs, errors }).toEqual({ changes: [], outputs: {}, errors: [] })
    expect((await terraform.destroy()).errors).toEqual([])
    return applied
  } finally {
    await terraform.close()
  }
}

const apps = [
  { app: 'an app of ES modules on cdktf', library: 'cdktf', modules: 'es' },
  { app: 'the CommonJS app that cdktf init makes', library: 'cdktf', modules: 'commonJs' },
  { app: 'an app of ES modules on cdktn', library: 'cdktn', modules: 'es' },
  { app: 'the CommonJS app that cdktn init makes', library: 'cdktn', modules: 'commonJs' }
] as const

describe('the constructs, from the tarball,', () => {
  const made = new Map<string, ReturnType<typeof synthesize>>()

  /** What Terraform reads of the stacks of an app, which is run once. */
  function stacksOf(each: (typeof apps)[number]) {
    const stacks = made.get(each.app) ?? synthesize(each)
    made.set(each.app, stacks)
    return stacks
  }

  async function synthesize({ library, modules }: (typeof apps)[number]) {
    const app =
      library === 'cdktf'
        ? await run[modules](`${awsStack}${googleStack}app.synth()\n`, cdktf)
        : await run[modules](onCdktn(`${awsStack}app.synth()\n`), cdktn)
    return { aws: await stackOf(app, 'aws'), gcp: library === 'cdktf' ? await stackOf(app, 'gcp') : undefined }
  }

  testWithTerraform.for(apps)('deploy in $app', async each => {
    const { aws, gcp } = await stacksOf(each)
    const { done, outputs } = await comesAndGoes(aws, { aws: new AwsCloud({ vpcs: [] }) })
    expect(done.length).toBeGreaterThan(15)
    expect(outputs).toMatchObject({
      endpoint: expect.stringMatching(/^vpce-/),
      addresses: expect.stringMatching(/^10\.50\.[\d.]+,10\.50\.[\d.]+$/)
    })
    if (gcp === undefined) return
    const made = (await comesAndGoes(gcp, { google: googleWorld() })).done.map(({ address }) => address.split('.')[0])
    expect(made).toEqual(
      expect.arrayContaining(['google_compute_address', 'google_compute_forwarding_rule', 'google_dns_record_set'])
    )
  })

  test('are the same Terraform in each of these apps', async () => {
    const stacks = []
    for (const each of apps) stacks.push(await stacksOf(each))
    const [onCdktf, ...others] = stacks.map(({ aws }) => terraformOf(aws))
    expect(Object.keys(JSON.parse(stacks[0]?.aws ?? '').resource)).toEqual(
      expect.arrayContaining(['aws_route53_record', 'aws_security_group', 'aws_vpc_endpoint'])
    )
    for (const other of others) expect(other).toEqual(onCdktf)
  })
})

describe('the constructs, from the tarball, in a stack of another library than theirs,', () => {
  const says =
    /^MistakesError: aws\/search: must be in a stack of the library that zilliz-privatelink loads, got a stack of another copy of cdktf or cdktn\. Run npm ls cdktf cdktn, and keep one copy\. In an app of cdktn, import from zilliz-privatelink\/cdktn\.$/m

  /** A link with a provider of its own, which an aspect would give to all that it makes. */
  const main = (library: string) => `
import { App, TerraformStack } from '${library}'
import { AwsPrivateLink } from 'zilliz-privatelink/aws'
const app = new App()
new AwsPrivateLink(new TerraformStack(app, 'aws'), 'search', {})
app.synth()
`

  test('say so in one line where the app has a copy of cdktf of its own', async () => {
    const app = await installed(packed, { 'own/main.mjs': main('cdktf') }, cdktf)
    await cp(join(root, 'node_modules/cdktf'), join(app, 'own/node_modules/cdktf'), { recursive: true })
    const { exitCode, stderr } = await execa(process.execPath, ['main.mjs'], { cwd: join(app, 'own'), reject: false })
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(says)])
  })

  test('say so in one line where an app of cdktn imports those of cdktf', async () => {
    const app = await installed(packed, { 'main.mjs': main('cdktn') }, { ...cdktf, cdktn: undefined })
    const { exitCode, stderr } = await execa(process.execPath, ['main.mjs'], { cwd: app, reject: false })
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(says)])
  })
})

describe('the types, from the tarball,', () => {
  const written =
    "vpcId: 'vpc-0a1b2c3d4e5f60718', subnetIds: ['subnet-0a1b2c3d4e5f6071a'], serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0'"
  const link = (props: string) =>
    `export const link = (stack: TerraformStack) => new AwsPrivateLink(stack, 'search', { ${written}, ${props} })\n`
  const head = "import type { TerraformStack } from 'cdktf'\nimport { AwsPrivateLink } from 'zilliz-privatelink/aws'\n"
  const files = {
    'right.ts': `${head}${link("region: 'us-west-2', zone: 'per-host'")}`,
    'no-region.ts': `${head}${link("zone: 'per-host'")}`,
    'no-zone.ts': `${head}${link("region: 'us-west-2'")}`,
    'wrong-zone.ts': `${head}${link("region: 'us-west-2', zone: 'per-hosts'")}`,
    'wrong-props-of-zone.ts': `${head}${link("region: 'us-west-2', zone: { kind: 'existing' }")}`,
    'number.ts': `${head}${link("region: 'us-west-2', zone: 'per-host'")}export const id = (stack: TerraformStack): number => link(stack).endpointId\n`,
    'gcp-no-region.ts':
      "import type { TerraformStack } from 'cdktf'\nimport { GcpPrivateLink } from 'zilliz-privatelink/gcp'\nexport const link = (stack: TerraformStack) => new GcpPrivateLink(stack, 'search', { project: 'search-test', network: 'default', subnetwork: 'default', zone: 'per-host' })\n",
    'backend.ts':
      "import { synthesizeEnvironments } from 'zilliz-privatelink/environment'\nvoid synthesizeEnvironments([{ name: 'search', backend: { type: 'locally' }, links: {} }])\n"
  }
  const expected = {
    'backend.ts': `Type '"locally"' is not assignable to type`,
    'gcp-no-region.ts': "Property 'region' is missing in type",
    'no-region.ts': "Property 'region' is missing in type",
    'no-zone.ts': "Property 'zone' is missing in type",
    'number.ts': "Type 'string' is not assignable to type 'number'.",
    'wrong-props-of-zone.ts': `Type '{ kind: "existing"; }' is not assignable to type 'AwsZoneChoice'`,
    'wrong-zone.ts': `Type '"per-hosts"' is not assignable to type 'AwsZoneChoice'`
  }

  test.for([
    { compiler: 'TypeScript 7', tsc: tsc7, library: 'cdktf', module: 'nodenext' },
    { compiler: 'TypeScript 5', tsc: tsc5, library: 'cdktf', module: 'nodenext' },
    { compiler: 'TypeScript 5 as the app of cdktf init sets it', tsc: tsc5, library: 'cdktn', module: 'commonjs' }
  ] as const)(
    'refuse a missing region, a wrong zone and a wrong type in $compiler, on $library',
    async ({ tsc, library, module }) => {
      const all =
        library === 'cdktf'
          ? files
          : Object.fromEntries(Object.entries(files).map(([name, text]) => [name, onCdktn(text)]))
      // Google's bindings are not installed: the types of AWS and of environments must not need them.
      const { '@cdktf/provider-google': _, ...onAws } = cdktf
      const app = await installed(
        packed,
        {
          ...all,
          'package.json': '{ "type": "module" }',
          'tsconfig.json': JSON.stringify({
            compilerOptions: {
              module,
              ...(module === 'commonjs' && { moduleResolution: 'node10', target: 'es2022' }),
              strict: true,
              noEmit: true,
              types: ['node'],
              skipLibCheck: true
            },
            files: Object.keys(files)
          })
        },
        library === 'cdktf' ? onAws : cdktn
      )
      const { stdout } = await execa(tsc, ['--pretty', 'false'], { cwd: app, reject: false })
      // What belongs to an error is indented below it.
      const errors = stdout.split(/\n(?=\S)/).map(error => [error.split('(')[0], error] as const)
      expect(errors.map(([file]) => file).sort()).toEqual(Object.keys(expected))
      expect(Object.fromEntries(errors)).toEqual(
        Object.fromEntries(Object.entries(expected).map(([file, says]) => [file, expect.stringContaining(says)]))
      )
    }
  )
})

describe('environments, from the tarball,', () => {
  const environments = (...links: readonly object[]) =>
    links.map((link, index) => ({ name: `search-${index}`, backend: { type: 'local' }, links: { search: link } }))
  const aws = {
    cloud: 'aws',
    region: 'us-west-2',
    serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    subnetIds: ['subnet-0a1b2c3d4e5f6071a', 'subnet-0a1b2c3d4e5f6071b'],
    zone: 'per-host',
    hosts: ['https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531']
  }
  const gcp = {
    cloud: 'gcp',
    project: 'search-test',
    region: 'us-west1',
    network: 'default',
    subnetwork: 'default',
    endpointPrefix: 'zilliz',
    serviceAttachment: 'projects/vdc-prod/regions/us-west1/serviceAttachments/vdc-prod-us-west1',
    zone: 'per-host'
  }
  const program = (library: 'cdktf' | 'cdktn', ...links: readonly object[]) => {
    const main = `import { synthesizeEnvironments } from 'zilliz-privatelink/environment'\nsynthesizeEnvironments(${JSON.stringify(environments(...links))})\n`
    return {
      'package.json': '{ "type": "module" }',
      'cdktf.json':
        '{ "language": "typescript", "app": "node main.js", "projectId": "links", "sendCrashReports": "false" }',
      'main.js': library === 'cdktf' ? main : onCdktn(main)
    }
  }
  const { '@cdktf/provider-google': _, ...cdktfOnAws } = cdktf

  testWithTerraform(
    'deploy, re-plan empty and are destroyed by the command, in a folder of a user of cdktn on AWS',
    async () => {
      const app = await installed(packed, program('cdktn', aws), { ...cdktn, 'cdktn-cli': undefined })
      const cloud = awsWorld()
      const { variables, close } = await reattachEnvironment({ aws: cloud })
      onTestFinished(close)
      const command = async (...words: readonly string[]) => {
        const { exitCode, all } = await execa(join(app, 'node_modules/.bin/zilliz-privatelink'), words, {
          cwd: app,
          reject: false,
          all: true,
          stdin: 'ignore',
          env: { ...variables, CI: 'true', GOMAXPROCS: '1' }
        })
        return { exitCode, all }
      }
      const deploy = () => command('deploy', 'search-0', '--auto-approve', '--skip-provider-lock')
      expect(await deploy()).toEqual({ exitCode: 0, all: expect.stringContaining('Apply complete') })
      expect([...cloud.vpcEndpoints.values()].map(({ vpcId }) => vpcId)).toEqual([aws.vpcId])
      expect(await deploy()).toEqual({ exitCode: 0, all: expect.stringContaining('No changes.') })
      expect(await command('destroy', 'search-0', '--auto-approve', '--skip-provider-lock')).toMatchObject({
        exitCode: 0
      })
      expect(cloud.vpcEndpoints.size).toBe(0)
    }
  )

  test('are the same Terraform on cdktf and on cdktn, with the bindings of AWS alone', async () => {
    const texts = await Promise.all(
      (
        [
          ['cdktf', cdktfOnAws],
          ['cdktn', cdktn]
        ] as const
      ).map(async ([library, peers]) => {
        const app = await installed(packed, program(library, aws), peers)
        await execa(process.execPath, ['main.js'], { cwd: app })
        return stackOf(app, 'search-0')
      })
    )
    const [onCdktf, onCdktn] = texts.map(terraformOf)
    expect(onCdktn).toEqual(onCdktf)
  })

  test.for([
    {
      library: 'cdktf',
      peers: cdktfOnAws,
      says: "search-1: needs the package @cdktf/provider-google, which is not installed. Run npm install '@cdktf/provider-google@^16.12.0'."
    },
    {
      library: 'cdktn',
      peers: cdktn,
      says: "search-1: needs the package @cdktn/provider-google, which is not installed. Run npm install '@cdktn/provider-google@^21.1.0'."
    }
  ] as const)(
    'say in one line what to install for a cloud without bindings on $library',
    async ({ library, peers, says }) => {
      const app = await installed(packed, program(library, aws, gcp), peers)
      const { exitCode, stdout, stderr } = await execa(process.execPath, ['main.js'], { cwd: app, reject: false })
      expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 1, stdout: '', stderr: says })
    }
  )

  test('are read by the command where neither cdktf nor cdktn is installed', async () => {
    const files = program('cdktf', aws)
    const literals = JSON.stringify(environments(aws))
    const app = await installed(packed, { ...files, 'main.js': '' })
    await writeFile(
      join(app, 'main.js'),
      `import { writeFileSync } from 'node:fs'\nwriteFileSync(process.env.ZILLIZ_PRIVATELINK_ENVIRONMENTS_FILE, ${JSON.stringify(literals)})`
    )
    const { exitCode, stdout, stderr } = await execa(
      join(app, 'node_modules/.bin/zilliz-privatelink'),
      ['links', 'serach'],
      {
        cwd: app,
        reject: false,
        env: { ZILLIZCLOUD_API_KEY: 'key' }
      }
    )
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'links: there is no environment "serach". Choose search-0.'
    })
  })
})
