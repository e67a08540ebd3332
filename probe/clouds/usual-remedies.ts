import type { CaseId } from '../cases/catalogue.ts'
import type { FindingId } from '../cases/findings.ts'
import type { HostAndPort, Remedy } from './cloud.ts'
import { shell } from './shell.ts'
import type { Step } from './step.ts'
import {
  checkCluster,
  checkLibc,
  compareHost,
  comparePort,
  exemptFromRebindProtection,
  inspectTls,
  listOwnRoutes,
  redeploy,
  sendRequest
} from './steps.ts'

/** What a cloud calls the parts that most remedies are made of: its commands, and its words. */
export interface UsualSteps<In extends HostAndPort> {
  /** Read the records of the zone. */
  readonly listRecords: (ids: In) => Step
  /** Point the host's record to the endpoint. */
  readonly pointRecord: (ids: In) => readonly Step[]
  /** Read the endpoint's state and names or address. */
  readonly describeEndpoint: (ids: In) => Step
  /** What a deploy restores, besides the zone, for the network to use it. */
  readonly attachment: string
  /** Check that the zone exists and that the network uses it. */
  readonly attachZone: (ids: In) => readonly Step[]
  /** Let the name pass the network's DNS filter. */
  readonly allowInDnsFilter: (ids: In) => Step
  /** The resolver of every network, in words that follow "use". */
  readonly ownResolver: string
  /** What that resolver takes, in words that follow "check for". */
  readonly resolverLimits: string
  /** The domain of whatever the host is an alias of, in words that follow "forward". */
  readonly aliasDomain: string
  /** Find out why the network's resolver is silent or fails. */
  readonly checkResolver: (ids: In) => readonly Step[]
  /** Read the rules that forward the name. */
  readonly checkForwarding: (ids: In) => Step
  /** Read the routes. */
  readonly checkRoutes: (ids: In) => Step
  /** What drops packets without a message. */
  readonly silentFilters: string
}

/**
 * The remedies that are the same on every cloud, but for the commands and the words of their steps. What differs in more than
 * that is in the cloud's own remedies.
 */
