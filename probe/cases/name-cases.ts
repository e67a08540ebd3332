import { associateZone, describeEndpoint, listRecords, pointRecord } from './aws-steps.ts'
import { anywhere, type Case, type HostAndPort, type Remedy, type Step } from './case.ts'
import { unresolved } from './client.ts'
import type { Evidence, ResolverEvidence } from './evidence.ts'
import * as gcp from './gcp-steps.ts'
import type { DnsObservation } from './observation.ts'
import { answersOthers, exists, isReply, privateZoneAnswers } from './reading.ts'
import { redeploy } from './redeploy.ts'
import { shell } from './shell.ts'

/** EDE codes of a resolver that withholds the answer: Blocked, Censored, Filtered (RFC 8914 §4.16-4.18). */
const withheld = new Set([15, 16, 17])

const fails = (test: (all: ResolverEvidence) => boolean) => (evidence: Evidence) => unresolved(evidence).some(test)

/** A resolver says that the name, or the last one of its aliases, does not exist. */
const unknownName = (test: (seen: Extract<DnsObservation, { kind: 'nxdomain' }>, all: ResolverEvidence) => boolean) =>
  fails(all => all.a.kind === 'nxdomain' && test(all.a, all))

/** A resolver says that the name exists, but has no address. */
const noAddress = (test: (seen: Extract<DnsObservation, { kind: 'nodata' }>, all: ResolverEvidence) => boolean) =>
  fails(all => all.a.kind === 'nodata' && test(all.a, all))

/** Whether a filter answers in place of the host's zone. It reports that, or its SOA is of a zone that the host is not in. */
function isFiltered(seen: DnsObservation): boolean {
  return (
    ('errors' in seen && seen.errors.some(({ code }) => withheld.has(code))) ||
    ((seen.kind === 'nxdomain' || seen.kind === 'nodata') && seen.foreignSoa !== undefined)
  )
}

/**
 * Whether an answer looks like one whose private addresses were removed: Unbound (`private-address`) then leaves an
 * answer without SOA, dnsmasq (`stop-dns-rebind`) refuses, BIND (`deny-answer-addresses`) fails.
 */
function isStripped(seen: DnsObservation): boolean {
  if (seen.kind === 'nodata') return seen.soa === undefined && seen.foreignSoa === undefined && !isFollowed(seen)
  return seen.kind === 'rcode' && (seen.rcode === 'REFUSED' || seen.rcode === 'SERVFAIL')
}

/** Whether a resolver fails only for A queries: its only answer is that the host has no IPv6 address. */
const failsForAddresses = ({ a, aaaa }: ResolverEvidence) =>
  !(a.kind === 'rcode' && a.rcode === 'SERVFAIL') || aaaa.kind === 'nodata'

const isFollowed = (seen: DnsObservation) => seen.kind === 'nodata' && seen.followed !== undefined

const fixRecord: Remedy = {
  aws: ids => [redeploy('zone and record', ids), listRecords(ids), ...pointRecord(ids)],
  gcp: ids => [redeploy('zone and record', ids), gcp.listRecords(ids), ...gcp.pointRecord(ids)]
}

const exemptFromRebindProtection = ({ host }: HostAndPort): Step => ({
  do: `exempt ${host} from DNS rebind protection: \`private-domain\` in Unbound, \`rebind-domain-ok\` in dnsmasq, or the exception list of a router or filter`
})

const recordIsGood = 'the record is good, and the resolver has rebind protection'

