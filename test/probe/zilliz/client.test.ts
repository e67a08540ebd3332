import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readAccess } from '../../../probe/zilliz/access.ts'
import { isGone, isReady, isRunning, lacksPrivateLink, privateLinkOf } from '../../../probe/zilliz/answers.ts'
import { ApiError } from '../../../probe/zilliz/api-error.ts'
import type { Retry, RetryPolicy } from '../../../probe/zilliz/call.ts'
import { createZillizApi, type ZillizApi } from '../../../probe/zilliz/client.ts'
import { awsCluster, awsEndpoint, gcpCluster, gcpEndpoint, healthy, project } from '../../modules/links/worlds.ts'
import { apiKey, type Misbehaviour, startZillizApi, type ZillizStandIn } from '../../support/zilliz-api.ts'

const hasty: RetryPolicy = { tryMs: 20_000, tries: 3, firstPauseMs: 5, longestPauseMs: 2000 }

function open({ address }: Pick<ZillizStandIn, 'address'>, { patience = hasty, key = apiKey } = {}) {
  const retries: Retry[] = []
  const api = createZillizApi({ access: { key, address }, patience, onRetry: retry => retries.push(retry) })
  return { api, retries }
}

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => expect.unreachable('it was answered'),
    error => error
  )
  expect(error).toBeInstanceOf(ApiError)
  return error
}

describe('the API of Zilliz Cloud tells', () => {
  test('the private endpoints of a project, with the statuses as they are written', async () => {
    await using server = await startZillizApi({ world: healthy })
    expect(await open(server).api.privateEndpoints(project)).toEqual([awsEndpoint, gcpEndpoint])
  })

  test('a cluster by its id', async () => {
    await using server = await startZillizApi({ world: healthy })
    expect(await open(server).api.cluster(awsCluster.clusterId)).toEqual(awsCluster)
  })

  test('the endpoint services of a region', async () => {
    const service = { cloudId: 'aws', endpointService: awsEndpoint.endpointService, whitelistRequired: false }
    const services = ['aws-us-west-2', 'aws-us-east-1'].map(regionId => ({ ...service, regionId }))
    await using server = await startZillizApi({ world: { services } })
    expect(await open(server).api.endpointServices('aws-us-west-2')).toEqual([services[0]])
    expect(server.asked).toEqual(['/v2/privateEndpointServices?regionId=aws-us-west-2&currentPage=1&pageSize=100'])
  })

  test('the on-demand clusters of a project in a region, in the words of other clusters', async () => {
    const onDemand = {
      clusterId: 'in07-1',
      clusterName: 'batch',
      projectId: project,
      regionId: 'aws-us-west-2',
      status: 'SUSPENDED',
      cuSize: 8,
      endpoint: `https://${project}.aws-us-west-2.api.zillizcloud.com`,
      privateLink: `https://${project}.aws-us-west-2.api.zillizcloud.com`
    }
    const onDemandClusters = [onDemand, { ...onDemand, regionId: 'aws-us-east-1' }]
    await using server = await startZillizApi({ world: { onDemandClusters } })
    const [cluster, ...more] = await open(server).api.onDemandClusters(project, 'aws-us-west-2')
    expect(more).toEqual([])
    expect(cluster).toEqual({
      clusterId: 'in07-1',
      clusterName: 'batch',
      projectId: project,
      regionId: 'aws-us-west-2',
      plan: '',
      status: 'SUSPENDED',
      connectAddress: onDemand.endpoint,
      privateLinkAddress: onDemand.privateLink
    })
    expect(cluster && [isRunning(cluster), lacksPrivateLink(cluster), privateLinkOf(cluster)]).toEqual([
      true,
      false,
      { host: `${project}.aws-us-west-2.api.zillizcloud.com`, port: 443 }
    ])
    expect(server.asked).toEqual([
      `/v2/clusters/onDemandClusters?projectId=${project}&regionId=aws-us-west-2&currentPage=1&pageSize=100`
    ])
  })

  test('what it leaves out, sends as null or adds, without harm', async () => {
    const answer = { code: 0, data: { clusterId: 'in01-1', clusterName: null, cuSize: 1, labels: { a: 'b' } } }
    await using server = await startZillizApi({ first: [{ body: answer }] })
    expect(await open(server).api.cluster('in01-1')).toEqual({
      clusterId: 'in01-1',
      clusterName: '',
      projectId: '',
      regionId: '',
      plan: '',
      status: '',
      connectAddress: '',
      privateLinkAddress: ''
    })
  })

  test('nothing, as an empty list', async () => {
    await using server = await startZillizApi({ first: [{ body: { code: 200, data: { endpoints: null } } }] })
    expect(await open(server).api.privateEndpoints(project)).toEqual([])
  })
})

