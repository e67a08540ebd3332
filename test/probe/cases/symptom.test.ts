import { describe, expect, test } from 'vitest'
import type { Evidence } from '../../../probe/cases/evidence.ts'
import { symptomOf } from '../../../probe/cases/symptom.ts'
import { type Symptom, symptoms } from '../../../probe/cases/symptoms.ts'
import {
  address,
  alike,
  answer,
  apex,
  type DnsSeen,
  endpointName,
  established,
  evidence,
  host,
  libc,
  nodata,
  nxdomain,
  onlyTcp,
  onlyTls,
  publicZone,
  rcode,
  reply,
  resolver,
  unresolved,
  whole
} from '../../support/evidence.ts'

/** Each reply that was put to glibc 2.36, with default options and one resolver. */
const replies = {
  answer: answer(['10.0.1.7']),
  nodata: nodata(),
  nxdomain: nxdomain(),
  servfail: rcode('SERVFAIL'),
  refused: rcode('REFUSED'),
  formerr: rcode('FORMERR'),
  silence: { kind: 'timeout' },
  loop: {
    kind: 'alias-loop',
    chain: [{ name: host, target: host, ttl: 60 }],
    errors: [],
    authoritative: false,
    recursionAvailable: true
  },
  'alias alone': nodata('no soa', endpointName),
  'alias of no name': nxdomain(publicZone, endpointName),
  'alias of a name without address': nodata(publicZone, endpointName),
  truncated: { kind: 'truncated', tcp: 'refused' },
  garbage: { kind: 'malformed', flaw: 'other-question' },
  'a cut record': { kind: 'malformed', flaw: 'cut-short' },
  'a zone': apex(publicZone)
} as const satisfies Record<string, DnsSeen>

const works = 'none'
const unknownName = 'name_or_service_not_known'
const noAddress = 'no_address_associated_with_hostname'
const temporary = 'temporary_failure_in_name_resolution'

/** What glibc printed for a reply to A and a reply to AAAA. */
const printed: readonly (readonly [keyof typeof replies, keyof typeof replies, Symptom])[] = [
  ['answer', 'answer', works],
  ['answer', 'nodata', works],
  ['answer', 'nxdomain', works],
  ['answer', 'servfail', works],
  ['answer', 'refused', works],
  ['answer', 'silence', works],
  ['answer', 'loop', works],
  ['answer', 'truncated', temporary],
  ['nodata', 'answer', works],
  ['nodata', 'nodata', noAddress],
  ['nodata', 'nxdomain', unknownName],
  ['nodata', 'servfail', noAddress],
  ['nodata', 'refused', noAddress],
  ['nodata', 'formerr', unknownName],
  ['nodata', 'silence', noAddress],
  ['nxdomain', 'answer', works],
  ['nxdomain', 'nodata', unknownName],
  ['nxdomain', 'nxdomain', unknownName],
  ['nxdomain', 'servfail', unknownName],
  ['nxdomain', 'silence', unknownName],
  ['servfail', 'answer', works],
  ['servfail', 'nodata', noAddress],
  ['servfail', 'nxdomain', unknownName],
  ['servfail', 'servfail', temporary],
  ['servfail', 'silence', temporary],
  ['refused', 'answer', works],
  ['refused', 'nodata', noAddress],
  ['refused', 'servfail', temporary],
  ['formerr', 'nodata', unknownName],
  ['formerr', 'servfail', unknownName],
  ['silence', 'answer', temporary],
  ['silence', 'nodata', temporary],
  ['silence', 'silence', temporary],
  ['loop', 'loop', unknownName],
  ['loop', 'servfail', unknownName],
  ['alias alone', 'alias alone', unknownName],
  ['alias of no name', 'alias of no name', unknownName],
  ['alias of a name without address', 'alias of a name without address', unknownName],
  ['truncated', 'answer', temporary],
  ['truncated', 'truncated', temporary],
  ['garbage', 'answer', temporary],
  ['garbage', 'garbage', temporary],
  ['a cut record', 'nodata', unknownName],
  ['a zone', 'nodata', noAddress]
]

