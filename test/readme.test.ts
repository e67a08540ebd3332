import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { subset } from 'semver'
import { expect, onTestFinished, test as plain } from 'vitest'
import { z } from 'zod'
import { costLines } from '../modules/cli/init/cost.ts'
import packageFile from '../package.json' with { type: 'json' }
import { userProject } from './modules/constructs/user-project.ts'
import { zillizWorld } from './modules/world.ts'
import { AwsCloud } from './standin/aws/aws-cloud.ts'
import { GoogleCloud } from './standin/google/google-cloud.ts'
import { openDeployment } from './support/deployment.ts'
import { codeBlocksOf } from './support/pages.ts'
import { testWith } from './support/test-with.ts'

const test = testWith('terraform')
const readme = readFileSync('README.md', 'utf8')
const mapPage = readFileSync('modules/guides/develop.md', 'utf8')

const blocks = (page: string, kind: string) =>
  codeBlocksOf(page).flatMap(block => (block.kind === kind ? [block.code] : []))

const Priced = z.object({
  name: z.string(),
  backend: z.record(z.string(), z.string()),
  links: z.object({ search: z.looseObject({ cloud: z.enum(['aws', 'gcp']) }) })
})

/** The file of the environment in a block, in a folder that ends with the test. */
function written(code: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'readme-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'environment.ts')
  const types = pathToFileURL(resolve('modules/environment/environment.ts'))
  writeFileSync(file, code.replace('zilliz-privatelink/environment', types.pathname))
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ type: 'module' }))
  return file
}

/** The environment in a file that was written. */
async function literalIn(file: string) {
  const [literal] = Object.values(await import(file))
  return z.looseObject({ name: z.string() }).parse(literal)
}

/** The environment in a block, type-checked as the literal it is. */
async function environmentIn(code: string) {
  const file = written(code)
  const directory = dirname(file)
  writeFileSync(
    join(directory, 'tsconfig.json'),
    JSON.stringify({
      extends: resolve('tsconfig.json'),
      compilerOptions: { typeRoots: [resolve('node_modules/@types')] },
      include: [file]
    })
  )
  await execa('tsc', ['--noEmit', '--project', directory], { preferLocal: true, timeout: 60_000 })
  return await literalIn(file)
}

/** A text after a change in the form of a diff. */
function changed(text: string, diff: string): string {
  const marked = (mark: string) =>
    diff
      .split('\n')
      .filter(line => line.startsWith(mark))
      .map(line => line.slice(1))
      .join('\n')
  expect(text).toContain(marked('-'))
  return text.replace(marked('-'), marked('+'))
}

const aws = () =>
  new AwsCloud({
    vpcs: [
      {
        id: 'vpc-0a1b2c3d4e5f60718',
        cidrs: ['10.20.0.0/16'],
        subnets: [
          { id: 'subnet-0a1b2c3d4e5f6071a', cidr: '10.20.1.0/24', zone: 'us-west-2a', zoneId: 'usw2-az1' },
          { id: 'subnet-0a1b2c3d4e5f6071b', cidr: '10.20.2.0/24', zone: 'us-west-2b', zoneId: 'usw2-az2' }
        ]
      }
    ]
  })
const google = () =>
  new GoogleCloud({
    project: 'my-project-123',
    networks: [{ name: 'default', subnetworks: [{ name: 'default', range: '10.138.0.0/20' }] }]
  })

for (const code of blocks('README.md', 'ts')) {
  const [title = ''] = code.split('\n')
  test(`README's example deploys and is planned again without change: ${title.replace('// ', '')}`, async () => {
    const literal = await environmentIn(code)
    const { deploy, plan } = await openDeployment(literal, { aws: aws(), google: google(), zilliz: zillizWorld() })
    expect((await deploy(literal)).errors).toEqual([])
    expect((await plan(literal)).changes).toEqual([])
  })
}

