import type { Fault } from './faults.ts'
import { host, type LabState, nobody, parent, places, privateZone, publicDns } from './state.ts'

const vpcDns =
  (options: string, zones = '') =>
  (state: LabState): LabState => ({ ...state, vpc: { root: publicDns, options, zones } })
const resolvConf = (state: LabState, nameserver: string): LabState => ({
  ...state,
  etc: { ...state.etc, 'resolv.conf': `nameserver ${nameserver}\noptions timeout:1 attempts:1\n` }
})
const failure = 'temporary_failure_in_name_resolution'

/** An answer that needs TCP. BIND takes no more than a hundred records of a type. */
const manyRecords = Array.from({ length: 90 }, (_, index) => `${host}. 60 IN A 10.20.8.${index}`)

/** Questions about the host of one type, which stands behind the name, and so at a place that does not change. */
const askedFor = (type: number) => `udp dport 53 @th,${8 * (8 + 12 + host.length + 2)},16 ${type}`

/** Faults of resolvers, and of the way to them. */
export const resolverFaults: readonly Fault[] = [
  {
    name: 'the resolver is stopped',
    set: state => ({ ...state, vpc: 'stopped' }),
    sees: { case: 'resolver-port-closed', symptom: failure, findings: [] }
  },
  {
    name: 'queries to the resolver are dropped',
    set: state => ({ ...state, rules: { vpc: { input: ['udp dport 53 drop'] } } }),
    sees: { case: 'resolver-silent', symptom: failure, findings: [] }
  },
  {
    name: 'answers of the resolver are dropped',
    set: state => ({ ...state, rules: { client: { input: ['udp sport 53 drop'] } } }),
    sees: { case: 'resolver-silent', symptom: failure, findings: [] }
  },
  {
    name: 'there is no route to the resolver',
    set: state => ({ ...state, routes: [`unreachable ${places.vpc}/32`] }),
    sees: { case: 'resolver-unreachable', symptom: failure, findings: [] }
  },
  {
    name: 'there is no route to the resolver, and the network is fine',
    set: state => ({ ...state, routes: [`throw ${places.vpc}/32`] }),
    sees: { case: 'resolver-unreachable', symptom: failure, findings: [] }
  },
  {
    name: "the host's own firewall rejects queries",
    set: state => ({ ...state, rules: { client: { output: ['udp dport 53 drop'] } } }),
    sees: { case: 'resolver-unreachable', symptom: failure, findings: [] }
  },
  {
    name: 'the resolver does not answer this network',
    set: state => ({ ...vpcDns('allow-query-cache { none; }; allow-recursion { none; };')(state), zones: [] }),
    sees: { case: 'resolver-refuses', symptom: failure, findings: [] }
  },
  {
    name: 'the resolver finds no root',
    set: state => ({ ...state, vpc: { root: '127.0.0.1', options: '', zones: '' }, zones: [] }),
    sees: { case: 'resolver-fails', symptom: failure, findings: [] }
  },
  {
    name: 'the resolver forwards the name to a closed port',
    set: state => ({
      ...vpcDns('', `zone "${parent}" { type forward; forward only; forwarders { 127.0.0.1 port 1; }; };`)(state),
      zones: []
    }),
    sees: { case: 'forwarding-broken', symptom: failure, findings: ['endpoint-answers'] }
  },
  {
    name: 'the resolver forwards the name to an address that nobody has',
    set: state => ({
      ...vpcDns('', `zone "${parent}" { type forward; forward only; forwarders { ${nobody}; }; };`)(state),
      zones: []
    }),
    sees: { case: 'forwarding-broken', symptom: failure, findings: ['endpoint-answers'] }
  },
  {
    name: 'the forwarding resolver wants signatures that a private zone does not have',
    set: state => ({
      ...resolvConf(state, places.forwarder),
      resolvers: ['forwarder'],
      forwarder: {
        server: `module-config: "validator iterator"\n  trust-anchor: "zillizcloud.com. DS 12345 13 2 ${'01'.repeat(32)}"`,
        zones: ''
      }
    }),
    sees: { case: 'dnssec-bogus', symptom: failure, findings: ['endpoint-answers'] }
  },
  {
    name: 'the answer does not fit a datagram, and TCP is blocked',
    set: state => ({
      ...state,
      zones: [privateZone(host, ...manyRecords)],
      rules: { vpc: { input: ['tcp dport 53 drop'] } }
    }),
    sees: { case: 'dns-tcp-blocked', symptom: failure, findings: ['endpoint-answers'] }
  },
  {
    name: 'questions for IPv6 addresses are dropped',
    set: state => ({ ...state, rules: { vpc: { input: [`${askedFor(28)} drop`] } } }),
    sees: { case: 'healthy', symptom: 'none', findings: ['aaaa-unanswered', 'libc-slow'] }
  },
  {
    name: 'every second query is lost',
    set: state => ({
      ...state,
      // So that libc, which asks the same resolver, does not take the turn of a query that gets through.
      etc: { ...state.etc, hosts: `${places['zone-a']} ${host}\n${places['zone-b']} ${host}\n` },
      rules: { vpc: { input: [`${askedFor(1)} numgen inc mod 2 == 0 drop`] } }
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['query-lost'] },
    byTurn: true
  },
  {
    name: 'one of two resolvers does not see the zone',
    set: state => ({
      ...state,
      resolvers: ['vpc', 'forwarder'],
      forwarder: { server: `local-zone: "${host}" always_nxdomain`, zones: '' }
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['resolver-without-answer'] }
  },
  {
    name: 'one of two resolvers has an older answer',
    set: state => ({
      ...state,
      resolvers: ['vpc', 'forwarder'],
      forwarder: { server: `local-data: "${host}. 60 IN A ${places['zone-a']}"`, zones: '' }
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['resolvers-disagree'] }
  }
]
