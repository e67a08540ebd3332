import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { expect, onTestFinished, test as plain } from 'vitest'
import { z } from 'zod'
import { zillizWorld } from './modules/world.ts'
import { AwsCloud } from './standin/aws/aws-cloud.ts'
import { GoogleCloud } from './standin/google/google-cloud.ts'
import { openDeployment } from './support/deployment.ts'
import { testWith } from './support/test-with.ts'

const test = testWith('terraform')
const readme = readFileSync('README.md', 'utf8')

/** The code blocks of one language, without the indent of the list they may stand in. */
function blocks(language: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`^( *)\`\`\`${language}\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map(
    ([, indent, code = '']) => code.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
  )
}

/** The environment in a block, type-checked as the literal it is. */
async function environmentIn(code: string) {
  const directory = mkdtempSync(join(tmpdir(), 'readme-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'environment.ts')
  const types = pathToFileURL(resolve('modules/environment/environment.ts'))
  writeFileSync(file, code.replace('../environment/environment.ts', types.pathname))
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ type: 'module' }))
  writeFileSync(
    join(directory, 'tsconfig.json'),
    JSON.stringify({
      extends: resolve('tsconfig.json'),
      compilerOptions: { typeRoots: [resolve('node_modules/@types')] },
      include: [file]
    })
  )
  await execa('tsc', ['--noEmit', '--project', directory], { preferLocal: true, timeout: 60_000 })
  const [literal] = Object.values(await import(file))
  return z.looseObject({ name: z.string() }).parse(literal)
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

for (const code of blocks('ts')) {
  const [title = ''] = code.split('\n')
  test(`README's example deploys and is planned again without change: ${title.replace('// ', '')}`, async () => {
    const literal = await environmentIn(code)
    const { deploy, plan } = await openDeployment(literal, { aws: aws(), google: google(), zilliz: zillizWorld() })
    expect((await deploy(literal)).errors).toEqual([])
    expect((await plan(literal)).changes).toEqual([])
  })
}

test("README's second step adds to the first and replaces nothing", async () => {
  const [example = ''] = blocks('ts')
  const [first = '', second = ''] = blocks('diff')
  const withoutKey = changed(example, first)
  const one = await environmentIn(withoutKey)
  const two = await environmentIn(changed(withoutKey, second))
  const { deploy, plan } = await openDeployment(one, { aws: aws(), google: google() })
  await deploy(one)
  const { changes } = await plan(two)
  expect(changes.map(({ actions }) => actions)).toEqual([['create'], ['create'], ['create']])
  expect((await deploy(two)).errors).toEqual([])
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

plain('every file and folder in the map of README exists', () => {
  const [, map = ''] = readme.match(/## Map\n+```\n([\s\S]*?)```/) ?? []
  let room = ''
  const places = [...map.matchAll(/^( *)(\S+)/gm)].map(([, indent, name = '']) => {
    if (indent === '') room = name.endsWith('/') ? name : ''
    return indent === '' ? name : join(room, name)
  })
  expect(places.length).toBeGreaterThan(5)
  expect(places.filter(place => !existsSync(place))).toEqual([])
})
