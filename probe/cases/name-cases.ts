import { associateZone, describeEndpoint, listRecords, pointRecord } from './aws-steps.ts'
import type { Case } from './case.ts'
import { unresolved } from './client.ts'
import type { Evidence, ResolverEvidence } from './evidence.ts'
import * as gcp from './gcp-steps.ts'
import { exists, privateZoneAnswers } from './reading.ts'
import { shell } from './shell.ts'

/** EDE codes of a resolver that withholds the answer on purpose: Blocked, Censored, Filtered (RFC 8914 §4.16-4.18). */
const withheld = new Set([15, 16, 17])

/** A resolver says that the name, or the last one of its aliases, does not exist. */
const unknownName =
  (test: (seen: Extract<ResolverEvidence['a'], { kind: 'nxdomain' }>, all: ResolverEvidence) => boolean) =>
  (evidence: Evidence) =>
    unresolved(evidence).some(all => all.a.kind === 'nxdomain' && test(all.a, all))

/** A resolver says that the name exists, but has no address. */
const noAddress =
  (test: (seen: Extract<ResolverEvidence['a'], { kind: 'nodata' }>, all: ResolverEvidence) => boolean) =>
  (evidence: Evidence) =>
    unresolved(evidence).some(all => all.a.kind === 'nodata' && test(all.a, all))

/** Resolvers answer, but with no address: something is wrong with zone or record. */
export const nameCases = [
  {
    id: 'name-blocked',
    layer: 'dns',
    severity: 'critical',
    matches: unknownName(({ errors }) => errors.some(({ code }) => withheld.has(code))),
    meaning: 'The resolver denies the name on purpose, and says so: a filter or a DNS firewall stands before the zone.',
    remedy: {
      aws: ({ region, vpcId, host }) => [
        {
          do: `let Route 53 Resolver DNS Firewall pass ${host}`,
          run: shell`aws route53resolver list-firewall-rule-group-associations --region ${region} --vpc-id ${vpcId}`
        }
      ],
      gcp: ({ project, host }) => [
        {
          do: `let the response policy pass ${host}`,
          run: shell`gcloud dns response-policies list --project ${project}`
        }
      ]
    }
  },
  {
    id: 'dangling-cname',
    layer: 'dns',
    severity: 'critical',
    matches: unknownName(({ chain }) => chain.length > 0),
    meaning:
      'The host is an alias of a name that does not exist. Most often the endpoint was deleted or made anew, and the record still has the old name.',
    remedy: {
      aws: ids => [describeEndpoint(ids), pointRecord(ids)],
      gcp: ids => [gcp.listRecords(ids), gcp.describeEndpoint(ids), ...gcp.pointRecord(ids)]
    }
  },
  {
    id: 'record-name-malformed',
    layer: 'dns',
    severity: 'critical',
    matches: unknownName((_, { misspellings }) => misspellings.some(exists)),
    meaning:
      "The private zone is visible, but holds the host's record under a misspelt name. The evidence lists the name that answers.",
    remedy: {
      aws: ids => [listRecords(ids), pointRecord(ids), { do: 'delete the misspelt record' }],
      gcp: ids => [gcp.listRecords(ids), ...gcp.pointRecord(ids), { do: 'delete the misspelt record' }]
    }
  },
  {
    id: 'record-missing',
    layer: 'dns',
    severity: 'critical',
    matches: unknownName((_, all) => privateZoneAnswers(all)),
    meaning: 'A private zone answers for the host, but has no record of it.',
    remedy: {
      aws: ids => [listRecords(ids), pointRecord(ids)],
      gcp: ids => [gcp.listRecords(ids), ...gcp.pointRecord(ids)]
    }
  },
  {
    id: 'zone-not-visible',
    layer: 'dns',
    severity: 'critical',
    matches: unknownName(() => true),
    meaning:
      'No private zone answers for the host where the probe asks: the public DNS was asked, which does not know the name. The zone is missing, not associated with this network, or this resolver does not look there.',
    remedy: { aws: associateZone, gcp: gcp.attachZone }
  },
  {
    id: 'endpoint-gone',
    layer: 'dns',
    severity: 'critical',
    matches: noAddress(
      ({ chain }, { endpoint }) => chain.length === 0 && endpoint.some(({ kind }) => kind === 'nxdomain')
    ),
    meaning:
      "The host's record has nothing to lead to: the endpoint's own name does not exist, so the endpoint was deleted.",
    remedy: {
      aws: ids => [
        describeEndpoint(ids),
        { do: 'deploy the environment again, and register the new endpoint id with Zilliz Cloud' }
      ],
      gcp: ids => [gcp.describeEndpoint(ids), ...gcp.pointRecord(ids)]
    }
  },
  {
    id: 'cname-without-address',
    layer: 'dns',
    severity: 'critical',
    matches: noAddress(({ chain }) => chain.length > 0),
    meaning: 'The host is an alias of a name that exists, but has no address.',
    remedy: {
      aws: ids => [describeEndpoint(ids), pointRecord(ids)],
      gcp: ids => [gcp.listRecords(ids), ...gcp.pointRecord(ids)]
    }
  },
  {
    id: 'no-address-record',
    layer: 'dns',
    severity: 'critical',
    matches: noAddress(() => true),
    meaning: 'The host exists, but has no address: its record is of another type, or only names below it have records.',
    remedy: {
      aws: ids => [listRecords(ids), pointRecord(ids)],
      gcp: ids => [gcp.listRecords(ids), ...gcp.pointRecord(ids)]
    }
  }
] as const satisfies readonly Case[]
