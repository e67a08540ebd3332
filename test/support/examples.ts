import type { CaseId } from '../../probe/cases/catalogue.ts'
import type { Evidence } from '../../probe/cases/evidence.ts'
import type { Soa } from '../../probe/facts/observation.ts'
import {
  address,
  answer,
  apex,
  at,
  type DnsSeen,
  dns,
  established,
  host,
  libc,
  type linkTo,
  nodata,
  nxdomain,
  onlyTcp,
  onlyTls,
  rcode,
  reply,
  whole,
  zone
} from './evidence.ts'

/** A healthy link on some cloud. */
type Link = ReturnType<typeof linkTo>

/** What a round sees where only one thing is wrong with a link. */
type Example = (link: Link) => Evidence

const gone = 'gone.example'
type Changes = NonNullable<Parameters<Link['resolver']>[0]>

const atResolver =
  (changes: Changes): Example =>
  ({ unresolved, resolver }) =>
    unresolved(resolver(changes))

/** The same, where a private zone of the link's cloud answers. */
const atZone =
  (changes: (privateZone: Soa) => Changes): Example =>
  link =>
    atResolver(changes(link.privateZone('vectordb.zillizcloud.com')))(link)

/** Every name that a resolver is asked for gets this reply. */
const always = (seen: DnsSeen) => atResolver({ a: seen, aaaa: seen, domain: seen, endpoint: [seen] })

const inLibc =
  (kind: 'not-known' | 'temporary-failure'): Example =>
  ({ evidence }) =>
    evidence({ libc: libc({ kind }) })

/** The host resolves to another address, for libc and for resolvers. */
const elsewhere =
  (literal: string, path = whole()): Example =>
  ({ evidence, resolver }) =>
    evidence({
      resolvers: [resolver({ a: answer([literal]) })],
      libc: libc({ kind: 'answer', addresses: [literal] }),
      addresses: [address(literal, path)]
    })

const everywhere =
  (path: Parameters<Link['alike']>[0]): Example =>
  ({ alike }) =>
    alike(path)

const certificate = (changes: Partial<typeof established.certificate>) =>
  everywhere(whole(reply(400), { certificate: { ...established.certificate, ...changes } }))

const silence = onlyTcp({ kind: 'timeout' })
const application = { layer: 'application', seconds: 0.1 } as const

/**
 * An example of evidence for every case: what a round sees where that one thing is wrong. A case without an example does not
 * compile.
 */
