import { judgedAddress } from '../observers/embedded-address.ts'
import { escapeName } from '../observers/escape.ts'
import * as aws from './aws-steps.ts'
import { anywhere, type Finding } from './case.ts'
import type { Evidence, ResolverEvidence } from './evidence.ts'
import * as gcp from './gcp-steps.ts'
import type { Alias, DnsObservation } from './observation.ts'
import { isExpected, isResolved, resolves } from './reading.ts'
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
      "A private zone answers for the whole domain that the host is in: every other name of Zilliz Cloud below it that has no record there does not exist for this network, public clusters' included.",
    remedy: anywhere(() => [
      { do: 'if that is not wanted, deploy the link with `zone: per-host`, which makes a zone for each host' }
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
    meaning: 'A name that this network needs does not resolve, because a private zone above it has no record of it.',
    remedy: anywhere(() => [{ do: 'deploy the link with `zone: per-host`, or add the name to the zone' }])
  },
  {
    id: 'unexpected-address',
    layer: 'dns',
    severity: 'warning',
    about: evidence => {
      const addresses = resolvedAddresses(evidence).map(({ address }) => address)
      if (!addresses.some(address => isExpected(evidence, address) === true)) return []
      return addresses.filter(address => isExpected(evidence, address) === false)
    },
    meaning: "Beside the endpoint's addresses the host resolves to others: a record or a cache is out of date.",
    remedy: {
      aws: ids => [aws.listRecords(ids), aws.pointRecord(ids)],
      gcp: ids => [gcp.listRecords(ids), ...gcp.pointRecord(ids)]
    }
  },
  {
    id: 'endpoint-address-left-out',
    layer: 'dns',
    severity: 'warning',
    about: evidence => {
      const resolved = resolvedAddresses(evidence).map(({ address }) => judgedAddress(address))
      const { expected = [] } = evidence
      const isMissing = (address: string) => !resolved.includes(judgedAddress(address))
      return expected.every(isMissing) ? [] : expected.filter(isMissing)
    },
    meaning:
      'The endpoint has addresses that the host does not resolve to: clients have fewer ways than were deployed.',
    remedy: {
      aws: ids => [aws.pointRecord(ids)],
      gcp: ids => gcp.pointRecord(ids)
    }
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
      "The host is an alias of the endpoint's name in one availability zone: clients of all zones go there, and lose the link with it.",
    remedy: {
      aws: ids => [aws.pointRecord(ids)],
      gcp: ids => gcp.pointRecord(ids)
    }
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
      'The answer may be cached for more than an hour: after a change of the endpoint, clients go on to the old one.',
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
      'Resolvers give the host different addresses: one has an older answer in its cache, or another zone or view.',
    remedy: anywhere(() => [
      { do: 'compare their answers in the evidence; where the TTL counts down, wait for its end or flush that cache' }
    ])
  },
  {
    id: 'resolver-without-answer',
    layer: 'dns',
    severity: 'warning',
    about: ({ resolvers }) =>
      resolvers.some(resolves) ? resolvers.filter(seen => !resolves(seen)).map(({ resolver }) => resolver.name) : [],
    meaning:
      'One resolver gives the host no address while another does: it does not see the private zone, has an older answer in its cache, or is out of order. Clients that ask it have no link.',
    remedy: {
      aws: ids => [
        ...aws.associateZone(ids),
        { do: 'if it says NXDOMAIN from its cache, wait: Route 53 lets it keep that for up to 15 minutes' }
      ],
      gcp: ids => [
        ...gcp.attachZone(ids),
        { do: 'if it says NXDOMAIN from its cache, wait: Cloud DNS lets it keep that for up to 5 minutes' }
      ]
    }
  }
] as const satisfies readonly Finding[]
