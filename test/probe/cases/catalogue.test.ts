import { describe, expect, test } from 'vitest'
import type { Severity } from '../../../probe/cases/case.ts'
import { type CaseId, catalogue } from '../../../probe/cases/catalogue.ts'
import { diagnose } from '../../../probe/cases/diagnose.ts'
import type { Evidence } from '../../../probe/cases/evidence.ts'
import { findings } from '../../../probe/cases/findings.ts'
import { allClouds } from '../../../probe/clouds.ts'
import type { Target } from '../../../probe/target.ts'
import {
  address,
  alike,
  answer,
  apex,
  at,
  awsTarget,
  type DnsSeen,
  dns,
  endpointName,
  established,
  evidence,
  host,
  libc,
  linkTo,
  nodata,
  nxdomain,
  onlyTcp,
  onlyTls,
  rcode,
  reply,
  resolver,
  unresolved,
  whole,
  zone
} from '../../support/evidence.ts'
import { byEndpointName, examples } from '../../support/examples.ts'

const privateZone = zone('vectordb.zillizcloud.com')
const { cloud, name, environment, region, port } = awsTarget
/** As doctor makes it of a host alone. */
const withoutIds = { cloud, name, environment, region, host, port } as Target
const twoAddresses = ['10.0.1.7', '10.0.2.7']
const aliasLoop: DnsSeen = {
  kind: 'alias-loop',
  chain: [{ name: host, target: host, ttl: 60 }],
  errors: [],
  authoritative: false,
  recursionAvailable: true
}
const blocked = { ...nxdomain(), errors: [{ code: 15, text: 'Blocked' }] }
const certificate = (changes: Partial<typeof established.certificate>) =>
  alike(whole(reply(400), { certificate: { ...established.certificate, ...changes } }))
const elsewhere = (literal: string, path = whole()) =>
  evidence({ resolvers: [resolver({ a: answer([literal]) })], libc: undefined, addresses: [address(literal, path)] })
const libcFails = (kind: 'not-known' | 'temporary-failure', age: number) =>
  evidence({ libc: libc({ kind, at: at - age }) })

