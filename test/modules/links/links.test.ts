import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  apiKey,
  type Misbehaviour,
  startZillizApi,
  type ZillizStandIn,
  type ZillizWorld
} from '../../support/zilliz-api.ts'
import {
  awsCluster,
  awsEndpoint,
  awsHost,
  gcpCluster,
  gcpEndpoint,
  gcpHost,
  healthy,
  otherProject,
  project
} from './worlds.ts'

const linksFile = join(import.meta.dirname, '../../../modules/links/links.ts')
const deployed = join(import.meta.dirname, '../../demo/deployed.json')

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'links-'))
})
afterAll(() => rm(directory, { recursive: true }))

/** Starts the command as a person does, in a process of its own whose output goes into a pipe. */
function start(
  server: Partial<ZillizStandIn>,
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {}
) {
  const env = {
    PATH: process.env.PATH,
    ...variables,
    ...(server.key === undefined ? {} : { ZILLIZCLOUD_API_KEY: server.key }),
    ...(server.address === undefined ? {} : { ZILLIZCLOUD_HOST_ADDRESS: server.address })
  }
  return spawn(process.execPath, [linksFile, ...words], { stdio: ['ignore', 'pipe', 'pipe'], env })
}

async function links(server: Partial<ZillizStandIn>, ...words: readonly string[]) {
  const child = start(server, words)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, stdout, stderr }
}

const ofDev = ['dev', '--project', project]
const withOutputs = [...ofDev, '--outputs', deployed]

/** Half of what may be wrong, at once. */
const broken: ZillizWorld = {
  endpoints: {
    [project]: [
      { ...gcpEndpoint, endpointStatus: 'PENDING' },
      { ...gcpEndpoint, gcpProjectId: 'search-prod' },
      { ...awsEndpoint, endpointId: 'vpce-0f0e0d0c0b0a09080' }
    ],
    [otherProject]: [awsEndpoint]
  },
  clusters: [
    { ...awsCluster, privateLinkAddress: `https://${awsHost}:19999` },
    { ...gcpCluster, clusterName: 'pa\u001b[31mpers', privateLinkAddress: '', status: 'SET_PRIVATE_LINK' },
    { ...awsCluster, clusterId: 'in03-0a0b0c0d0e0f010', clusterName: 'trial', plan: '', privateLinkAddress: '' },
    { ...awsCluster, clusterId: 'in01-0a0b0c0d0e0f011', clusterName: 'theirs', projectId: otherProject }
  ],
  services: []
}