/** Resolvers answer, but with no address: something is wrong with zone or record. */
export const nameCases = [
  {
    id: 'name-blocked',
    layer: 'dns',
    severity: 'critical',
    matches: fails(({ a }) => isFiltered(a)),
    meaning:
      'A filter denies the name, such as a DNS firewall or a response policy zone. It answers before the private zone does.',
    remedy: {
      aws: ({ region, vpcId, host }) => [
        {
          do: `allow ${host} in Route 53 Resolver DNS Firewall`,
          run: shell`aws route53resolver list-firewall-rule-group-associations --region ${region} --vpc-id ${vpcId}`
        },
        { do: `if the resolver is your own, exempt ${host} from its filter lists and response policy zones` }
      ],
      gcp: ({ project, host }) => [
        {
          do: `allow ${host} in the response policy`,
          run: shell`gcloud dns response-policies list --project ${project}`
        },
        { do: `if the resolver is your own, exempt ${host} from its filter lists and response policy zones` }
      ]
    }
  },
  {
    id: 'alias-loop',
    layer: 'dns',
    severity: 'critical',
    matches: fails(({ a }) => a.kind === 'alias-loop'),
    meaning: 'The host is an alias of a name that is an alias of the host again. The evidence lists the loop.',
    remedy: fixRecord
  },
  {
    id: 'dangling-cname',
    layer: 'dns',
    severity: 'critical',
    matches: unknownName(({ chain }) => chain.length > 0),
    meaning:
      'The host is an alias of a name that does not exist. The usual reason: the endpoint was deleted or replaced, and the record still has the old name.',
    remedy: {
      aws: ids => [redeploy('endpoint and record', ids), describeEndpoint(ids), ...pointRecord(ids)],
      gcp: ids => [
        redeploy('endpoint and record', ids),
        gcp.listRecords(ids),
        gcp.describeEndpoint(ids),
        ...gcp.pointRecord(ids)
      ]
    }
  },
  {
    id: 'record-name-malformed',
    layer: 'dns',
    severity: 'critical',
    matches: unknownName((_, { misspellings }) => misspellings.some(exists)),
    meaning:
      "The private zone is visible, but holds the host's record under a misspelled name. The evidence lists the name that answers.",
    remedy: {
      aws: ids => [...fixRecord.aws(ids), { do: 'delete the misspelled record' }],
      gcp: ids => [...fixRecord.gcp(ids), { do: 'delete the misspelled record' }]
    }
  },
  {
    id: 'record-missing',
    layer: 'dns',
    severity: 'critical',
    matches: unknownName((_, all) => privateZoneAnswers(all)),
    meaning: 'A private zone answers for the host, but has no record for it.',
    remedy: fixRecord
  },
  {
    id: 'zone-not-visible',
    layer: 'dns',
    severity: 'critical',
    matches: unknownName(() => true),
    meaning:
      'No private zone answers for the host at this resolver, and the public DNS does not know the name. The zone is missing, it is not associated with this network, or the resolver does not use it.',
    remedy: {
      aws: ids => [redeploy('zone and association', ids), ...associateZone(ids)],
      gcp: ids => [redeploy('zone and visibility', ids), ...gcp.attachZone(ids)]
    }
  },
  // Before the other cases of no address: all of them blame the record, and here it may well be good.
  {
    id: 'rebind-protection',
    layer: 'dns',
    severity: 'critical',
    matches: fails(
      all =>
        isStripped(all.a) &&
        failsForAddresses(all) &&
        answersOthers(all) &&
        all.endpoint.length > 0 &&
        all.endpoint.every(isStripped)
    ),
    meaning:
      "The resolver gives no address for the host, and none for the endpoint's own name, but answers other names. The usual reason is rebind protection: it removes private addresses from answers.",
    remedy: anywhere(ids => [
      exemptFromRebindProtection(ids),
      { do: 'compare with the answer of the resolver that this one forwards to' }
    ])
  },
  {
    id: 'endpoint-gone',
    layer: 'dns',
    severity: 'critical',
    matches: noAddress(
      ({ chain }, { endpoint }) => chain.length === 0 && endpoint.some(({ kind }) => kind === 'nxdomain')
    ),
    meaning:
      "The endpoint's own name does not exist: the endpoint was deleted. The host's record has no address to give.",
    remedy: {
      aws: ids => [
        describeEndpoint(ids),
        redeploy('the endpoint', ids),
        { do: 'register the new endpoint id with Zilliz Cloud' }
      ],
      gcp: ids => [gcp.describeEndpoint(ids), redeploy('the endpoint', ids), ...gcp.pointRecord(ids)]
    }
  },
  {
    id: 'aliases-not-followed',
    layer: 'dns',
    severity: 'critical',
    matches: noAddress(
      ({ chain, followed }) =>
        chain.length > 0 && followed !== undefined && (followed.kind === 'answer' || !isReply(followed))
    ),
    meaning:
      'The resolver returns the alias of the host, but does not look up its target for its clients. Clients of a resolver expect the address.',
    remedy: anywhere(() => [
      { do: 'enable recursion on the resolver, or forward the domain of the target: `vpce.amazonaws.com` on AWS' },
      { do: 'if it is an authoritative server, point clients to a resolver instead' }
    ])
  },
  {
    id: 'cname-without-address',
    layer: 'dns',
    severity: 'critical',
    matches: noAddress(({ chain }) => chain.length > 0),
    meaning: 'The host is an alias of a name that exists but has no address.',
    remedy: {
      aws: ids => [redeploy('the record', ids), describeEndpoint(ids), ...pointRecord(ids)],
      gcp: fixRecord.gcp
    }
  },
  {
    id: 'no-address-record',
    layer: 'dns',
    severity: 'critical',
    matches: noAddress(() => true),
    meaning:
      'The host exists but has no address. Its record is of another type, only names below it have records, or a filter removes private addresses from answers.',
    remedy: {
      aws: ids => [...fixRecord.aws(ids), { ...exemptFromRebindProtection(ids), cause: recordIsGood }],
      gcp: ids => [...fixRecord.gcp(ids), { ...exemptFromRebindProtection(ids), cause: recordIsGood }]
    }
  }
] as const satisfies readonly Case[]
