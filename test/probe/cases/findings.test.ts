import { describe, expect, test } from 'vitest'
import { diagnose } from '../../../probe/cases/diagnose.ts'
import type { Evidence, RecentRound } from '../../../probe/cases/evidence.ts'
import { type FindingId, findings } from '../../../probe/cases/findings.ts'
import { clockAheadSeconds, ownFaults } from '../../../probe/cases/own-faults.ts'
import {
  address,
  alike,
  answer,
  apex,
  at,
  awsTarget,
  endpointName,
  established,
  evidence,
  gcpTarget,
  libc,
  nodata,
  nxdomain,
  onlyTcp,
  rcode,
  reply,
  resolver,
  unresolved,
  whole,
  zone
} from '../../support/evidence.ts'

const privateZone = zone('vectordb.zillizcloud.com')
const zonalName = endpointName.replace('.', '-us-west-2a.')
const twoAddresses = ['10.0.1.7', '10.0.2.7']
const each = (took: string) => twoAddresses.map(literal => `${literal} (${took})`)
const canary = 'in01-2.aws-us-west-2.vectordb.zillizcloud.com'
const certificateEndsIn = (days: number) =>
  alike(whole(reply(400), { certificate: { ...established.certificate, notAfter: at + days * 86_400 } }))
const connectedIn = (seconds: number) => alike(whole(reply(400), {}, seconds))
const libcGives = (addresses: readonly string[], seconds = 0.01) =>
  evidence({
    libc: libc({ kind: 'answer', addresses, seconds }),
    addresses: [...new Set([...twoAddresses, ...addresses])].map(literal =>
      address(literal, whole(), { byLibc: addresses.includes(literal), byResolvers: twoAddresses.includes(literal) })
    )
  })

type Row = readonly [when: string, evidence: Evidence, found: Partial<Record<FindingId, readonly string[]>>]

/** A round before, in which this was tried. */
const before = (changes: Partial<RecentRound>): RecentRound => ({
  at,
  symptom: 'none',
  resolvers: { well: [], failed: [] },
  addresses: { well: [], failed: [] },
  ...changes
})
const tried = (name: string, failed: boolean) => (failed ? { well: [], failed: [name] } : { well: [name], failed: [] })

