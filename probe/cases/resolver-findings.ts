import { anywhere, type Finding } from './case.ts'
import type { Evidence, ResolverEvidence } from './evidence.ts'
import { isReply } from './reading.ts'
import { shell } from './shell.ts'

/** Seconds after which an answer from the resolver of one's own network is slow. */
const slowAnswer = 0.5

/** Seconds that libc may take where its resolvers are quick. */
const slowLookup = 1

const atResolvers =
  (test: (seen: ResolverEvidence) => boolean) =>
  ({ resolvers }: Evidence) =>
    resolvers.filter(test).map(({ resolver }) => resolver.name)

const lookAtLibc = anywhere(({ host }) => [
  { do: 'ask as an application does', run: shell`getent ahosts ${host}` },
  {
    do: 'look at the resolvers, search list and ndots it uses, and at what stands before DNS',
    run: shell`cat /etc/resolv.conf /etc/nsswitch.conf /etc/hosts`
  }
])

/** What is wrong with resolving although the host resolves. */
export const resolverFindings = [
  {
    id: 'query-lost',
    layer: 'dns',
    severity: 'warning',
    about: atResolvers(({ a, aaaa }) => [a, aaaa].some(seen => seen.resent > 0 && isReply(seen))),
    meaning:
      'A query or its answer was lost, and only a repetition was answered. Applications wait five seconds for that.',
    remedy: anywhere(() => [
      {
        do: 'look for packet loss on the way to the resolver, and for its limits: AmazonProvidedDNS drops what exceeds 1,024 packets a second and network interface'
      }
    ])
  },
  {
    id: 'resolver-slow',
    layer: 'dns',
    severity: 'warning',
    about: atResolvers(({ a }) => isReply(a) && a.resent === 0 && a.seconds > slowAnswer),
    meaning: 'A resolver takes more than half a second.',
    remedy: anywhere(() => [{ do: 'look at the load of the resolver, and at those it forwards to' }])
  },
  {
    id: 'stray-replies',
    layer: 'dns',
    severity: 'warning',
    about: atResolvers(({ a, aaaa }) => [a, aaaa].some(({ strays }) => strays > 0)),
    meaning:
      'Messages came from the resolver that were no replies to the question: something on the way answers in its place, or somebody tries to.',
    remedy: anywhere(() => [{ do: 'look for a proxy of DNS between here and the resolver' }])
  },
  {
    id: 'aaaa-unanswered',
    layer: 'dns',
    severity: 'warning',
    about: atResolvers(({ a, aaaa }) => a.kind === 'answer' && !isReply(aaaa)),
    meaning:
      'The resolver answers for IPv4 addresses, but not for IPv6 ones. Applications ask for both, and wait for seconds before they connect.',
    remedy: anywhere(() => [
      {
        do: 'repair what drops queries of type AAAA; until then, set `options single-request-reopen` in /etc/resolv.conf'
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
      'Applications get other addresses than the resolvers give: from a hosts file, a search list or a local cache.',
    remedy: lookAtLibc
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
        ? ['libc']
        : [],
    meaning: 'Applications wait for more than a second to resolve the host, though a resolver answers at once.',
    remedy: lookAtLibc
  }
] as const satisfies readonly Finding[]
