import type { AddressEvidence, Evidence, Path, ResolverEvidence } from '../../probe/cases/evidence.ts'
import { cloudTraits } from '../../probe/clouds/traits.ts'
import { cloudOf, clouds } from '../../probe/clouds.ts'
import type {
  ApplicationObservation,
  DnsObservation,
  LibcObservation,
  Soa,
  TcpObservation,
  TlsObservation
} from '../../probe/facts/observation.ts'
import type { Target } from '../../probe/target.ts'

/** What an observer adds to what was seen; a test says only the latter. */
type Bare<Observation, Added extends PropertyKey> = Observation extends infer Each
  ? Omit<Each, Added | 'layer' | 'seconds'> & { seconds?: number }
  : never

export type DnsSeen = Bare<
  DnsObservation,
  'resolver' | 'question' | 'queries' | 'resent' | 'answered' | 'strays' | 'transport'
> &
  Partial<Pick<DnsObservation, 'queries' | 'resent' | 'answered' | 'strays'>>
export type LibcSeen = Bare<LibcObservation, 'at'> & { at?: number }
export type TcpSeen = Bare<TcpObservation, 'address' | 'port'>
export type TlsSeen = Bare<TlsObservation, never>
export type ApplicationSeen = Bare<ApplicationObservation, never>

export const awsTarget: Target = clouds.aws.example
export const gcpTarget: Target = clouds.gcp.example
export const { host, endpointDnsName: endpointName } = clouds.aws.example
export const at = 1_800_000_000

/** The SOA of a private zone, or with another primary of a public one. */
export const zone = (name: string, primary = 'ns-1536.awsdns-00.co.uk'): Soa => ({
  zone: name,
  primary,
  serial: 1,
  ttl: 900,
  minimum: 86_400
})
export const publicZone = zone('zillizcloud.com', 'ns-1.awsdns-01.org')

/** What a resolver that works for its clients says of itself. */
const fields = { errors: [], authoritative: false, recursionAvailable: true }

/** An answer with addresses, straight or by an alias. */
export const answer = (addresses: readonly string[], alias?: string, ttl = 60): DnsSeen => ({
  kind: 'answer',
  chain: alias === undefined ? [] : [{ name: host, target: alias, ttl: 300 }],
  addresses: addresses.map(address => ({ address, ttl })),
  unlisted: 0,
  ...fields
})
/** The SOA of a name that is a zone of its own. */
export const apex = (soa: Soa): DnsSeen => ({ kind: 'zone', chain: [], soa, ...fields })
export const nxdomain = (soa: Soa | 'no soa' = publicZone, alias?: string): Extract<DnsSeen, { kind: 'nxdomain' }> => ({
  kind: 'nxdomain',
  ...negative(soa, alias)
})
export const nodata = (soa: Soa | 'no soa' = publicZone, alias?: string): Extract<DnsSeen, { kind: 'nodata' }> => ({
  kind: 'nodata',
  followed: undefined,
  ...negative(soa, alias)
})
const negative = (soa: Soa | 'no soa', alias: string | undefined) => ({
  chain: alias === undefined ? [] : [{ name: host, target: alias, ttl: 300 }],
  soa: soa === 'no soa' ? undefined : soa,
  foreignSoa: undefined,
  ...fields
})
export const rcode = (name: 'SERVFAIL' | 'REFUSED' | 'FORMERR', ...codes: number[]): DnsSeen => ({
  kind: 'rcode',
  rcode: name,
  ...fields,
  errors: codes.map(code => ({ code, text: '' }))
})

export const dns = (
  seen: DnsSeen,
  name = host,
  type: 'A' | 'AAAA' | 'SOA' = 'A',
  resolver = 'vpc'
): DnsObservation => ({
  layer: 'dns',
  seconds: 0.001,
  resolver,
  question: { name, type },
  queries: 1,
  resent: 0,
  answered: 'errors' in seen ? { query: 1, withOptions: true } : undefined,
  strays: 0,
  transport: 'udp',
  ...seen
})

export const libc = (seen: LibcSeen): LibcObservation => ({ layer: 'dns', seconds: 0.002, at, ...seen })

export const established: Extract<TlsObservation, { kind: 'established' }> = {
  layer: 'tls',
  seconds: 0.01,
  kind: 'established',
  protocol: 'TLSv1.3',
  alpn: 'h2',
  chainError: undefined,
  trustedBy: 'public',
  certificate: {
    subject: `CN=${host}`,
    issuer: 'CN=R11',
    names: [host],
    coversHost: 'names',
    notBefore: at - 30 * 86_400,
    notAfter: at + 60 * 86_400,
    selfSigned: false,
    fingerprint: 'AA:BB'
  }
}