describe('all pages are read', () => {
  const clusters = Array.from({ length: 250 }, (_, index) => ({ ...awsCluster, clusterId: `in01-${index}` }))

  test.for([
    { when: 'as large as they are asked for', largestPage: 100, pages: 3 },
    { when: 'smaller than they are asked for', largestPage: 50, pages: 5 }
  ])('when they are $when', async ({ largestPage, pages }) => {
    await using server = await startZillizApi({ world: { clusters }, largestPage })
    expect(await open(server).api.clusters()).toEqual(clusters)
    expect(server.asked).toHaveLength(pages)
    expect(server.asked.at(-1)).toBe(`/v2/clusters?currentPage=${pages}&pageSize=100`)
  })

  test('when no count is given, up to the first that is not full', async () => {
    const page = (from: number, to: number) => ({ body: { code: 0, data: { clusters: clusters.slice(from, to) } } })
    await using server = await startZillizApi({ first: [page(0, 100), page(100, 200), page(200, 250)] })
    expect(await open(server).api.clusters()).toHaveLength(250)
    expect(server.asked).toHaveLength(3)
  })

  test('and a cluster that moved to the next page meanwhile is there once', async () => {
    const page = (from: number, to: number) => ({
      body: { code: 0, data: { count: 120, clusters: clusters.slice(from, to) } }
    })
    await using server = await startZillizApi({ first: [page(0, 100), page(99, 119)] })
    expect(await open(server).api.clusters()).toHaveLength(119)
  })

  test('and not more than a hundred, when they do not end', async () => {
    const full = { body: { code: 0, data: { count: 1_000_000, clusters: clusters.slice(0, 100) } } }
    await using server = await startZillizApi({ always: () => full })
    expect((await errorOf(open(server).api.clusters())).message).toBe(
      'Zilliz Cloud, asked for the clusters: there is no end to them after 100 pages. The API may have changed: check its documentation for how it marks the last page.'
    )
    expect(server.asked).toHaveLength(100)
  })
})

