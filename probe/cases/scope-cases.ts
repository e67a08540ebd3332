import { associateZone, describeEndpoint, listRecords, pointRecord } from './aws-steps.ts'
import type { Case } from './case.ts'
import { clientAddresses, resolutionOf } from './client.ts'
import type { Evidence } from './evidence.ts'
import * as gcp from './gcp-steps.ts'
import { isElsewhere, isForbidden, isHealthy, isInside, triedAddresses } from './reading.ts'

/** Whether a client goes to addresses of which not one is the endpoint's. */
function leadsElsewhere(evidence: Evidence): boolean {
  const used = clientAddresses(evidence)
  return used.length > 0 && used.every(({ address }) => isElsewhere(evidence, address))
}

const works = (evidence: Evidence) => clientAddresses(evidence).some(address => isHealthy(address, evidence.at))

/** The host resolves, but not to the endpoint. Everything may well seem to work. */
export const scopeCases = [
  {
    id: 'forbidden-address',
    layer: 'dns',
    severity: 'critical',
    matches: evidence => {
      const resolution = resolutionOf(evidence)
      return (
        resolution.kind === 'addresses' && resolution.addresses.length > 0 && resolution.addresses.every(isForbidden)
      )
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
    severity: 'critical',
    matches: evidence => {
      const used = clientAddresses(evidence)
      return used.length > 0 && used.every(({ address }) => !isInside(evidence, address))
    },
    meaning:
      'The host resolves to public addresses: traffic goes over the internet, even where everything seems to work. The private zone is not asked here.',
    remedy: { aws: associateZone, gcp: gcp.attachZone }
  },
  {
    id: 'resolves-partly-public',
    layer: 'dns',
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
