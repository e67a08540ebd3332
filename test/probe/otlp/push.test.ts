import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createMetrics } from '../../../probe/metrics/metrics.ts'
import type { SampledFamily } from '../../../probe/metrics/sample.ts'
import type { Delivered } from '../../../probe/otlp/deliver.ts'
import { startPush } from '../../../probe/otlp/push.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { afterRound, newStanding } from '../../../probe/rounds/standing.ts'
import { startApp } from '../../support/app.ts'
import { makeAuthority } from '../../support/certificates.ts'
import { awsTarget, evidence, gcpTarget, nxdomain, resolver, unresolved } from '../../support/evidence.ts'
import { metricsInEveryState } from '../../support/metrics-in-every-state.ts'
import { startProbe } from '../../support/probe.ts'
import { testWith } from '../../support/test-with.ts'
import { clientsPython } from '../../support/tools.ts'

const patience = { timeout: 20_000, interval: 20 }
const reporter = { service: 'privatelink-probe', instance: 'here', version: '1.2.3', startMs: 1_700_000_000_000 }
/** Answers a request, the first of which is number one. */
type Answer = (response: ServerResponse, times: number) => void
const accept: Answer = response => response.setHeader('content-type', 'application/json').end('{}')

/** A receiver, and what it got. */
async function startReceiver(answer: Answer = accept, identity?: { readonly cert: string; readonly key: string }) {
  const requests: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = []
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    requests.push({ headers: request.headers, body: await text(request.pipe(createGunzip())) })
    answer(response, requests.length)
  }
  const server = identity === undefined ? createServer(listener) : createSecureServer(identity, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const scheme = identity === undefined ? 'http' : 'https'
  return {
    requests,
    url: `${scheme}://localhost:${port}/v1/metrics`.replace('localhost', identity ? 'localhost' : '127.0.0.1')
  }
}

/** Pushes to a receiver until the test is over. */
function push(
  metrics: Parameters<typeof startPush>[0],
  { url, ...options }: { url: string; authorities?: string; deadlineMs?: number; intervalMs?: number }
) {
  const delivered: Delivered[] = []
  const pushed: Delivered[] = []
  const { close } = startPush(metrics, {
    receiver: { url, authorization: 'Bearer s3cret', authorities: options.authorities },
    intervalMs: 50,
    reporter,
    onDelivered: each => delivered.push(each),
    onPushed: each => pushed.push(each),
    onClientMissing: error => expect.unreachable(error.message),
    ...options
  })
  onTestFinished(close)
  return { delivered, pushed, close }
}

type Sample = readonly [name: string, labels: Readonly<Record<string, string>>, value: number | 'ended']

/** What requests say, read by an implementation that is not ours. */
function read(bodies: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(clientsPython, [join(import.meta.dirname, 'parse.py')], {
    input: bodies.map(body => `${body}\n`).join(''),
    encoding: 'utf8'
  })
  expect([status, stderr]).toEqual([0, ''])
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { resource: Record<string, string>; samples: readonly Sample[] })
}

function samplesOn(page: string): readonly Sample[] {
  const parse = join(import.meta.dirname, '../metrics/parse.py')
  const { stdout } = spawnSync(clientsPython, [parse, 'text'], { input: page, encoding: 'utf8' })
  return (JSON.parse(stdout) as [string, Record<string, string>, string][]).map(([name, labels, value]) => [
    name,
    labels,
    Number(value)
  ])
}

/** Nothing but a gauge that may be there or not. */
function gaugeOf(labels: () => readonly string[]) {
  const family = { name: 'a_gauge', type: 'gauge', help: 'Help.' } as const
  const samples = () => labels().map(label => ({ suffix: '', labels: { label }, value: 1 }))
  return {
    ofProcess: async (): Promise<readonly SampledFamily[]> => [{ ...family, samples: samples() }],
    targets: () => [],
    ofTarget: () => []
  }
}