describe('a refusal says in one line what happened and what to do:', () => {
  const cluster = 'Zilliz Cloud, asked for cluster in01-1: '
  const endpoints = `Zilliz Cloud, asked for the private endpoints of ${project}: `
  const ofCluster = (api: ZillizApi) => api.cluster('in01-1')
  const ofProject = (api: ZillizApi) => api.privateEndpoints(project)
  const keys = 'the API Keys page of the Zilliz Cloud console'
  const plan = 'Upgrade the cluster to the Enterprise plan or above in the Zilliz Cloud console.'

  test.for<[code: number, message: string, ask: (api: ZillizApi) => Promise<unknown>, fault: string, line: string]>([
    [
      21119,
      'The apikey is illegal.',
      ofCluster,
      'key-refused',
      `${cluster}the API key is refused: "The apikey is illegal." (code 21119, request req-1). Set ZILLIZCLOUD_API_KEY to a key that ${keys} lists.`
    ],
    [
      1800,
      "User hasn't authenticated",
      ofProject,
      'key-refused',
      `${endpoints}the API key is refused: "User hasn't authenticated" (code 1800, request req-1). Set ZILLIZCLOUD_API_KEY to a key that ${keys} lists.`
    ],
    [
      96012,
      'no',
      ofProject,
      'no-permission',
      `${endpoints}the project is of another organization than the API key: "no" (code 96012, request req-1). Set ZILLIZCLOUD_API_KEY to a key of its organization.`
    ],
    [
      96013,
      'no',
      ofProject,
      'no-permission',
      `${endpoints}the owner of the API key may not see the project: "no" (code 96013, request req-1). Set ZILLIZCLOUD_API_KEY to a key of an Organization Owner or a Project Owner.`
    ],
    [
      96027,
      'no',
      ofProject,
      'no-permission',
      `${endpoints}the API key's scope leaves the project out: "no" (code 96027, request req-1). Add its project to the key on ${keys}.`
    ],
    [
      96014,
      'no',
      ofCluster,
      'no-permission',
      `${cluster}the cluster is of another organization than the API key: "no" (code 96014, request req-1). Set ZILLIZCLOUD_API_KEY to a key of its organization.`
    ],
    [
      96015,
      'no',
      ofCluster,
      'no-permission',
      `${cluster}the owner of the API key may not see the cluster: "no" (code 96015, request req-1). Set ZILLIZCLOUD_API_KEY to a key of an Organization Owner or a Project Owner.`
    ],
    [
      96016,
      'no',
      ofCluster,
      'no-permission',
      `${cluster}the API key's scope leaves the cluster out: "no" (code 96016, request req-1). Add its project to the key on ${keys}.`
    ],
    [
      96018,
      'Cluster not found.',
      ofCluster,
      'no-such-cluster',
      `${cluster}there is no such cluster: "Cluster not found." (code 96018, request req-1). Copy its id, in01-…, from the cluster's page. It may have been dropped.`
    ],
    [
      96036,
      '',
      ofCluster,
      'no-such-cluster',
      `${cluster}that is not the id of a cluster (code 96036, request req-1). Copy it, in01-…, from the cluster's page.`
    ],
    [
      96005,
      'no',
      ofProject,
      'no-such-project',
      `${endpoints}there is no such project: "no" (code 96005, request req-1). Copy its id, proj-…, from the console's address of the project.`
    ],
    [
      96001,
      'no',
      api => api.endpointServices('mars'),
      'no-such-region',
      'Zilliz Cloud, asked for the endpoint services of mars: there is no such region: "no" (code 96001, request req-1). Write it as Zilliz Cloud does, aws-us-west-2 or gcp-us-west1.'
    ],
    [
      96021,
      'no',
      ofCluster,
      'plan',
      `${cluster}its plan has no private link: "no" (code 96021, request req-1). ${plan}`
    ],
    [
      96022,
      'no',
      ofCluster,
      'plan',
      `${cluster}its plan has no private link: "no" (code 96022, request req-1). ${plan}`
    ],
    [
      96028,
      'Feature only supported for enterprise plan clusters.',
      ofCluster,
      'plan',
      `${cluster}its plan has no private link: "Feature only supported for enterprise plan clusters." (code 96028, request req-1). ${plan}`
    ],
    [
      40013,
      'a\u001b[31m\nb',
      ofCluster,
      'refused',
      `${cluster}it refuses: "a\\u{1b}[31m\\u{a}b" (code 40013, request req-1). https://docs.zilliz.com/reference/restful/error-codes-v2 has the codes.`
    ]
  ])('code %i within HTTP 200, "%s"', async ([code, message, ask, fault, line]) => {
    await using server = await startZillizApi({ first: [{ body: { code, message } }] })
    const error = await errorOf(ask(open(server).api))
    expect(error.message).toBe(line)
    expect(error).toMatchObject({ fault, code, status: 200, requestId: 'req-1' })
    expect(server.asked).toHaveLength(1)
  })

  test('a key that it does not know, with HTTP 401', async () => {
    await using server = await startZillizApi()
    expect((await errorOf(open(server, { key: 'another' }).api.clusters())).message).toBe(
      `Zilliz Cloud, asked for the clusters: the API key is refused: "The apikey is illegal" (HTTP 401, code 21119, request req-1). Set ZILLIZCLOUD_API_KEY to a key that ${keys} lists.`
    )
  })

  test.for<[what: string, misbehaviour: Misbehaviour, line: string]>([
    [
      'HTTP 403 without a code',
      { status: 403, body: '' },
      `${cluster}the API key has no permission for it (HTTP 403, request req-1). Check the scope of the key, and who created it, on ${keys}.`
    ],
    [
      'a page of a proxy',
      { body: `<html>\n<h1>Sign in</h1>${'x'.repeat(1000)}` },
      `${cluster}that is no answer of the API: "<html>\\u{a}<h1>Sign in</h1>${'x'.repeat(173)}" (request req-1). Check whether ZILLIZCLOUD_HOST_ADDRESS is right, and whether a proxy answers in place of the API.`
    ],
    [
      'an empty answer',
      { status: 404, body: '' },
      `${cluster}that is no answer of the API: nothing (HTTP 404, request req-1). Check whether ZILLIZCLOUD_HOST_ADDRESS is right, and whether a proxy answers in place of the API.`
    ],
    [
      'a redirect, which the key does not follow',
      { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: 'Found' },
      `${cluster}that is no answer of the API: "Found" (HTTP 302, request req-1). Check whether ZILLIZCLOUD_HOST_ADDRESS is right, and whether a proxy answers in place of the API.`
    ],
    [
      'JSON of another form',
      { body: { code: 0, data: { clusterId: 7, status: [] } } },
      `${cluster}the answer is not of the form that is known: data: clusterId: must be a string, got 7, and 1 more (request req-1). The API may have changed: check its documentation for what it sends now.`
    ],
    [
      'JSON that is deeper than a program can read',
      { body: '['.repeat(200_000) + ']'.repeat(200_000) },
      `${cluster}that is no answer of the API: "${'['.repeat(200)}" (request req-1). Check whether ZILLIZCLOUD_HOST_ADDRESS is right, and whether a proxy answers in place of the API.`
    ],
    [
      'an answer without an end',
      'endless',
      `${cluster}the answer is longer than any of the API. Check whether ZILLIZCLOUD_HOST_ADDRESS is right, and whether a proxy answers in place of the API.`
    ]
  ])('%s', async ([, misbehaviour, line]) => {
    await using server = await startZillizApi({ first: [misbehaviour] })
    expect((await errorOf(open(server).api.cluster('in01-1'))).message).toBe(line)
    expect(server.asked).toHaveLength(1)
  })

  test.for(['', '..', '../clusters', 'in01-1?x=1', 'in01-1/x'])('the id "%s", without asking', async id => {
    await using server = await startZillizApi({ world: healthy })
    const { api } = open(server)
    const shown = JSON.stringify(id)
    expect((await errorOf(api.cluster(id))).message).toBe(
      `${shown} is not the id of a cluster. Copy it from the Zilliz Cloud console.`
    )
    expect((await errorOf(api.privateEndpoints(id))).message).toBe(
      `${shown} is not the id of a project. Copy it from the Zilliz Cloud console.`
    )
    expect(server.asked).toEqual([])
  })
})

