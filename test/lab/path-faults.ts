import type { Fault } from './faults.ts'
import type { Rules } from './namespace.ts'
import type { Service } from './service.ts'
import { type Identities, type LabState, places, port } from './state.ts'

/** The same in both availability zones. */
const atEndpoint =
  (rules: Rules) =>
  (state: LabState): LabState => ({ ...state, rules: { 'zone-a': rules, 'zone-b': rules } })
const serves =
  (service: (identities: Identities) => Service) =>
  (state: LabState, identities: Identities): LabState => ({
    ...state,
    services: { ...state.services, 'zone-a': service(identities), 'zone-b': service(identities) }
  })
const shows = (identity: keyof Identities) =>
  serves(identities => ({ kind: 'http', identity: identities[identity], status: 400 }))
const answers = (status: number) => serves(({ good }) => ({ kind: 'http', identity: good, status }))
const to = `ip daddr { ${places['zone-a']}, ${places['zone-b']} }`

/** Faults between a client and what answers it. */
export const pathFaults: readonly Fault[] = [
  {
    name: "the endpoint's security group lets nobody in, or it was not accepted",
    set: atEndpoint({ input: [`tcp dport ${port} drop`] }),
    sees: { case: 'no-answer-to-syn', symptom: 'timeout', findings: [] }
  },
  {
    name: "the clients' security group or an egress firewall lets nothing out",
    set: state => ({ ...state, rules: { client: { output: [`${to} tcp dport ${port} drop`] } } }),
    sees: { case: 'no-answer-to-syn', symptom: 'timeout', findings: [] }
  },
  {
    name: 'a network ACL drops the answers',
    set: atEndpoint({ output: [`tcp sport ${port} drop`] }),
    sees: { case: 'no-answer-to-syn', symptom: 'timeout', findings: [] }
  },
  {
    name: 'nothing listens on the port',
    set: serves(() => ({ kind: 'none' })),
    sees: { case: 'connection-refused', symptom: 'connection_refused', findings: [] }
  },
  {
    name: 'there is no route to the endpoint',
    set: state => ({ ...state, routes: ['unreachable 10.20.1.0/24', 'unreachable 10.20.2.0/24'] }),
    sees: { case: 'no-route', symptom: 'no_route_to_host', findings: [] }
  },
  {
    name: 'a firewall rejects the connection',
    set: state => ({
      ...state,
      rules: { client: { output: [`${to} tcp dport ${port} reject with icmpx admin-prohibited`] } }
    }),
    sees: { case: 'no-route', symptom: 'no_route_to_host', findings: [] }
  },
  {
    name: 'there is no route to the endpoint, and none is forbidden',
    set: state => ({ ...state, routes: ['throw 10.20.1.0/24', 'throw 10.20.2.0/24'] }),
    sees: { case: 'network-unreachable', symptom: 'network_is_unreachable', findings: [] }
  },
  {
    name: 'a firewall says that the network is prohibited',
    set: state => ({
      ...state,
      rules: { client: { output: [`${to} tcp dport ${port} reject with icmp net-prohibited`] } }
    }),
    sees: { case: 'network-unreachable', symptom: 'network_is_unreachable', findings: [] }
  },
  {
    name: 'a firewall says that the host is prohibited',
    set: state => ({
      ...state,
      rules: { client: { output: [`${to} tcp dport ${port} reject with icmp host-prohibited`] } }
    }),
    sees: { case: 'no-route', symptom: 'no_route_to_host', findings: [] }
  },
  {
    name: 'a firewall resets the connection at once',
    set: state => ({ ...state, rules: { client: { output: [`${to} tcp dport ${port} reject with tcp reset`] } } }),
    sees: { case: 'connection-refused', symptom: 'connection_refused', findings: [] }
  },
  {
    name: 'the first availability zone has nobody behind the listener',
    set: state => ({ ...state, services: { ...state.services, 'zone-a': { kind: 'tcp', greeting: 'silence' } } }),
    sees: { case: 'healthy', symptom: 'none', findings: ['address-fails'] },
    others: { python: 'timeout', curl: 'timeout' }
  },
  {
    name: 'the first availability zone shows a certificate for another name',
    set: (state, { otherName }) => ({
      ...state,
      services: { ...state.services, 'zone-a': { kind: 'http', identity: otherName, status: 400 } }
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['address-fails'] },
    others: { python: 'certificate_rejected', curl: 'certificate_rejected' }
  },
  {
    name: 'one availability zone is dead',
    set: state => ({ ...state, rules: { 'zone-b': { input: ['drop'] } } }),
    sees: { case: 'healthy', symptom: 'none', findings: ['address-fails'] }
  },
  {
    name: 'one availability zone has nobody behind the listener',
    set: (state, identities) => ({
      ...state,
      services: {
        ...serves(() => ({ kind: 'tcp', greeting: 'silence' }))(state, identities).services,
        'zone-a': state.services['zone-a']
      }
    }),
    sees: { case: 'healthy', symptom: 'none', findings: ['address-fails'] }
  },
  {
    name: 'every second SYN is lost',
    set: atEndpoint({ input: ['tcp flags & (syn | ack) == syn numgen inc mod 2 == 0 drop'] }),
    sees: { case: 'healthy', symptom: 'none', findings: ['syn-retransmitted'] },
    byTurn: true
  },
  {
    name: 'large packets are lost',
    set: atEndpoint({ input: ['meta length > 600 drop'], output: ['meta length > 600 drop'] }),
    sees: { case: 'tls-silent', symptom: 'timeout', findings: [] }
  },
  {
    name: 'nobody is behind the listener',
    set: serves(() => ({ kind: 'tcp', greeting: 'silence' })),
    sees: { case: 'tls-silent', symptom: 'timeout', findings: [] }
  },
  {
    name: 'a firewall cuts the connection at the name in TLS',
    set: serves(() => ({ kind: 'tcp', greeting: 'reset' })),
    sees: { case: 'tls-reset', symptom: 'connection_reset', findings: [] }
  },
  {
    name: 'the port speaks plain HTTP',
    set: serves(() => ({ kind: 'tcp', greeting: 'plain-http' })),
    sees: { case: 'not-tls', symptom: 'protocol_error', findings: [] }
  },
  {
    name: 'the server does not serve the name',
    set: serves(() => ({ kind: 'tcp', greeting: 'unknown-name' })),
    sees: { case: 'name-not-served', symptom: 'protocol_error', findings: [] }
  },
  {
    name: 'the server speaks only TLS 1.1',
    set: serves(({ good }) => ({ kind: 'old-tls', identity: good })),
    sees: { case: 'tls-version-refused', symptom: 'protocol_error', findings: [] }
  },
  {
    name: 'the server wants a certificate of the client',
    set: serves(({ good }) => ({ kind: 'wants-certificate', identity: good })),
    sees: { case: 'client-certificate-required', symptom: 'protocol_error', findings: [] }
  },
  {
    name: 'the server wants a certificate of the client, by TLS 1.2',
    set: serves(({ good }) => ({ kind: 'wants-certificate', identity: good, version: 'TLSv1.2' })),
    sees: { case: 'client-certificate-required', symptom: 'protocol_error', findings: [] }
  },
  {
    name: 'a proxy inspects TLS whose authority the system trusts',
    set: shows('intercepted'),
    sees: { case: 'healthy', symptom: 'none', findings: ['tls-inspected'] }
  },
  {
    name: 'the certificate has its name in the subject only',
    set: shows('commonName'),
    sees: { case: 'healthy', symptom: 'none', findings: ['certificate-by-common-name'] }
  },
  {
    name: 'a proxy inspects TLS',
    set: shows('untrusted'),
    sees: { case: 'certificate-untrusted', symptom: 'certificate_rejected', findings: [] }
  },
  {
    name: 'another service answers',
    set: shows('otherName'),
    sees: { case: 'certificate-for-other-name', symptom: 'certificate_rejected', findings: [] }
  },
  {
    name: 'the certificate is expired',
    set: shows('expired'),
    sees: { case: 'certificate-expired', symptom: 'certificate_rejected', findings: [] }
  },
  {
    name: 'the certificate is not yet valid',
    set: shows('notYetValid'),
    sees: { case: 'certificate-not-yet-valid', symptom: 'certificate_rejected', findings: [] }
  },
  {
    name: 'the certificate ends in ten days',
    set: shows('endsSoon'),
    sees: { case: 'healthy', symptom: 'none', findings: ['certificate-ends-soon'] }
  },
  {
    name: 'a portal redirects',
    set: answers(302),
    sees: { case: 'intercepted', symptom: 'protocol_error', findings: [] }
  },
  {
    name: 'the server serves other hosts',
    set: answers(421),
    sees: { case: 'misdirected', symptom: 'service_error', findings: [] }
  },
  {
    name: 'the cluster is down',
    set: answers(503),
    sees: { case: 'service-error', symptom: 'service_error', findings: [] }
  },
  {
    name: 'the server offers no HTTP/2',
    set: serves(({ good }) => ({ kind: 'http1', identity: good })),
    sees: { case: 'grpc-unsupported', symptom: 'protocol_error', findings: [] },
    others: { python: 'none', curl: 'none' }
  },
  {
    name: 'streams are refused',
    set: serves(({ good }) => ({ kind: 'http2', identity: good, request: 'refused-stream' })),
    sees: { case: 'request-refused', symptom: 'service_error', findings: [] },
    others: { python: 'none' }
  },
  {
    name: 'streams end with an internal error',
    set: serves(({ good }) => ({ kind: 'http2', identity: good, request: 'internal-error' })),
    sees: { case: 'request-refused', symptom: 'service_error', findings: [] },
    others: { python: 'none' }
  },
  {
    name: 'connections are told to go away',
    set: serves(({ good }) => ({ kind: 'http2', identity: good, request: 'goaway' })),
    sees: { case: 'request-refused', symptom: 'service_error', findings: [] },
    others: { python: 'none' }
  },
  {
    name: 'calls of gRPC fail',
    set: serves(({ good }) => ({ kind: 'http', identity: good, status: 400, grpcStatus: 14 })),
    sees: { case: 'service-error', symptom: 'service_error', findings: [] },
    others: { python: 'none', curl: 'none' }
  },
  {
    name: 'the server speaks no HTTP',
    set: serves(({ good }) => ({ kind: 'tls', identity: good, request: 'noise' })),
    sees: { case: 'not-http', symptom: 'protocol_error', findings: [] }
  },
  {
    name: 'requests are cut off',
    set: serves(({ good }) => ({ kind: 'tls', identity: good, request: 'reset' })),
    sees: { case: 'application-reset', symptom: 'connection_reset', findings: [] }
  },
  {
    name: 'requests are not answered',
    set: serves(({ good }) => ({ kind: 'tls', identity: good, request: 'silence' })),
    sees: { case: 'application-silent', symptom: 'timeout', findings: [] }
  }
]