const rows: readonly (readonly [when: string, evidence: Evidence, id: CaseId])[] = [
  ['all is well', evidence(), 'healthy'],
  [
    'one of two addresses is well',
    evidence({ addresses: [address('10.0.1.7'), address('10.0.2.7', onlyTcp({ kind: 'timeout' }))] }),
    'healthy'
  ],
  [
    'one of two resolvers answers',
    evidence({ resolvers: [resolver({ a: { kind: 'timeout' } }), resolver({ name: 'other' })] }),
    'healthy'
  ],
  [
    'only IPv6 addresses are there',
    evidence({
      resolvers: [resolver({ a: nodata(), aaaa: answer(['fd00::7']) })],
      libc: undefined,
      expected: ['fd00::7'],
      addresses: [address('fd00::7')]
    }),
    'healthy'
  ],
  [
    'nothing tells which addresses are right, but they are private',
    evidence({ expected: undefined, resolvers: [resolver({ endpoint: [{ kind: 'timeout' }] })] }),
    'healthy'
  ],
  [
    'a public address is what the endpoint has',
    evidence({ expected: ['203.0.113.7'], addresses: [address('203.0.113.7')] }),
    'healthy'
  ],
  ['the server replies with a gRPC status', alike(whole(reply(200, { grpc: true, grpcStatus: 16 }))), 'healthy'],
  ['the gRPC service is unavailable', alike(whole(reply(200, { grpc: true, grpcStatus: 14 }))), 'service-error'],
  ['status 503 with the content type of gRPC', alike(whole(reply(503, { grpc: true }))), 'service-error'],

  ['NXDOMAIN with an extended error that says blocked', unresolved(resolver({ a: blocked })), 'name-blocked'],
  [
    'NXDOMAIN with the SOA of a zone that the host is not in',
    unresolved(resolver({ a: { ...nxdomain('no soa'), foreignSoa: zone('rpz.example', 'rpz.example') } })),
    'name-blocked'
  ],
  ['an alias leads back to the host', unresolved(resolver({ a: aliasLoop })), 'alias-loop'],
  [
    'an alias leads to a name that does not exist',
    unresolved(resolver({ a: nxdomain(zone('amazonaws.com'), 'vpce-gone.amazonaws.com') })),
    'dangling-cname'
  ],
  [
    'a private zone has the record under a misspelt name',
    unresolved(resolver({ a: nxdomain(privateZone), misspellings: [nxdomain(privateZone), answer(['10.0.1.7'])] })),
    'record-name-malformed'
  ],
  [
    'a misspelt record leads nowhere',
    unresolved(
      resolver({ a: nxdomain(privateZone), misspellings: [nxdomain(privateZone, 'vpce-gone.amazonaws.com')] })
    ),
    'record-name-malformed'
  ],
  [
    'a private zone has no record',
    unresolved(resolver({ a: nxdomain(privateZone), misspellings: [nxdomain(privateZone)] })),
    'record-missing'
  ],
  [
    'NXDOMAIN without SOA, but a private zone answers for the domain',
    unresolved(resolver({ a: nxdomain('no soa'), domain: apex(privateZone) })),
    'record-missing'
  ],
  [
    "a private zone of another server's has no record",
    unresolved(resolver({ a: nxdomain(zone('vectordb.zillizcloud.com', 'ns1.corp.example')) })),
    'record-missing'
  ],
  [
    'a public zone below the domain has no such name',
    unresolved(resolver({ a: nxdomain(zone('vectordb.zillizcloud.com', 'ns-7.awsdns-07.com')) })),
    'zone-not-visible'
  ],
  ['the public zone has no such name', unresolved(resolver({ a: nxdomain() })), 'zone-not-visible'],
  [
    'one resolver says NXDOMAIN, another nothing',
    unresolved(resolver({ a: { kind: 'timeout' } }), resolver({ a: nxdomain(), name: 'other' })),
    'zone-not-visible'
  ],
  [
    'the name has no address, nor does the endpoint exist',
    unresolved(resolver({ a: nodata(privateZone), endpoint: [nxdomain()] })),
    'endpoint-gone'
  ],
  [
    'an alias leads to a name without address',
    unresolved(resolver({ a: nodata(privateZone, 'vpce-1.amazonaws.com') })),
    'cname-without-address'
  ],
  [
    'the resolver does not follow an alias that it resolves',
    unresolved(resolver({ a: { ...nodata('no soa', endpointName), followed: dns(answer(['10.0.1.7'])) } })),
    'aliases-not-followed'
  ],
  [
    'the resolver cannot follow an alias',
    unresolved(resolver({ a: { ...nodata('no soa', endpointName), followed: dns(rcode('REFUSED')) } })),
    'aliases-not-followed'
  ],
  [
    'host and endpoint have no address, other names do, and no zone says so',
    unresolved(resolver({ a: nodata('no soa'), aaaa: nodata('no soa'), endpoint: [nodata('no soa')] })),
    'rebind-protection'
  ],
  [
    'host and endpoint are refused, and other names are not',
    unresolved(resolver({ a: rcode('REFUSED'), aaaa: rcode('REFUSED'), endpoint: [rcode('REFUSED')] })),
    'rebind-protection'
  ],
  [
    'host and endpoint fail for IPv4 alone',
    unresolved(resolver({ a: rcode('SERVFAIL'), aaaa: nodata(), endpoint: [rcode('SERVFAIL')] })),
    'rebind-protection'
  ],
  [
    'the host is an alias of the endpoint, whose address was removed from both',
    unresolved(
      resolver({
        a: { ...nodata('no soa', endpointName), followed: dns(nodata('no soa')) },
        endpoint: [nodata('no soa')]
      })
    ),
    'rebind-protection'
  ],
  [
    'no name of the endpoint is known, and the zone speaks for IPv6 addresses alone',
    unresolved(resolver({ a: nodata('no soa'), aaaa: nodata(privateZone), endpoint: [] })),
    'rebind-protection'
  ],
  [
    'no name of the endpoint is known, and no zone speaks',
    unresolved(resolver({ a: nodata('no soa'), aaaa: nodata('no soa'), endpoint: [] })),
    'no-address-record'
  ],
  ['the name has no address', unresolved(resolver({ a: nodata(privateZone) })), 'no-address-record'],

  [
    'the answer is truncated and TCP fails',
    unresolved(resolver({ a: { kind: 'truncated', tcp: 'timeout' } })),
    'dns-tcp-blocked'
  ],
  ['validation fails', unresolved(resolver({ a: rcode('SERVFAIL', 6) })), 'dnssec-bogus'],
  ['SERVFAIL for the host alone', unresolved(resolver({ a: rcode('SERVFAIL') })), 'forwarding-broken'],
  ['silence for the host alone', unresolved(resolver({ a: { kind: 'timeout' } })), 'forwarding-broken'],
  [
    'silence for the host, and an answer for its domain alone',
    unresolved(resolver({ a: { kind: 'timeout' }, endpoint: [] })),
    'forwarding-broken'
  ],
  [
    'SERVFAIL for everything',
    unresolved(resolver({ a: rcode('SERVFAIL'), domain: rcode('SERVFAIL'), endpoint: [rcode('SERVFAIL')] })),
    'resolver-fails'
  ],
  ['REFUSED', unresolved(resolver({ a: rcode('REFUSED') })), 'resolver-refuses'],
  [
    'everything is refused',
    unresolved(resolver({ a: rcode('REFUSED'), domain: rcode('REFUSED'), endpoint: [rcode('REFUSED')] })),
    'resolver-refuses'
  ],
  ['FORMERR', unresolved(resolver({ a: rcode('FORMERR') })), 'resolver-errs'],
  [
    'messages that cannot be read',
    unresolved(resolver({ a: { kind: 'malformed', flaw: 'cut-short' } })),
    'resolver-errs'
  ],
  ['a closed port', unresolved(resolver({ a: { kind: 'refused' } })), 'resolver-port-closed'],
  [
    'no way to the resolver',
    unresolved(resolver({ a: { kind: 'unreachable', code: 'ENETUNREACH' } })),
    'resolver-unreachable'
  ],
  [
    'silence for everything',
    unresolved(resolver({ a: { kind: 'timeout' }, domain: { kind: 'timeout' }, endpoint: [{ kind: 'timeout' }] })),
    'resolver-silent'
  ],
  ['libc says that there is no such name', libcFails('not-known', 5), 'libc-knows-no-such-name'],
  ['libc cannot resolve', libcFails('temporary-failure', 5), 'libc-cannot-resolve'],
  [
    'libc could not resolve, in a sample that is still valid',
    libcFails('temporary-failure', 59),
    'libc-cannot-resolve'
  ],
  [
    'libc has had no answer for as long as it waits',
    evidence({ libc: libc({ kind: 'pending', seconds: 10 }) }),
    'libc-cannot-resolve'
  ],
  ['libc has no valid sample', evidence({ libc: undefined }), 'healthy'],

  ['loopback', elsewhere('127.0.0.1', onlyTcp({ kind: 'forbidden', refusal: 'loopback' })), 'forbidden-address'],
  ['a public address that works', elsewhere('203.0.113.9'), 'resolves-public'],
  ['a public address that does not work', elsewhere('203.0.113.9', onlyTcp({ kind: 'timeout' })), 'resolves-public'],
  [
    'IPv6 addresses of a VPC, while the endpoint does not tell its own',
    evidence({ addresses: [address('10.0.1.7'), address('2600:1f14::7')] }),
    'healthy'
  ],
  [
    'an IPv6 address that is not among those the endpoint tells',
    evidence({
      resolvers: [{ ...resolver(), endpoint: [dns(answer(['2600:1f14::7']), 'vpce-1.example', 'AAAA')] }],
      expected: ['10.0.1.7', '2600:1f14::7'],
      addresses: [address('10.0.1.7'), address('2600:1f14::9')]
    }),
    'resolves-partly-public'
  ],
  [
    'a public address beside private ones',
    evidence({ addresses: [address('10.0.1.7'), address('203.0.113.9')] }),
    'resolves-partly-public'
  ],
  ['private addresses of something else that works', elsewhere('10.9.9.9'), 'wrong-endpoint'],
  [
    'private addresses of something else that does not work',
    elsewhere('10.9.9.9', onlyTcp({ kind: 'timeout' })),
    'stale-record'
  ],
  [
    'private addresses of something else with its own certificate',
    elsewhere('10.9.9.9', whole(reply(200), { certificate: { ...established.certificate, coversHost: false } })),
    'stale-record'
  ],

  [
    'a hosts file leads applications to an address where nothing answers',
    evidence({
      libc: libc({ kind: 'answer', addresses: ['10.9.9.9'] }),
      addresses: [
        ...twoAddresses.map(literal => address(literal, whole(), { byResolvers: true })),
        address('10.9.9.9', onlyTcp({ kind: 'timeout' }), { byLibc: true })
      ]
    }),
    'libc-misdirects'
  ],
  [
    'an address that is public by its range and that the endpoint has',
    evidence({ expected: ['11.78.0.5'], addresses: [address('11.78.0.5')] }),
    'healthy'
  ],
  [
    "an address that is public by its range, by an alias of an endpoint's name",
    evidence({
      target: withoutIds,
      resolvers: [resolver({ a: answer(['11.78.0.5'], endpointName), endpoint: [] })],
      expected: undefined,
      addresses: [address('11.78.0.5')]
    }),
    'healthy'
  ],
  ['silence after SYN', alike(onlyTcp({ kind: 'timeout' })), 'no-answer-to-syn'],
  [
    'silence after SYN here, no route there',
    evidence({
      addresses: [
        address('10.0.1.7', onlyTcp({ kind: 'timeout' })),
        address('10.0.2.7', onlyTcp({ kind: 'unreachable', code: 'EHOSTUNREACH' }))
      ]
    }),
    'no-answer-to-syn'
  ],
  ['a closed port at the endpoint', alike(onlyTcp({ kind: 'refused' })), 'connection-refused'],
  ['no route to the endpoint', alike(onlyTcp({ kind: 'unreachable', code: 'ENETUNREACH' })), 'network-unreachable'],
  ['no IPv6 on this machine', alike(onlyTcp({ kind: 'unreachable', code: 'EADDRNOTAVAIL' })), 'network-unreachable'],
  ['a router that rejects', alike(onlyTcp({ kind: 'unreachable', code: 'EHOSTUNREACH' })), 'no-route'],

  ['plain HTTP', alike(onlyTls({ kind: 'not-tls' })), 'not-tls'],
  [
    'a certificate is wanted after the handshake',
    alike(whole({ layer: 'application', seconds: 0.1, kind: 'alert', alert: 116 })),
    'client-certificate-required'
  ],
  [
    'a certificate is wanted in TLS 1.2',
    alike(onlyTls({ kind: 'alert', alert: 40, certificateRequested: true })),
    'client-certificate-required'
  ],
  [
    'a certificate is wanted in TLS 1.2, and the connection is cut',
    alike(onlyTls({ kind: 'reset', certificateRequested: true })),
    'client-certificate-required'
  ],
  ['alert handshake_failure', alike(onlyTls({ kind: 'alert', alert: 40 })), 'tls-version-refused'],
  ['alert unrecognized_name', alike(onlyTls({ kind: 'alert', alert: 112 })), 'name-not-served'],
  ['alert protocol_version', alike(onlyTls({ kind: 'alert', alert: 70 })), 'tls-version-refused'],
  ['alert no_application_protocol', alike(onlyTls({ kind: 'alert', alert: 120 })), 'tls-refused'],
  ['an error of the handshake', alike(onlyTls({ kind: 'failure', code: 'ERR_SSL_BAD_SIGNATURE' })), 'tls-refused'],
  ['a reset after ClientHello', alike(onlyTls({ kind: 'reset' })), 'tls-reset'],
  ['an end after ClientHello', alike(onlyTls({ kind: 'closed' })), 'tls-reset'],
  ['silence after ClientHello', alike(onlyTls({ kind: 'timeout' })), 'tls-silent'],
  [
    'silence after ClientHello here, after SYN there',
    evidence({
      addresses: [address('10.0.1.7', onlyTcp({ kind: 'timeout' })), address('10.0.2.7', onlyTls({ kind: 'timeout' }))]
    }),
    'tls-silent'
  ],
  [
    'nobody known signed the certificate',
    alike(whole(reply(400), { chainError: 'SELF_SIGNED_CERT_IN_CHAIN' })),
    'certificate-untrusted'
  ],
  ['the certificate is for another name', certificate({ coversHost: false }), 'certificate-for-other-name'],
  ['the certificate is too old', certificate({ notAfter: at - 1 }), 'certificate-expired'],
  [
    "an authority's certificate is too old",
    alike(whole(reply(400), { chainError: 'CERT_HAS_EXPIRED' })),
    'certificate-expired'
  ],
  ['the certificate is too new', certificate({ notBefore: at + 1 }), 'certificate-not-yet-valid'],

  ['a redirect', alike(whole(reply(302))), 'intercepted'],
  ['a proxy wants to know who asks', alike(whole(reply(407))), 'intercepted'],
  ['status 421', alike(whole(reply(421))), 'misdirected'],
  ['status 503', alike(whole(reply(503))), 'service-error'],
  [
    'no HTTP',
    alike(whole({ layer: 'application', seconds: 0.1, kind: 'not-http', code: 'HPE_INVALID_CONSTANT' })),
    'not-http'
  ],
  [
    'HTTP/2 resets the request',
    alike(whole({ layer: 'application', seconds: 0.1, kind: 'stream-reset', code: 'INTERNAL_ERROR' })),
    'request-refused'
  ],
  [
    'HTTP/2 ends the connection twice',
    alike(whole({ layer: 'application', seconds: 0.1, kind: 'goaway', code: 'NO_ERROR' })),
    'request-refused'
  ],
  [
    'endless interim responses',
    alike(whole({ layer: 'application', seconds: 0.1, kind: 'flood', of: 'interim-responses' })),
    'not-http'
  ],
  ['a server that speaks HTTP/1.1 only', alike(whole(reply(400), { alpn: 'http/1.1' })), 'grpc-unsupported'],
  ['a server without ALPN', alike(whole(reply(400), { alpn: undefined })), 'grpc-unsupported'],
  ['a proxy that speaks HTTP/1.1 only and redirects', alike(whole(reply(302), { alpn: 'http/1.1' })), 'intercepted'],
  [
    'a reset after the request',
    alike(whole({ layer: 'application', seconds: 0.1, kind: 'reset' })),
    'application-reset'
  ],
  [
    'an end after the request',
    alike(whole({ layer: 'application', seconds: 0.1, kind: 'closed' })),
    'application-reset'
  ],
  [
    'silence after the request',
    alike(whole({ layer: 'application', seconds: 1.5, kind: 'timeout' })),
    'application-silent'
  ],

  ['the probe has no file descriptors', unresolved(resolver({ a: { kind: 'own-fault', code: 'EMFILE' } })), 'unknown'],
  ['an observer failed', alike(onlyTcp({ kind: 'crashed', error: 'TypeError: x' })), 'unknown'],
  ['the probe has none for connections', alike(onlyTcp({ kind: 'own-fault', code: 'EMFILE' })), 'unknown']
]

