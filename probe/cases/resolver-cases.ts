import { lookAtForwarding, lookAtVpcResolver } from './aws-steps.ts'
import type { Case, Remedy } from './case.ts'
import { clientResolves, resolutionOf, unresolved } from './client.ts'
import type { Evidence, ResolverEvidence } from './evidence.ts'
import * as gcp from './gcp-steps.ts'
import { answersOthers } from './reading.ts'
import { shell } from './shell.ts'

/** EDE codes of a resolver that could not validate the answer (RFC 8914 §4.6-4.13). */
const isBogus = (code: number) => code >= 5 && code <= 12

const fails = (test: (seen: ResolverEvidence['a'], all: ResolverEvidence) => boolean) => (evidence: Evidence) =>
  unresolved(evidence).some(all => test(all.a, all))

/** A client cannot resolve the host, though the resolver that it should ask first can. */
const libcGets = (test: (kind: string) => boolean) => (evidence: Evidence) => {
  const { kind } = resolutionOf(evidence)
  return !clientResolves(evidence) && unresolved(evidence).length === 0 && test(kind)
}

const resolverIsDown: Remedy = {
  aws: lookAtVpcResolver,
  gcp: gcp.lookAtResolver
}

const libcMisled: Remedy = {
  aws: ({ host }) => lookAtLibc(host),
  gcp: ({ host }) => lookAtLibc(host)
}

function lookAtLibc(host: string) {
  return [
    { do: 'ask as an application does', run: shell`getent ahosts ${host}` },
    {
      do: 'look at the resolvers, search list and ndots it uses, and at what stands before DNS',
      run: shell`cat /etc/resolv.conf /etc/nsswitch.conf /etc/hosts`
    },
    { do: 'in Kubernetes, look at the cluster DNS: it must forward the name to the resolver of the network' }
  ]
}

/** Resolvers do not answer, or libc does not though they do. */
export const resolverCases = [
  {
    id: 'dns-tcp-blocked',
    layer: 'dns',
    severity: 'critical',
    matches: fails(({ kind }) => kind === 'truncated'),
    meaning: 'The answer does not fit a datagram, and the resolver cannot be asked over TCP.',
    remedy: {
      aws: () => [
        { do: "allow TCP 53 beside UDP 53 to the resolver: in the clients' security group and the network ACLs" }
      ],
      gcp: () => [{ do: 'allow egress on TCP 53 beside UDP 53 to the resolver' }]
    }
  },
  {
    id: 'dnssec-bogus',
    layer: 'dns',
    severity: 'critical',
    matches: fails(seen => seen.kind === 'rcode' && seen.errors.some(({ code }) => isBogus(code))),
    meaning:
      'The resolver validates DNSSEC and rejects the answer: a private zone is unsigned where its public parent proves otherwise.',
    remedy: {
      aws: ({ host }) => [{ do: `exempt ${host} from validation on that resolver (a negative trust anchor)` }],
      gcp: ({ host }) => [{ do: `exempt ${host} from validation on that resolver (a negative trust anchor)` }]
    }
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
      'The resolver works, but not for this name: those it forwards the name to do not answer or forward it back, or a filter drops it.',
    remedy: { aws: ids => [lookAtForwarding(ids)], gcp: ids => [gcp.lookAtForwarding(ids)] }
  },
  {
    id: 'resolver-fails',
    layer: 'dns',
    severity: 'critical',
    matches: fails(seen => seen.kind === 'rcode' && seen.rcode === 'SERVFAIL'),
    meaning: 'The resolver answers that it failed (SERVFAIL): those it asks in turn do not answer, or it is broken.',
    remedy: {
      aws: ids => [lookAtForwarding(ids), ...lookAtVpcResolver(ids)],
      gcp: ids => [gcp.lookAtForwarding(ids), ...gcp.lookAtResolver(ids)]
    }
  },
  {
    id: 'resolver-refuses',
    layer: 'dns',
    severity: 'critical',
    matches: fails(seen => seen.kind === 'rcode' && seen.rcode === 'REFUSED'),
    meaning: 'The resolver refuses to answer this client (REFUSED): its access list does not have it.',
    remedy: {
      aws: () => [{ do: "add the clients' ranges to the resolver's access list, or ask the VPC's own resolver" }],
      gcp: () => [{ do: "add the clients' ranges to the resolver's access list, or ask 169.254.169.254" }]
    }
  },
  {
    id: 'resolver-errs',
    layer: 'dns',
    severity: 'critical',
    matches: fails(({ kind }) => kind === 'rcode' || kind === 'malformed'),
    meaning: 'What the resolver sends is no answer: an error that should not occur, or a message that cannot be read.',
    remedy: resolverIsDown
  },
  {
    id: 'resolver-port-closed',
    layer: 'dns',
    severity: 'critical',
    matches: fails(({ kind }) => kind === 'refused'),
    meaning: 'Nothing listens where the resolver should: its service is stopped, or its address is wrong.',
    remedy: resolverIsDown
  },
  {
    id: 'resolver-unreachable',
    layer: 'dns',
    severity: 'critical',
    matches: fails(({ kind }) => kind === 'unreachable'),
    meaning: 'The network has no way to the resolver, or a firewall says no.',
    remedy: resolverIsDown
  },
  {
    id: 'resolver-silent',
    layer: 'dns',
    severity: 'critical',
    matches: fails(({ kind }) => kind === 'timeout'),
    meaning: 'The resolver does not answer at all: it is down, or queries to it or its answers are dropped.',
    remedy: resolverIsDown
  },
  {
    id: 'libc-knows-no-such-name',
    layer: 'dns',
    severity: 'critical',
    matches: libcGets(kind => kind === 'not-known' || kind === 'no-address'),
    meaning: 'The resolvers know the host, but applications are told that it does not exist: libc asks elsewhere.',
    remedy: libcMisled
  },
  {
    id: 'libc-cannot-resolve',
    layer: 'dns',
    severity: 'critical',
    matches: libcGets(kind => kind === 'temporary-failure'),
    meaning: 'The resolvers know the host, but applications cannot resolve it: those that libc asks do not answer.',
    remedy: libcMisled
  }
] as const satisfies readonly Case[]