export const reply = (
  status: number,
  more: { grpc?: boolean; grpcStatus?: number; seconds?: number; date?: number } = {}
): ApplicationObservation => ({
  layer: 'application',
  seconds: 0.005,
  kind: 'reply',
  protocol: 'h2',
  status,
  grpc: false,
  grpcStatus: undefined,
  date: at,
  ...more
})

const tcp = <T extends TcpSeen>(seen: T) =>
  ({ layer: 'tcp', seconds: 0.001, address: '', port: 19_531, ...seen }) as const
const connected = tcp({ kind: 'connected' })

/** A path that ends with what connecting did. */
export const onlyTcp = (seen: Exclude<TcpSeen, { kind: 'connected' }>): Path => ({ reached: 'nothing', tcp: tcp(seen) })
/** A path that ends with a failed handshake. */
export const onlyTls = (seen: Exclude<TlsSeen, { kind: 'established' }>): Path => ({
  reached: 'tcp',
  tcp: connected,
  tls: { layer: 'tls', seconds: 0.01, ...seen }
})
/** A path on which a request was sent. */
export const whole = (
  application: ApplicationObservation = reply(400),
  tls: Partial<typeof established> = {},
  connectSeconds = 0.001
): Path => ({
  reached: 'tls',
  tcp: { ...connected, seconds: connectSeconds },
  tls: { ...established, ...tls },
  application
})

/** Given by libc and resolvers alike, unless told otherwise. */
export const address = (
  literal: string,
  path: Path = whole(),
  given: boolean | Partial<Record<'byLibc' | 'byResolvers', boolean>> = true
): AddressEvidence => ({
  address: literal,
  byLibc: given === true,
  byResolvers: given === true,
  ...(typeof given === 'object' ? given : {}),
  path
})

/** What a resolver makes of the names that it is asked for, where that is not the usual. */
type ResolverChanges = Partial<Record<'a' | 'aaaa' | 'domain', DnsSeen>> & {
  name?: string
  endpoint?: readonly DnsSeen[]
  canaries?: readonly DnsSeen[]
  misspellings?: readonly DnsSeen[]
}

/** What a round sees of a healthy link on the target's cloud, but for the changes. */
export function linkTo(target: Target) {
  const { endpoint, zones } = cloudOf(target.cloud)
  const own = endpoint.of(target)
  /** The name that each resolver is asked for, where an endpoint has one. */
  const name = endpoint.by === 'name' ? own : undefined
  /** Of two availability zones, where an endpoint has an address in each. */
  const addresses = endpoint.by === 'address' && own !== undefined ? [own] : ['10.0.1.7', '10.0.2.7']

  /** A resolver that gives the host the addresses of the endpoint, unless told otherwise. */
  const resolver = (changes: ResolverChanges = {}): ResolverEvidence => {
    const { name: by = 'vpc', endpoint: asked = [answer(addresses)], canaries = [], misspellings = [] } = changes
    const { host } = target
    const domain = host.slice(host.indexOf('.') + 1)
    return {
      resolver: { name: by, address: '10.0.0.2', port: 53 },
      a: dns(changes.a ?? answer(addresses, name), host, 'A', by),
      aaaa: dns(changes.aaaa ?? nodata('no soa', name), host, 'AAAA', by),
      domain: dns(changes.domain ?? nxdomain(), domain, 'SOA', by),
      endpoint: name === undefined ? [] : asked.map(seen => dns(seen, name, 'A', by)),
      canaries: canaries.map(seen => dns(seen, `in01-2.${domain}`, 'A', by)),
      misspellings: misspellings.map(seen => dns(seen, `${host}.${host}`, 'A', by))
    }
  }

  /** All is well, but for the changes. */
  const evidence = (changes: Partial<Evidence<Target>> = {}): Evidence<Target> => ({
    target,
    traits: cloudTraits((changes.target ?? target).cloud),
    at,
    resolvers: [resolver()],
    libc: libc({ kind: 'answer', addresses }),
    expected: addresses,
    addresses: addresses.map(each => address(each)),
    untried: [],
    recent: [],
    ...changes
  })

  return {
    /** Whether its endpoint has a name, which resolvers are asked for. */
    hasEndpointName: name !== undefined,
    /** The SOA of a private zone on that cloud. */
    privateZone: (domain: string): Soa => zone(domain, zones.privatePrimary),
    resolver,
    evidence,
    /** No resolver gives the host an address; those of the endpoint are tried nevertheless. */
    unresolved: (...resolvers: readonly ResolverEvidence[]): Evidence<Target> =>
      evidence({ resolvers, libc: undefined, addresses: addresses.map(each => address(each, whole(), false)) }),
    /** This became of every address. */
    alike: (path: Path): Evidence<Target> => evidence({ addresses: addresses.map(each => address(each, path)) })
  }
}

/** A link on AWS, in two availability zones. */
export const { resolver, evidence, unresolved, alike } = linkTo(awsTarget)
