import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test as plain } from 'vitest'
import { AwsAccess } from '../../modules/aws/access.ts'
import { EndpointOfOthers as AwsEndpointOfOthers } from '../../modules/aws/endpoint-of-others.ts'
import { AwsLinkOptions } from '../../modules/aws/link.ts'
import { AwsProbeOptions } from '../../modules/aws/probe-options.ts'
import { Backend } from '../../modules/environment/backend.ts'
import { EnvironmentOptions } from '../../modules/environment/environment.ts'
import { GcpAccess } from '../../modules/gcp/access.ts'
import { EndpointOfOthers as GcpEndpointOfOthers } from '../../modules/gcp/endpoint-of-others.ts'
import { GcpLinkOptions } from '../../modules/gcp/link.ts'
import { GcpProbeOptions } from '../../modules/gcp/probe-options.ts'
import { indexPage, referencePages, withCloudTable } from '../../modules/reference/reference.ts'
import { ZillizOption } from '../../modules/zilliz/zilliz-option.ts'
import { allClouds } from '../../probe/clouds.ts'
import { openDeployment } from '../support/deployment.ts'
import { testWith } from '../support/test-with.ts'
import { additions, type ExampleKind, exampleKinds, examples } from './examples.ts'
import { awsLink, gcpLink } from './literals.ts'
import {
  awsHost,
  awsWorldOfOthers,
  awsWorldWithRole,
  gcpHost,
  googleWorldOfOthers,
  googleWorldWithAccount,
  internalZone,
  ownZone,
  theirZone,
  vpcRoleArns,
  zillizProject,
  zillizWorld
} from './world.ts'

const test = testWith('terraform')
const clouds = () => ({ aws: awsWorldWithRole(ownZone, theirZone), google: googleWorldWithAccount(internalZone) })

const base = {
  aws: { ...awsLink, hosts: [`${awsHost}:19531`] },
  gcp: { ...gcpLink, hosts: [`${gcpHost}:443`] }
}

for (const cloud of ['aws', 'gcp'] as const) {
  for (const code of examples(cloud)) {
    test(`a link on ${cloud} deploys, is planned again without change, and is destroyed, with ${code.trim().replaceAll(/\s+/g, ' ')}`, async () => {
      const link = { ...base[cloud], ...additions(code) }
      const literal = { name: 'test', backend: { type: 'local' }, aws: { vpcRoleArns }, links: { search: link } }
      const { terraform, deploy, plan } = await openDeployment(literal, clouds())
      expect((await deploy(literal)).errors).toEqual([])
      expect((await plan(literal)).changes).toEqual([])
      expect((await terraform.destroy()).errors).toEqual([])
    })
  }
}

const ofOthers = {
  aws: (({ serviceName, subnetIds, ...link }) => link)(base.aws),
  gcp: (({ serviceAttachment, subnetwork, ...link }) => link)(base.gcp)
}

for (const cloud of ['aws', 'gcp'] as const) {
  for (const code of examples(`${cloud}-endpoint`)) {
    test(`a link on ${cloud} deploys, is planned again without change, and is destroyed, with ${code.trim().replaceAll(/\s+/g, ' ')}`, async () => {
      const link = { ...ofOthers[cloud], ...additions(code) }
      const literal = { name: 'test', backend: { type: 'local' }, links: { search: link } }
      const { terraform, deploy, plan } = await openDeployment(literal, {
        aws: awsWorldOfOthers(),
        google: googleWorldOfOthers()
      })
      expect((await deploy(literal)).errors).toEqual([])
      expect((await plan(literal)).changes).toEqual([])
      expect((await terraform.destroy()).errors).toEqual([])
    })
  }
}

const byApi = {
  aws: (({ serviceName, hosts, ...link }) => link)(awsLink),
  gcp: (({ serviceAttachment, hosts, ...link }) => link)(gcpLink)
}