describe('the command prints', () => {
  test('both sides, and that they do not differ', async () => {
    await using server = await startZillizApi({ world: healthy })
    const { code, stdout, stderr } = await links(server, ...withOutputs)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    await expect(stdout).toMatchFileSnapshot('golden/healthy.txt')
    expect(server.asked).toEqual([
      '/v2/clusters?currentPage=1&pageSize=100',
      `/v2/projects/${project}/privateEndpoints?currentPage=1&pageSize=100`,
      ...['aws-us-west-2', 'gcp-us-west1'].map(
        regionId => `/v2/clusters/onDemandClusters?projectId=${project}&regionId=${regionId}&currentPage=1&pageSize=100`
      )
    ])
  })

  test('on-demand clusters, and the host of their project that no link answers', async () => {
    const host = `${project}.aws-us-west-2.api.zillizcloud.com`
    const onDemand = {
      clusterId: 'in07-840ec44485bf25d',
      projectId: project,
      regionId: 'aws-us-west-2',
      status: 'SUSPENDED',
      privateLink: `https://${host}`
    }
    await using server = await startZillizApi({ world: { ...healthy, onDemandClusters: [onDemand] } })
    const { code, stdout, stderr } = await links(server, ...withOutputs)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toMatch(new RegExp(`in07-840ec44485bf25d +— +aws-us-west-2 +— +SUSPENDED +${host}:443`))
    expect(stdout).toContain(`Add 'https://${host}:443' to the hosts of`)
  })

  test('the rest, where a region has no on-demand clusters to ask for', async () => {
    const always = (path: string) =>
      path.includes('onDemandClusters') ? { body: { code: 96001, message: 'Invalid RegionId.' } } : undefined
    await using server = await startZillizApi({ world: healthy, always })
    const { code, stdout } = await links(server, ...withOutputs)
    expect(code).toBe(0)
    expect(stdout).toContain('No difference')
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      `Not looked into ${project}: Zilliz Cloud, asked for the on-demand clusters of ${project} in gcp-us-west1`
    )
  })

  test('where they differ and what to do, and nothing that a terminal would obey', async () => {
    await using server = await startZillizApi({ world: broken })
    const { code, stdout, stderr } = await links(server, ...withOutputs)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    await expect(stdout).toMatchFileSnapshot('golden/broken.txt')
  })

  test('what the program tells without outputs, and which command writes them', async () => {
    await using server = await startZillizApi({ world: healthy })
    const { code, stdout, stderr } = await links(server, ...ofDev)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    await expect(stdout).toMatchFileSnapshot('golden/without-outputs.txt')
  })

  test('a first step, of which Zilliz Cloud has nothing', async () => {
    await using server = await startZillizApi({ world: { endpoints: { [project]: [] } } })
    const { code, stdout, stderr } = await links(server, 'staging', '--project', project)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    await expect(stdout).toMatchFileSnapshot('golden/first-step.txt')
  })

  test('which projects it could not look into', async () => {
    const theirs = { ...awsCluster, clusterId: 'in01-0a0b0c0d0e0f011', projectId: otherProject }
    await using server = await startZillizApi({ world: { ...healthy, clusters: [...healthy.clusters, theirs] } })
    const { code, stdout } = await links(server, ...withOutputs)
    expect(code).toBe(0)
    expect(stdout.split('\n').slice(1, 5).join(' ')).toBe(
      `Not looked into ${otherProject}: Zilliz Cloud, asked for the private endpoints of ${otherProject}: the API key's scope leaves the project out: "You don't have permission for this project. Please check your Apikey scope." (code 96027, request req-3). Add its project to the key on the API Keys page of the Zilliz Cloud console.`
    )
  })

  test('one JSON object for programs', async () => {
    await using server = await startZillizApi({ world: broken })
    const { code, stdout } = await links(server, ...withOutputs, '--json')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^[ -~]+\n$/)
    const { endpoints, clusters, links: ofProgram, differences, ...rest } = JSON.parse(stdout)
    expect(rest).toEqual({
      environment: 'dev',
      outputs: deployed,
      verdict: 'different',
      projects: [project],
      notes: []
    })
    expect(endpoints[0]).toEqual({
      ...gcpEndpoint,
      endpointStatus: 'PENDING',
      projectId: project,
      ready: false,
      deployedBy: { environment: 'dev', link: 'gcp-us-west1' }
    })
    expect(clusters[1]).toEqual({
      ...gcpCluster,
      clusterName: 'pa\u001b[31mpers',
      status: 'SET_PRIVATE_LINK',
      privateLinkAddress: '',
      privateLink: null
    })
    expect(clusters[0].privateLink).toEqual({ host: awsHost, port: 19999 })
    expect(ofProgram[1]).toEqual({
      name: 'gcp-us-west1',
      cloud: 'gcp',
      regionId: 'gcp-us-west1',
      projectId: project,
      endpoint: { id: 'zilliz-us-west1', project: 'search-dev' },
      connectionStatus: 'ACCEPTED',
      hosts: [
        {
          cluster: gcpCluster.clusterId,
          name: gcpHost,
          port: 443,
          record: { type: 'A', zone: 'zilliz-privatelink-zone' }
        }
      ],
      clusters: []
    })
    expect(differences.map(({ kind, needsDoing, link }: Record<string, unknown>) => [kind, needsDoing, link])).toEqual([
      ['endpoint-registered-elsewhere', true, 'aws-us-west-2'],
      ['host-differs', true, 'aws-us-west-2'],
      ['endpoint-not-ready', true, 'gcp-us-west1'],
      ['private-link-not-allocated', true, 'gcp-us-west1'],
      ['endpoint-of-others', false, null],
      ['endpoint-of-others', false, null]
    ])
    expect(differences[0]).toEqual({
      kind: 'endpoint-registered-elsewhere',
      needsDoing: true,
      what: `vpce-0a3e36be28cd7f26c is registered with ${otherProject} in aws-us-west-2, not with ${project} in aws-us-west-2`,
      remedy: {
        do: `Register it with ${project} in aws-us-west-2, and remove the other registration on the Private Link page of the Zilliz Cloud console. Or correct the project or region of the link.`
      },
      link: 'aws-us-west-2',
      cluster: null,
      endpoint: 'vpce-0a3e36be28cd7f26c',
      project
    })
  })

  test('that nothing differs, as JSON', async () => {
    await using server = await startZillizApi({ world: healthy })
    const { code, stdout } = await links(server, ...withOutputs, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'same', differences: [] })
  })

  test('what it waits for, where Zilliz Cloud is asked too often', async () => {
    const later = { status: 429, headers: { 'retry-after': '1' }, body: { code: 429, message: 'Too many requests' } }
    await using server = await startZillizApi({ world: healthy, first: [later] })
    const { code, stderr } = await links(server, ...withOutputs)
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'links: Zilliz Cloud, asked for the clusters: it is asked too often, to wait for 1 s: "Too many requests"; asked again in 1 s, try 2 of 4\n'
    })
  })
})

