import type { Fault } from './faults.ts'
import { endpointName, host, type LabState, parent, places, port, privateZone, publicDns } from './state.ts'

/** Both libc and the probe ask that resolver. */
const asks = (place: 'forwarder' | 'filter', state: LabState): LabState => ({
  ...state,
  resolvers: [place],
  etc: { ...state.etc, 'resolv.conf': `nameserver ${places[place]}\noptions timeout:1 attempts:1\n` }
})

/** The forwarding resolver has the host's IPv4 addresses itself, and asks the VPC's resolver for those of IPv6. */
const ipv6Elsewhere = (state: LabState): LabState => ({
  ...asks('forwarder', state),
  zones: [],
  forwarder: {
    server: [
      `local-zone: "${host}" typetransparent`,
      ...[places['zone-a'], places['zone-b']].map(address => `local-data: "${host}. 60 IN A ${address}"`)
    ].join('\n  '),
    zones: ''
  }
})

const removesPrivate = 'private-address: 10.0.0.0/8'
const withAlias = (state: LabState): LabState => ({
  ...state,
  zones: [privateZone(parent, `${host}. 60 IN CNAME ${endpointName}.`)]
})
const onGoogleCloud = ({ name, environment, region }: LabState['target']): LabState['target'] => ({
  cloud: 'gcp',
  name,
  environment,
  region,
  host,
  port,
  endpointAddress: places['zone-a']
})

/** Faults of resolvers that change what they hear, or have one type of address and not the other. */
export const filterFaults: readonly Fault[] = [
  {
    name: 'a resolver that refuses private addresses of other resolvers: dnsmasq',
    set: state => asks('filter', { ...state, filter: ['stop-dns-rebind'] }),
    sees: { case: 'name-blocked', symptom: 'no_address_associated_with_hostname', findings: [] }
  },
  {
    name: 'a resolver that leaves out private addresses of other resolvers: Unbound',
    set: state => asks('forwarder', { ...state, forwarder: { server: 'private-address: 10.0.0.0/8', zones: '' } }),
    sees: { case: 'rebind-protection', symptom: 'no_address_associated_with_hostname', findings: [] }
  },
  {
    name: 'a resolver that fails at private addresses of other resolvers: BIND',
    set: state => ({
      ...state,
      zones: [],
      publicZones: state.publicZones.map(zone =>
        zone.name === 'zillizcloud.com'
          ? { ...zone, records: [...zone.records, `${host}. 60 IN A ${places['zone-a']}`] }
          : zone
      ),
      vpc: { root: publicDns, options: 'deny-answer-addresses { 10.0.0.0/8; };', zones: '' }
    }),
    sees: { case: 'rebind-protection', symptom: 'no_address_associated_with_hostname', findings: [] }
  },
  {
    name: "a resolver leaves out the private addresses behind the host's alias: Unbound",
    set: state => asks('forwarder', { ...withAlias(state), forwarder: { server: removesPrivate, zones: '' } }),
    sees: { case: 'rebind-protection', symptom: 'name_or_service_not_known', findings: ['parent-zone'] }
  },
  {
    name: "a resolver leaves out the private addresses behind the host's alias: dnsmasq",
    set: state => asks('filter', { ...withAlias(state), filter: ['stop-dns-rebind'] }),
    sees: { case: 'name-blocked', symptom: 'name_or_service_not_known', findings: ['parent-zone'] }
  },
  {
    name: 'a resolver leaves out the private address on Google Cloud, whose endpoint has no name: Unbound',
    set: state =>
      asks('forwarder', {
        ...state,
        zones: [privateZone(host, `${host}. 60 IN A ${places['zone-a']}`)],
        forwarder: { server: removesPrivate, zones: '' },
        target: onGoogleCloud(state.target)
      }),
    sees: {
      case: 'rebind-protection',
      symptom: 'no_address_associated_with_hostname',
      findings: ['endpoint-answers']
    }
  },
  {
    name: 'the second of two resolvers leaves out private addresses: Unbound',
    set: state => ({
      ...state,
      resolvers: ['vpc', 'forwarder'],
      forwarder: { server: removesPrivate, zones: '' }
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['resolver-removes-addresses'] }
  },
  {
    name: 'libc asks a resolver that forwards the domain to the private zone, and the probe asks one that does not',
    set: state => ({
      ...state,
      filter: ['address=/#/198.51.100.99', `server=/${parent}/${places.vpc}`],
      etc: { ...state.etc, 'resolv.conf': `nameserver ${places.filter}\noptions timeout:1 attempts:1\n` },
      resolvers: ['forwarder'],
      forwarder: { server: `local-zone: "${host}" always_nxdomain`, zones: '' }
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['resolver-without-answer'] }
  },
  {
    name: 'the resolver says of IPv6 addresses that there is no such name',
    set: ipv6Elsewhere,
    sees: { case: 'healthy', symptom: 'none', findings: ['aaaa-fails'] }
  },
  {
    name: 'the resolver fails at IPv6 addresses',
    set: state => ({
      ...ipv6Elsewhere(state),
      vpc: {
        root: publicDns,
        options: '',
        zones: `zone "${parent}" { type forward; forward only; forwarders { 127.0.0.1 port 1; }; };`
      }
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['aaaa-fails'] }
  },
  {
    name: 'the resolver refuses questions for IPv6 addresses',
    set: state => ({
      ...asks('filter', { ...state, filter: [`address=/${host}/${places['zone-a']}`] }),
      zones: [],
      vpc: { root: publicDns, options: 'allow-query-cache { none; }; allow-recursion { none; };', zones: '' }
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['aaaa-fails'] }
  }
]