export const examples: Readonly<Record<CaseId, Example>> = {
  'name-blocked': atResolver({ a: { ...nxdomain(), errors: [{ code: 15, text: 'Blocked' }] } }),
  'alias-loop': atResolver({
    a: {
      kind: 'alias-loop',
      chain: [{ name: host, target: host, ttl: 60 }],
      errors: [],
      authoritative: false,
      recursionAvailable: true
    }
  }),
  'dangling-cname': atResolver({ a: nxdomain(zone('example'), gone) }),
  'record-name-malformed': atZone(zone => ({ a: nxdomain(zone), misspellings: [answer(['10.0.1.7'])] })),
  'record-missing': atZone(zone => ({ a: nxdomain('no soa'), domain: apex(zone) })),
  'zone-not-visible': atResolver({ a: nxdomain() }),
  'rebind-protection': atResolver({ a: nodata('no soa'), aaaa: nodata('no soa'), endpoint: [nodata('no soa')] }),
  'endpoint-gone': atZone(zone => ({ a: nodata(zone), endpoint: [nxdomain()] })),
  'aliases-not-followed': atResolver({ a: { ...nodata('no soa', gone), followed: dns(answer(['10.0.1.7']), gone) } }),
  'cname-without-address': atZone(zone => ({ a: nodata(zone, gone) })),
  'no-address-record': atZone(zone => ({ a: nodata(zone) })),

  'dns-tcp-blocked': atResolver({ a: { kind: 'truncated', tcp: 'timeout' } }),
  'dnssec-bogus': atResolver({ a: rcode('SERVFAIL', 6) }),
  'forwarding-broken': atResolver({ a: { kind: 'timeout' } }),
  'resolver-fails': always(rcode('SERVFAIL')),
  'resolver-refuses': always(rcode('REFUSED')),
  'resolver-errs': always(rcode('FORMERR')),
  'resolver-port-closed': always({ kind: 'refused' }),
  'resolver-unreachable': always({ kind: 'unreachable', code: 'ENETUNREACH' }),
  'resolver-silent': always({ kind: 'timeout' }),
  'libc-knows-no-such-name': inLibc('not-known'),
  'libc-cannot-resolve': inLibc('temporary-failure'),

  'forbidden-address': elsewhere('127.0.0.1', onlyTcp({ kind: 'forbidden', refusal: 'loopback' })),
  'resolves-public': elsewhere('203.0.113.9'),
  'resolves-partly-public': ({ evidence }) => {
    const { addresses } = evidence()
    return evidence({ addresses: [...addresses, address('203.0.113.9')] })
  },
  'wrong-endpoint': elsewhere('10.9.9.9'),
  'libc-misdirects': ({ evidence }) => {
    const good = evidence().addresses.map(each => ({ ...each, byLibc: false }))
    return evidence({
      libc: libc({ kind: 'answer', addresses: ['10.9.9.9'] }),
      addresses: [...good, address('10.9.9.9', silence, { byLibc: true })]
    })
  },
  'stale-record': elsewhere('10.9.9.9', silence),

  'no-answer-to-syn': everywhere(silence),
  'connection-refused': everywhere(onlyTcp({ kind: 'refused' })),
  'network-unreachable': everywhere(onlyTcp({ kind: 'unreachable', code: 'ENETUNREACH' })),
  'no-route': everywhere(onlyTcp({ kind: 'unreachable', code: 'EHOSTUNREACH' })),

  'not-tls': everywhere(onlyTls({ kind: 'not-tls' })),
  'client-certificate-required': everywhere(whole({ ...application, kind: 'alert', alert: 116 })),
  'name-not-served': everywhere(onlyTls({ kind: 'alert', alert: 112 })),
  'tls-version-refused': everywhere(onlyTls({ kind: 'alert', alert: 70 })),
  'tls-refused': everywhere(onlyTls({ kind: 'alert', alert: 120 })),
  'tls-reset': everywhere(onlyTls({ kind: 'reset' })),
  'tls-silent': everywhere(onlyTls({ kind: 'timeout' })),
  'certificate-untrusted': everywhere(whole(reply(400), { chainError: 'SELF_SIGNED_CERT_IN_CHAIN' })),
  'certificate-for-other-name': certificate({ coversHost: false }),
  'certificate-expired': certificate({ notAfter: at - 1 }),
  'certificate-not-yet-valid': certificate({ notBefore: at + 1 }),

  intercepted: everywhere(whole(reply(302))),
  misdirected: everywhere(whole(reply(421))),
  'service-error': everywhere(whole(reply(503))),
  'request-refused': everywhere(whole({ ...application, kind: 'goaway', code: 'NO_ERROR' })),
  'not-http': everywhere(whole({ ...application, kind: 'not-http', code: 'HPE_INVALID_CONSTANT' })),
  'application-reset': everywhere(whole({ ...application, kind: 'reset' })),
  'application-silent': everywhere(whole({ ...application, kind: 'timeout' })),
  'grpc-unsupported': everywhere(whole(reply(400), { alpn: 'http/1.1' })),

  healthy: ({ evidence }) => evidence(),
  unknown: everywhere(onlyTcp({ kind: 'own-fault', code: 'EMFILE' }))
}

/** Cases that are told by what resolvers reply to the endpoint's own name: where it has none, no round gives them. */
export const byEndpointName: readonly CaseId[] = ['rebind-protection', 'endpoint-gone']