describe('the command ends with 2 and one line that says what to do, for', () => {
  const refused = (line: string) => ({ code: 2, stdout: '', stderr: `links: ${line}\n` })

  test('an environment that there is not', async () => {
    expect(await links({}, 'pr\u001bod')).toEqual(refused('there is no environment "pr\\u001bod". Did you mean prod?'))
  })

  test('links whose project nobody gave', async () => {
    expect(await links({}, 'dev')).toEqual(
      refused('the Zilliz Cloud project of aws-us-west-2, gcp-us-west1 is not known. Give its id as --project proj-….')
    )
  })

  test('a project that is none', async () => {
    expect(await links({}, 'dev', '--project', '../clusters')).toEqual(
      refused(
        `--project is not the id of a project: "../clusters". Copy it, proj-…, from the console's address of the project.`
      )
    )
  })

  test.for<[what: string, content: string, mistake: (file: string) => string]>([
    [
      'that are not JSON',
      'no',
      file => `${file}: line 1, column 1: is not JSON: this word needs quotes. Write text in double quotes.`
    ],
    [
      'of another environment',
      '{"prod":{"endpoint_ids":{},"links":{},"probe_config":"{\\"targets\\":[]}"}}',
      file => `${file}: has no outputs of environment "dev". Write them: npm run deploy -- dev --outputs-file ${file}.`
    ],
    [
      'that another version wrote, without the ids of endpoints',
      '{"dev":{"links":{},"probe_config":"{\\"targets\\":[]}"}}',
      file =>
        `${file}: environment "dev" has no output endpoint_ids. Another version wrote the file. Write it again: npm run deploy -- dev --outputs-file ${file}.`
    ],
    [
      'that are a config of the probe',
      '{"targets":[]}',
      file => `${file}: is a config of the probe, not the outputs of a deploy. Give it as --config.`
    ],
    [
      'that Terraform masked',
      '{"dev":{"endpoint_ids":{},"links":{},"probe_config":"<sensitive>"}}',
      file =>
        `${file}: dev.probe_config: is masked by Terraform. Deploy with --outputs-file and --outputs-file-include-sensitive-outputs.`
    ],
    ['of another form', '{"dev":{"links":[]}}', file => `${file}: dev.links: must be an object, got []`],
    [
      'with a target of another form',
      '{"dev":{"endpoint_ids":{},"links":{},"probe_config":"{\\"targets\\":7}"}}',
      file => `${file}: dev.probe_config: targets: must be a list, got 7`
    ]
  ])('outputs %s', async ([, content, mistake]) => {
    const file = join(directory, `${crypto.randomUUID()}.json`)
    await writeFile(file, content)
    expect(await links({}, ...ofDev, '--outputs', file)).toEqual(refused(mistake(file)))
  })

  test('outputs that are not there', async () => {
    expect(await links({}, ...ofDev, '--outputs', '/nowhere')).toEqual(
      refused('/nowhere: cannot be read (ENOENT). Check that it exists and that the user may read it.')
    )
  })

  test('no key', async () => {
    expect(await links({}, ...ofDev)).toEqual(
      refused(
        'ZILLIZCLOUD_API_KEY is not set. Create a key on the API Keys page of the Zilliz Cloud console, and set the variable to it.'
      )
    )
  })

  test('a key that is refused', async () => {
    await using server = await startZillizApi({ world: healthy })
    expect(await links({ ...server, key: 'another' }, ...withOutputs)).toEqual(
      refused(
        'Zilliz Cloud, asked for the clusters: the API key is refused: "The apikey is illegal" (HTTP 401, code 21119, request req-1). Set ZILLIZCLOUD_API_KEY to a key that the API Keys page of the Zilliz Cloud console lists.'
      )
    )
  })

  test('a project of its own that the key may not see', async () => {
    await using server = await startZillizApi({ world: { ...healthy, endpoints: {} } })
    expect(await links(server, ...withOutputs, '--json')).toEqual(
      refused(
        `Zilliz Cloud, asked for the private endpoints of ${project}: the API key's scope leaves the project out: "You don't have permission for this project. Please check your Apikey scope." (code 96027, request req-2). Add its project to the key on the API Keys page of the Zilliz Cloud console.`
      )
    )
  })

  test('nothing to do', async () => {
    const { code, stdout, stderr } = await links({})
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain("missing required argument 'environment'")
    expect(stderr).toContain('See: npm run links -- --help')
  })
})