describe('what is pushed', () => {
  testWith('otlpProto', 'prometheusClient')('is what is scraped: the same series with the same values', async () => {
    const metrics = metricsInEveryState()
    const { get } = await startApp({ metrics })
    const { requests, url } = await startReceiver()
    push(metrics, { url, intervalMs: 60_000 })
    await expect.poll(() => requests.length, patience).toBe(1)
    const [{ resource, samples } = expect.unreachable()] = read(requests.map(({ body }) => body))
    expect(resource).toEqual({
      'service.name': 'privatelink-probe',
      'service.instance.id': 'here',
      'service.version': '1.2.3'
    })
    const scraped = samplesOn(await (await get('/metrics')).text())
    const bound = (labels: Readonly<Record<string, string>>) =>
      'le' in labels ? { ...labels, le: String(Number(labels.le === '+Inf' ? 'Infinity' : labels.le)) } : labels
    // Garbage of a new kind may be collected between the two, and a connection opened.
    const stable = (all: readonly Sample[]) => all.filter(([name]) => !/^nodejs_(gc|active)_/.test(name))
    const series = (all: readonly Sample[]) =>
      stable(all)
        .map(([name, labels]) => `${name} ${JSON.stringify(Object.entries(bound(labels)).toSorted())}`)
        .toSorted()
    expect(series(samples)).toEqual(series(scraped))
    const values = (all: readonly Sample[]) =>
      all
        .filter(([name]) => name.startsWith('privatelink_'))
        .map(([name, labels, value]) => `${name} ${JSON.stringify(Object.entries(bound(labels)).toSorted())} ${value}`)
        .toSorted()
    expect(values(samples)).toEqual(values(scraped))
    expect(values(samples).length).toBeGreaterThan(100)
  })

  testWith('otlpProto')('ends the series that are gone, once, and all those of a target that is gone', async () => {
    const metrics = createMetrics({ version: '1', settleMs: 0 })
    const lost = { ...unresolved(resolver({ a: nxdomain(), aaaa: nxdomain() })), target: awsTarget }
    let standing = newStanding(awsTarget)
    metrics.start(standing, ['vpc'])
    metrics.start(newStanding(gcpTarget), ['vpc'])
    const round = (seen: typeof lost) => {
      const report = makeReport(seen, { seconds: 0.025, heldBy: [] })
      standing = afterRound(standing, report)
      metrics.round(standing, report)
    }
    round(evidence())
    const { requests, url } = await startReceiver()
    const next = async () => {
      const from = requests.length
      await expect.poll(() => requests.length, patience).toBeGreaterThan(from + 1)
      const [{ samples } = expect.unreachable()] = read([requests[from + 1]?.body ?? ''])
      return samples
    }
    push(metrics, { url })
    await expect.poll(() => requests.length, patience).toBe(1)
    round(lost)
    metrics.end(gcpTarget.name)
    await expect.poll(() => requests.length, patience).toBe(4)
    const all = read(requests.map(({ body }) => body))
    const cases = all.map(({ samples }) =>
      samples
        .filter(([name, { target }]) => name === 'privatelink_case' && target === awsTarget.name)
        .map(([, { case: of }, value]) => [of, value])
    )
    const turn = cases.findIndex(each => each.length === 2)
    expect(cases[turn]).toEqual([
      ['zone-not-visible', 1],
      ['healthy', 'ended']
    ])
    expect(cases.filter(each => each.length === 2)).toHaveLength(1)
    expect(cases[turn + 1]).toEqual([['zone-not-visible', 1]])
    const ofGone = all.map(({ samples }) => samples.filter(([, { target }]) => target === gcpTarget.name))
    const ends = ofGone.filter(each => each.some(([, , value]) => value === 'ended'))
    expect(ends).toHaveLength(1)
    expect(ends[0]?.map(([name]) => name)).toEqual(ofGone[0]?.map(([name]) => name))
    expect(await next()).not.toContainEqual(
      expect.arrayContaining(['privatelink_target_info', expect.objectContaining({ target: gcpTarget.name })])
    )
  })

  testWith('otlpProto')('says once more that a series has ended, if the receiver did not hear it', async () => {
    let labels = ['one', 'two']
    const { requests, url } = await startReceiver((response, times) => {
      if (times === 2) response.writeHead(400).end()
      else accept(response, times)
    })
    push(
      gaugeOf(() => labels),
      { url }
    )
    await expect.poll(() => requests.length, patience).toBe(1)
    labels = ['one']
    await expect.poll(() => requests.length, patience).toBe(4)
    const values = read(requests.slice(0, 4).map(({ body }) => body)).map(({ samples }) =>
      samples.map(([, { label }, value]) => [label, value])
    )
    const withEnd = [
      ['one', 1],
      ['two', 'ended']
    ]
    expect(values).toEqual([
      [
        ['one', 1],
        ['two', 1]
      ],
      withEnd,
      withEnd,
      [['one', 1]]
    ])
  })

  test('comes in several requests for many targets', async () => {
    const metrics = createMetrics({ version: '1', settleMs: 0 })
    for (let index = 0; index < 100; index++)
      metrics.start(newStanding({ ...awsTarget, name: `dev/search/in01-${index}` }), [])
    const { requests, url } = await startReceiver()
    const { pushed } = push(metrics, { url, intervalMs: 60_000 })
    await expect.poll(() => pushed.length, patience).toBe(1)
    expect(requests.length).toBe(4)
    expect(new Set(requests.flatMap(({ body }) => body.match(/dev\/search\/in01-\d+/g) ?? [])).size).toBe(100)
  })
})