const rows: readonly Row[] = [
  ['all is well', evidence(), {}],
  [
    'an address failed in some of the rounds before',
    evidence({ recent: ['.', 'x', '.', 'x'].map(sign => before({ addresses: tried('10.0.2.7', sign === 'x') })) }),
    { intermittent: ['10.0.2.7'] }
  ],
  [
    'a resolver failed in some of the rounds before, and clients noticed nothing',
    evidence({ recent: ['.', 'x', '.', 'x'].map(sign => before({ resolvers: tried('vpc', sign === 'x') })) }),
    { 'resolver-intermittent': ['vpc'] }
  ],
  ['all is well on Google Cloud', evidence({ target: gcpTarget, expected: ['10.0.1.7', '10.0.2.7'] }), {}],

  [
    'a private zone answers for the domain',
    evidence({ resolvers: [resolver({ domain: nxdomain(privateZone) })] }),
    { 'parent-zone': ['vectordb.zillizcloud.com'] }
  ],
  [
    'a private zone is the domain',
    evidence({ resolvers: [resolver({ domain: apex(privateZone) })] }),
    { 'parent-zone': ['vectordb.zillizcloud.com'] }
  ],
  [
    'a private zone hides a canary',
    evidence({ resolvers: [resolver({ canaries: [nxdomain(privateZone)] })] }),
    { 'canary-hidden': [canary] }
  ],
  [
    'a wildcard in the private zone leads a canary to the endpoint',
    evidence({ resolvers: [resolver({ canaries: [answer(['10.0.1.7', '10.0.2.7'])] })] }),
    { 'canary-misdirected': [canary] }
  ],
  [
    'a canary has an address of its own',
    evidence({ resolvers: [resolver({ canaries: [answer(['203.0.113.9'])] })] }),
    {}
  ],
  ['a canary does not exist at all', evidence({ resolvers: [resolver({ canaries: [nxdomain()] })] }), {}],
  [
    'an address too many',
    evidence({ addresses: [address('10.0.1.7'), address('10.0.2.7'), address('10.9.9.9')] }),
    { 'unexpected-address': ['10.9.9.9'] }
  ],
  [
    'an address too many, where nothing answers',
    evidence({
      addresses: [address('10.0.1.7'), address('10.0.2.7'), address('10.9.9.9', onlyTcp({ kind: 'timeout' }))]
    }),
    { 'stale-address': ['10.9.9.9'] }
  ],
  [
    'an address of the endpoint that was not tried, because the host has too many addresses',
    evidence({ addresses: [address('10.0.1.7')], untried: ['10.0.2.7'] }),
    { 'addresses-untried': ['10.0.2.7'] }
  ],
  [
    'an IPv6 address on a machine without IPv6',
    evidence({
      expected: ['10.0.1.7', 'fd00::7'],
      addresses: [address('10.0.1.7'), address('fd00::7', onlyTcp({ kind: 'unreachable', code: 'EADDRNOTAVAIL' }))]
    }),
    { 'address-without-route': ['fd00::7'] }
  ],
  [
    'libc resolves the host, and the only resolver does not',
    evidence({
      resolvers: [resolver({ a: nxdomain(), aaaa: nxdomain() })],
      addresses: twoAddresses.map(literal => address(literal, whole(), { byLibc: true }))
    }),
    { 'resolver-without-answer': ['vpc'] }
  ],
  [
    'the certificate has a common name only',
    alike(whole(reply(400), { certificate: { ...established.certificate, coversHost: 'common-name' } })),
    { 'certificate-by-common-name': twoAddresses }
  ],
  [
    'an authority that only this system trusts signed the certificate',
    alike(whole(reply(400), { trustedBy: 'system' })),
    { 'tls-inspected': twoAddresses }
  ],
  [
    'an address too few',
    evidence({ addresses: [address('10.0.1.7'), address('10.0.2.7', whole(), false)], libc: undefined }),
    { 'endpoint-address-left-out': ['10.0.2.7'] }
  ],
  [
    'an alias of a name of one zone',
    evidence({ resolvers: [resolver({ a: answer(twoAddresses, zonalName) })] }),
    { 'zonal-record': [zonalName] }
  ],
  [
    'a TTL of a day',
    evidence({ resolvers: [resolver({ a: answer(twoAddresses, endpointName, 86_400) })] }),
    { 'long-ttl': ['vpc'] }
  ],
  [
    'resolvers disagree',
    evidence({ resolvers: [resolver(), resolver({ name: 'other', a: answer(['10.0.1.7']) })] }),
    { 'resolvers-disagree': ['other'] }
  ],
  [
    'resolvers agree in another order',
    evidence({ resolvers: [resolver(), resolver({ name: 'other', a: answer(twoAddresses.toReversed()) })] }),
    {}
  ],
  [
    'one resolver has no answer',
    evidence({ resolvers: [resolver(), resolver({ name: 'other', a: nxdomain(), aaaa: nxdomain() })] }),
    { 'resolver-without-answer': ['other'] }
  ],
  [
    'one resolver removes private addresses, of the host and of the endpoint',
    evidence({
      resolvers: [resolver(), resolver({ name: 'other', a: nodata('no soa'), endpoint: [nodata('no soa')] })]
    }),
    { 'resolver-removes-addresses': ['other'] }
  ],
  [
    'one resolver also gives what DNS64 made of the same addresses',
    evidence({
      resolvers: [resolver(), resolver({ name: 'other', aaaa: answer(['64:ff9b::a00:107', '2001:db8:64::a00:207']) })],
      addresses: [...twoAddresses, '2001:db8:64::a00:207', '64:ff9b::a00:107'].map(literal => address(literal))
    }),
    { 'synthesized-address': ['2001:db8:64::a00:207', '64:ff9b::a00:107'] }
  ],
  [
    'one resolver also gives what DNS64 made of another address',
    evidence({ resolvers: [resolver(), resolver({ name: 'other', aaaa: answer(['64:ff9b::a00:307']) })] }),
    { 'resolvers-disagree': ['other'] }
  ],
  [
    'the endpoint has an address of class E',
    evidence({ expected: ['240.0.0.7'], addresses: [address('240.0.0.7')] }),
    { 'experimental-address': ['240.0.0.7'] }
  ],

  [
    'a query was lost',
    evidence({
      resolvers: [
        resolver({ a: { ...answer(twoAddresses), resent: 1, seconds: 0.7, answered: { query: 2, withOptions: true } } })
      ]
    }),
    { 'query-lost': ['vpc'] }
  ],
  [
    'all queries were lost',
    unresolved(resolver({ a: { kind: 'timeout', resent: 2 }, aaaa: { kind: 'timeout', resent: 2 } })),
    { 'endpoint-answers': twoAddresses }
  ],
  [
    'a resolver is slow',
    evidence({ resolvers: [resolver({ a: { ...answer(twoAddresses), seconds: 0.6 } })] }),
    { 'resolver-slow': ['vpc (600 ms)'] }
  ],
  [
    'the first query is answered after the second was sent',
    evidence({
      resolvers: [
        resolver({ a: { ...answer(twoAddresses), resent: 1, seconds: 0.7, answered: { query: 1, withOptions: true } } })
      ]
    }),
    { 'resolver-slow': ['vpc (700 ms)'] }
  ],
  [
    'only the query without EDNS is answered',
    evidence({
      resolvers: [
        resolver({
          a: { ...answer(twoAddresses), resent: 2, seconds: 1.6, answered: { query: 3, withOptions: false } }
        })
      ]
    }),
    { 'edns-dropped': ['vpc'] }
  ],
  [
    'a query with EDNS is answered with FORMERR, and one without with an address',
    evidence({
      resolvers: [resolver({ a: { ...answer(twoAddresses), queries: 2, answered: { query: 2, withOptions: false } } })]
    }),
    {}
  ],
  [
    'somebody else replies as well',
    evidence({ resolvers: [resolver({ a: { ...answer(twoAddresses), strays: 1 } })] }),
    { 'stray-replies': ['vpc'] }
  ],
  [
    'questions for IPv6 are dropped',
    evidence({ resolvers: [resolver({ aaaa: { kind: 'timeout' } })] }),
    { 'aaaa-unanswered': ['vpc'] }
  ],
  [
    'questions for IPv6 fail',
    evidence({ resolvers: [resolver({ aaaa: rcode('SERVFAIL') })] }),
    { 'aaaa-fails': ['vpc'] }
  ],
  [
    'questions for IPv6 are refused',
    evidence({ resolvers: [resolver({ aaaa: rcode('REFUSED') })] }),
    { 'aaaa-fails': ['vpc'] }
  ],
  [
    'the host does not exist for IPv6',
    evidence({ resolvers: [resolver({ aaaa: nxdomain() })] }),
    { 'aaaa-fails': ['vpc'] }
  ],
  [
    'libc has an address of its own',
    libcGives(['10.0.1.7', '192.168.7.7']),
    { 'unexpected-address': ['192.168.7.7'], 'libc-differs': ['192.168.7.7'] }
  ],
  ['libc has fewer addresses', libcGives(['10.0.1.7']), {}],
  ['libc is slow', libcGives(twoAddresses, 3), { 'libc-slow': ['libc (3.0 s)'] }],
  [
    'libc has no answer yet',
    evidence({ libc: libc({ kind: 'pending', seconds: 2 }) }),
    { 'libc-slow': ['libc (2.0 s)'] }
  ],

  [
    'one address is dead',
    evidence({ addresses: [address('10.0.1.7'), address('10.0.2.7', onlyTcp({ kind: 'timeout' }))] }),
    { 'address-fails': ['10.0.2.7'] }
  ],
  [
    'one address is forbidden',
    evidence({
      expected: undefined,
      libc: undefined,
      addresses: [address('10.0.1.7'), address('127.0.0.1', onlyTcp({ kind: 'forbidden', refusal: 'loopback' }))]
    }),
    { 'address-fails': ['127.0.0.1'] }
  ],
  [
    'one address has a bad certificate',
    evidence({
      addresses: [address('10.0.1.7'), address('10.0.2.7', whole(reply(400), { chainError: 'CERT_HAS_EXPIRED' }))]
    }),
    { 'address-fails': ['10.0.2.7'] }
  ],
  [
    'the host does not resolve, but the endpoint works',
    unresolved(resolver({ a: nxdomain(), aaaa: nxdomain() })),
    { 'endpoint-answers': twoAddresses }
  ],
  ['connecting took a second and a round trip', connectedIn(1.02), { 'syn-retransmitted': twoAddresses }],
  ['connecting took two seconds and a round trip', connectedIn(2.05), { 'syn-retransmitted': twoAddresses }],
  ['connecting took three seconds and a round trip', connectedIn(3.1), { 'syn-retransmitted': twoAddresses }],
  ['connecting took 0.4 seconds', connectedIn(0.4), { 'connect-slow': each('400 ms') }],
  ['connecting took 1.6 seconds', connectedIn(1.6), { 'connect-slow': each('1.6 s') }],
  ['the handshake took 1.2 seconds', alike(whole(reply(400), { seconds: 1.2 })), { 'handshake-slow': each('1.2 s') }],
  ['the reply took 1.2 seconds', alike(whole(reply(400, { seconds: 1.2 }))), { 'reply-slow': each('1.2 s') }],
  ['the certificate ends in 20 days', certificateEndsIn(20), { 'certificate-ends-soon': twoAddresses }],
  ['the certificate ends in 22 days', certificateEndsIn(22), {}],
  ['status 405', alike(whole(reply(405))), { 'unusual-status': twoAddresses }],
  ['a gRPC reply with status 415', alike(whole(reply(415, { grpc: true }))), {}],
  ['more addresses than are tried', evidence({ untried: ['10.0.9.7'] }), { 'addresses-untried': ['10.0.9.7'] }],
  [
    'IPv6 addresses, and no record of type A',
    evidence({ resolvers: [resolver({ a: nodata(), aaaa: answer(twoAddresses) })] }),
    {}
  ]
]

