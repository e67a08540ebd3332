import { associateZone, describeEndpoint, listRecords, pointRecord } from './aws-steps.ts'
import type { Case } from './case.ts'
import type { Evidence } from './evidence.ts'
import * as gcp from './gcp-steps.ts'
import { isExpected, isForbidden, isHealthy, isInside, triedAddresses } from './reading.ts'

/** Whether the host resolved, and not one of its addresses is the endpoint's, nor public. */
function leadsElsewhere(evidence: Evidence): boolean {
  const tried = triedAddresses(evidence)
  return tried.length > 0 && tried.every(({ address }) => isExpected(evidence, address) === false)
}

const works = (evidence: Evidence) => triedAddresses(evidence).some(address => isHealthy(address, evidence.at))

/** The host resolves, but not to the endpoint. Everything may well seem to work. */
export const scopeCases = [
  {
    id: 'forbidden-address',
    layer: 'dns',
    symptom: 'connection_refused',
    severity: 'critical',
    matches: ({ addresses }) => {
      const resolved = addresses.filter(address => address.resolved)
      return resolved.length > 0 && resolved.every(isForbidden)
    },
    meaning:
      'The host resolves to an address where nothing of Zilliz Cloud can be: loopback, link-local, unspecified. A filter answers so, or the record is wrong. The probe does not connect to it.',
    remedy: {
      aws: ids => [listRecords(ids), pointRecord(ids)],
      gcp: ids => [gcp.listRecords(ids), ...gcp.pointRecord(ids)]
    }
  },
  {
    id: 'resolves-public',
    layer: 'dns',
    symptom: 'not_private',
    severity: 'critical',
    matches: evidence => {
      const tried = triedAddresses(evidence)
      return tried.length > 0 && tried.every(({ address }) => !isInside(evidence, address))
    },
    meaning:
      'The host resolves to public addresses: traffic goes over the internet, even where everything seems to work. The private zone is not asked here.',
    remedy: { aws: associateZone, gcp: gcp.attachZone }
  },
  {
    id: 'resolves-partly-public',
    layer: 'dns',
    symptom: 'not_private',
    severity: 'critical',
    matches: evidence => triedAddresses(evidence).some(({ address }) => !isInside(evidence, address)),
    meaning:
      'The host resolves to private and to public addresses, in one answer or at different resolvers: some of the traffic goes over the internet.',
    remedy: {
      aws: ids => [listRecords(ids), ...associateZone(ids)],
      gcp: ids => [gcp.listRecords(ids), ...gcp.attachZone(ids)]
    }
  },
  {
    id: 'wrong-endpoint',
    layer: 'dns',
    symptom: 'not_private',
    severity: 'critical',
    matches: evidence => leadsElsewhere(evidence) && works(evidence),
    meaning:
      'The host resolves to private addresses that are not those of its endpoint, and Zilliz Cloud answers there: traffic takes another way than the one that was deployed.',
    remedy: {
      aws: ids => [describeEndpoint(ids), listRecords(ids), pointRecord(ids)],
      gcp: ids => [gcp.describeEndpoint(ids), gcp.listRecords(ids), ...gcp.pointRecord(ids)]
    }
  },
  {
    id: 'stale-record',
    layer: 'dns',
    symptom: 'timeout',
    severity: 'critical',
    matches: leadsElsewhere,
    meaning:
      "The host resolves to private addresses that are not those of its endpoint, and Zilliz Cloud does not answer there: the record, or a cache, has an earlier endpoint's addresses.",
    remedy: {
      aws: ids => [
        describeEndpoint(ids),
        pointRecord(ids),
        { do: "if the record is right, wait for the answer's TTL (in the evidence) and flush the caches in between" }
      ],
      gcp: ids => [
        gcp.describeEndpoint(ids),
        ...gcp.pointRecord(ids),
        { do: "if the record is right, wait for the answer's TTL (in the evidence) and flush the caches in between" }
      ]
    }
  }
] as const satisfies readonly Case[]