describe('a receiver', () => {
  test('is given the authorization, and gzip', async () => {
    const { requests, url } = await startReceiver()
    push(
      gaugeOf(() => ['x']),
      { url }
    )
    await expect.poll(() => requests.length, patience).toBeGreaterThan(0)
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer s3cret',
      'content-encoding': 'gzip',
      'content-type': 'application/json'
    })
  })

  test('that is busy is asked again, as it says when', async () => {
    const { requests, url } = await startReceiver((response, times) => {
      if (times === 1) response.writeHead(503, { 'retry-after': '0' }).end()
      else accept(response, times)
    })
    const { delivered } = push(
      gaugeOf(() => ['x']),
      { url, intervalMs: 60_000, deadlineMs: 5000 }
    )
    await expect.poll(() => delivered, patience).toEqual([{ kind: 'accepted' }])
    expect(requests.map(({ body }) => body)).toEqual([requests[0]?.body, requests[0]?.body])
  })

  for (const [what, answer, reason] of [
    ['never answers', () => {}, 'Request timed out'],
    ['has no end of words', (response: ServerResponse) => void drip(response), 'no whole answer within 0.3 s'],
    [
      'does not know the password',
      (response: ServerResponse) => response.writeHead(401).end('who?'),
      'HTTP 401: Unauthorized: who?'
    ],
    ['breaks off', (response: ServerResponse) => response.destroy(), expect.stringMatching(/socket hang up|ECONNRESET/)]
  ] as const) {
    test(`that ${what} is left alone until the next push`, async () => {
      const { url } = await startReceiver(answer)
      const { delivered } = push(
        gaugeOf(() => ['x']),
        { url, intervalMs: 60_000, deadlineMs: 300 }
      )
      await expect.poll(() => delivered, patience).toEqual([{ kind: 'unavailable', reason }])
    })
  }

  test('that hung gets the push after that', async () => {
    const { url } = await startReceiver((response, times) =>
      times === 1 ? void drip(response) : accept(response, times)
    )
    const { delivered } = push(
      gaugeOf(() => ['x']),
      { url, deadlineMs: 300 }
    )
    await expect.poll(() => delivered.at(-1)?.kind, patience).toBe('accepted')
  })

  test('that refuses a request is given the others', async () => {
    const metrics = createMetrics({ version: '1', settleMs: 0 })
    for (let index = 0; index < 100; index++)
      metrics.start(newStanding({ ...awsTarget, name: `dev/search/in01-${index}` }), [])
    const evil = '\u001b[31mout of order\n'.repeat(1000)
    const { url } = await startReceiver((response, times) => {
      if (times === 1) response.writeHead(400).end(evil)
      else accept(response, times)
    })
    const { delivered, pushed } = push(metrics, { url, intervalMs: 60_000 })
    await expect.poll(() => pushed.length, patience).toBe(1)
    expect(delivered.map(({ kind }) => kind)).toEqual(['refused', 'accepted', 'accepted', 'accepted'])
    const [worst] = pushed
    const reason = worst !== undefined && 'reason' in worst ? worst.reason : ''
    expect(reason).toMatch(/^HTTP 400: Bad Request: \\u\{1b\}\[31mout of order/)
    expect(reason.length).toBeLessThanOrEqual(300)
  })

  test('that takes a part says how much it refuses', async () => {
    const partialSuccess = { rejectedDataPoints: '3', errorMessage: 'too old' }
    const { url } = await startReceiver(response => response.end(JSON.stringify({ partialSuccess })))
    const { delivered } = push(
      gaugeOf(() => ['x']),
      { url, intervalMs: 60_000 }
    )
    await expect.poll(() => delivered, patience).toEqual([{ kind: 'refused', reason: '3 samples refused: too old' }])
  })

  test('must have a certificate of an authority that is trusted', async () => {
    const authority = await makeAuthority()
    const { url, requests } = await startReceiver(accept, await authority.issue(['localhost']))
    const distrusting = push(
      gaugeOf(() => ['x']),
      { url, intervalMs: 60_000, deadlineMs: 500 }
    )
    await expect
      .poll(() => distrusting.delivered, patience)
      .toMatchObject([{ kind: 'unavailable', reason: expect.stringContaining('certificate') }])
    expect(requests).toEqual([])
    const trusting = push(
      gaugeOf(() => ['x']),
      { url, intervalMs: 60_000, authorities: authority.cert }
    )
    await expect.poll(() => trusting.delivered, patience).toEqual([{ kind: 'accepted' }])
  })

  test('is left alone when the push is closed, also in the middle of a request', async () => {
    const { requests, url } = await startReceiver(() => {})
    const { delivered, close } = push(
      gaugeOf(() => ['x']),
      { url, deadlineMs: 60_000 }
    )
    await expect.poll(() => requests.length, patience).toBe(1)
    close()
    await sleep(300)
    expect([requests.length, delivered]).toEqual([1, []])
  })
})