describe('a case for each', () => {
  test.for(rows.map(([when, given, id]) => ({ when, given, id })))('$when: $id', ({ given, id }) => {
    expect(diagnose(given).case.id).toBe(id)
  })

  test.for([200, 204, 400, 401, 403, 404, 405, 415, 429])('status %i is an answer', status => {
    expect(diagnose(alike(whole(reply(status)))).case.id).toBe('healthy')
  })

  test('every case of the catalogue has a row here', () => {
    expect(new Set(rows.map(([, , id]) => id))).toEqual(new Set(catalogue.map(({ id }) => id)))
  })
})

describe('the example of each case', () => {
  test.for(
    allClouds.flatMap(({ title, example }) => catalogue.map(({ id }) => ({ id, title, link: linkTo(example) })))
  )('$id gives that case on $title: no case above takes it', ({ id, link }) => {
    const given = diagnose(examples[id](link)).case.id
    expect(given).toBe(byEndpointName.includes(id) && !link.hasEndpointName ? 'no-address-record' : id)
  })
})

test('ids are distinct, and those of findings as well', () => {
  const ids = [...catalogue, ...findings].map(({ id }) => id)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index || !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([])
})

test('a healthy target has no severity, and every other case has one', () => {
  const harmless: readonly { id: CaseId; severity: Severity }[] = catalogue.filter(
    ({ severity }) => severity === 'none'
  )
  expect(harmless.map(({ id }) => id)).toEqual(['healthy'])
})
