import fc from 'fast-check'
import type { AddressEvidence, Evidence, Path, RecentRound, ResolverEvidence } from '../../probe/cases/evidence.ts'
import { symptoms } from '../../probe/cases/symptoms.ts'
import { cloudTraits } from '../../probe/clouds/traits.ts'
import { allClouds, cloudOf } from '../../probe/clouds.ts'
import { type DnsObservation, flaws, type LibcObservation, type Soa } from '../../probe/facts/observation.ts'
import type { Target } from '../../probe/target.ts'
import { at } from './evidence.ts'

const seconds = fc.double({ min: 0, max: 10, noNaN: true })
const code = fc.constantFrom('ENETUNREACH', 'EACCES', 'EMFILE', 'ERR_SSL_X')
const literal = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('10.0.1.7', '10.0.2.7', '203.0.113.9'))
/** The names of a target's host and of its endpoint, if that has one. */
function namesOf(target: Target): readonly string[] {
  const { endpoint } = cloudOf(target.cloud)
  const endpointName = endpoint.by === 'name' ? endpoint.of(target) : undefined
  return endpointName === undefined ? [target.host] : [target.host, endpointName]
}

const name = fc.constantFrom(
  ...allClouds.flatMap(({ example }) => namesOf(example)),
  'vectordb.zillizcloud.com',
  'vpce-1-2-us-west-2a.example',
  'a.example'
)
const moment = fc.integer({ min: at - 200 * 86_400, max: at + 200 * 86_400 })
const crashed = fc.record({ kind: fc.constant('crashed'), error: fc.constant('TypeError: x is not a function') })
const alert = fc.constantFrom(40, 70, 112, 116, 120, 255)

const soa: fc.Arbitrary<Soa> = fc.record({
  zone: name,
  primary: fc.constantFrom(...allClouds.map(({ zones }) => zones.privatePrimary), 'ns.example'),
  serial: fc.nat(),
  ttl: fc.nat(100_000),
  minimum: fc.nat(100_000)
})
const heads = {
  errors: fc.array(fc.record({ code: fc.nat(40), text: fc.string() }), { maxLength: 2 }),
  authoritative: fc.boolean(),
  recursionAvailable: fc.boolean()
}
const reply = {
  ...heads,
  chain: fc.array(fc.record({ name, target: name, ttl: fc.nat(100_000) }), { maxLength: 3 })
}
const mayBe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const denial = { soa: mayBe(soa), foreignSoa: mayBe(soa) }

const dnsSeen = (followed: fc.Arbitrary<DnsObservation | undefined>) =>
  fc.oneof(
    fc.record({
      kind: fc.constant('answer'),
      addresses: fc.array(fc.record({ address: literal, ttl: fc.nat(100_000) }), { minLength: 1, maxLength: 10 }),
      unlisted: fc.nat(2),
      ...reply
    }),
    fc.record({ kind: fc.constant('zone'), soa, ...reply }),
    fc.record({ kind: fc.constant('nodata'), followed, ...denial, ...reply }),
    fc.record({ kind: fc.constant('nxdomain'), ...denial, ...reply }),
    fc.record({ kind: fc.constant('alias-loop'), ...reply }),
    fc.record({
      kind: fc.constant('rcode'),
      rcode: fc.constantFrom('FORMERR', 'SERVFAIL', 'NOTIMP', 'REFUSED', 'OTHER'),
      ...heads
    }),
    fc.record({ kind: fc.constantFrom('timeout', 'refused', 'unaskable') }),
    fc.record({ kind: fc.constantFrom('unreachable', 'own-fault'), code }),
    fc.record({ kind: fc.constant('malformed'), flaw: fc.constantFrom(...flaws) }),
    fc.record({
      kind: fc.constant('truncated'),
      tcp: fc.constantFrom('timeout', 'refused', 'reset', 'closed', 'unreachable')
    }),
    crashed
  )
const dnsAnd = (followed: fc.Arbitrary<DnsObservation | undefined>) =>
  fc
    .tuple(
      fc.record({
        layer: fc.constant('dns'),
        seconds,
        resolver: fc.constantFrom('vpc', 'other'),
        question: fc.record({ name, type: fc.constantFrom('A', 'AAAA', 'SOA') }),
        queries: fc.integer({ min: 1, max: 4 }),
        resent: fc.nat(2),
        answered: mayBe(fc.record({ query: fc.integer({ min: 1, max: 4 }), withOptions: fc.boolean() })),
        strays: fc.nat(16),
        transport: fc.constantFrom('udp', 'tcp')
      }),
      dnsSeen(followed)
    )
    .map(([asked, seen]): DnsObservation => ({ ...asked, ...seen }) as DnsObservation)
const dns = dnsAnd(mayBe(dnsAnd(fc.constant(undefined))))

const libc = fc
  .tuple(
    seconds,
    fc.integer({ min: at - 100, max: at + 10 }),
    fc.oneof(
      fc.record({ kind: fc.constant('answer'), addresses: fc.array(literal) }),
      fc.record({ kind: fc.constantFrom('not-known', 'no-address', 'temporary-failure', 'pending') }),
      fc.record({ kind: fc.constant('failure'), code }),
      crashed
    )
  )
  .map(([took, when, seen]): LibcObservation => ({ layer: 'dns', seconds: took, at: when, ...seen }) as LibcObservation)

