import { judgedAddress } from '../observers/embedded-address.ts'
import { escapeName } from '../observers/escape.ts'
import * as aws from './aws-steps.ts'
import { anywhere, type Finding, type Remedy } from './case.ts'
import { clientResolves, resolves } from './client.ts'
import type { AddressEvidence, Evidence, ResolverEvidence } from './evidence.ts'
import * as gcp from './gcp-steps.ts'
import type { Alias, DnsObservation } from './observation.ts'
import { isElsewhere, isExpected, isHealthy, isResolved } from './reading.ts'
import { redeploy } from './redeploy.ts'
import { isPrivateZone, zoneOf } from './zone.ts'

/** Seconds for which an answer may be cached before a changed record is a long time in coming. */
const longTtl = 3600

/** A name of one availability zone of an interface endpoint: `vpce-…-…-us-west-2a.vpce-svc-…`. */
const zonalName = /^vpce-[0-9a-z]+-[0-9a-z]+-[a-z]+(?:-[a-z]+)+-\d+[a-z]\./

const hostReplies = ({ resolvers }: Evidence) => resolvers.flatMap(({ a, aaaa }) => [a, aaaa])
const chainOf = (seen: DnsObservation): readonly Alias[] => ('chain' in seen ? seen.chain : [])
const distinct = (texts: readonly string[]) => [...new Set(texts)]

function addressesAt({ a, aaaa }: ResolverEvidence): readonly string[] {
  return [a, aaaa].flatMap(seen => (seen.kind === 'answer' ? seen.addresses.map(({ address }) => address) : []))
}

/** Whether a name resolves to nothing but addresses of this link. */
function leadsToLink({ expected, addresses }: Evidence, seen: DnsObservation): boolean {
  const own = [...(expected ?? []), ...addresses.filter(isResolved).map(({ address }) => address)].map(judgedAddress)
  return seen.kind === 'answer' && seen.addresses.every(({ address }) => own.includes(judgedAddress(address)))
}

/** Addresses that are not the endpoint's, where the host has some that are. */
function extraAddresses(evidence: Evidence, test: (address: AddressEvidence) => boolean): readonly string[] {
  const resolved = resolvedAddresses(evidence)
  if (!resolved.some(({ address }) => isExpected(evidence, address) === true)) return []
  return resolved.filter(seen => isElsewhere(evidence, seen.address) && test(seen)).map(({ address }) => address)
}

/** Addresses that are not the endpoint's and where clients fail, where the host has some that are the endpoint's. */
export function staleAddresses(evidence: Evidence): readonly string[] {
  return extraAddresses(evidence, address => !isHealthy(address, evidence.at))
}

const pruneRecord: Remedy = {
  aws: ids => [redeploy('the record', ids), aws.listRecords(ids), ...aws.pointRecord(ids)],
  gcp: ids => [redeploy('the record', ids), gcp.listRecords(ids), ...gcp.pointRecord(ids)]
}

const resolvedAddresses = ({ addresses }: Evidence) => addresses.filter(isResolved)