export function usualRemedies<In extends HostAndPort>(steps: UsualSteps<In>) {
  const { describeEndpoint, listRecords, pointRecord, checkResolver, checkForwarding } = steps
  const fixZone: Remedy<In> = ids => [redeploy(`zone and ${steps.attachment}`, ids), ...steps.attachZone(ids)]
  const fixZoneAndRecord: Remedy<In> = ids => [redeploy('zone and record', ids), listRecords(ids), ...pointRecord(ids)]
  const fixRecord: Remedy<In> = ids => [redeploy('the record', ids), listRecords(ids), ...pointRecord(ids)]
  const fixTarget: Remedy<In> = ids => [
    redeploy('the record', ids),
    describeEndpoint(ids),
    listRecords(ids),
    ...pointRecord(ids)
  ]
  const checkLibcAndCluster: Remedy<In> = ids => [
    ...checkLibc(ids),
    { do: 'in Kubernetes, check that the cluster DNS forwards the name to the resolver of the network' }
  ]
  const inspect: Remedy<In> = ids => [inspectTls(ids)]
  const checkClusterAndRequest: Remedy<In> = ids => [checkCluster, sendRequest(ids)]

  return {
    // Cases: name, zone and record.
    'name-blocked': ids => [
      steps.allowInDnsFilter(ids),
      { do: `if the resolver is your own, exempt ${ids.host} from its filter lists and response policy zones` }
    ],
    'alias-loop': fixZoneAndRecord,
    'record-name-malformed': ids => [...fixZoneAndRecord(ids), { do: 'delete the misspelled record' }],
    'record-missing': fixZoneAndRecord,
    'zone-not-visible': fixZone,
    'rebind-protection': ids => [
      exemptFromRebindProtection(ids),
      { do: 'compare with the answer of the resolver that this one forwards to' }
    ],
    'aliases-not-followed': () => [
      { do: `enable recursion on the resolver, or forward ${steps.aliasDomain}` },
      { do: 'if it is an authoritative server, point clients to a resolver instead' }
    ],
    'no-address-record': ids => [
      ...fixZoneAndRecord(ids),
      {
        ...exemptFromRebindProtection(ids),
        cause: 'the record is good, and the resolver has rebind protection'
      }
    ],

    // Cases: resolvers and libc.
    'dnssec-bogus': ({ host }) => [
      { do: `exempt ${host} from validation on that resolver, with a negative trust anchor` }
    ],
    'forwarding-broken': ids => [checkForwarding(ids)],
    'resolver-fails': ids => [checkForwarding(ids), ...checkResolver(ids)],
    'resolver-refuses': () => [
      { do: "add the clients' ranges to the resolver's access list" },
      { do: 'if the resolver answers other names, check its filters and its rebind protection' },
      { do: `or use ${steps.ownResolver}` }
    ],
    'resolver-errs': checkResolver,
    'resolver-port-closed': checkResolver,
    'resolver-unreachable': ids => [listOwnRoutes, ...checkResolver(ids)],
    'resolver-silent': checkResolver,
    'libc-knows-no-such-name': checkLibcAndCluster,
    'libc-cannot-resolve': checkLibcAndCluster,

    // Cases: the addresses that the host resolves to.
    'forbidden-address': fixTarget,
    'resolves-public': fixZone,
    'resolves-partly-public': ids => [listRecords(ids), redeploy('zone and record', ids), ...steps.attachZone(ids)],
    'wrong-endpoint': fixTarget,
    'libc-misdirects': ({ host }) => [
      { do: 'resolve the host as an application does', run: shell`getent ahosts ${host}` },
      {
        do: 'remove the host from the hosts file, and check resolv.conf and nsswitch.conf',
        run: shell`grep --fixed-strings ${host} /etc/hosts; cat /etc/resolv.conf /etc/nsswitch.conf`
      },
      { do: 'restart or flush a local cache such as nscd or systemd-resolved' }
    ],
    'stale-record': ids => [
      ...fixTarget(ids),
      { do: 'if the record is good, wait until the TTL in the evidence ends, or flush the caches' }
    ],

    // Cases: TCP.
    'connection-refused': ids => [comparePort(ids), describeEndpoint(ids)],
    'network-unreachable': ids => [listOwnRoutes, steps.checkRoutes(ids), listRecords(ids)],
    'no-route': ids => [
      {
        cause: 'a firewall, a proxy or a network policy on the way rejects the connection with an ICMP message',
        do: `allow TCP ${ids.port} to the endpoint there; ${steps.silentFilters} drop packets and send no message`
      },
      { ...describeEndpoint(ids), cause: 'the endpoint was deleted, and no machine has its address' },
      { ...steps.checkRoutes(ids), cause: 'a route to the address ends at something that does not forward' }
    ],

    // Cases: TLS.
    'not-tls': ids => [comparePort(ids)],
    'client-certificate-required': inspect,
    'name-not-served': ids => [compareHost(ids), inspectTls(ids)],
    'tls-version-refused': inspect,
    'tls-refused': inspect,
    'certificate-untrusted': ids => [
      { do: `exempt ${ids.host} from inspection, or add the proxy's authority to those that clients trust` },
      inspectTls(ids)
    ],
    'certificate-for-other-name': ids => [
      { do: 'compare the names in the certificate with the host, and the record with the endpoint' },
      inspectTls(ids)
    ],
    'certificate-expired': ids => [
      { do: 'compare the clock of this machine with another clock' },
      inspectTls(ids),
      { do: 'ask Zilliz Cloud support; it renews certificates 30 days before they expire' }
    ],
    'certificate-not-yet-valid': ids => [
      { do: 'compare the clock of this machine with another clock' },
      inspectTls(ids)
    ],

    // Cases: the application.
    intercepted: ids => [{ do: `exempt ${ids.host} from the proxy` }, sendRequest(ids)],
    misdirected: ids => [compareHost(ids), sendRequest(ids)],
    'service-error': checkClusterAndRequest,
    'request-refused': checkClusterAndRequest,
    'not-http': ids => [comparePort(ids), sendRequest(ids)],
    'application-reset': checkClusterAndRequest,
    'application-silent': checkClusterAndRequest,
    'grpc-unsupported': ({ host, port }) => [
      { do: `exempt ${host} from the proxy, or enable HTTP/2 there` },
      {
        do: 'check which protocol the server chooses',
        run: shell`openssl s_client -connect ${host}:${port} -servername ${host} -alpn h2 </dev/null`
      }
    ],
    healthy: () => [],
    unknown: () => [
      { do: "look at the probe's impairments and at the evidence; a case may be missing from the catalogue" }
    ],

    // Findings: zone and record.
    'parent-zone': () => [
      {
        do: 'if other clusters must resolve, deploy the link with `zone: per-host`, which creates a zone for each host'
      }
    ],
    'canary-hidden': () => [{ do: 'deploy the link with `zone: per-host`, or add the name to the zone' }],
    'canary-misdirected': ids => [
      { do: 'delete the wildcard record, and give each host a record of its own' },
      listRecords(ids)
    ],
    'unexpected-address': fixRecord,
    'stale-address': fixRecord,
    'endpoint-address-left-out': fixRecord,
    'zonal-record': fixRecord,
    'long-ttl': ({ host }) => [{ do: `give the record of ${host} a TTL of 300 seconds or less` }],
    'resolvers-disagree': () => [
      { do: 'compare their answers in the evidence; if the TTL counts down, wait until it ends or flush that cache' }
    ],
    'resolver-removes-addresses': ids => [exemptFromRebindProtection(ids), { do: `or use ${steps.ownResolver}` }],
    'synthesized-address': () => [
      {
        do: 'if clients work on the IPv4 addresses and fail on these, let the translator forward to the private range'
      },
      { do: 'or stop DNS64 for private addresses on the resolver: `mapped` in the `dns64` clause of BIND' }
    ],
    'experimental-address': () => [
      { do: 'if a client does not connect, compare with a client on Linux, and check the routers between them' },
      { do: 'if the client cannot be changed, move the endpoint to a subnet of another range' }
    ],

    // Findings: resolvers and libc.
    'query-lost': () => [
      {
        do: `check for packet loss on the way to the resolver, and for ${steps.resolverLimits}`
      }
    ],
    'edns-dropped': () => [
      { do: 'allow EDNS (RFC 6891) in the firewall or DNS proxy between here and the resolver, or update the resolver' }
    ],
    'resolver-slow': () => [{ do: 'check the load of the resolver, and of the servers that it forwards to' }],
    'stray-replies': () => [{ do: 'look for a DNS proxy between here and the resolver' }],
    'aaaa-unanswered': () => [
      { do: 'find and fix what drops AAAA queries' },
      {
        do: 'until then, set `options no-aaaa` in resolv.conf (glibc 2.36 or later); `single-request-reopen` still costs five seconds'
      }
    ],
    'aaaa-fails': () => [
      {
        do: 'let the resolver, or the server that it forwards to, answer AAAA queries with NOERROR and no records if the host has no IPv6 address'
      }
    ],
    'libc-differs': checkLibc,
    'libc-slow': checkLibc,

    // Findings: the path.
    'address-without-route': () => [{ do: 'list the routes of this machine', run: shell`ip route; ip -6 route` }],
    'endpoint-answers': () => [{ do: 'check zone and record; the endpoint and the firewalls on the way are good' }],
    'syn-retransmitted': () => [
      {
        do: 'check for packet loss between clients and endpoint: a full connection table, an overloaded hop, a target that is being replaced'
      }
    ],
    'connect-slow': () => [{ do: 'put clients and endpoint in the same region' }],
    'handshake-slow': () => [{ do: 'check for packet loss, and the load of clients and cluster' }],
    'reply-slow': () => [{ do: "check the cluster's load in the Zilliz Cloud console" }],
    'certificate-ends-soon': ({ host }) => [{ do: `ask Zilliz Cloud support to renew the certificate of ${host}` }],
    'certificate-by-common-name': ({ host }) => [
      { do: `reissue the certificate with ${host} as a subject alternative name` }
    ],
    'tls-inspected': ({ host }) => [
      { do: `exempt ${host} from inspection, or add the proxy's authority to every client's trust store` }
    ],
    'unusual-status': ({ host, port }) => [
      { do: 'check which server answers', run: shell`curl -sv --max-time 10 https://${host}:${port}/` }
    ],
    'addresses-untried': () => [{ do: 'check whether the record should have that many addresses' }],

    // Findings: what comes and goes.
    intermittent: ({ host, port }) => [
      {
        cause: 'a resolver is a pool of servers, and one of them does not have the zone or does not answer',
        do: 'resolve the host 20 times and count the failures; then ask each server of the pool',
        run: shell`getent ahosts ${host}`
      },
      {
        cause: 'one of several servers behind an address fails, or a firewall on the way ends some connections',
        do: 'connect 20 times and count the failures; give Zilliz Cloud support the times of the failed rounds',
        run: shell`curl -sv --max-time 10 ${`https://${host}:${port}/`}`
      },
      {
        cause: 'packets are lost on the way',
        do: 'check the links and hops between the clients and the endpoint for loss'
      }
    ],
    'resolver-intermittent': () => [
      { do: 'find out whether the resolver is a pool of servers, and ask each of them' },
      { do: 'check for packet loss on the way to the resolver, and for its limits on queries' }
    ]
  } satisfies Partial<Record<CaseId | FindingId, Remedy<In>>>
}