describe('it is asked again', () => {
  const limited = { status: 429, body: { code: 429, message: 'Too many requests' } }
  const asking = `Zilliz Cloud, asked for cluster ${awsCluster.clusterId}: `

  test.for<[what: string, misbehaviour: Misbehaviour, happened: string]>([
    ['when the connection is cut', 'cut', 'no answer from <host> (UND_ERR_SOCKET)'],
    ['when the connection is cut within an answer', 'cut-within', 'no answer from <host> (UND_ERR_SOCKET)'],
    ['at the limit of its rate, HTTP 429', limited, 'it is asked too often: "Too many requests"'],
    [
      'at the limit of its rate, reported within HTTP 200',
      { body: { code: 99, message: 'Rate limit exceeded' } },
      'it is asked too often: "Rate limit exceeded"'
    ],
    [
      'when it has a fault, reported in JSON',
      { status: 500, body: { code: 500, message: 'oops' } },
      'it has a fault of its own: "oops"'
    ],
    ['when it has a fault, reported in HTML', { status: 503, body: '<html>' }, 'it has a fault of its own']
  ])('%s', async ([, misbehaviour, happened]) => {
    await using server = await startZillizApi({ world: healthy, first: [misbehaviour, misbehaviour] })
    const { api, retries } = open(server)
    expect(await api.cluster(awsCluster.clusterId)).toEqual(awsCluster)
    const details = `${asking}${happened.replace('<host>', new URL(server.address).host)}`
    expect(retries).toEqual([
      { happened: details, pauseMs: 5, next: 2, tries: 3 },
      { happened: details, pauseMs: 10, next: 3, tries: 3 }
    ])
  })

  test('not more often than it may be, and then the line says what to do', async () => {
    await using server = await startZillizApi({ always: () => ({ status: 502, body: 'Bad gateway' }) })
    const { api, retries } = open(server)
    expect((await errorOf(api.cluster(awsCluster.clusterId))).message).toBe(
      `${asking}it has a fault of its own (HTTP 502, request req-3). Try again later. If it persists, send the number of the request to the support of Zilliz Cloud.`
    )
    expect({ asked: server.asked.length, retries: retries.length }).toEqual({ asked: 3, retries: 2 })
  })

  test('after as long as Retry-After says', async () => {
    const later = { ...limited, headers: { 'retry-after': '1' } }
    await using server = await startZillizApi({ world: healthy, first: [later] })
    const { api, retries } = open(server)
    const start = performance.now()
    await api.cluster(awsCluster.clusterId)
    expect(performance.now() - start).toBeGreaterThan(990)
    expect(retries).toEqual([
      {
        happened: `${asking}it is asked too often, to wait for 1 s: "Too many requests"`,
        pauseMs: 1000,
        next: 2,
        tries: 3
      }
    ])
  })

  test('never, when Retry-After says longer than anybody waits', async () => {
    const at = new Date(Date.now() + 3_600_000).toUTCString()
    for (const header of ['3600', at]) {
      await using server = await startZillizApi({ first: [{ ...limited, headers: { 'retry-after': header } }] })
      const { message } = await errorOf(open(server).api.cluster(awsCluster.clusterId))
      expect(message).toMatch(
        /it is asked too often, to wait for 3[56]\d\d s: "Too many requests" \(HTTP 429, code 429, /
      )
      expect(server.asked).toHaveLength(1)
    }
  })

  test('in vain, where nobody listens', async () => {
    const server = await startZillizApi()
    await server[Symbol.asyncDispose]()
    const { api, retries } = open(server)
    expect((await errorOf(api.clusters())).message).toBe(
      `Zilliz Cloud, asked for the clusters: no answer from ${new URL(server.address).host} (ECONNREFUSED). Check whether this machine reaches it: its DNS, its firewall, its proxy, ZILLIZCLOUD_HOST_ADDRESS.`
    )
    expect(retries).toHaveLength(2)
    const nowhere = open({ address: 'https://api.cloud.zilliz.invalid/v2' })
    expect(await errorOf(nowhere.api.clusters())).toMatchObject({ fault: 'unreachable' })
  })
})

describe('nobody waits longer than he may', () => {
  test.for<[what: string, silence: Misbehaviour]>([
    ['for an answer that does not come', 'silent'],
    ['for an answer that does not end', 'silent-within']
  ])('%s', async ([, silence]) => {
    await using server = await startZillizApi({ first: [silence] })
    const start = performance.now()
    const { api } = open(server, { patience: { ...hasty, tryMs: 300 } })
    expect((await errorOf(api.clusters())).message).toBe(
      'Zilliz Cloud, asked for the clusters: no whole answer within 0.3 s. Try again later. If it persists, check whether a proxy or firewall is on the way.'
    )
    expect(performance.now() - start).toBeLessThan(2000)
    expect(server.asked).toHaveLength(1)
  })

  test.for<[what: string, misbehaviour: Misbehaviour]>([
    ['an answer', 'silent'],
    ['the next try', { status: 429, headers: { 'retry-after': '2' } }]
  ])('for %s, when nobody wants to know any more', async ([, misbehaviour]) => {
    await using server = await startZillizApi({ first: [misbehaviour] })
    const over = new AbortController()
    const api = createZillizApi({
      access: server,
      patience: hasty,
      signal: over.signal
    })
    const reason = new Error('enough')
    setTimeout(() => over.abort(reason), 50)
    const start = performance.now()
    await expect(api.clusters()).rejects.toBe(reason)
    expect(performance.now() - start).toBeLessThan(1500)
  })
})

describe('the key is in no error, however the server echoes it:', () => {
  const escaped = Array.from(apiKey, each => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  test.for<[where: string, misbehaviour: Misbehaviour]>([
    ['in the message', { body: { code: 1, message: `unknown: Bearer ${apiKey}` } }],
    ['in the message, as escapes of JSON', { body: `{"code":1,"message":"${escaped}"}` }],
    ['in a page', { body: `<html>Authorization: Bearer ${apiKey}` }],
    ['at the end of what is shown', { body: `${'x'.repeat(180)}${apiKey}` }],
    ['in the header of the request', { headers: { requestid: apiKey }, body: { code: 1, message: 'no' } }],
    ['in a field of another form', { body: { code: 0, data: { clusterId: { [apiKey]: [apiKey] } } } }],
    ['in the name of a key', { body: { code: 0, data: { [apiKey]: 1 } } }],
    ['in a fault', { status: 500, body: { code: 1, message: apiKey } }]
  ])('%s', async ([, misbehaviour]) => {
    await using server = await startZillizApi({ always: () => misbehaviour })
    const { api, retries } = open(server)
    const error = await errorOf(api.cluster('in01-1'))
    const everything = inspect([error, retries, api], { depth: 20, showHidden: true }) + error.stack
    expect(everything).not.toContain(apiKey)
    // Nor a part of it, where it was cut.
    expect(everything).not.toContain(apiKey.slice(0, 8))
  })

  test('in an answer that is right', async () => {
    const clusters = [{ ...awsCluster, clusterName: `my ${apiKey}` }]
    await using server = await startZillizApi({ world: { clusters } })
    expect((await open(server).api.clusters())[0]?.clusterName).toBe('my [the-API-key]')
  })
})

describe('what is needed to ask', () => {
  test('is a key, and otherwise nothing', () => {
    expect(readAccess({ ZILLIZCLOUD_API_KEY: 'key' })).toEqual({
      key: 'key',
      address: 'https://api.cloud.zilliz.com/v2'
    })
  })

  test.for([
    'https://api.cloud.zilliz.com.cn/v2',
    'https://proxy.example:8443/zilliz/v2',
    'http://127.0.0.1:80/v2/',
    'http://localhost:1/v2'
  ])('may be another address: %s', address => {
    const expected = address.replace(':80/v2/', '/v2')
    expect(readAccess({ ZILLIZCLOUD_API_KEY: 'key', ZILLIZCLOUD_HOST_ADDRESS: address }).address).toBe(expected)
  })

  const like = 'Give one like https://api.cloud.zilliz.com/v2.'
  test.for([
    [
      '',
      '',
      'ZILLIZCLOUD_API_KEY is not set. Create a key on the API Keys page of the Zilliz Cloud console, and set the variable to it.'
    ],
    ['a b', '', 'ZILLIZCLOUD_API_KEY holds what no key holds, such as a space or a line break. Copy the key again.'],
    ['ab\n', '', 'ZILLIZCLOUD_API_KEY holds what no key holds, such as a space or a line break. Copy the key again.'],
    ['key', 'api.cloud.zilliz.com', `ZILLIZCLOUD_HOST_ADDRESS is not the address of an API. ${like}`],
    ['key', 'https://me:secret@api.example/v2', `ZILLIZCLOUD_HOST_ADDRESS is not the address of an API. ${like}`],
    ['key', 'http://api.cloud.zilliz.com/v2', `ZILLIZCLOUD_HOST_ADDRESS must begin with https://. ${like}`],
    ['key', 'http://127.evil.example/v2', `ZILLIZCLOUD_HOST_ADDRESS must begin with https://. ${like}`],
    ['key', 'https://api.cloud.zilliz.com', `ZILLIZCLOUD_HOST_ADDRESS must end in /v2. ${like}`]
  ] as const)('is refused, the key %j and the address "%s"', ([key, address, line]) => {
    expect(() => readAccess({ ZILLIZCLOUD_API_KEY: key, ZILLIZCLOUD_HOST_ADDRESS: address })).toThrow(
      expect.objectContaining({ message: line })
    )
  })
})

describe('a status', () => {
  test.for([
    ['AVAILABLE', 'AVAILABLE', true],
    ['available', 'Available', true],
    ['Accepted', ' AVAILABLE ', true],
    ['PENDING', 'AVAILABLE', false],
    ['AVAILABLE', 'CREATING', false],
    ['UNAVAILABLE', 'AVAILABLE', false],
    ['SOMETHING_NEW', 'AVAILABLE', false],
    ['', 'AVAILABLE', false]
  ] as const)(
    '"%s" of an endpoint, with its service "%s", is ready: %s',
    ([endpointStatus, endpointServiceStatus, ready]) => {
      expect(isReady({ ...awsEndpoint, endpointStatus, endpointServiceStatus })).toBe(ready)
    }
  )

  test('of a cluster that is dropped is gone in any case', () => {
    expect(['DELETED', 'Deleting', 'RUNNING'].map(status => isGone({ ...awsCluster, status }))).toEqual([
      true,
      true,
      false
    ])
  })
})

test('a plan without a private link is known by its name, or by the id of the cluster', () => {
  const plans = ['Free', 'SERVERLESS', 'standard', 'Enterprise', 'BusinessCritical', 'Something new', '']
  expect(plans.filter(plan => lacksPrivateLink({ ...gcpCluster, plan }))).toEqual(['Free', 'SERVERLESS', 'standard'])
  expect(lacksPrivateLink({ ...gcpCluster, clusterId: 'in03-1', plan: '' })).toBe(true)
})

test.for([
  [
    'https://in01-1.aws-us-west-2.vectordb.zillizcloud.com:19531',
    'in01-1.aws-us-west-2.vectordb.zillizcloud.com',
    19531
  ],
  ['in01-1.aws-us-west-2.vectordb.zillizcloud.com:443/', 'in01-1.aws-us-west-2.vectordb.zillizcloud.com', 443],
  ['https://IN01-1.example', 'in01-1.example', undefined],
  ['nonsense / here', 'nonsense / here', undefined]
] as const)('the private link "%s" has its host, and a port if it says one', ([privateLinkAddress, host, port]) => {
  expect(privateLinkOf({ ...awsCluster, privateLinkAddress })).toEqual({ host, port })
})

test('a private link that is empty is not allocated', () => {
  expect(privateLinkOf({ ...awsCluster, privateLinkAddress: ' ' })).toBeUndefined()
})
