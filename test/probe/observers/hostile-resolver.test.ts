import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { printedReport } from '../../../probe/doctor/print.ts'
import type { DnsObservation } from '../../../probe/facts/observation.ts'
import { observeDns } from '../../../probe/observers/dns.ts'
import { trustIn } from '../../../probe/observers/trust.ts'
import { makeReport } from '../../../probe/rounds/report.ts'
import { round } from '../../../probe/rounds/round.ts'
import type { Watch } from '../../../probe/rounds/watch.ts'
import type { Target } from '../../../probe/target.ts'
import { makeAuthority } from '../../support/certificates.ts'

import { awsTarget, endpointName, host } from '../../support/evidence.ts'
import { hostileReplies } from '../../support/hostile-replies.ts'
import { always, type HostileResolver, startHostileResolver } from '../../support/hostile-resolver.ts'
import { limit } from '../../support/limit.ts'
import { nowhere } from '../../support/nowhere.ts'
import { cname, nxdomain, type Reply, soa } from '../../support/resolver.ts'

const trust = trustIn((await makeAuthority()).cert)
const target: Target = { ...awsTarget, canaries: ['in01-2.aws-us-west-2.vectordb.zillizcloud.com'] }

/** Octets of JSON to which a round comes, whatever a resolver sends; for 200 targets 13 MB. */
const mostOfARound = 64 * 1024

describe('a resolver that sends what it likes', () => {
  let hostile: HostileResolver | undefined
  const resolver = () => {
    if (hostile === undefined) throw new Error('the resolver has not started')
    return hostile
  }
  beforeAll(async () => {
    hostile = await startHostileResolver()
  })
  afterAll(() => hostile?.[Symbol.asyncDispose]())

  const observe = async (reply: Reply | Buffer): Promise<DnsObservation> => {
    await resolver().act(always(host, reply))
    return observeDns({ question: { name: host, type: 'A' }, resolver: resolver().resolver }, limit(1000))
  }
  const look = async (reply: Reply | Buffer, dns = 400) => {
    const bugs: unknown[] = []
    const watch: Watch = {
      target,
      resolvers: [resolver().resolver],
      observeLibc: undefined,
      trust,
      budget: { dns, tcp: 400, tls: 400, application: 400 },
      allowLoopback: false,
      begin: nowhere,
      onBug: bug => bugs.push(bug)
    }
    await resolver().act(always(host, reply))
    return { evidence: await round(watch, new AbortController().signal), bugs }
  }

  test.for(Object.entries(hostileReplies(host)))('%s is an observation, bounded and printable', async ([, reply]) => {
    const { evidence, bugs } = await look(reply, 150)
    expect(bugs).toEqual([])
    const report = makeReport(evidence, { seconds: 1, heldBy: [] })
    expect(JSON.stringify(evidence).length).toBeLessThan(mostOfARound)
    // Names are ASCII, free text is what a reader can see.
    expect(stripVTControlCharacters(printedReport(report, 80)).replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
  })

  const foreign: readonly (readonly [string, string])[] = [
    ['of NULs', '\0'.repeat(40)],
    ['below the host', `${'\0'.repeat(40)}.${host}`],
    ['beside the host', 'us-west-2.vectordb.zillizcloud.com'],
    ['whose name ends like the host', host.slice(3)]
  ]
  test.for(foreign)('an SOA of a private zone %s is not taken as one of the host', async ([, zone]) => {
    const { evidence } = await look(nxdomain(soa(zone)))
    expect(evidence.resolvers).toMatchObject([
      { a: { kind: 'nxdomain', soa: undefined, foreignSoa: { zone } }, misspellings: [] }
    ])
  })

  test.for([host, host.slice(host.indexOf('.') + 1), 'com', ''])('an SOA of the zone "%s" is', async zone => {
    expect(await observe(nxdomain(soa(zone)))).toMatchObject({ soa: { zone }, foreignSoa: undefined })
  })

  test('the case of letters does not make another zone, and other octets have no case', async () => {
    expect(await observe(nxdomain(soa('ZILLIZCLOUD.com')))).toMatchObject({ soa: { zone: 'zillizcloud.com' } })
    expect(await observe(nxdomain(soa('\xc0.com')))).toMatchObject({ soa: undefined, foreignSoa: { zone: '\xc0.com' } })
  })

  test('an SOA of a zone of the host, and not of the one that its alias leads to, is neither', async () => {
    const seen = await observe({ answers: [cname(host, 'one.example')], authorities: [soa('zillizcloud.com')] })
    expect(seen).toMatchObject({ kind: 'nodata', soa: undefined, foreignSoa: undefined })
  })

  test('the names that a slip of the hand would give are asked for as they are, where a private zone lacks the host', async () => {
    const { evidence } = await look(nxdomain(soa('zillizcloud.com')))
    const [{ misspellings } = { misspellings: [] }] = evidence.resolvers
    expect(misspellings.map(({ question }) => question.name)).toContain(`${host} .zillizcloud.com`)
    expect(misspellings.map(({ kind }) => kind)).not.toContain('unaskable')
  })

  test('of thousands of extended errors four are kept', async () => {
    const { 'thousands of extended errors': many, 'extended errors of much text': long } = hostileReplies(host)
    expect(await observe(many ?? {})).toMatchObject({
      errors: Array.from({ length: 4 }, () => ({ code: 22, text: '' }))
    })
    const seen = await observe(long ?? {})
    expect('errors' in seen && seen.errors.map(({ text }) => text.length)).toEqual([200, 200, 200])
  })

  test('of hundreds of aliases the first fifteen and the last are kept, and the address behind them', async () => {
    const { 'three hundred aliases': many } = hostileReplies(host)
    const seen = await observe(many ?? {})
    expect(seen).toMatchObject({ kind: 'answer', addresses: [{ address: '10.0.0.7' }] })
    expect('chain' in seen && seen.chain.map(({ target: to }) => to)).toEqual([
      ...Array.from({ length: 15 }, (_, index) => `n${index}.example`),
      'n299.example'
    ])
  })

  test('of hundreds of addresses 64 are kept, and the rest is counted', async () => {
    const { 'more addresses than fit a page': many } = hostileReplies(host)
    const seen = await observe(many ?? {})
    expect(seen).toMatchObject({ kind: 'answer', unlisted: 192 })
    expect('addresses' in seen && seen.addresses.length).toBe(64)
  })

  test.for([`${'a'.repeat(64)}.example`, 'a..example', `a.${'b.'.repeat(126)}example`, 'é.\u20ac.example', ''])(
    'nothing is sent for "%s", which no question can hold',
    async name => {
      const seen = await observeDns({ question: { name, type: 'A' }, resolver: resolver().resolver }, limit(1000))
      expect(seen).toMatchObject({ kind: 'unaskable', queries: 0 })
    }
  )

  test('an alias of a name that is followed is asked for alone, once', async () => {
    const { 'an alias and nothing else': alias } = hostileReplies(host)
    const seen = await observe(alias ?? {})
    expect(seen).toMatchObject({ kind: 'nodata', followed: { question: { name: 'a\n"b\xff.example', type: 'A' } } })
  })

  test('the endpoint of a target is asked for whatever becomes of its host', async () => {
    const { evidence } = await look({})
    expect(evidence.resolvers[0]?.endpoint.map(({ question }) => question.name)).toEqual([endpointName])
  })
})
