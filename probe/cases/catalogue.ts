import type { Case } from './case.ts'
import { isWithoutRoute } from './client.ts'
import { failsForHostAlone, isBogus, isFiltered, isRcode, isRebindProtected, isUnfollowed } from './no-address.ts'
import {
  exists,
  isAnswer,
  isExpired,
  isMisdirected,
  isNotYetValid,
  isOfProxy,
  isTrusted,
  privateZoneAnswers
} from './reading.ts'
import { goesElsewhere, goesPublic, goesWhereNoneMay, isMisledByLibc, mayGoPublic, works } from './scope.ts'
import {
  afterHandshake,
  afterRequest,
  asksForCertificate,
  atNameWithoutAddress,
  atReply,
  atResolver,
  atUnknownName,
  byAlert,
  byStatus,
  inHandshake,
  inLibc,
  isCertificateRequired,
  isDisagreement,
  isUnrecognizedName,
  whileConnecting
} from './stopped-at.ts'

/** The last case: it matches if no other case does. */
export const unknownCase = {
  id: 'unknown',
  layer: undefined,
  severity: 'warning',
  matches: () => true,
  meaning: 'The probe could not check the target, or observed something that no case covers.'
} as const satisfies Case<string>

/**
 * Every case, in the order of judgement: the first that matches is the case of a target. The order is that in which a client goes
 * through the layers. Within a layer, a specific case comes before a general one. The last case always matches.
 */