test("the second step without an API key adds to the first and replaces nothing, from README's example on", async () => {
  const [example = ''] = blocks('README.md', 'ts')
  const [first = '', second = ''] = blocks('modules/guides/deploy-without-an-api-key.md', 'diff')
  const withoutKey = changed(example, first)
  const one = await environmentIn(withoutKey)
  const two = await environmentIn(changed(withoutKey, second))
  const { deploy, plan } = await openDeployment(one, { aws: aws(), google: google() })
  await deploy(one)
  const { changes } = await plan(two)
  expect(changes.map(({ actions }) => actions)).toEqual([['create'], ['create'], ['create']])
  expect((await deploy(two)).errors).toEqual([])
})

plain(
  "README's program for a stack of one's own is of the right types, and synthesizes a link with its zone",
  async () => {
    const [code = ''] = blocks('README.md', 'ts own-stack')
    const { pathOf, typeErrors } = await userProject({ 'main.ts': code })
    expect(typeErrors).toEqual([])
    const directory = dirname(pathOf('main.ts'))
    await execa(process.execPath, ['--disable-warning=DEP0044', 'main.ts'], { cwd: directory })
    const { resource } = z
      .object({ resource: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(readFileSync(join(directory, 'cdktf.out/stacks/search/cdk.tf.json'), 'utf8')))
    expect(Object.keys(resource)).toEqual(
      expect.arrayContaining(['aws_vpc_endpoint', 'aws_security_group', 'aws_route53_zone', 'aws_route53_record'])
    )
  }
)

plain('README says what its environments cost a month, as init does', async () => {
  const costs = await Promise.all(
    blocks('README.md', 'ts').map(async code => {
      const { name, backend, links } = Priced.parse(await literalIn(written(code)))
      const [first = ''] = costLines({ cloud: links.search.cloud, name, backend, link: links.search })
      return first
    })
  )
  const prices = [...readme.matchAll(/^\| a link on .* \| ([\d.]+ USD) \|$/gm)].map(([, price = '']) => price)
  expect(prices.length).toBe(2)
  for (const [index, price] of prices.entries()) expect(costs[index]).toContain(`costs ${price} a month`)
})

plain('README has 150 lines at most', () => {
  expect(readme.split('\n').length - 1).toBeLessThanOrEqual(150)
})

plain('the packages that pages install next to this one are those that it works with', () => {
  const installed = ['README.md', 'modules/guides/use-in-your-own-stack.md'].flatMap(page =>
    Array.from(
      readFileSync(page, 'utf8').matchAll(
        /(?<=npm install [^`\n]*?)'?((?:@[\w-]+\/)?[\w-]+)@([\^>][^`'\n ]*(?: <[^`'\n]+)?)/g
      ),
      ([, name = '', range = '']) => ({ name, range })
    )
  )
  const peers: Readonly<Record<string, string>> = packageFile.peerDependencies
  expect(installed.length).toBeGreaterThan(8)
  expect(installed.filter(({ name, range }) => !subset(range, peers[name] ?? ''))).toEqual([])
})

plain('what doctor answers in README is part of its whole outputs, which the lab compares', () => {
  const whole = blocks('probe/guides/diagnose.md', 'text').flatMap(code => code.split('\n'))
  const lines = blocks('README.md', 'text').flatMap(code => code.split('\n'))
  expect(lines.filter(line => line.includes('✘')).length).toBe(2)
  expect(lines.filter(line => line.trim() !== '…' && !whole.includes(line))).toEqual([])
})

/** What npm does itself, without a script. */
const commandsOfNpm = ['ci', 'run', 'install', 'pack']

plain('every npm script that README names exists', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')))
  const named = [...readme.matchAll(/npm (?:run )?(\w[\w:]*)/g)]
    .map(([, name = '']) => name)
    .filter(name => !commandsOfNpm.includes(name))
  expect(named.filter(name => scripts[name] === undefined)).toEqual([])
})

plain('every file and folder in the map of the tree exists', () => {
  const [, map = ''] = mapPage.match(/## Map\n+```\n([\s\S]*?)```/) ?? []
  let room = ''
  const places = [...map.matchAll(/^( *)(\S+)/gm)].map(([, indent, name = '']) => {
    if (indent === '') room = name.endsWith('/') ? name : ''
    return indent === '' ? name : join(room, name)
  })
  expect(places.length).toBeGreaterThan(5)
  expect(places.filter(place => !existsSync(place))).toEqual([])
})