/** What is wrong with zone and record although the host resolves. */
export const nameFindings = [
  {
    id: 'parent-zone',
    layer: 'dns',
    severity: 'info',
    about: ({ resolvers }) =>
      distinct(
        resolvers.flatMap(({ domain }) => {
          const zone = zoneOf(domain)
          return zone !== undefined && isPrivateZone(zone) ? [escapeName(zone.zone)] : []
        })
      ),
    meaning:
      'A private zone answers for the whole domain of the host. Every other Zilliz Cloud name in that domain, public clusters included, resolves in this network only if the zone has a record for it.',
    remedy: anywhere(() => [
      {
        do: 'if other clusters must resolve, deploy the link with `zone: per-host`, which creates a zone for each host'
      }
    ])
  },
  {
    id: 'canary-hidden',
    layer: 'dns',
    severity: 'warning',
    about: ({ resolvers }) =>
      distinct(
        resolvers.flatMap(({ canaries }) =>
          canaries.flatMap(seen => {
            const zone = seen.kind === 'nxdomain' ? seen.soa : undefined
            return zone !== undefined && isPrivateZone(zone) ? [seen.question.name] : []
          })
        )
      ),
    meaning: 'A name that this network needs does not resolve: a private zone above it has no record for it.',
    remedy: anywhere(() => [{ do: 'deploy the link with `zone: per-host`, or add the name to the zone' }])
  },
  {
    id: 'canary-misdirected',
    layer: 'dns',
    severity: 'warning',
    about: evidence =>
      distinct(
        evidence.resolvers.flatMap(({ canaries }) =>
          canaries.flatMap(seen => (leadsToLink(evidence, seen) ? [seen.question.name] : []))
        )
      ),
    meaning:
      "A name of another cluster resolves to this link's addresses. The usual reason is a wildcard record in a private zone: it answers for every name that has no record.",
    remedy: {
      aws: ids => [{ do: 'delete the wildcard record, and give each host a record of its own' }, aws.listRecords(ids)],
      gcp: ids => [{ do: 'delete the wildcard record, and give each host a record of its own' }, gcp.listRecords(ids)]
    }
  },
  {
    id: 'unexpected-address',
    layer: 'dns',
    severity: 'warning',
    about: evidence => extraAddresses(evidence, address => isHealthy(address, evidence.at)),
    meaning:
      "The host resolves to the endpoint's addresses and to others, where Zilliz Cloud also answers. The record, or a cache, is out of date.",
    remedy: pruneRecord
  },
  {
    id: 'stale-address',
    layer: 'dns',
    severity: 'critical',
    about: staleAddresses,
    meaning:
      "The host resolves to the endpoint's addresses and to others, where Zilliz Cloud does not answer. Clients that choose one of the others wait or fail.",
    remedy: pruneRecord
  },
  {
    id: 'endpoint-address-left-out',
    layer: 'dns',
    severity: 'warning',
    about: evidence => {
      const resolved = [...resolvedAddresses(evidence).map(({ address }) => address), ...evidence.untried].map(
        judgedAddress
      )
      const { expected = [] } = evidence
      const isMissing = (address: string) => !resolved.includes(judgedAddress(address))
      return expected.every(isMissing) ? [] : expected.filter(isMissing)
    },
    meaning:
      'The endpoint has addresses that the host does not resolve to. Clients use fewer availability zones than were deployed.',
    remedy: pruneRecord
  },
  {
    id: 'zonal-record',
    layer: 'dns',
    severity: 'warning',
    about: evidence =>
      distinct(
        hostReplies(evidence)
          .flatMap(chainOf)
          .map(({ target }) => target)
          .filter(target => zonalName.test(target))
          .map(escapeName)
      ),
    meaning:
      "The host is an alias of the endpoint's name in one availability zone. All clients use that zone, and lose the link if it fails.",
    remedy: pruneRecord
  },
  {
    id: 'long-ttl',
    layer: 'dns',
    severity: 'info',
    about: evidence =>
      distinct(
        hostReplies(evidence).flatMap(seen => {
          const ttls = seen.kind === 'answer' ? [...seen.chain, ...seen.addresses].map(({ ttl }) => ttl) : []
          return ttls.some(ttl => ttl > longTtl) ? [seen.resolver] : []
        })
      ),
    meaning:
      'Caches may keep the answer for more than an hour. After a change of the endpoint, clients use the old address until then.',
    remedy: anywhere(({ host }) => [{ do: `give the record of ${host} a TTL of 300 seconds or less` }])
  },
  {
    id: 'resolvers-disagree',
    layer: 'dns',
    severity: 'warning',
    about: ({ resolvers }) => {
      const answers = resolvers
        .filter(resolves)
        .map(seen => ({ name: seen.resolver.name, addresses: addressesAt(seen).toSorted().join(' ') }))
      return answers.filter(({ addresses }) => addresses !== answers[0]?.addresses).map(({ name }) => name)
    },
    meaning:
      'Resolvers give the host different addresses. One has an older answer in its cache, or uses another zone or view.',
    remedy: anywhere(() => [
      { do: 'compare their answers in the evidence; if the TTL counts down, wait until it ends or flush that cache' }
    ])
  },
  {
    id: 'resolver-without-answer',
    layer: 'dns',
    severity: 'warning',
    about: evidence =>
      clientResolves(evidence)
        ? evidence.resolvers.filter(seen => !resolves(seen)).map(({ resolver }) => resolver.name)
        : [],
    meaning:
      'Clients resolve the host, but this resolver gives no address. It does not use the private zone, has an older answer in its cache, or is out of order. Clients that use it cannot connect.',
    remedy: {
      aws: ids => [
        ...aws.associateZone(ids),
        { do: 'if it answers NXDOMAIN from its cache, wait; Route 53 allows 15 minutes of negative caching' }
      ],
      gcp: ids => [
        ...gcp.attachZone(ids),
        { do: 'if it answers NXDOMAIN from its cache, wait; Cloud DNS allows 5 minutes of negative caching' }
      ]
    }
  }
] as const satisfies readonly Finding[]
