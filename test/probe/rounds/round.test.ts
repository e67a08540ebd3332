import { describe, expect, test } from 'vitest'
import { diagnose } from '../../../probe/cases/diagnose.ts'
import type { Evidence } from '../../../probe/cases/evidence.ts'
import { trustIn } from '../../../probe/observers/trust.ts'
import { queriesOf } from '../../../probe/rounds/ask-resolver.ts'
import type { Budget } from '../../../probe/rounds/budget.ts'
import { round } from '../../../probe/rounds/round.ts'
import type { Watch } from '../../../probe/rounds/watch.ts'
import type { Target } from '../../../probe/target.ts'
import { makeAuthority } from '../../support/certificates.ts'
import { startEndpoint, startTcpServer, startTlsServer } from '../../support/endpoint.ts'
import { awsTarget, endpointName, host } from '../../support/evidence.ts'
import * as h2 from '../../support/http2-frames.ts'
import { a, aaaa, cname, nxdomain, type Script, soa, startResolver } from '../../support/resolver.ts'

const authority = await makeAuthority()
const trust = trustIn(authority.cert)
const identity = await authority.issue([host])
const budget: Budget = { dns: 300, tcp: 300, tls: 300, application: 300 }
const zones = ['vectordb.zillizcloud.com', 'zillizcloud.com'] as const

/** The resolver of a VPC in which the host is an alias of the endpoint. */
const vpc =
  (...addresses: readonly string[]): Script =>
  ({ name, type }) => {
    const isIPv6 = type === 'AAAA'
    const records = (owner: string) =>
      addresses.filter(each => each.includes(':') === isIPv6).map(each => (isIPv6 ? aaaa(owner, each) : a(owner, each)))
    if (name === endpointName) return { answers: records(endpointName) }
    if (name === host) return { answers: [cname(host, endpointName), ...records(endpointName)] }
    return nxdomain(soa('zillizcloud.com', 'ns-1.awsdns-01.org'))
  }

const watch = (port: number, resolvers: Watch['resolvers'], changes: Partial<Watch> = {}): Watch => ({
  target: { ...awsTarget, port },
  resolvers,
  observeLibc: undefined,
  trust,
  budget,
  allowLoopback: true,
  ...changes
})

const never = new AbortController().signal
const judge = (evidence: Evidence) => {
  const { case: judged, findings } = diagnose(evidence)
  return { case: judged.id, findings: findings.map(({ finding }) => finding.id) }
}

