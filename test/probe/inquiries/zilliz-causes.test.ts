import { describe, expect, onTestFinished, test } from 'vitest'
import type { CaseId } from '../../../probe/cases/catalogue.ts'
import { allClouds } from '../../../probe/clouds.ts'
import { zillizCauseSteps } from '../../../probe/inquiries/zilliz-cause-steps.ts'
import { zillizCauses } from '../../../probe/inquiries/zilliz-causes.ts'
import { createZillizInquirer } from '../../../probe/inquiries/zilliz-inquirer.ts'
import type { Target } from '../../../probe/target.ts'
import { apiKey, type Misbehaviour, startZillizApi, type ZillizWorld } from '../../support/zilliz-api.ts'

const target: Target = {
  cloud: 'gcp',
  name: 'prod/images/in01-61e949d971f841b',
  environment: 'prod',
  region: 'us-west1',
  host: 'in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com',
  port: 443,
  forwardingRule: 'zilliz-endpoint'
}
const cluster = {
  clusterId: 'in01-61e949d971f841b',
  projectId: 'proj-1',
  regionId: 'gcp-us-west1',
  plan: 'Enterprise',
  status: 'RUNNING',
  privateLinkAddress: `https://${target.host}:443`
}
const registered = {
  regionId: 'gcp-us-west1',
  endpointId: 'zilliz-endpoint',
  endpointStatus: 'AVAILABLE',
  endpointServiceStatus: 'AVAILABLE'
}
const good: ZillizWorld = { clusters: [cluster], endpoints: { 'proj-1': [registered] }, services: [] }

interface Asking {
  readonly world?: Partial<ZillizWorld>
  readonly of?: Partial<Target>
  readonly found?: CaseId
  readonly always?: (path: string) => Misbehaviour | undefined
  readonly key?: string
}

async function ask({ world = {}, of = {}, found = 'no-answer-to-syn', always, key = apiKey }: Asking = {}) {
  const api = await startZillizApi({ world: { ...good, ...world }, ...(always === undefined ? {} : { always }) })
  onTestFinished(() => api[Symbol.asyncDispose]())
  const over = new AbortController()
  onTestFinished(() => over.abort())
  const inquirer = createZillizInquirer(
    { ZILLIZCLOUD_API_KEY: key, ZILLIZCLOUD_HOST_ADDRESS: api.address },
    over.signal
  )
  const question = {
    target: { ...target, ...of } as Target,
    case: found,
    resolved: [],
    resolvers: [],
    from: { addresses: [], machine: undefined }
  }
  return { causes: await inquirer.ask(question), again: () => inquirer.ask(question), api, calls: inquirer.calls }
}

const withCluster = (more: object) => ({ clusters: [{ ...cluster, ...more }] })
const withEndpoint = (more: object) => ({ endpoints: { 'proj-1': [{ ...registered, ...more }] } })

test('every cause that Zilliz Cloud tells has steps', () => {
  const about = { isCandidate: true, ruling: 'confirmed', text: '', about: ['in01-61e949d971f841b'] } as const
  const without = zillizCauses.filter(({ id, title }) => zillizCauseSteps({ id, title, ...about }) === undefined)
  expect(without.map(({ id }) => id)).toEqual([])
  expect(zillizCauseSteps({ id: 'endpoint-deleted', title: '', ...about })).toBeUndefined()
})