const fromResolver = (a: DnsSeen, aaaa: DnsSeen): Evidence =>
  evidence({
    resolvers: [resolver({ a, aaaa })],
    libc: undefined,
    addresses: [address('10.0.1.7', whole(), { byResolvers: true })]
  })

describe('what a client prints that resolves by one resolver', () => {
  test.for(printed)('A: %s, AAAA: %s, symptom %s', ([a, aaaa, symptom]) => {
    expect(symptomOf(fromResolver(replies[a], replies[aaaa]))).toBe(symptom)
  })
})

describe('what a client prints that has a second resolver', () => {
  const good = resolver({ name: 'second' })
  const behind = (a: DnsSeen, aaaa: DnsSeen) =>
    evidence({
      resolvers: [resolver({ a, aaaa }), good],
      libc: undefined,
      addresses: [address('10.0.1.7', whole(), { byResolvers: true })]
    })

  test.for(['servfail', 'refused', 'silence', 'garbage'] as const)('goes on to it after %s', first => {
    expect(symptomOf(behind(replies[first], replies[first]))).toBe('none')
  })

  test('goes on to it where the first cannot be reached', () => {
    expect(symptomOf(behind({ kind: 'refused' }, { kind: 'refused' }))).toBe('none')
    const unreachable: DnsSeen = { kind: 'unreachable', code: 'ENETUNREACH' }
    expect(symptomOf(behind(unreachable, unreachable))).toBe('none')
  })

  test.for([
    ['nxdomain', 'nxdomain', unknownName],
    ['nodata', 'nodata', noAddress],
    ['servfail', 'nodata', noAddress],
    ['formerr', 'formerr', unknownName],
    ['truncated', 'truncated', temporary],
    ['loop', 'loop', unknownName]
  ] as const)('does not go on to it after %s and %s', ([a, aaaa, symptom]) => {
    expect(symptomOf(behind(replies[a], replies[aaaa]))).toBe(symptom)
  })
})

const elsewhere = (literal: string, path = whole()) =>
  evidence({
    resolvers: [resolver({ a: answer([literal]) })],
    libc: libc({ kind: 'answer', addresses: [literal] }),
    addresses: [address(literal, path)]
  })
const otherName = whole(reply(200), { certificate: { ...established.certificate, coversHost: false } })
const withoutRoute = onlyTcp({ kind: 'unreachable', code: 'ENETUNREACH' })
const rejected = onlyTcp({ kind: 'unreachable', code: 'EHOSTUNREACH' })
const application = (seen: Parameters<typeof whole>[0]) => alike(whole(seen))