describe('a round', () => {
  test('sees all layers of a healthy target, and leaves no connection', async () => {
    await using endpoint = await startEndpoint(identity)
    await using other = await startEndpoint(identity, { place: { address: '127.0.0.2', port: endpoint.port } })
    await using resolver = await startResolver(vpc('127.0.0.2', '127.0.0.1'))
    const evidence = await round(watch(endpoint.port, [resolver.resolver]), never)
    expect(judge(evidence)).toEqual({ case: 'healthy', findings: [] })
    expect(evidence.expected).toEqual(['127.0.0.1', '127.0.0.2'])
    expect(evidence.addresses.map(({ address, path }) => [address, path.reached])).toEqual([
      ['127.0.0.1', 'tls'],
      ['127.0.0.2', 'tls']
    ])
    await expect.poll(() => endpoint.connections.open + other.connections.open).toBe(0)
    expect(resolver.queries.length).toBeLessThanOrEqual(queriesOf(watch(1, [resolver.resolver])))
  })

  test('compares addresses, not their spelling, and asks for the IPv6 addresses of the endpoint if the host has some', async () => {
    await using endpoint = await startEndpoint(identity, { place: { address: '::1' } })
    await using resolver = await startResolver(vpc('0:0:0:0:0:0:0:1'))
    const evidence = await round(watch(endpoint.port, [resolver.resolver]), never)
    expect(judge(evidence)).toEqual({ case: 'healthy', findings: [] })
    expect(evidence.expected).toEqual(['::1'])
  })

  test("knows the endpoint's address from the config on Google Cloud", async () => {
    await using endpoint = await startEndpoint(identity)
    await using resolver = await startResolver(() => ({ answers: [a(host, '127.0.0.3')] }))
    const target: Target = {
      cloud: 'gcp',
      name: 'a/b/c',
      environment: 'a',
      region: 'r',
      host,
      port: endpoint.port,
      endpointAddress: '127.0.0.1'
    }
    const evidence = await round(watch(endpoint.port, [resolver.resolver], { target, allowLoopback: true }), never)
    expect(evidence.expected).toEqual(['127.0.0.1'])
    expect(evidence.addresses.map(({ address, byResolvers }) => [address, byResolvers])).toEqual([
      ['127.0.0.1', false],
      ['127.0.0.3', true]
    ])
  })

  test('asks the resolver at which a private zone lacks the host for misspelt records', async () => {
    await using resolver = await startResolver(({ name }) =>
      name === `${host}.${zones[0]}` ? { answers: [a(name, '127.0.0.1')] } : nxdomain(soa(zones[0]))
    )
    await using other = await startResolver(() => nxdomain(soa(zones[1], 'ns.example')), { name: 'other' })
    const evidence = await round(watch(1, [resolver.resolver, other.resolver]), never)
    expect(judge(evidence).case).toBe('record-name-malformed')
    expect(evidence.resolvers.map(({ misspellings }) => misspellings.map(({ question }) => question.name))).toEqual([
      [
        `${host}.vectordb.zillizcloud.com`,
        `${host} .vectordb.zillizcloud.com`,
        `${host} `,
        'in01-840ec44485bf25d-privatelink.${REGION_ID}.vectordb.zillizcloud.com',
        'in01-840ec44485bf25d-privatelink.us-west-2.vectordb.zillizcloud.com',
        'in01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com'
      ],
      []
    ])
  })

  test('asks for canaries, and finds those that a parent zone hides', async () => {
    const canaries = ['in01-2.aws-us-west-2.vectordb.zillizcloud.com']
    await using endpoint = await startEndpoint(identity)
    await using resolver = await startResolver(query =>
      query.name === host || query.name === endpointName ? vpc('127.0.0.1')(query) : nxdomain(soa(zones[0]))
    )
    const target = { ...awsTarget, port: endpoint.port, canaries }
    expect(judge(await round(watch(endpoint.port, [resolver.resolver], { target }), never))).toEqual({
      case: 'healthy',
      findings: ['parent-zone', 'canary-hidden']
    })
  })

  test('tries no more than eight addresses', async () => {
    const many = Array.from({ length: 12 }, (_, index) => `127.0.0.${index + 1}`)
    await using endpoint = await startEndpoint(identity)
    await using resolver = await startResolver(vpc(...many.toReversed()))
    const { addresses, untried } = await round(watch(endpoint.port, [resolver.resolver]), never)
    expect([addresses.map(({ address }) => address), untried]).toEqual([many.slice(0, 8), many.slice(8)])
  })

  test('connects to nothing where nothing of Zilliz Cloud can be', async () => {
    await using endpoint = await startTcpServer(() => {})
    await using resolver = await startResolver(vpc('127.0.0.1'))
    const evidence = await round(watch(endpoint.port, [resolver.resolver], { allowLoopback: false }), never)
    expect(judge(evidence)).toEqual({ case: 'forbidden-address', findings: [] })
    expect(endpoint.connections.made).toBe(0)
  })

  test('takes no longer than its budget when everything is silent', async () => {
    await using resolver = await startResolver(() => 'drop')
    const start = performance.now()
    const evidence = await round(watch(1, [resolver.resolver]), never)
    expect(judge(evidence).case).toBe('resolver-silent')
    expect(performance.now() - start).toBeLessThan(4 * 300 + 200)
  })

  test('takes a sample of libc along, whatever it is', async () => {
    await using resolver = await startResolver(() => 'drop')
    const libc = { layer: 'dns', seconds: 0.1, at: 1, kind: 'not-known' } as const
    const evidence = await round(watch(1, [resolver.resolver], { observeLibc: async () => libc }), never)
    expect(evidence.libc).toEqual(libc)
  })

  test('ends at once, and leaves no connection, when nobody wants to know any more', async () => {
    await using endpoint = await startTcpServer(() => {})
    await using resolver = await startResolver(vpc('127.0.0.1'))
    const controller = new AbortController()
    const watching = watch(endpoint.port, [resolver.resolver], { budget: { ...budget, tls: 60_000 } })
    const rounding = round(watching, controller.signal)
    await expect.poll(() => endpoint.connections.open).toBe(1)
    controller.abort(new Error('over'))
    await expect(rounding).rejects.toThrow('over')
    await expect.poll(() => endpoint.connections.open).toBe(0)
  })
})