describe('the key is nowhere in what the command prints, when', () => {
  test.for<[when: string, misbehaviour: Misbehaviour]>([
    ['it is echoed in a refusal', { body: { code: 1, message: `unknown key ${apiKey}` } }],
    [
      'it is echoed in a header',
      { status: 401, headers: { requestid: apiKey }, body: { code: 21119, message: apiKey } }
    ],
    ['it is echoed in a page', { body: `<html>${apiKey}` }],
    [
      'it is echoed in a fault, which is reported at every try',
      { status: 429, headers: { 'retry-after': '99' }, body: { code: 1, message: apiKey } }
    ],
    ['it is echoed in fields of another form', { body: { code: 0, data: { count: apiKey, clusters: apiKey } } }],
    [
      'it is echoed as the name of a cluster',
      { body: { code: 0, data: { clusters: [{ ...awsCluster, clusterName: apiKey, status: apiKey }] } } }
    ]
  ])('%s', async ([, misbehaviour]) => {
    await using server = await startZillizApi({
      world: healthy,
      always: path => (path.startsWith('/v2/clusters') ? misbehaviour : undefined)
    })
    for (const words of [withOutputs, [...withOutputs, '--json']]) {
      const { stdout, stderr } = await links(server, ...words)
      expect(`${stdout}${stderr}`).toContain('[the-API-key]')
      expect(`${stdout}${stderr}`).not.toContain(apiKey.slice(0, 8))
    }
  })
})

test('the command has colours where they are asked for, and the same text', async () => {
  await using server = await startZillizApi({ world: broken })
  const plain = await links(server, ...withOutputs)
  expect(plain.stdout).not.toContain('\u001b')
  const child = start(server, withOutputs, { FORCE_COLOR: '1' })
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'close')])
  expect(stdout).toContain('\u001b[31m✘\u001b[39m')
  expect(stripVTControlCharacters(stdout)).toBe(plain.stdout)
})

test('the command says what it does, and what it needs', async () => {
  const { code, stdout, stderr } = await links({}, '--help')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('--outputs <file>')
  expect(stdout).toContain('ZILLIZCLOUD_API_KEY')
})

test('the command ends without a word where nobody reads on', async () => {
  const child = start({}, ['--help'])
  child.stdout.destroy()
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
  expect([stderr, code]).toEqual(['', 2])
})
