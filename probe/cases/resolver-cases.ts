import { checkForwarding, checkVpcResolver } from './aws-steps.ts'
import { anywhere, type Case, type Remedy } from './case.ts'
import { clientResolves, resolutionOf, unresolved } from './client.ts'
import type { Evidence, ResolverEvidence } from './evidence.ts'
import * as gcp from './gcp-steps.ts'
import { checkLibc, listOwnRoutes } from './machine-steps.ts'
import type { DnsObservation } from './observation.ts'
import { answersOthers } from './reading.ts'

/** EDE codes of a resolver that could not validate the answer (RFC 8914 §4.6-4.13). */
const isBogus = (code: number) => code >= 5 && code <= 12

const fails = (test: (seen: DnsObservation, all: ResolverEvidence) => boolean) => (evidence: Evidence) =>
  unresolved(evidence).some(all => test(all.a, all))

/** A client cannot resolve the host, though the resolver that it should ask first can. */
const libcGets = (test: (kind: string) => boolean) => (evidence: Evidence) => {
  const { kind } = resolutionOf(evidence)
  return !clientResolves(evidence) && unresolved(evidence).length === 0 && test(kind)
}

const resolverIsDown: Remedy = { aws: checkVpcResolver, gcp: gcp.checkResolver }

const clientRules = "the clients' security group and the network ACLs of both subnets"

const checkLibcAndCluster = anywhere(target => [
  ...checkLibc(target),
  { do: 'in Kubernetes, check that the cluster DNS forwards the name to the resolver of the network' }
])

/** Resolvers do not answer, or libc does not though they do. */
export const resolverCases = [
  {
    id: 'dns-tcp-blocked',
    layer: 'dns',
    severity: 'critical',
    matches: fails(({ kind }, { aaaa }) => kind === 'truncated' || aaaa.kind === 'truncated'),
    meaning: 'The answer does not fit a UDP datagram, and the resolver does not answer over TCP.',
    remedy: {
      aws: () => [{ do: `allow TCP port 53 to the resolver, as well as UDP, in ${clientRules}` }],
      gcp: () => [{ do: 'allow egress to the resolver on TCP port 53, as well as UDP' }]
    }
  },
  {
    id: 'dnssec-bogus',
    layer: 'dns',
    severity: 'critical',
    matches: fails(seen => seen.kind === 'rcode' && seen.errors.some(({ code }) => isBogus(code))),
    meaning:
      'The resolver validates DNSSEC and rejects the answer. A private zone is unsigned, and its public parent promises signatures.',
    remedy: anywhere(({ host }) => [
      { do: `exempt ${host} from validation on that resolver, with a negative trust anchor` }
    ])
  },
  {
    id: 'forwarding-broken',
    layer: 'dns',
    severity: 'critical',
    matches: fails(
      (seen, all) =>
        (seen.kind === 'timeout' || (seen.kind === 'rcode' && seen.rcode === 'SERVFAIL')) && answersOthers(all)
    ),
    meaning:
      'The resolver answers other names, but not this one. The servers that it forwards the name to do not answer, they forward it back, or a filter drops it.',
    remedy: { aws: ids => [checkForwarding(ids)], gcp: ids => [gcp.checkForwarding(ids)] }
  },
  {
    id: 'resolver-fails',
    layer: 'dns',
    severity: 'critical',
    matches: fails(seen => seen.kind === 'rcode' && seen.rcode === 'SERVFAIL'),
    meaning:
      'The resolver reports that it failed (SERVFAIL). The servers that it asks do not answer, or the resolver is broken.',
    remedy: {
      aws: ids => [checkForwarding(ids), ...checkVpcResolver(ids)],
      gcp: ids => [gcp.checkForwarding(ids), ...gcp.checkResolver(ids)]
    }
  },
  {
    id: 'resolver-refuses',
    layer: 'dns',
    severity: 'critical',
    matches: fails(seen => seen.kind === 'rcode' && seen.rcode === 'REFUSED'),
    meaning:
      'The resolver refuses the query (REFUSED). Its access list does not have this client, it does not resolve for clients, or a filter refuses the name.',
    remedy: {
      aws: () => [
        { do: "add the clients' ranges to the resolver's access list" },
        { do: 'if the resolver answers other names, check its filters and its rebind protection' },
        { do: "or use the VPC's own resolver, 169.254.169.253" }
      ],
      gcp: () => [
        { do: "add the clients' ranges to the resolver's access list" },
        { do: 'if the resolver answers other names, check its filters and its rebind protection' },
        { do: "or use the network's own resolver, 169.254.169.254" }
      ]
    }
  },
  {
    id: 'resolver-errs',
    layer: 'dns',
    severity: 'critical',
    matches: fails(({ kind }) => kind === 'rcode' || kind === 'malformed'),
    meaning: 'The resolver sends an error that should not occur, or a message that is not a valid reply.',
    remedy: resolverIsDown
  },
  {
    id: 'resolver-port-closed',
    layer: 'dns',
    severity: 'critical',
    matches: fails(({ kind }) => kind === 'refused'),
    meaning:
      "No service listens on the resolver's address and port, or a firewall rejects the query. The service is stopped, or the address is wrong.",
    remedy: resolverIsDown
  },
  {
    id: 'resolver-unreachable',
    layer: 'dns',
    severity: 'critical',
    matches: fails(({ kind }) => kind === 'unreachable'),
    meaning:
      'The network reports that it cannot deliver to the resolver. A route is missing, or a firewall rejects the query.',
    remedy: {
      aws: ids => [listOwnRoutes, ...checkVpcResolver(ids)],
      gcp: ids => [listOwnRoutes, ...gcp.checkResolver(ids)]
    }
  },
  {
    id: 'resolver-silent',
    layer: 'dns',
    severity: 'critical',
    matches: fails(({ kind }) => kind === 'timeout'),
    meaning: 'The resolver does not answer any query. It is down, or the network drops the queries or the answers.',
    remedy: resolverIsDown
  },
  {
    id: 'libc-knows-no-such-name',
    layer: 'dns',
    severity: 'critical',
    matches: libcGets(kind => kind === 'not-known' || kind === 'no-address'),
    meaning:
      'The resolver knows the host, but the C library tells applications that it does not exist. The library uses other resolvers, a search list or a hosts file.',
    remedy: checkLibcAndCluster
  },
  {
    id: 'libc-cannot-resolve',
    layer: 'dns',
    severity: 'critical',
    matches: libcGets(kind => kind === 'temporary-failure'),
    meaning:
      'The resolver knows the host, but the C library cannot resolve it for applications. The resolvers that it uses do not answer.',
    remedy: checkLibcAndCluster
  }
] as const satisfies readonly Case[]
