import type { Target } from '../../probe/target.ts'
import type { Identity } from '../support/certificates.ts'
import type { Zone } from './dns-server.ts'
import type { Rules } from './namespace.ts'
import type { Service } from './service.ts'

/** Who is where. One bridge joins them; what is not in 10.20.0.0/16 is behind `internet`. */
export const places = {
  /** The applications' host, where the probe runs. */
  client: '10.20.0.10',
  /** The resolver of the VPC: BIND, with private zones in a view for associated networks, and recursion for the rest. */
  vpc: '10.20.0.2',
  /** A resolver that forwards everything to it, as on premises: Unbound. */
  forwarder: '10.20.0.3',
  /** A resolver that filters what it hears from the VPC's, as in offices and on routers: dnsmasq. */
  filter: '10.20.0.4',
  /** Router, and behind it the root of the DNS with all public zones, and public endpoints. */
  internet: '10.20.0.1',
  /** The interface endpoint's addresses, one in each availability zone. */
  'zone-a': '10.20.1.7',
  'zone-b': '10.20.2.7',
  /** Another endpoint to the same service. */
  other: '10.20.3.7'
} as const
export type Place = keyof typeof places

/** Behind `internet`: documentation ranges, RFC 5737. */
export const publicDns = '198.51.100.53'
export const publicEndpoint = '203.0.113.7'
/** Nobody has this address. As in a VPC, whose router answers for every address, packets to it are lost. */
export const nobody = '10.20.9.9'
/** Another endpoint's, of the range that was kept for experiments and that networks on Google Cloud may have (RFC 1112). */
export const experimental = '240.10.0.7'

/** What DNS64 makes of the endpoint's first address, and what stands behind a translator (NAT64) there. */
export const translated = '64:ff9b::a14:107'

export const port = 19_531
export const host = 'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com'
export const publicCluster = 'in01-0f1e2d3c4b5a697.aws-us-west-2.vectordb.zillizcloud.com'
export const parent = 'vectordb.zillizcloud.com'
export const endpointName = 'vpce-0ce90d01341533a5c-ngbqfdnj.vpce-svc-0b62964bfd0edfb74.us-west-2.vpce.amazonaws.com'
export const zonalName = endpointName.replace('.', '-us-west-2a.')

/** The primary name server that Route 53 writes into every private zone. */
const privatePrimary = 'ns-1536.awsdns-00.co.uk'

/** A private zone of that name. */
export const privateZone = (name: string, ...records: readonly string[]): Zone => ({
  name,
  primary: privatePrimary,
  records
})

/** Every certificate that a service may show. */
export interface Identities {
  readonly good: Identity
  readonly endsSoon: Identity
  readonly expired: Identity
  readonly notYetValid: Identity
  readonly otherName: Identity
  readonly untrusted: Identity
  /** By an authority that the client's system trusts: a company's proxy. */
  readonly intercepted: Identity
  /** With the name in its subject only. */
  readonly commonName: Identity
}

/** All that a fault may change. */
export interface LabState {
  /** The private zones. */
  readonly zones: readonly Zone[]
  /** Whether the client's network sees them. */
  readonly associated: boolean
  /**
   * Where the VPC's resolver finds the root, lines for its options, and zones beside the private ones; `stopped` if it
   * does not run.
   */
  readonly vpc: 'stopped' | { readonly root: string; readonly options: string; readonly zones: string }
  /** Lines for the server clause of the forwarding resolver, and a clause of zones it forwards elsewhere. */
  readonly forwarder: { readonly server: string; readonly zones: string }
  /** Options of the filtering resolver, which runs only if there are some. */
  readonly filter: readonly string[]
  /** Records of the public zones, by zone. */
  readonly publicZones: readonly Zone[]
  readonly services: Readonly<
    Record<'zone-a' | 'translated' | 'zone-b' | 'other' | 'experimental' | 'internet', Service>
  >
  readonly rules: Partial<Readonly<Record<Place, Rules>>>
  /** Routes of the client beside its own network, as `ip route add` takes them. */
  readonly routes: readonly string[]
  /** What libc finds in /etc. */
  readonly etc: { readonly 'resolv.conf': string; readonly hosts: string }
  /** Whom the probe asks. */
  readonly resolvers: readonly ('vpc' | 'forwarder' | 'filter')[]
  readonly target: Target
}

/** The guide's shape, with a zone for the host alone: all is well, and there is nothing to be found. */
export function healthyState({ good }: Identities): LabState {
  const service: Service = { kind: 'http', identity: good, status: 400 }
  return {
    zones: [privateZone(host, `${host}. 60 IN A ${places['zone-a']}`, `${host}. 60 IN A ${places['zone-b']}`)],
    associated: true,
    vpc: { root: publicDns, options: '', zones: '' },
    forwarder: { server: '', zones: '' },
    filter: [],
    publicZones: [
      {
        name: 'zillizcloud.com',
        primary: 'ns-1.awsdns-01.org',
        records: [`${publicCluster}. 60 IN A ${publicEndpoint}`]
      },
      {
        name: 'amazonaws.com',
        primary: 'ns-2.awsdns-02.org',
        records: [
          `${endpointName}. 60 IN A ${places['zone-a']}`,
          `${endpointName}. 60 IN A ${places['zone-b']}`,
          `${zonalName}. 60 IN A ${places['zone-a']}`
        ]
      }
    ],
    services: {
      'zone-a': service,
      translated: service,
      'zone-b': service,
      other: service,
      experimental: service,
      internet: service
    },
    rules: {},
    routes: [],
    etc: { 'resolv.conf': `nameserver ${places.vpc}\noptions timeout:1 attempts:1\n`, hosts: '127.0.0.1 localhost\n' },
    resolvers: ['vpc'],
    target: {
      cloud: 'aws',
      name: 'lab/search/in01-840ec44485bf25d',
      environment: 'lab',
      region: 'us-west-2',
      host,
      port,
      vpcId: 'vpc-0a1b2c3d4e5f60718',
      hostedZoneId: 'Z0123456789ABCDEFGHIJ',
      endpointId: 'vpce-0ce90d01341533a5c',
      endpointDnsName: endpointName,
      securityGroupId: 'sg-0a1b2c3d4e5f60718'
    }
  }
}