export const catalogue = [
  // Names. Resolvers answer, but without an address. These cases precede silence and errors: of two resolvers, the one
  // that answers reveals more.

  // A filter's reply looks like a zone's, so the cases that blame the zone come after it.
  {
    id: 'name-blocked',
    layer: 'dns',
    severity: 'critical',
    matches: atReply(isFiltered),
    meaning:
      'A filter, such as a DNS firewall or a response policy zone, blocks the name. It answers before the private zone does.'
  },
  {
    id: 'alias-loop',
    layer: 'dns',
    severity: 'critical',
    matches: atReply(({ kind }) => kind === 'alias-loop'),
    meaning: 'The aliases of the host form a loop. The evidence lists them.'
  },
  // If the host is an alias, the name that does not exist is the alias's target. The host's own record exists.
  {
    id: 'dangling-cname',
    layer: 'dns',
    severity: 'critical',
    matches: atUnknownName(({ chain }) => chain.length > 0),
    meaning:
      'The host is an alias of a name that does not exist. The usual reason: the endpoint was deleted or replaced, and the record still has the old name.'
  },
  // More specific than record-missing: it also knows the wrong name.
  {
    id: 'record-name-malformed',
    layer: 'dns',
    severity: 'critical',
    matches: atUnknownName((_, { misspellings }) => misspellings.some(exists)),
    meaning:
      "The private zone is visible, but has the host's record under a misspelled name. The evidence lists the name that answers."
  },
  // A private zone that answers is visible, so zone-not-visible comes after it.
  {
    id: 'record-missing',
    layer: 'dns',
    severity: 'critical',
    matches: atUnknownName((_, all, { traits }) => privateZoneAnswers(all, traits)),
    meaning: 'A private zone answers for the host, but has no record for it.'
  },
  {
    id: 'zone-not-visible',
    layer: 'dns',
    severity: 'critical',
    matches: atUnknownName(() => true),
    meaning:
      'No private zone answers for the host at this resolver, and the public DNS does not know the name. The zone is missing, it is not associated with this network, or the resolver does not use it.'
  },
  // The other cases of a name without an address blame the record. Here the record may be good.
  {
    id: 'rebind-protection',
    layer: 'dns',
    severity: 'critical',
    matches: atResolver(isRebindProtected),
    meaning:
      "The resolver returns no address for the host or for the endpoint's own name, but answers other names. The usual reason is rebind protection, which removes private addresses from answers."
  },
  {
    id: 'endpoint-gone',
    layer: 'dns',
    severity: 'critical',
    matches: atNameWithoutAddress(
      ({ chain }, { endpoint }) => chain.length === 0 && endpoint.some(({ kind }) => kind === 'nxdomain')
    ),
    meaning: "The endpoint was deleted. Its own name does not exist, so the host's record resolves to no address."
  },
  // The alias's target may have an address that the resolver did not look up.
  {
    id: 'aliases-not-followed',
    layer: 'dns',
    severity: 'critical',
    matches: atNameWithoutAddress(isUnfollowed),
    meaning:
      "The resolver returns the alias of the host, but does not resolve the alias's target. Clients expect the resolver to return the address."
  },
  {
    id: 'cname-without-address',
    layer: 'dns',
    severity: 'critical',
    matches: atNameWithoutAddress(({ chain }) => chain.length > 0),
    meaning: 'The host is an alias of a name that exists but has no address.'
  },
  {
    id: 'no-address-record',
    layer: 'dns',
    severity: 'critical',
    matches: atNameWithoutAddress(() => true),
    meaning:
      'The host exists but has no address. Its record is of another type, only names below it have records, or a filter removes private addresses from answers.'
  },

  // Resolvers. They do not answer for the host, or libc does not although they do.

  {
    id: 'dns-tcp-blocked',
    layer: 'dns',
    severity: 'critical',
    matches: atResolver(({ a, aaaa }) => a.kind === 'truncated' || aaaa.kind === 'truncated'),
    meaning: 'The answer does not fit a UDP datagram, and the resolver does not answer over TCP.'
  },
  // A validation failure is a SERVFAIL that gives its reason, so it precedes the cases of a plain SERVFAIL.
  {
    id: 'dnssec-bogus',
    layer: 'dns',
    severity: 'critical',
    matches: atReply(isBogus),
    meaning:
      'The resolver validates DNSSEC and rejects the answer. The private zone is unsigned, but its public parent zone requires signatures.'
  },
  // A resolver that answers other names is neither broken nor silent, so those cases come after it.
  {
    id: 'forwarding-broken',
    layer: 'dns',
    severity: 'critical',
    matches: atResolver(failsForHostAlone),
    meaning:
      'The resolver answers other names, but not this one. The servers that it forwards the name to do not answer or forward it back, or a filter drops it.'
  },
  {
    id: 'resolver-fails',
    layer: 'dns',
    severity: 'critical',
    matches: atReply(seen => isRcode(seen, 'SERVFAIL')),
    meaning:
      'The resolver reports that it failed (SERVFAIL). The servers that it queries do not answer, or the resolver is broken.'
  },
  {
    id: 'resolver-refuses',
    layer: 'dns',
    severity: 'critical',
    matches: atReply(seen => isRcode(seen, 'REFUSED')),
    meaning:
      'The resolver refuses the query (REFUSED). Its access list does not include this client, it does not resolve names for clients, or a filter refuses the name.'
  },
  {
    id: 'resolver-errs',
    layer: 'dns',
    severity: 'critical',
    matches: atReply(({ kind }) => kind === 'rcode' || kind === 'malformed'),
    meaning: 'The resolver returns an unexpected error, or a message that is not a valid reply.'
  },
  {
    id: 'resolver-port-closed',
    layer: 'dns',
    severity: 'critical',
    matches: atReply(({ kind }) => kind === 'refused'),
    meaning:
      "No service listens on the resolver's address and port, or a firewall rejects the query. The service is stopped, or the address is wrong."
  },
  {
    id: 'resolver-unreachable',
    layer: 'dns',
    severity: 'critical',
    matches: atReply(({ kind }) => kind === 'unreachable'),
    meaning:
      'The network reports that it cannot deliver to the resolver. A route is missing, or a firewall rejects the query.'
  },
  {
    id: 'resolver-silent',
    layer: 'dns',
    severity: 'critical',
    matches: atReply(({ kind }) => kind === 'timeout'),
    meaning: 'The resolver does not answer any query. It is down, or the network drops the queries or the answers.'
  },
  // Only if the first resolver has the address. Otherwise the cases above explain why libc has none.
  {
    id: 'libc-knows-no-such-name',
    layer: 'dns',
    severity: 'critical',
    matches: inLibc('not-known', 'no-address'),
    meaning:
      'The resolver resolves the host, but the C library reports to applications that it does not exist. The library uses other resolvers, a search list or a hosts file.'
  },
  {
    id: 'libc-cannot-resolve',
    layer: 'dns',
    severity: 'critical',
    matches: inLibc('temporary-failure'),
    meaning:
      'The resolver resolves the host, but the C library of applications cannot. The resolvers that the library uses do not answer.'
  },

  // Scope. The host resolves, but not to the endpoint. These cases precede the path: another address proves nothing about
  // the link.

  {
    id: 'forbidden-address',
    layer: 'dns',
    severity: 'critical',
    matches: goesWhereNoneMay,
    meaning:
      'The host resolves to an address that no endpoint can have: loopback, link-local, multicast or unspecified. A filter returns this answer, or the record is wrong. The probe does not connect to it.'
  },
  {
    id: 'resolves-public',
    layer: 'dns',
    severity: 'critical',
    matches: goesPublic,
    meaning:
      'The host resolves to public addresses. Traffic goes over the internet, even if Zilliz Cloud answers there. The private zone does not answer for the host at this resolver.'
  },
  // Precedes healthy too: traffic over the internet may well succeed.
  {
    id: 'resolves-partly-public',
    layer: 'dns',
    severity: 'critical',
    matches: mayGoPublic,
    meaning:
      'The host resolves to private and to public addresses, in one answer or at different resolvers. Some of the traffic goes over the internet.'
  },
  {
    id: 'wrong-endpoint',
    layer: 'dns',
    severity: 'critical',
    matches: evidence => goesElsewhere(evidence) && works(evidence),
    meaning:
      "The host resolves to private addresses that are not the endpoint's, and Zilliz Cloud answers there. Traffic does not use the deployed endpoint."
  },
  // Precedes stale-record: the record is good, but libc overrides DNS.
  {
    id: 'libc-misdirects',
    layer: 'dns',
    severity: 'critical',
    matches: evidence => goesElsewhere(evidence) && isMisledByLibc(evidence),
    meaning:
      'The C library gives applications an address that no resolver returns and that is not an address of the endpoint. A hosts file, a search list or a local cache overrides DNS.'
  },
  {
    id: 'stale-record',
    layer: 'dns',
    severity: 'critical',
    matches: goesElsewhere,
    meaning:
      "The host resolves to addresses that are not the endpoint's, and Zilliz Cloud does not answer there. The usual reason: the record, or a cache, still has the addresses of an earlier endpoint."
  },

  // TCP. No address accepts a connection. If addresses differ, the one on which a client waits longest comes first.

  {
    id: 'no-answer-to-syn',
    layer: 'tcp',
    severity: 'critical',
    matches: whileConnecting(({ kind }) => kind === 'timeout'),
    meaning: 'Nothing answers the first packet of a connection. Several causes look the same to packets.'
  },
  {
    id: 'connection-refused',
    layer: 'tcp',
    severity: 'critical',
    matches: whileConnecting(({ kind }) => kind === 'refused' || kind === 'reset'),
    meaning:
      'Something answers at the address and refuses the connection. No service listens on the port, or a firewall rejects it with a reset.'
  },
  // Here this machine has no route. In no-route, another device rejects the connection.
  {
    id: 'network-unreachable',
    layer: 'tcp',
    severity: 'critical',
    matches: whileConnecting(isWithoutRoute),
    meaning:
      'This machine has no route to the address. Its subnet or the machine itself lacks a route, or the record has an IPv6 address and the machine has no IPv6.'
  },
  {
    id: 'no-route',
    layer: 'tcp',
    severity: 'critical',
    matches: whileConnecting(({ kind }) => kind === 'unreachable'),
    meaning:
      'The network reports that it cannot deliver to the address. A firewall or a network policy rejects the connection, the next hop of a route does not forward packets, or no machine has the address.'
  },

  // TLS. A client connects, but the handshake fails or the certificate is not valid.

  {
    id: 'not-tls',
    layer: 'tls',
    severity: 'critical',
    matches: inHandshake(({ kind }) => kind === 'not-tls'),
    meaning: 'The server does not speak TLS. The port is wrong, or a proxy or a captive portal answers instead.'
  },
  // Before TLS 1.3, no alert says so: the server requests a certificate, and then ends the handshake in any way.
  {
    id: 'client-certificate-required',
    layer: 'tls',
    severity: 'critical',
    matches: evidence => byAlert(isCertificateRequired)(evidence) || inHandshake(asksForCertificate)(evidence),
    meaning:
      'The server asks for a client certificate and then ends the connection. Zilliz Cloud does not ask for one: another service or a proxy answers.'
  },
  // Alerts with a specific meaning precede tls-refused, which matches any alert.
  {
    id: 'name-not-served',
    layer: 'tls',
    severity: 'critical',
    matches: byAlert(isUnrecognizedName),
    meaning:
      'The server does not serve this host (alert unrecognized_name). The record points to another service, or the host is not served there.'
  },
  {
    id: 'tls-version-refused',
    layer: 'tls',
    severity: 'critical',
    matches: byAlert(isDisagreement),
    meaning:
      'The server and the client have no TLS version or cipher in common. Zilliz Cloud speaks TLS 1.2 and 1.3: another service or a proxy answers.'
  },
  {
    id: 'tls-refused',
    layer: 'tls',
    severity: 'critical',
    matches: evidence => byAlert(() => true)(evidence) || inHandshake(({ kind }) => kind === 'failure')(evidence),
    meaning: 'The TLS handshake fails. The evidence has the alert or the error.'
  },
  {
    id: 'tls-reset',
    layer: 'tls',
    severity: 'critical',
    matches: inHandshake(({ kind }) => kind === 'reset' || kind === 'closed'),
    meaning:
      'The connection ends after the client sends the name of the host. A firewall filters by that name, or the service has no healthy target.'
  },
  {
    id: 'tls-silent',
    layer: 'tls',
    severity: 'critical',
    matches: inHandshake(({ kind }) => kind === 'timeout'),
    meaning:
      'A client connects, but the server does not answer the first TLS message. The network drops large packets, or the listener has no server behind it.'
  },
  // The names and dates of an untrusted certificate prove nothing, so those cases come after it.
  {
    id: 'certificate-untrusted',
    layer: 'tls',
    severity: 'critical',
    matches: afterHandshake(tls => !isTrusted(tls)),
    meaning:
      'No authority that this machine trusts signed the certificate. Public authorities sign the certificates of Zilliz Cloud. A proxy that inspects TLS, or another service, answers instead. The evidence has the issuer.'
  },
  // A certificate for other names belongs to another server, so its dates do not matter.
  {
    id: 'certificate-for-other-name',
    layer: 'tls',
    severity: 'critical',
    matches: afterHandshake(({ certificate }) => certificate.coversHost === false),
    meaning:
      'The certificate is for other names. The record points to another service, or a proxy answers. The evidence has the names.'
  },
  {
    id: 'certificate-expired',
    layer: 'tls',
    severity: 'critical',
    matches: afterHandshake(isExpired),
    meaning: 'The certificate, or one that signed it, has expired.'
  },
  {
    id: 'certificate-not-yet-valid',
    layer: 'tls',
    severity: 'critical',
    matches: afterHandshake(isNotYetValid),
    meaning: 'The certificate is not valid yet. The usual reason: a clock is wrong.'
  },

  // Application. TLS reaches a server with a valid certificate, but Zilliz Cloud does not answer.

  // Statuses that reveal who answers precede service-error, which matches any other failure.
  {
    id: 'intercepted',
    layer: 'application',
    severity: 'critical',
    matches: byStatus(isOfProxy),
    meaning: 'Zilliz Cloud does not send such a reply. A proxy or a captive portal answers instead.'
  },
  {
    id: 'misdirected',
    layer: 'application',
    severity: 'critical',
    matches: byStatus(isMisdirected),
    meaning:
      'The server reports that it does not serve this host. The record points to the endpoint of another service.'
  },
  {
    id: 'service-error',
    layer: 'application',
    severity: 'critical',
    matches: afterRequest(seen => seen.kind === 'reply' && !isAnswer(seen)),
    meaning:
      'The link works, but the service behind it reports an error. The cluster is suspended, resuming, in maintenance or down, or a proxy in front of it has no healthy target.'
  },
  {
    id: 'request-refused',
    layer: 'application',
    severity: 'critical',
    matches: afterRequest(({ kind }) => kind === 'stream-reset' || kind === 'goaway'),
    meaning:
      'The server speaks HTTP/2 and refuses the request (RST_STREAM or GOAWAY). The cluster is restarting or overloaded, or a proxy cancels the request. The evidence has the code.'
  },
  {
    id: 'not-http',
    layer: 'application',
    severity: 'critical',
    matches: afterRequest(({ kind }) => kind === 'not-http' || kind === 'flood'),
    meaning: 'The server speaks TLS, but does not send an HTTP reply. Another service answers.'
  },
  {
    id: 'application-reset',
    layer: 'application',
    severity: 'critical',
    matches: afterRequest(({ kind }) => kind === 'reset' || kind === 'closed'),
    meaning: 'The connection ends before the answer. The cluster is restarting, or a proxy closes the connection.'
  },
  {
    id: 'application-silent',
    layer: 'application',
    severity: 'critical',
    matches: afterRequest(({ kind }) => kind === 'timeout'),
    meaning:
      'A request gets no answer, though the connection and its certificate are good. The cluster is resuming or overloaded, or a proxy holds the request.'
  },
  // The last fault: everything above stops gRPC and REST alike. Without HTTP/2, only gRPC fails.
  {
    id: 'grpc-unsupported',
    layer: 'tls',
    severity: 'critical',
    matches: afterHandshake(({ alpn }) => alpn !== 'h2'),
    meaning:
      'The server does not offer HTTP/2 in the TLS handshake (ALPN). The SDKs use gRPC, which needs it; REST still works. A proxy that speaks HTTP/1.1 only, or another service, answers.'
  },

  {
    id: 'healthy',
    layer: undefined,
    severity: 'none',
    matches: works,
    meaning: 'Zilliz Cloud answers over the private link.'
  },
  unknownCase
] as const satisfies readonly Case<string>[]

/** The id of a case: a closed set. */
export type CaseId = (typeof catalogue)[number]['id']