for (const cloud of ['aws', 'gcp'] as const) {
  for (const code of examples(`${cloud}-by-api`)) {
    test(`a link on ${cloud} deploys without service and hosts, with ${code.trim()}`, async () => {
      const literal = {
        name: 'test',
        backend: { type: 'local' },
        links: { search: { ...byApi[cloud], ...additions(code) } }
      }
      const zilliz = zillizWorld()
      // Of another network of the same project.
      const registered = { projectId: zillizProject, endpointId: 'vpce-0a1b2c3d4e5f60799', gcpProjectId: undefined }
      zilliz.endpoints.push({ ...registered, regionId: 'aws-us-west-2' })
      const { deploy, plan } = await openDeployment(literal, { ...clouds(), zilliz })
      expect((await deploy(literal)).errors).toEqual([])
      expect((await plan(literal)).changes).toEqual([])
    })
  }
}

for (const code of examples('environment')) {
  test(`an environment deploys with ${code.trim().replaceAll(/\s+/g, ' ')}`, async () => {
    const literal = {
      name: 'test',
      backend: { type: 'local' },
      links: { search: base.aws, papers: base.gcp },
      ...additions(code)
    }
    const { deploy, plan } = await openDeployment(literal, clouds())
    expect((await deploy(literal)).errors).toEqual([])
    expect((await plan(literal)).changes).toEqual([])
  })
}

plain('every example is of the types that literals have', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'options-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const link = (cloud: string) => `Partial<Extract<EnvironmentLiteral['links'][string], { cloud: '${cloud}' }>>`
  const types = {
    aws: link('aws'),
    'aws-adoption': link('aws'),
    'aws-endpoint': link('aws'),
    gcp: link('gcp'),
    'gcp-adoption': link('gcp'),
    'gcp-endpoint': link('gcp'),
    'aws-by-api': link('aws'),
    'gcp-by-api': link('gcp'),
    environment: 'Partial<EnvironmentLiteral>'
  } as const satisfies Readonly<Record<ExampleKind, string>>
  const checks = exampleKinds.flatMap(kind =>
    examples(kind).map(
      (code, index) => `export const ${kind.replaceAll('-', '_')}${index} = {${code}} satisfies ${types[kind]}`
    )
  )
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ type: 'module' }))
  writeFileSync(
    join(directory, 'examples.ts'),
    [`import type { EnvironmentLiteral } from '${resolve('modules/environment/environment.ts')}'`, ...checks].join('\n')
  )
  writeFileSync(
    join(directory, 'tsconfig.json'),
    JSON.stringify({
      extends: resolve('tsconfig.json'),
      compilerOptions: { typeRoots: [resolve('node_modules/@types')] },
      include: [join(directory, 'examples.ts')]
    })
  )
  await execa('tsc', ['--noEmit', '--project', directory], { preferLocal: true, timeout: 60_000 })
})

plain('every option has an example', () => {
  const schemas = [
    [
      ['aws', 'aws-adoption', 'aws-endpoint', 'aws-by-api'],
      [AwsLinkOptions, AwsEndpointOfOthers, AwsProbeOptions, ZillizOption]
    ],
    [
      ['gcp', 'gcp-adoption', 'gcp-endpoint', 'gcp-by-api'],
      [GcpLinkOptions, GcpEndpointOfOthers, GcpProbeOptions]
    ],
    [['environment'], [EnvironmentOptions, AwsAccess, GcpAccess, ...Backend.options]]
  ] as const
  // What a link or an environment cannot be without is in the shortest environments of the project's README.
  const inEvery = [...Object.keys(awsLink), ...Object.keys(gcpLink), 'name', 'links']
  for (const [kinds, described] of schemas) {
    const code = kinds.flatMap(kind => examples(kind)).join('\n')
    const options = described.flatMap(schema => Object.keys(schema.shape)).filter(option => !inEvery.includes(option))
    expect(options.filter(option => !code.includes(`${option}:`))).toEqual([])
  }
})

plain('the pages of reference are those of the schemas, and no other page is there', () => {
  const folder = 'modules/reference'
  const committed = readdirSync(folder)
    .filter(name => name.endsWith('.md'))
    .map(name => `${folder}/${name}`)
  expect(Object.fromEntries(committed.map(path => [path, readFileSync(path, 'utf8')]))).toEqual(referencePages())
  expect(committed.length).toBe(allClouds.length + 3)
  const index = readFileSync(indexPage, 'utf8')
  expect(withCloudTable(index)).toBe(index)
})
