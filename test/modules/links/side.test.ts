import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readEnvironments } from '../../../modules/environment/read-environments.ts'
import { environments } from '../../../modules/environments.ts'
import { deployedLinks } from '../../../modules/links/deployed-link.ts'
import { readDeployed } from '../../../modules/links/outputs.ts'
import { readSide } from '../../../modules/links/side.ts'
import { awsLink, environment, gcpLink } from '../literals.ts'
import { otherProject, project } from './worlds.ts'

const deployed = join(import.meta.dirname, '../../demo/deployed.json')
const first = { ...awsLink, hosts: [] }

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'side-'))
})
afterAll(() => rm(directory, { recursive: true }))

const only = (literal: unknown) => {
  const [read] = readEnvironments([literal])
  if (read === undefined) throw new Error('it was not read')
  return read
}

test('the program alone tells hosts, and the endpoint where its name is written', () => {
  const [aws, gcp] = deployedLinks(only(environment), undefined)
  expect(aws).toMatchObject({
    environment: 'test',
    name: 'search',
    regionId: 'aws-us-west-2',
    endpoint: undefined,
    isDeployed: undefined,
    hosts: [
      { cluster: 'in01-840ec44485bf25d', port: 19531 },
      { cluster: 'in01-9c3d7e8f1a2b4c6', port: 19532 }
    ]
  })
  expect(gcp).toMatchObject({
    regionId: 'gcp-us-west1',
    endpoint: { id: 'zilliz-us-west1', project: 'search-test' }
  })
})

test('the endpoint of a link is known without outputs if it is one of others', () => {
  const { serviceName: _, subnetIds: __, ...aws } = first
  const { serviceAttachment: ___, subnetwork: ____, ...gcp } = gcpLink
  const links = {
    search: { ...aws, endpoint: { id: 'vpce-0a1b2c3d4e5f60718' } },
    papers: { ...gcp, endpoint: { name: 'network-zilliz', project: 'net-host-123' } },
    near: { ...gcp, endpointPrefix: 'near', hosts: [], endpoint: { name: 'network-zilliz' } }
  }
  expect(deployedLinks(only({ ...environment, links }), undefined).map(({ endpoint }) => endpoint)).toEqual([
    { id: 'vpce-0a1b2c3d4e5f60718', project: undefined },
    { id: 'network-zilliz', project: 'net-host-123' },
    { id: 'network-zilliz', project: 'search-test' }
  ])
})

test('a link to another region is registered in that of its service', () => {
  const far = {
    ...first,
    region: 'us-east-1',
    serviceRegion: 'us-west-2',
    adoptEndpointId: 'vpce-0a1b2c3d4e5f60718'
  }
  const [link] = deployedLinks(only({ ...environment, links: { far } }), undefined)
  expect(link).toMatchObject({
    regionId: 'aws-us-west-2',
    endpoint: { id: 'vpce-0a1b2c3d4e5f60718', project: undefined }
  })
})

test.for([
  { by: 'the deploy', registered: {}, isRegisteredByDeploy: true },
  { by: 'a person, who says so', registered: { registered: true }, isRegisteredByDeploy: false }
])('a link that names its project and its clusters is registered by $by', ({ registered, isRegisteredByDeploy }) => {
  const { serviceName: _, ...link } = first
  const zilliz = { projectId: project, clusters: ['in01-840ec44485bf25d'], ...registered }
  const [read] = deployedLinks(only({ ...environment, links: { search: { ...link, zilliz } } }), undefined)
  expect(read).toMatchObject({ projectId: project, clusters: zilliz.clusters, isRegisteredByDeploy, hosts: [] })
})

test('--project does not speak for a link that names its own', async () => {
  const { serviceName: _, ...link } = first
  const links = { search: { ...link, zilliz: { projectId: otherProject } }, papers: gcpLink }
  const side = await readSide([{ ...environment, links }], 'test', { project })
  expect(side.links.map(({ projectId }) => projectId)).toEqual([otherProject, project])
})

test('outputs tell what was made of every link', async () => {
  const outputs = await readDeployed(deployed)
  expect([...outputs.keys()]).toEqual(['dev'])
  expect(outputs.get('dev')?.get('aws-us-west-2')).toEqual({
    endpoint: { id: 'vpce-0a3e36be28cd7f26c', project: undefined },
    connectionStatus: 'available',
    hosts: [
      {
        cluster: 'in01-840ec44485bf25d',
        name: 'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com',
        port: 19531,
        record: { type: 'CNAME', zone: 'Z0CFJJD0BFQ120CMNFFQF' }
      }
    ]
  })
})

test('a link that the outputs do not have is not deployed', async () => {
  const outputs = (await readDeployed(deployed)).get('dev')
  const links = { 'aws-us-west-2': awsLink, more: { ...gcpLink, endpointPrefix: 'more' } }
  expect(
    deployedLinks(only({ ...environment, links }), outputs).map(({ name, isDeployed }) => [name, isDeployed])
  ).toEqual([
    ['aws-us-west-2', true],
    ['more', false]
  ])
})

test('outputs of another environment in the same file tell its endpoints', async () => {
  const dev = JSON.parse(await readFile(deployed, 'utf8')).dev
  const staging = {
    endpoint_ids: { 'aws-eu-central-1': { id: 'vpce-0b0b0b0b0b0b0b0b0' } },
    links: { 'aws-eu-central-1': { connection_status: null, addresses: [], records: [] } },
    probe_config: '{"targets":[]}'
  }
  const file = join(directory, 'outputs.json')
  await writeFile(file, JSON.stringify({ dev, staging }))
  const { others } = await readSide(environments, 'dev', { outputs: file, project })
  expect(others.find(({ environment }) => environment === 'staging')).toMatchObject({
    endpoint: { id: 'vpce-0b0b0b0b0b0b0b0b0' },
    connectionStatus: undefined,
    isDeployed: true
  })
})

test('--project is for the links that do not name theirs', async () => {
  const { links } = await readSide(environments, 'dev', { project: otherProject })
  expect(new Set(links.map(({ projectId }) => projectId))).toEqual(new Set([otherProject]))
})

test('a mistake in any environment stops all', async () => {
  const wrong = { ...environment, name: 'wrong', links: { search: { ...awsLink, vpcId: 'vpc' } } }
  await expect(readSide([environment, wrong], 'test', { project })).rejects.toMatchObject({ name: 'MistakesError' })
})