describe('the probe', () => {
  async function configOf(otlp: object) {
    const directory = await mkdtemp(join(tmpdir(), 'otlp-'))
    onTestFinished(() => rm(directory, { recursive: true, force: true }))
    const authorizationFile = join(directory, 'authorization')
    await writeFile(authorizationFile, 'Bearer s3cret\n')
    const file = join(directory, 'config.json')
    const set = (changes: object) =>
      writeFile(
        file,
        JSON.stringify({
          targets: [],
          resolvers: [{ name: 'vpc', address: '127.0.0.1', port: 1 }],
          listen: { port: 0 },
          ...changes
        })
      )
    await set({ otlp: { intervalSeconds: 5, authorizationFile, ...otlp } })
    return { file, set }
  }

  test('pushes, says in its log when that begins to fail and when it works again, and stops when the config says so', {
    timeout: 60_000
  }, async () => {
    let isReady = true
    const { requests, url } = await startReceiver((response, times) =>
      isReady ? accept(response, times) : response.writeHead(401).end()
    )
    const { file, set } = await configOf({ url })
    const probe = startProbe(['--config', file])
    await probe.logged('otlp: the receiver accepts the metrics')
    expect(requests[0]?.headers.authorization).toBe('Bearer s3cret')
    isReady = false
    expect(await probe.logged('otlp: the receiver is not available')).toMatchObject({
      level: 50,
      reason: 'HTTP 401: Unauthorized'
    })
    const page = await (await fetch(`${await probe.url()}/metrics`)).text()
    expect(page).toMatch(/^privatelink_otlp_requests_total\{outcome="unavailable"\} [1-9]/m)
    isReady = true
    await probe.logged('otlp: the receiver accepts the metrics', 2)
    await set({})
    await probe.logged('config applied', 2)
    const before = requests.length
    await sleep(6000)
    expect(requests.length).toBe(before)
    expect(JSON.stringify(probe.log)).not.toContain('s3cret')
    probe.kill('SIGTERM')
    expect((await probe.ended).code).toBe(0)
  })

  test('ends at once while a receiver hangs', { timeout: 30_000 }, async () => {
    const { requests, url } = await startReceiver(() => {})
    const { file } = await configOf({ url })
    const probe = startProbe(['--config', file])
    await expect.poll(() => requests.length, patience).toBe(1)
    probe.kill('SIGTERM')
    expect((await probe.ended).code).toBe(0)
  })

  for (const [what, otlp, mistake] of [
    [
      'a password in the URL',
      { url: 'https://user:s3cret@prometheus.example/' },
      'otlp.url: holds a user or a password. Write the value of the header into the file of authorizationFile.'
    ],
    [
      'a password for all to read',
      { url: 'http://prometheus.example/' },
      'otlp.url: is http, over which anyone on the way can read what authorizationFile holds. Use https.'
    ],
    [
      'another scheme',
      { url: 'ftp://user:s3cret@prometheus.example/' },
      'otlp.url: must be the full URL to post metrics to'
    ],
    [
      'a URL without its scheme',
      { url: 'prometheus.example/v1/metrics?s3cret' },
      'otlp.url: must be the full URL to post metrics to'
    ]
  ] as const) {
    test(`refuses ${what}, and does not show it`, async () => {
      const { file } = await configOf(otlp)
      const { code, stderr } = await startProbe(['--config', file]).ended
      expect([code, stderr]).toEqual([2, expect.stringContaining(mistake)])
      expect(stderr).not.toContain('s3cret')
    })
  }
})

/** Says a byte now and then, so that no silence is long. */
async function drip(response: ServerResponse) {
  response.writeHead(200)
  while (!response.destroyed) {
    response.write(' ')
    await sleep(50)
  }
}