const tcpFailure = fc.oneof(
  fc.record({ kind: fc.constantFrom('timeout', 'refused', 'reset') }),
  fc.record({ kind: fc.constantFrom('unreachable', 'own-fault'), code }),
  fc.record({ kind: fc.constant('forbidden'), refusal: fc.constantFrom('loopback', 'metadata') }),
  crashed
)
const tlsFailure = fc.oneof(
  fc.record({ kind: fc.constantFrom('timeout', 'reset', 'closed', 'not-tls') }),
  fc.record({ kind: fc.constantFrom('reset', 'closed'), certificateRequested: fc.constant(true) }),
  fc.record({ kind: fc.constant('alert'), alert }),
  fc.record({ kind: fc.constant('failure'), code }),
  crashed
)
const established = fc.record({
  kind: fc.constant('established'),
  protocol: fc.constantFrom('TLSv1.2', 'TLSv1.3'),
  alpn: fc.constantFrom('h2', 'http/1.1', undefined),
  trustedBy: fc.constantFrom('public', 'system', 'config', undefined),
  chainError: fc.constantFrom(
    undefined,
    undefined,
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'SELF_SIGNED_CERT_IN_CHAIN'
  ),
  certificate: fc.record({
    subject: name,
    issuer: name,
    names: fc.array(name),
    coversHost: fc.constantFrom('names', 'common-name', false),
    notBefore: mayBe(moment),
    notAfter: mayBe(moment),
    selfSigned: fc.boolean(),
    fingerprint: fc.string()
  })
})
const application = fc.oneof(
  fc.record({
    kind: fc.constant('reply'),
    protocol: fc.constantFrom('h2', 'http/1.1'),
    status: fc.integer({ min: 0, max: 999 }),
    grpc: fc.boolean(),
    grpcStatus: mayBe(fc.integer({ min: 0, max: 99 })),
    date: mayBe(moment)
  }),
  fc.record({ kind: fc.constantFrom('timeout', 'reset', 'closed') }),
  fc.record({ kind: fc.constantFrom('not-http', 'stream-reset', 'goaway'), code }),
  fc.record({ kind: fc.constant('flood'), of: fc.constantFrom('bytes', 'interim-responses', 'control-frames') }),
  fc.record({ kind: fc.constant('alert'), alert }),
  crashed
)

const path = fc
  .tuple(
    seconds,
    fc.oneof(
      fc.tuple(tcpFailure),
      fc.tuple(fc.constant(undefined), tlsFailure),
      fc.tuple(fc.constant(undefined), established, application)
    )
  )
  .map(([took, [failure, tls, reply]]): Path => {
    const tcp = { layer: 'tcp', seconds: took, address: '', port: 443, ...(failure ?? { kind: 'connected' }) }
    const rest = {
      tcp,
      tls: { layer: 'tls', seconds: took, ...tls },
      application: { layer: 'application', seconds: took, ...reply }
    }
    return {
      reached: failure !== undefined ? 'nothing' : reply === undefined ? 'tcp' : 'tls',
      ...rest
    } as unknown as Path
  })

const resolver: fc.Arbitrary<ResolverEvidence> = fc.record({
  resolver: fc.record({ name: fc.constantFrom('vpc', 'other'), address: fc.ipV4(), port: fc.constant(53) }),
  a: dns,
  aaaa: dns,
  domain: dns,
  endpoint: fc.array(dns, { maxLength: 2 }),
  canaries: fc.array(dns, { maxLength: 2 }),
  misspellings: fc.array(dns, { maxLength: 2 })
})

const address: fc.Arbitrary<AddressEvidence> = fc.record({
  address: literal,
  byLibc: fc.boolean(),
  byResolvers: fc.boolean(),
  path
})

const tried = <T>(each: fc.Arbitrary<T>) =>
  fc.record({ well: fc.array(each, { maxLength: 2 }), failed: fc.array(each, { maxLength: 2 }) })
const recentRound: fc.Arbitrary<RecentRound> = fc.record({
  at: fc.constant(at),
  symptom: fc.constantFrom(...symptoms),
  resolvers: tried(fc.constantFrom('vpc', 'other')),
  addresses: tried(literal)
})

/** Anything that a round may see on any cloud, and much that it cannot. */
export const anyEvidence: fc.Arbitrary<Evidence<Target>> = fc
  .record({
    target: fc.constantFrom(...allClouds.map(({ example }) => example)),
    at: fc.constant(at),
    resolvers: fc.array(resolver, { maxLength: 3 }),
    libc: mayBe(libc),
    expected: mayBe(fc.array(literal, { maxLength: 3 })),
    addresses: fc.array(address, { maxLength: 4 }),
    untried: fc.array(literal, { maxLength: 2 }),
    recent: fc.array(recentRound, { maxLength: 60 })
  })
  .map(seen => ({ ...seen, traits: cloudTraits(seen.target.cloud) }))
