import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { execa } from 'execa'
import { minVersion } from 'semver'
import packageFile from '../../package.json' with { type: 'json' }

/**
 * Installs the packed package from the registry with the oldest and with the newest of each peer that it allows, and synthesizes one
 * app with all of them. What Terraform reads must be the same. It takes minutes, and so is not in the tests.
 */
const root = join(import.meta.dirname, '../..')
const { peerDependencies } = packageFile

const host = 'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com'
const aws = `
import { App, TerraformStack } from 'cdktf'
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js'
import { AwsPrivateLink, ParentHostedZone } from 'zilliz-privatelink/aws'

const app = new App()
const region = 'us-west-2'
const aws = new TerraformStack(app, 'aws')
new AwsProvider(aws, 'aws', { region })
const vpc = new Vpc(aws, 'vpc', { cidrBlock: '10.50.0.0/16' })
const search = new AwsPrivateLink(aws, 'search', {
  region,
  vpcId: vpc.id,
  subnetIds: ['subnet-0a1b2c3d4e5f60718'],
  serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0',
  zone: new ParentHostedZone(aws, 'names', { vpcs: [{ vpcId: vpc.id, region }] }),
  sources: { ipv4: [vpc.cidrBlock, '10.60.0.0/16'] },
  hosts: ['https://${host}:19531']
})
search.allowFrom(['10.70.0.0/16'])
`
const google = `
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

type Peer = keyof typeof peerDependencies

interface App {
  readonly name: string
  readonly program: string
  readonly stacks: readonly string[]
  readonly peers: Readonly<Partial<Record<Peer, string>>>
}

const range = (...names: readonly Peer[]) => Object.fromEntries(names.map(name => [name, peerDependencies[name]]))

const apps: readonly App[] = [
  {
    name: 'cdktf',
    program: `${aws}${google}\napp.synth()\n`,
    stacks: ['aws', 'gcp'],
    peers: range('cdktf', 'constructs', '@cdktf/provider-aws', '@cdktf/provider-google')
  },
  {
    name: 'cdktn',
    program: `${aws}\napp.synth()\n`
      .replaceAll("'cdktf'", "'cdktn'")
      .replaceAll("'@cdktf/", "'@cdktn/")
      .replaceAll("'zilliz-privatelink/", "'zilliz-privatelink/cdktn/"),
    stacks: ['aws'],
    // The range of constructs that cdktn itself takes.
    peers: { ...range('cdktn', '@cdktn/provider-aws'), constructs: '>=10.6.0 <10.8.0' }
  }
]

const directory = await mkdtemp(join(tmpdir(), 'peers-'))
try {
  const { stdout } = await execa('npm', ['pack', '--silent', '--pack-destination', directory], { cwd: root })
  const tarball = join(directory, stdout.trim().split('\n').at(-1) ?? '')
  for (const app of apps) {
    const oldest = await synthesized(app, tarball, range => minVersion(range)?.version ?? range)
    const newest = await synthesized(app, tarball, range => range)
    const isSame = isDeepStrictEqual(oldest.terraform, newest.terraform)
    console.log(
      `${app.name}: ${oldest.versions} and ${newest.versions}: ${isSame ? 'the same Terraform' : 'DIFFERENT'}`
    )
    if (!isSame) process.exitCode = 1
  }
} finally {
  await rm(directory, { recursive: true })
}

async function synthesized(
  { name, program, stacks, peers }: App,
  tarball: string,
  versionIn: (range: string) => string
) {
  const folder = await mkdtemp(join(directory, `${name}-`))
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }')
  await writeFile(join(folder, 'main.js'), program)
  const wanted = Object.entries(peers).map(([peer, range]) => `${peer}@${versionIn(range)}`)
  await execa('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', tarball, ...wanted], { cwd: folder })
  await execa(process.execPath, ['main.js'], { cwd: folder })
  const versions = await Promise.all(
    Object.keys(peers).map(async peer => {
      const { version } = JSON.parse(await readFile(join(folder, 'node_modules', peer, 'package.json'), 'utf8'))
      return `${peer} ${version}`
    })
  )
  const terraform = await Promise.all(
    stacks.map(async stack =>
      terraformOf(await readFile(join(folder, `cdktf.out/stacks/${stack}/cdk.tf.json`), 'utf8'))
    )
  )
  await rm(folder, { recursive: true })
  return { versions: versions.join(', '), terraform }
}

/** What Terraform reads, without metadata, the version of the provider and the path of a local state. */
function terraformOf(text: string): unknown {
  return JSON.parse(text, function (this: unknown, key, value) {
    if (key === '//' || key === 'backend') return undefined
    if (key === 'required_providers') return Object.keys(value)
    return value
  })
}
