import type { Finding } from './case.ts'
import {
  addressesByDns64,
  addressesLeftOut,
  addressesOfLibcAlone,
  atReplies,
  atResolvers,
  disagreeingResolvers,
  experimentalAddresses,
  filteringResolvers,
  hiddenCanaries,
  isCachedLong,
  isRepeated,
  isSilence,
  isWithoutOptions,
  misdirectedCanaries,
  parentZones,
  resolversWithoutAnswer,
  slowLibc,
  slowResolvers,
  staleAddresses,
  unexpectedAddresses,
  zonalNames
} from './found-in-dns.ts'
import {
  addressesWithoutRoute,
  answeringEndpoint,
  atAddresses,
  endsSoon,
  failingAddresses,
  isInspected,
  isNamedByCommonName,
  isRetransmitted,
  isUnusual,
  slowToConnect,
  slowToReply,
  slowToShakeHands
} from './found-on-path.ts'
import { resolversThatComeAndGo, whatComesAndGoes } from './intermittent.ts'

/** Everything that can be wrong without stopping a link, in the order in which a client meets it. */
export const findings = [
  // Zone and record: something is wrong although the host resolves.
  {
    id: 'parent-zone',
    layer: 'dns',
    severity: 'info',
    about: parentZones,
    meaning:
      'A private zone answers for the whole domain of the host. Every other Zilliz Cloud name in that domain, public clusters included, resolves in this network only if the zone has a record for it.'
  },
  {
    id: 'canary-hidden',
    layer: 'dns',
    severity: 'warning',
    about: hiddenCanaries,
    meaning: 'A name that this network needs does not resolve: a private zone above it has no record for it.'
  },
  {
    id: 'canary-misdirected',
    layer: 'dns',
    severity: 'warning',
    about: misdirectedCanaries,
    meaning:
      "A name of another cluster resolves to this link's addresses. The usual reason is a wildcard record in a private zone, which answers for every name without a record."
  },
  {
    id: 'unexpected-address',
    layer: 'dns',
    severity: 'warning',
    about: unexpectedAddresses,
    meaning:
      "The host resolves to the endpoint's addresses and to others, where Zilliz Cloud also answers. The record, or a cache, is out of date."
  },
  {
    id: 'stale-address',
    layer: 'dns',
    severity: 'critical',
    about: staleAddresses,
    meaning:
      "The host resolves to the endpoint's addresses and to others, where Zilliz Cloud does not answer. Clients that choose one of the others wait or fail."
  },
  {
    id: 'endpoint-address-left-out',
    layer: 'dns',
    severity: 'warning',
    about: addressesLeftOut,
    meaning:
      'The endpoint has addresses that the host does not resolve to. Clients use fewer availability zones than the endpoint has.'
  },
  {
    id: 'zonal-record',
    layer: 'dns',
    severity: 'warning',
    about: zonalNames,
    meaning:
      "The host is an alias of the endpoint's name in one availability zone. All clients use that zone, and lose the link if it fails."
  },
  {
    id: 'long-ttl',
    layer: 'dns',
    severity: 'info',
    about: atReplies(isCachedLong),
    meaning:
      'Caches may keep the answer for more than an hour. If the endpoint changes, clients use the old address until the answer expires.'
  },
  {
    id: 'resolvers-disagree',
    layer: 'dns',
    severity: 'warning',
    about: disagreeingResolvers,
    meaning:
      'Resolvers return different addresses for the host. One has an older answer in its cache, or uses another zone or view.'
  },
  {
    id: 'resolver-without-answer',
    layer: 'dns',
    severity: 'warning',
    about: resolversWithoutAnswer,
    meaning:
      'Clients resolve the host, but this resolver returns no address. It does not use the private zone, has an older answer in its cache, or is out of order. Clients that use it cannot connect.'
  },
  {
    id: 'resolver-removes-addresses',
    layer: 'dns',
    severity: 'warning',
    about: filteringResolvers,
    meaning:
      'Clients resolve the host, but this resolver has rebind protection: it removes private addresses from answers. Clients that use it cannot connect.'
  },
  {
    id: 'synthesized-address',
    layer: 'dns',
    severity: 'info',
    about: addressesByDns64,
    meaning:
      'DNS64 synthesized these IPv6 addresses from the IPv4 addresses of the host. Clients reach them only through a translator (NAT64). Many translators do not forward to private IPv4 addresses.'
  },
  {
    id: 'experimental-address',
    layer: 'dns',
    severity: 'info',
    about: experimentalAddresses,
    meaning:
      'The host has addresses in 240.0.0.0/4 (class E). Some operating systems and routers do not support that range.'
  },

  // Resolvers and libc: something is wrong although the host resolves.
  {
    id: 'query-lost',
    layer: 'dns',
    severity: 'warning',
    about: atReplies(isRepeated),
    meaning:
      'The resolver answered a repeated query, but not the first one: the first query or its answer was lost. Applications repeat a query after five seconds.'
  },
  {
    id: 'edns-dropped',
    layer: 'dns',
    severity: 'warning',
    about: atReplies(isWithoutOptions),
    meaning:
      'The resolver answers only queries without EDNS options. The resolver itself, or something on the path, drops queries that have them.'
  },
  {
    id: 'resolver-slow',
    layer: 'dns',
    severity: 'warning',
    about: slowResolvers,
    meaning: 'The resolver takes more than half a second to answer.'
  },
  {
    id: 'stray-replies',
    layer: 'dns',
    severity: 'warning',
    about: atReplies(({ strays }) => strays > 0),
    meaning:
      "Messages that do not answer the query arrived from the resolver's address. Another device answers instead, or an attacker tries to forge answers."
  },
  {
    id: 'aaaa-unanswered',
    layer: 'dns',
    severity: 'warning',
    about: atResolvers(({ a, aaaa }) => a.kind === 'answer' && isSilence(aaaa)),
    meaning:
      'The resolver answers queries for IPv4 addresses, but not for IPv6 addresses. Applications query both. With glibc they wait 15 seconds before they connect. With musl they fail.'
  },
  {
    id: 'aaaa-fails',
    layer: 'dns',
    severity: 'warning',
    about: atResolvers(({ a, aaaa }) => a.kind === 'answer' && (aaaa.kind === 'rcode' || aaaa.kind === 'nxdomain')),
    meaning:
      'The resolver answers queries for IPv4 addresses, but returns an error for IPv6 addresses. Programs that use glibc work. Programs that use musl, such as those in Alpine images, fail with "Name does not resolve" or "Try again".'
  },
  {
    id: 'libc-differs',
    layer: 'dns',
    severity: 'warning',
    about: addressesOfLibcAlone,
    meaning:
      'The C library gives applications an address that the resolvers do not return. The address comes from a hosts file, a search list or a local cache.'
  },
  {
    id: 'libc-slow',
    layer: 'dns',
    severity: 'warning',
    about: slowLibc,
    meaning:
      'The C library takes more than a second to resolve the host for applications, although a resolver answers fast.'
  },

  // The path: something is wrong on it although a client reaches Zilliz Cloud, or could.
  {
    id: 'address-fails',
    layer: 'tcp',
    severity: 'critical',
    about: failingAddresses,
    meaning: 'The host works on one address and fails on another. Clients that choose the failing address wait or fail.'
  },
  {
    id: 'address-without-route',
    layer: 'tcp',
    severity: 'info',
    about: addressesWithoutRoute,
    meaning:
      'This machine has no route to one of the addresses, such as an IPv6 address on a machine without IPv6. Clients use the others.'
  },
  {
    id: 'endpoint-answers',
    layer: 'tcp',
    severity: 'info',
    about: answeringEndpoint,
    meaning: 'Zilliz Cloud answers at the endpoint itself. Only the name resolution of the host is wrong.'
  },
  {
    id: 'syn-retransmitted',
    layer: 'tcp',
    severity: 'warning',
    about: atAddresses(isRetransmitted),
    meaning:
      'The first packet of a connection was lost, and the server answered the second one. The network loses packets.'
  },
  {
    id: 'connect-slow',
    layer: 'tcp',
    severity: 'warning',
    about: slowToConnect,
    meaning: 'A connection takes more than 0.3 seconds. The endpoint is far away, or the network is overloaded.'
  },
  {
    id: 'handshake-slow',
    layer: 'tls',
    severity: 'warning',
    about: slowToShakeHands,
    meaning: 'The TLS handshake takes more than a second.'
  },
  {
    id: 'reply-slow',
    layer: 'application',
    severity: 'warning',
    about: slowToReply,
    meaning: 'The cluster takes more than a second to answer a request that needs no work.'
  },
  {
    id: 'certificate-ends-soon',
    layer: 'tls',
    severity: 'warning',
    about: atAddresses(endsSoon),
    meaning:
      'The certificate expires in less than 21 days. Zilliz Cloud renews certificates 30 days before they expire.'
  },
  {
    id: 'certificate-by-common-name',
    layer: 'tls',
    severity: 'info',
    about: atAddresses(isNamedByCommonName),
    meaning:
      'The certificate has the host in its common name only. Python, curl and gRPC accept that. Go and browsers do not.'
  },
  {
    id: 'tls-inspected',
    layer: 'tls',
    severity: 'warning',
    about: atAddresses(isInspected),
    meaning:
      'A private authority that this machine trusts signed the certificate: a proxy inspects TLS. Clients that do not trust that authority, such as those in containers, reject the certificate.'
  },
  {
    id: 'unusual-status',
    layer: 'application',
    severity: 'info',
    about: atAddresses(isUnusual),
    meaning: 'The server answers with a status that Zilliz Cloud is not known to return for this request.'
  },
  {
    id: 'addresses-untried',
    layer: 'tcp',
    severity: 'info',
    about: ({ untried }) => untried,
    meaning: 'The host has more addresses than the probe tries in a round.'
  },

  // What fails intermittently: a single round may miss it, so the last rounds are compared.
  {
    id: 'intermittent',
    layer: undefined,
    severity: 'critical',
    about: whatComesAndGoes,
    meaning:
      'Some of the last rounds failed and others did not. Clients fail intermittently. A single check may succeed.'
  },
  {
    id: 'resolver-intermittent',
    layer: 'dns',
    severity: 'warning',
    about: resolversThatComeAndGo,
    meaning:
      'A resolver returned an address for the host in some of the last rounds and not in others. Clients that query it first fail or wait intermittently.'
  }
] as const satisfies readonly Finding<string>[]

/** The id of a finding: a closed set. */
export type FindingId = (typeof findings)[number]['id']