describe('an address on which a server', () => {
  const gcp = (port: number): Target => ({
    cloud: 'gcp',
    name: 'a/b/c',
    environment: 'a',
    region: 'r',
    host,
    port,
    endpointAddress: '127.0.0.1'
  })
  const pathTo = async (port: number) => {
    await using resolver = await startResolver(() => ({ answers: [a(host, '127.0.0.1')] }))
    const evidence = await round(watch(port, [resolver.resolver], { target: gcp(port) }), never)
    return evidence.addresses[0]?.path
  }

  test.for(['TLSv1.2', 'TLSv1.3'] as const)('wants a certificate of its clients over %s says so', async maxVersion => {
    await using server = await startTlsServer(identity, () => {}, {
      tls: { maxVersion, requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] }
    })
    expect(await pathTo(server.port)).toMatchObject(
      maxVersion === 'TLSv1.2'
        ? { reached: 'tcp', tls: { kind: 'alert', certificateRequested: true } }
        : { reached: 'tls', application: { kind: 'alert', alert: 116 } }
    )
    await expect.poll(() => server.connections.open).toBe(0)
  })

  test('hangs up without asking for one does not', async () => {
    await using server = await startTcpServer(socket => socket.once('data', () => socket.end()))
    const path = await pathTo(server.port)
    expect(path?.reached === 'tcp' ? path.tls : undefined).toEqual({
      layer: 'tls',
      seconds: expect.any(Number),
      kind: 'closed'
    })
    expect(server.connections.made).toBe(2)
  })

  const answer = h2.headers({ ':status': '400' }, { last: true })
  const rows: readonly { when: string; sent: readonly Buffer[]; connections: number; sees: object }[] = [
    { when: 'goes away once', sent: [h2.goaway(0, 0), answer], connections: 2, sees: { kind: 'reply', status: 400 } },
    {
      when: 'refuses the stream once',
      sent: [h2.reset(7), answer],
      connections: 2,
      sees: { kind: 'reply', status: 400 }
    },
    {
      when: 'always goes away',
      sent: [h2.goaway(0, 0), h2.goaway(0, 0), answer],
      connections: 2,
      sees: { kind: 'goaway', code: 'NO_ERROR' }
    },
    {
      when: 'fails',
      sent: [h2.reset(2), answer],
      connections: 1,
      sees: { kind: 'stream-reset', code: 'INTERNAL_ERROR' }
    },
    { when: 'answers', sent: [answer], connections: 1, sees: { kind: 'reply', status: 400 } }
  ]
  test.for(rows)('$when is asked on $connections connections', async ({ sent, connections, sees }) => {
    const left = [...sent]
    await using server = await startTlsServer(
      identity,
      connection =>
        connection.once('data', () =>
          connection.write(Buffer.concat([h2.settings, h2.settingsAck, ...left.splice(0, 1)]))
        ),
      { tls: { ALPNProtocols: ['h2'] } }
    )
    expect(await pathTo(server.port)).toMatchObject({ reached: 'tls', application: sees })
    expect(server.connections.made).toBe(connections)
    await expect.poll(() => server.connections.open).toBe(0)
  })
})
