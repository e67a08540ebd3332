import type { Fault } from './faults.ts'
import { host, type LabState, nobody, places, privateZone, publicDns } from './state.ts'

const resolvConf = (state: LabState, nameserver: string, more = ''): LabState => ({
  ...state,
  etc: { ...state.etc, 'resolv.conf': `nameserver ${nameserver}\noptions timeout:1 attempts:1\n${more}` }
})
const hostsFile = (state: LabState, ...addresses: readonly string[]): LabState => ({
  ...state,
  etc: { ...state.etc, hosts: ['127.0.0.1 localhost', ...addresses.map(each => `${each} ${host}`), ''].join('\n') }
})
const ownAddresses = (state: LabState) => hostsFile(state, places['zone-a'], places['zone-b'])

/** Faults of what libc resolves by, beside the resolvers that the probe asks. */
export const libcFaults: readonly Fault[] = [
  {
    name: 'libc asks a resolver that does not see the zone',
    set: state => ({
      ...resolvConf(state, places.forwarder),
      forwarder: { server: `local-zone: "${host}" always_nxdomain`, zones: '' }
    }),
    sees: { case: 'libc-knows-no-such-name', symptom: 'name_or_service_not_known', findings: [] }
  },
  {
    name: 'libc asks a resolver that is not there',
    set: state => resolvConf(state, '127.0.0.1'),
    sees: { case: 'libc-cannot-resolve', symptom: 'temporary_failure_in_name_resolution', findings: [] }
  },
  {
    name: 'the hosts file has another address',
    set: state => hostsFile(state, nobody),
    sees: { case: 'libc-misdirects', symptom: 'timeout', findings: ['stale-address', 'libc-differs'] }
  },
  {
    name: 'the hosts file has the host, and the resolver says that there is no such name',
    set: state => ({ ...ownAddresses(state), associated: false }),
    sees: { case: 'healthy', symptom: 'none', findings: ['resolver-without-answer'] }
  },
  {
    name: 'the hosts file has the host, and the resolver says that it has no address',
    set: state => ({ ...ownAddresses(state), zones: [privateZone(host, `${host}. 60 IN TXT "no address"`)] }),
    sees: { case: 'healthy', symptom: 'none', findings: ['resolver-without-answer'] }
  },
  {
    name: 'the hosts file has the host, and the resolver refuses',
    set: state => ({
      ...ownAddresses(state),
      zones: [],
      vpc: { root: publicDns, options: 'allow-query-cache { none; }; allow-recursion { none; };', zones: '' }
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['resolver-without-answer'] }
  },
  {
    name: 'the hosts file has the host, and the resolver is silent',
    set: state => ({ ...ownAddresses(state), rules: { vpc: { input: ['udp dport 53 drop'] } } }),
    sees: { case: 'healthy', symptom: 'none', findings: ['resolver-without-answer'] }
  },
  {
    name: 'the host is found by the search list alone',
    set: state => ({
      ...resolvConf(state, places.vpc, 'search svc.lab\noptions ndots:5\n'),
      zones: [privateZone('svc.lab', `${host}.svc.lab. 60 IN A ${places['zone-a']}`)]
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['endpoint-address-left-out', 'resolver-without-answer'] }
  }
]