const rows: readonly (readonly [when: string, evidence: Evidence, symptom: Symptom])[] = [
  ['all is well', evidence(), 'none'],
  [
    'another endpoint answers with a certificate for another name',
    elsewhere('10.20.9.9', otherName),
    'certificate_rejected'
  ],
  ['the only address is IPv6, and there is no route', elsewhere('fd00::1', withoutRoute), 'network_is_unreachable'],
  ['another private address refuses', elsewhere('10.20.9.9', onlyTcp({ kind: 'refused' })), 'connection_refused'],
  ['a router rejects', elsewhere('10.20.9.9', rejected), 'no_route_to_host'],
  ['nothing answers at another address', elsewhere('10.20.9.9', onlyTcp({ kind: 'timeout' })), 'timeout'],
  ['a public address answers', elsewhere('203.0.113.9'), 'not_private'],
  ['nothing answers at a public address', elsewhere('203.0.113.9', onlyTcp({ kind: 'timeout' })), 'timeout'],
  ['another endpoint answers', elsewhere('10.20.9.9'), 'not_private'],
  [
    'libc resolves the host, whatever the resolver says',
    evidence({
      resolvers: [resolver({ a: nxdomain(), aaaa: nxdomain() })],
      addresses: [address('10.0.1.7', whole(), { byLibc: true })]
    }),
    'none'
  ],
  [
    'libc does not know the host, whatever the resolver says',
    evidence({ libc: libc({ kind: 'not-known' }) }),
    unknownName
  ],
  ['libc knows no address', evidence({ libc: libc({ kind: 'no-address' }) }), noAddress],
  ['libc fails', evidence({ libc: libc({ kind: 'temporary-failure' }) }), temporary],
  ['libc fails oddly', evidence({ libc: libc({ kind: 'failure', code: 'EAI_SYSTEM' }) }), temporary],
  ['libc hangs for longer than it waits', evidence({ libc: libc({ kind: 'pending', seconds: 12 }) }), temporary],
  ['libc has not answered yet', evidence({ libc: libc({ kind: 'pending', seconds: 2 }) }), 'none'],
  [
    'libc leads elsewhere than the resolvers',
    evidence({
      libc: libc({ kind: 'answer', addresses: ['10.9.9.9'] }),
      addresses: [
        address('10.0.1.7', whole(), { byResolvers: true }),
        address('10.9.9.9', onlyTcp({ kind: 'timeout' }), { byLibc: true })
      ]
    }),
    'timeout'
  ],
  [
    'one of two addresses is dead',
    evidence({ addresses: [address('10.0.1.7'), address('10.0.2.7', onlyTcp({ kind: 'timeout' }))] }),
    'none'
  ],
  [
    'the host does not resolve, though the endpoint works',
    unresolved(resolver({ a: nxdomain(), aaaa: nxdomain() })),
    unknownName
  ],
  [
    'the address is loopback',
    elsewhere('127.0.0.1', onlyTcp({ kind: 'forbidden', refusal: 'loopback' })),
    'connection_refused'
  ],
  ['a connection is reset', alike(onlyTcp({ kind: 'reset' })), 'connection_reset'],
  ['the handshake is reset', alike(onlyTls({ kind: 'reset' })), 'connection_reset'],
  ['the handshake gets no answer', alike(onlyTls({ kind: 'timeout' })), 'timeout'],
  ['the server refuses the handshake', alike(onlyTls({ kind: 'alert', alert: 40 })), 'protocol_error'],
  ['the certificate is expired', alike(whole(reply(400), { chainError: 'CERT_HAS_EXPIRED' })), 'certificate_rejected'],
  ['HTTP/2 is not offered', alike(whole(reply(400), { alpn: undefined })), 'protocol_error'],
  ['the gRPC service is unavailable', application(reply(200, { grpc: true, grpcStatus: 14 })), 'service_error'],
  ['status 503', application(reply(503)), 'service_error'],
  ['a redirect', application(reply(302)), 'protocol_error'],
  [
    'HTTP/2 resets the request',
    application({ layer: 'application', seconds: 0.1, kind: 'stream-reset', code: 'REFUSED_STREAM' }),
    'service_error'
  ],
  [
    'HTTP/2 ends the connection',
    application({ layer: 'application', seconds: 0.1, kind: 'goaway', code: 'NO_ERROR' }),
    'service_error'
  ],
  ['the probe could not connect', alike(onlyTcp({ kind: 'own-fault', code: 'EMFILE' })), 'unknown'],
  [
    'the probe could not ask',
    unresolved(resolver({ a: { kind: 'own-fault', code: 'EMFILE' }, aaaa: { kind: 'own-fault', code: 'EMFILE' } })),
    'unknown'
  ]
]

describe('what a client prints', () => {
  test.for(rows.map(([when, given, symptom]) => ({ when, given, symptom })))(
    '$when: $symptom',
    ({ given, symptom }) => {
      expect(symptomOf(given)).toBe(symptom)
    }
  )

  test('every symptom has a row here', () => {
    expect(new Set(rows.map(([, , symptom]) => symptom))).toEqual(new Set(symptoms))
  })
})
