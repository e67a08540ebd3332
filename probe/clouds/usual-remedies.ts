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

/** A cloud's own commands and words for the steps that most remedies share. */
export interface UsualSteps<In extends HostAndPort> {
  /** Read the records of the zone. */
  readonly listRecords: (ids: In) => Step
  /** Point the host's record to the endpoint. */
  readonly pointRecord: (ids: In) => readonly Step[]
  /** Read the endpoint's state and names or address. */
  readonly describeEndpoint: (ids: In) => Step
  /** What connects the zone to the network, in a word that follows "its". A deploy restores it. */
  readonly attachment: string
  /** Check that the zone exists and that the network uses it. */
  readonly attachZone: (ids: In) => readonly Step[]
  /** Allow the name in the network's DNS filter. */
  readonly allowInDnsFilter: (ids: In) => Step
  /** The resolver of every network, in words that follow "use". */
  readonly ownResolver: string
  /** How many queries that resolver takes: sentences. */
  readonly resolverLimits: string
  /** The domain of the name that the host is an alias of, in words that follow "forward". */
  readonly aliasDomain: string
  /** Find out why the network's resolver is silent or fails. */
  readonly checkResolver: (ids: In) => readonly Step[]
  /** Read the rules that forward the name. */
  readonly checkForwarding: (ids: In) => Step
  /** Read the routes. */
  readonly checkRoutes: (ids: In) => Step
  /** What drops packets without a message, in words that begin a sentence. */
  readonly silentFilters: string
}

/**
 * The remedies that differ between clouds only in the commands and words of their steps. All other remedies are in the cloud's own file.
 */
