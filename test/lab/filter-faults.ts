import type { Fault } from './faults.ts'
import { host, type LabState, parent, places, publicDns } from './state.ts'

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
    })
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