describe('what is found', () => {
  test.for(rows.map(([when, given, found]) => ({ when, given, found })))('$when: $found', ({ given, found }) => {
    const seen = diagnose(given).findings.map(({ finding, about }) => [finding.id, about])
    expect(Object.fromEntries(seen)).toEqual(found)
  })

  test('every finding has a row here', () => {
    expect(new Set(rows.flatMap(([, , found]) => Object.keys(found)))).toEqual(new Set(findings.map(({ id }) => id)))
  })
})

describe('what the probe itself has', () => {
  test('no fault, and the right time', () => {
    expect(ownFaults(evidence())).toEqual([])
    expect(clockAheadSeconds(evidence())).toBeCloseTo(0, 0)
  })

  test('no file descriptors', () => {
    const fault = { kind: 'own-fault', code: 'EMFILE' } as const
    expect(ownFaults(unresolved(resolver({ a: fault, domain: fault })))).toEqual(['EMFILE'])
    expect(ownFaults(alike(onlyTcp({ kind: 'own-fault', code: 'EADDRNOTAVAIL' })))).toEqual(['EADDRNOTAVAIL'])
  })

  test('a clock that is an hour ahead of the servers', () => {
    expect(clockAheadSeconds(alike(whole(reply(400, { date: at - 3600 }))))).toBeCloseTo(3600, 0)
    expect(clockAheadSeconds(alike(onlyTcp({ kind: 'timeout' })))).toBe(undefined)
  })
})

test('a target of either cloud is judged alike', () => {
  expect(diagnose(evidence({ target: gcpTarget }))).toEqual(diagnose(evidence({ target: awsTarget })))
})