describe('a cause that Zilliz Cloud tells is confirmed, and its neighbors are ruled out', () => {
  for (const { id, text, found = 'no-answer-to-syn', also = [], unknown = [], ...asking } of [
    {
      id: 'zilliz-endpoint-not-registered',
      world: { endpoints: { 'proj-1': [] } },
      text: 'the project of the cluster has no registered endpoint in gcp-us-west1'
    },
    {
      id: 'zilliz-endpoint-not-registered',
      world: withEndpoint({ endpointId: 'another' }),
      text: 'endpoint zilliz-endpoint is not registered in gcp-us-west1, where the project of the cluster has another'
    },
    {
      id: 'zilliz-endpoint-not-registered',
      world: withEndpoint({ regionId: 'gcp-us-east4' }),
      text: 'the project of the cluster has no registered endpoint in gcp-us-west1'
    },
    {
      id: 'zilliz-endpoint-not-ready',
      world: withEndpoint({ endpointStatus: 'PENDING' }),
      text: 'endpoint zilliz-endpoint has status PENDING, and its service status AVAILABLE'
    },
    {
      id: 'zilliz-other-port',
      of: { port: 19_530 },
      text: 'the private link of cluster in01-61e949d971f841b has port 443, but the config has 19530'
    },
    {
      id: 'zilliz-no-private-link',
      world: withCluster({ privateLinkAddress: '' }),
      text: 'Zilliz Cloud has allocated no private link to cluster in01-61e949d971f841b'
    },
    {
      id: 'zilliz-no-private-link',
      world: withCluster({ plan: 'Standard' }),
      text: 'cluster in01-61e949d971f841b has the plan Standard, which has no private link'
    },
    {
      id: 'zilliz-no-private-link',
      world: withCluster({
        privateLinkAddress: 'https://in01-61e949d971f841b-new.gcp-us-west1.vectordb.zillizcloud.com:443'
      }),
      text: 'the private link of cluster in01-61e949d971f841b is in01-61e949d971f841b-new.gcp-us-west1.vectordb.zillizcloud.com'
    },
    {
      id: 'zilliz-no-cluster',
      world: { clusters: [] },
      text: 'Zilliz Cloud has no cluster in01-61e949d971f841b',
      unknown: ['zilliz-endpoint-not-registered', 'zilliz-endpoint-not-ready']
    },
    {
      id: 'zilliz-cluster-not-running',
      world: withCluster({ status: 'STOPPING' }),
      text: 'cluster in01-61e949d971f841b has status STOPPING'
    }
  ] as readonly (Asking & { id: string; text: string; also?: string[]; unknown?: string[] })[]) {
    test(text, async () => {
      const { causes } = await ask({ found, ...asking })
      expect(causes.find(each => each.id === id)).toMatchObject({ ruling: 'confirmed', text })
      expect(causes.filter(({ ruling }) => ruling === 'confirmed').map(each => each.id)).toEqual([id, ...also])
      expect(causes.filter(({ ruling }) => ruling === 'not-known').map(each => each.id)).toEqual(unknown)
      expect(causes.length).toBe(zillizCauses.length)
    })
  }

  test('of a link that works, all are ruled out, with two calls that the targets of a cluster share', async () => {
    const { causes, again, calls, api } = await ask()
    expect(causes.map(({ ruling }) => ruling)).toEqual(zillizCauses.map(() => 'ruled-out'))
    await again()
    expect(calls()).toBe(2)
    expect(api.asked).toHaveLength(2)
  })

  const onDemand = {
    host: 'proj-1.gcp-us-west1.api.zillizcloud.com',
    name: 'prod/images/proj-1'
  } as const
  const suspended = {
    clusterId: 'in07-1',
    projectId: 'proj-1',
    regionId: 'gcp-us-west1',
    status: 'SUSPENDED',
    privateLink: `https://${onDemand.host}`
  }

  test('on-demand clusters that work rule all out, though one of them is gone and one has no link yet', async () => {
    const others = [
      { ...suspended, clusterId: 'in07-2', status: 'DELETED' },
      { ...suspended, clusterId: 'in07-3', status: 'CREATING', privateLink: '' }
    ]
    const { causes, api } = await ask({ of: onDemand, world: { onDemandClusters: [...others, suspended] } })
    expect(causes.map(({ ruling }) => ruling)).toEqual(zillizCauses.map(() => 'ruled-out'))
    expect(api.asked[0]).toContain('/v2/clusters/onDemandClusters?projectId=proj-1&regionId=gcp-us-west1')
  })

  for (const { onDemandClusters, id, text } of [
    { onDemandClusters: [], id: 'zilliz-no-cluster', text: 'project proj-1 has no on-demand cluster in gcp-us-west1' },
    {
      onDemandClusters: [{ ...suspended, privateLink: '' }],
      id: 'zilliz-no-private-link',
      text: 'Zilliz Cloud has allocated no private link to cluster in07-1'
    }
  ]) {
    test(text, async () => {
      const { causes } = await ask({ of: onDemand, world: { onDemandClusters } })
      expect(causes.filter(({ ruling }) => ruling === 'confirmed')).toMatchObject([{ id, text }])
    })
  }

  test('an endpoint whose id is not known is judged by whether there is any', async () => {
    const { causes } = await ask({ of: { forwardingRule: undefined } as never })
    expect(causes.filter(({ ruling }) => ruling === 'not-known').map(({ id, text }) => [id, text])).toEqual([
      ['zilliz-endpoint-not-registered', 'the id of the endpoint is not known'],
      ['zilliz-endpoint-not-ready', 'the id of the endpoint is not known']
    ])
  })
})

describe('what Zilliz Cloud does not answer is not known, and says why', () => {
  test.for([
    [
      'without a key',
      { key: '' },
      'there are no credentials for GET /v2/clusters/{clusterId} (ZILLIZCLOUD_API_KEY is not set)'
    ],
    [
      'with a key of another organization',
      { always: () => ({ body: { code: 96014, message: 'no' } }) },
      'GET /v2/clusters/{clusterId} was denied'
    ],
    ['throttled', { always: () => ({ status: 429, body: {} }) }, 'GET /v2/clusters/{clusterId} was throttled'],
    ['silent', { always: () => 'silent' }, 'GET /v2/clusters/{clusterId} was not answered in time'],
    ['cut', { always: () => 'cut' }, 'the API for GET /v2/clusters/{clusterId} cannot be reached'],
    ['a proxy', { always: () => ({ body: '<html>' }) }, 'GET /v2/clusters/{clusterId} failed'],
    [
      'a host that names no cluster',
      { of: { host: 'example.internal' } },
      'the host does not name a dedicated cluster or a project of Zilliz Cloud'
    ]
  ] as readonly (readonly [string, Asking, string])[])('%s', async ([, asking, text]) => {
    const { causes } = await ask(asking)
    expect(causes.map(({ ruling }) => ruling)).toEqual(zillizCauses.map(() => 'not-known'))
    for (const cause of causes) expect(cause.text).toContain(text)
    expect(JSON.stringify(causes)).not.toContain(apiKey)
  })

  test('denied endpoints cost the causes that need them', async () => {
    const { causes } = await ask({
      always: path => (path.includes('privateEndpoints') ? { body: { code: 96013, message: 'no' } } : undefined)
    })
    expect(causes.filter(({ ruling }) => ruling === 'not-known').map(({ id }) => id)).toEqual([
      'zilliz-endpoint-not-registered',
      'zilliz-endpoint-not-ready'
    ])
  })
})

test('the endpoint of every cloud has an id by which it is registered', () => {
  for (const { example, registeredAs } of allClouds) {
    expect(registeredAs(example as never), example.cloud).toMatch(/^[a-z]/)
    expect(JSON.stringify(example)).toContain(`"${registeredAs(example as never)}"`)
  }
})

test('the port that Zilliz Cloud has stands for the candidate that the remedies of every cloud list', () => {
  const cause = zillizCauses.find(({ id }) => id === 'zilliz-other-port')
  expect(cause?.title).toBe('Zilliz Cloud allocated another port to the host')
  expect(cause?.explains).toContain('no-answer-to-syn')
})
