import { duration } from '../words/seen.ts'
import { anywhere, type Finding } from './case.ts'
import type { Evidence, ResolverEvidence } from './evidence.ts'
import { checkLibc } from './machine-steps.ts'
import type { DnsObservation } from './observation.ts'
import { isReply } from './reading.ts'

/** Seconds after which an answer from the resolver of one's own network is slow. */
const slowAnswer = 0.5

/** Seconds that libc may take where its resolvers are quick. */
const slowLookup = 1

const atResolvers =
  (test: (seen: ResolverEvidence) => boolean) =>
  ({ resolvers }: Evidence) =>
    resolvers.filter(test).map(({ resolver }) => resolver.name)

/** The replies for the host, of both types. */
const both = ({ a, aaaa }: ResolverEvidence) => [a, aaaa]

/** What is wrong with resolving although the host resolves. */
export const resolverFindings = [
  {
    id: 'query-lost',
    layer: 'dns',
    severity: 'warning',
    about: atResolvers(seen =>
      both(seen).some(({ answered }) => answered !== undefined && answered.query > 1 && answered.withOptions)
    ),
    meaning:
      'The resolver answered a repeated query, but not the first one: the first query or its answer was lost. Applications repeat a query after five seconds.',
    remedy: anywhere(() => [
      {
        do: 'check for packet loss on the way to the resolver, and for its limits: AmazonProvidedDNS drops more than 1,024 packets a second for each network interface'
      }
    ])
  },
  {
    id: 'edns-dropped',
    layer: 'dns',
    severity: 'warning',
    // Without a repetition, the resolver has said that it knows no options, as it may, and was asked again at once.
    about: atResolvers(seen =>
      both(seen).some(({ answered, resent }) => answered?.withOptions === false && resent > 0)
    ),
    meaning:
      'The resolver answers queries without EDNS options only. Something on the way, or the resolver itself, drops queries that have them.',
    remedy: anywhere(() => [
      { do: 'allow EDNS (RFC 6891) in the firewall or DNS proxy between here and the resolver, or update the resolver' }
    ])
  },
  {
    id: 'resolver-slow',
    layer: 'dns',
    severity: 'warning',
    about: ({ resolvers }) =>
      resolvers.flatMap(({ resolver, a }) =>
        isReply(a) && a.seconds > slowAnswer && (a.answered === undefined || a.answered.query === 1)
          ? [`${resolver.name} (${duration(a.seconds)})`]
          : []
      ),
    meaning: 'The resolver takes more than half a second to answer.',
    remedy: anywhere(() => [{ do: 'check the load of the resolver, and of the servers that it forwards to' }])
  },
  {
    id: 'stray-replies',
    layer: 'dns',
    severity: 'warning',
    about: atResolvers(seen => both(seen).some(({ strays }) => strays > 0)),
    meaning:
      'Messages arrived from the resolver that do not answer the query. Another device answers in its place, or someone tries to forge answers.',
    remedy: anywhere(() => [{ do: 'look for a DNS proxy between here and the resolver' }])
  },
  {
    id: 'aaaa-unanswered',
    layer: 'dns',
    severity: 'warning',
    about: atResolvers(({ a, aaaa }) => a.kind === 'answer' && isSilence(aaaa)),
    meaning:
      'The resolver answers for IPv4 addresses, but not for IPv6 addresses. Applications ask for both: glibc waits 15 seconds before it connects, musl fails.',
    remedy: anywhere(() => [
      { do: 'find and fix what drops AAAA queries' },
      {
        do: 'until then, set `options no-aaaa` in resolv.conf (glibc 2.36 or later); `single-request-reopen` still costs five seconds'
      }
    ])
  },
  {
    id: 'aaaa-fails',
    layer: 'dns',
    severity: 'warning',
    about: atResolvers(({ a, aaaa }) => a.kind === 'answer' && (aaaa.kind === 'rcode' || aaaa.kind === 'nxdomain')),
    meaning:
      'The resolver answers for IPv4 addresses, but with an error for IPv6 addresses. Programs that use glibc work. Programs that use musl, such as those in Alpine images, fail with "Name does not resolve" or "Try again".',
    remedy: anywhere(() => [
      {
        do: 'let the resolver, or the server that it forwards to, answer AAAA queries with NOERROR and no records if the host has no IPv6 address'
      }
    ])
  },
  {
    id: 'libc-differs',
    layer: 'dns',
    severity: 'warning',
    about: ({ libc, addresses }) => {
      if (libc?.kind !== 'answer' || !addresses.some(({ byResolvers }) => byResolvers)) return []
      return addresses.flatMap(({ byLibc, byResolvers, address }) => (byLibc && !byResolvers ? [address] : []))
    },
    meaning:
      'The C library gives applications an address that the resolvers do not give. It comes from a hosts file, a search list or a local cache.',
    remedy: anywhere(checkLibc)
  },
  {
    id: 'libc-slow',
    layer: 'dns',
    severity: 'warning',
    about: ({ libc, resolvers }) =>
      libc !== undefined &&
      (libc.kind === 'answer' || libc.kind === 'pending') &&
      libc.seconds > slowLookup &&
      resolvers.some(({ a }) => isReply(a) && a.seconds <= slowAnswer)
        ? [`libc (${duration(libc.seconds)})`]
        : [],
    meaning:
      'The C library takes more than a second to resolve the host for applications, though a resolver answers fast.',
    remedy: anywhere(checkLibc)
  }
] as const satisfies readonly Finding[]

/** Whether nothing came that glibc or musl would take for a reply. */
function isSilence({ kind }: DnsObservation): boolean {
  return kind === 'timeout' || kind === 'malformed' || kind === 'refused' || kind === 'unreachable'
}