export function usualRemedies<In extends HostAndPort>(steps: UsualSteps<In>) {
  const { describeEndpoint, listRecords, pointRecord, checkResolver, checkForwarding } = steps
  const fixZone: Remedy<In> = ids => [redeploy(`the zone and its ${steps.attachment}`, ids), ...steps.attachZone(ids)]
  const fixZoneAndRecord: Remedy<In> = ids => [
    redeploy('the zone and the record', ids),
    listRecords(ids),
    ...pointRecord(ids)
  ]
  const fixRecord: Remedy<In> = ids => [redeploy('the record', ids), listRecords(ids), ...pointRecord(ids)]
  const fixTarget: Remedy<In> = ids => [
    redeploy('the record', ids),
    describeEndpoint(ids),
    listRecords(ids),
    ...pointRecord(ids)
  ]
  const checkLibcAndCluster: Remedy<In> = ids => [
    ...checkLibc(ids),
    { do: 'In Kubernetes, check that the cluster DNS forwards the name to the resolver of the network.' }
  ]
  const inspect: Remedy<In> = ids => [inspectTls(ids)]
  const checkClusterAndRequest: Remedy<In> = ids => [checkCluster, sendRequest(ids)]

  return {
    // Cases: name, zone and record.
    'name-blocked': ids => [
      steps.allowInDnsFilter(ids),
      { do: `If you run the resolver yourself, exempt ${ids.host} from its filter lists and response policy zones.` }
    ],
    'alias-loop': fixZoneAndRecord,
    'record-name-malformed': ids => [...fixZoneAndRecord(ids), { do: 'Delete the misspelled record.' }],
    'record-missing': fixZoneAndRecord,
    'zone-not-visible': fixZone,
    'rebind-protection': ids => [
      exemptFromRebindProtection(ids),
      { do: 'Compare the answer with that of the resolver that this one forwards to.' }
    ],
    'aliases-not-followed': () => [
      { do: `Enable recursion on the resolver, or forward ${steps.aliasDomain}.` },
      { do: 'If the server is authoritative only, configure clients to use a resolver instead.' }
    ],
    'no-address-record': ids => [
      ...fixZoneAndRecord(ids),
      {
        ...exemptFromRebindProtection(ids),
        cause: 'The record is good, but the resolver has rebind protection.'
      }
    ],

    // Cases: resolvers and libc.
    'dnssec-bogus': ({ host }) => [
      { do: `Exempt ${host} from validation on that resolver, with a negative trust anchor.` }
    ],
    'forwarding-broken': ids => [checkForwarding(ids)],
    'resolver-fails': ids => [checkForwarding(ids), ...checkResolver(ids)],
    'resolver-refuses': () => [
      { do: "Add the address ranges of the clients to the resolver's access list." },
      { do: 'If the resolver answers other names, check its filters and its rebind protection.' },
      { do: `Alternatively, use ${steps.ownResolver}.` }
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
    'resolves-partly-public': ids => [
      listRecords(ids),
      redeploy('the zone and the record', ids),
      ...steps.attachZone(ids)
    ],
    'wrong-endpoint': fixTarget,
    'libc-misdirects': ({ host }) => [
      { do: 'Resolve the host as an application does.', run: shell`getent ahosts ${host}` },
      {
        do: 'Remove the host from the hosts file. Check resolv.conf and nsswitch.conf.',
        run: shell`grep --fixed-strings ${host} /etc/hosts; cat /etc/resolv.conf /etc/nsswitch.conf`
      },
      { do: 'Flush or restart the local cache, such as nscd or systemd-resolved.' }
    ],
    'stale-record': ids => [
      ...fixTarget(ids),
      { do: 'If the record is good, flush the caches, or wait until the TTL in the evidence expires.' }
    ],

    // Cases: TCP.
    'connection-refused': ids => [comparePort(ids), describeEndpoint(ids)],
    'network-unreachable': ids => [listOwnRoutes, steps.checkRoutes(ids), listRecords(ids)],
    'no-route': ids => [
      {
        cause: 'A firewall, a proxy or a network policy on the path rejects the connection with an ICMP message.',
        do: `Allow TCP ${ids.port} to the endpoint there. ${steps.silentFilters} are not the cause: they drop packets without a message.`
      },
      { ...describeEndpoint(ids), cause: 'The endpoint was deleted, and no machine has its address.' },
      { ...steps.checkRoutes(ids), cause: 'The next hop of the route to the address does not forward packets.' }
    ],

    // Cases: TLS.
    'not-tls': ids => [comparePort(ids)],
    'client-certificate-required': inspect,
    'name-not-served': ids => [compareHost(ids), inspectTls(ids)],
    'tls-version-refused': inspect,
    'tls-refused': inspect,
    'certificate-untrusted': ids => [
      {
        do: `Exempt ${ids.host} from inspection, or add the proxy's certificate authority to the trust store of every client.`
      },
      inspectTls(ids)
    ],
    'certificate-for-other-name': ids => [
      { do: 'Compare the names in the certificate with the host. Compare the record with the endpoint.' },
      inspectTls(ids)
    ],
    'certificate-expired': ids => [
      { do: 'Compare the clock of this machine with another clock.' },
      inspectTls(ids),
      { do: 'Ask Zilliz Cloud support. Zilliz Cloud renews certificates 30 days before they expire.' }
    ],
    'certificate-not-yet-valid': ids => [
      { do: 'Compare the clock of this machine with another clock.' },
      inspectTls(ids)
    ],

    // Cases: the application.
    intercepted: ids => [{ do: `Exempt ${ids.host} from the proxy.` }, sendRequest(ids)],
    misdirected: ids => [compareHost(ids), sendRequest(ids)],
    'service-error': checkClusterAndRequest,
    'request-refused': checkClusterAndRequest,
    'not-http': ids => [comparePort(ids), sendRequest(ids)],
    'application-reset': checkClusterAndRequest,
    'application-silent': checkClusterAndRequest,
    'grpc-unsupported': ({ host, port }) => [
      { do: `Exempt ${host} from the proxy, or enable HTTP/2 on the proxy.` },
      {
        do: 'Check which protocol the server chooses.',
        run: shell`openssl s_client -connect ${host}:${port} -servername ${host} -alpn h2 </dev/null`
      }
    ],
    healthy: () => [],
    unknown: () => [
      {
        do: "Check the probe's impairments and the evidence. If both are in order, a case may be missing from the catalog."
      }
    ],

    // Findings: zone and record.
    'parent-zone': () => [
      {
        do: 'If other clusters must resolve, deploy the link with `zone: per-host`. It creates a zone for each host.'
      }
    ],
    'canary-hidden': () => [{ do: 'Deploy the link with `zone: per-host`, or add the name to the zone.' }],
    'canary-misdirected': ids => [
      { do: 'Delete the wildcard record, and create a record for each host.' },
      listRecords(ids)
    ],
    'unexpected-address': fixRecord,
    'stale-address': fixRecord,
    'endpoint-address-left-out': fixRecord,
    'zonal-record': fixRecord,
    'long-ttl': ({ host }) => [{ do: `Set the TTL of the record of ${host} to 300 seconds or less.` }],
    'resolvers-disagree': () => [
      {
        do: 'Compare their answers in the evidence. If the TTL of one counts down, flush that cache, or wait until the TTL expires.'
      }
    ],
    'resolver-removes-addresses': ids => [
      exemptFromRebindProtection(ids),
      { do: `Alternatively, use ${steps.ownResolver}.` }
    ],
    'synthesized-address': () => [
      {
        do: 'If clients work on the IPv4 addresses and fail on these, configure the translator to forward to the private range.'
      },
      {
        do: 'Alternatively, disable DNS64 for private addresses on the resolver. In BIND, use `mapped` in the `dns64` clause.'
      }
    ],
    'experimental-address': () => [
      { do: 'If a client does not connect, compare it with a client on Linux, and check the routers on the path.' },
      { do: 'If you cannot change the client, move the endpoint to a subnet of another range.' }
    ],

    // Findings: resolvers and libc.
    'query-lost': () => [
      {
        do: `Check for packet loss on the path to the resolver. ${steps.resolverLimits}`
      }
    ],
    'edns-dropped': () => [
      {
        do: 'Allow EDNS (RFC 6891) in the firewall or DNS proxy between this machine and the resolver, or update the resolver.'
      }
    ],
    'resolver-slow': () => [{ do: 'Check the load of the resolver, and of the servers that it forwards to.' }],
    'stray-replies': () => [{ do: 'Check for a DNS proxy between this machine and the resolver.' }],
    'aaaa-unanswered': () => [
      { do: 'Find and fix what drops AAAA queries.' },
      {
        do: 'Until then, set `options no-aaaa` in resolv.conf (glibc 2.36 or later). `single-request-reopen` still costs five seconds.'
      }
    ],
    'aaaa-fails': () => [
      {
        do: 'Fix the resolver, or the server that it forwards to. If the host has no IPv6 address, the server must answer AAAA queries with NOERROR and no records.'
      }
    ],
    'libc-differs': checkLibc,
    'libc-slow': checkLibc,

    // Findings: the path.
    'address-without-route': () => [{ do: 'List the routes of this machine.', run: shell`ip route; ip -6 route` }],
    'endpoint-answers': () => [
      { do: 'Check the zone and the record. The endpoint and the firewalls on the path are good.' }
    ],
    'syn-retransmitted': () => [
      {
        do: 'Check for packet loss between the clients and the endpoint. Examples: a full connection table, an overloaded hop, a target that is being replaced.'
      }
    ],
    'connect-slow': () => [{ do: 'Run the clients in the region of the endpoint.' }],
    'handshake-slow': () => [{ do: 'Check for packet loss. Check the load of the clients and of the cluster.' }],
    'reply-slow': () => [{ do: "Check the cluster's load in the Zilliz Cloud console." }],
    'certificate-ends-soon': ({ host }) => [{ do: `Ask Zilliz Cloud support to renew the certificate of ${host}.` }],
    'certificate-by-common-name': ({ host }) => [
      { do: `Reissue the certificate with ${host} as a subject alternative name.` }
    ],
    'tls-inspected': ({ host }) => [
      {
        do: `Exempt ${host} from inspection, or add the proxy's certificate authority to the trust store of every client.`
      }
    ],
    'unusual-status': ({ host, port }) => [
      { do: 'Check which server answers.', run: shell`curl -sv --max-time 10 https://${host}:${port}/` }
    ],
    'addresses-untried': () => [{ do: 'Check whether the record should have that many addresses.' }],

    // Findings: what comes and goes.
    intermittent: ({ host, port }) => [
      {
        cause: 'A resolver is a pool of servers. One of them does not have the zone or does not answer.',
        do: 'Resolve the host 20 times and count the failures. Then query each server of the pool.',
        run: shell`getent ahosts ${host}`
      },
      {
        cause: 'One of several servers behind an address fails, or a firewall on the path ends some connections.',
        do: 'Connect 20 times and count the failures. Send the times of the failed rounds to Zilliz Cloud support.',
        run: shell`curl -sv --max-time 10 ${`https://${host}:${port}/`}`
      },
      {
        cause: 'The network loses packets.',
        do: 'Check the links and hops between the clients and the endpoint for packet loss.'
      }
    ],
    'resolver-intermittent': () => [
      { do: 'Check whether the resolver is a pool of servers, and query each of them.' },
      { do: 'Check for packet loss on the path to the resolver. Check its query limits.' }
    ]
  } satisfies Partial<Record<CaseId | FindingId, Remedy<In>>>
}
