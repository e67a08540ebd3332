import { associateZone, describeEndpoint, listRecords, pointRecord } from './aws-steps.ts'
import { anywhere, type Case, type Remedy, type Step } from './case.ts'
import { clientAddresses, resolutionOf } from './client.ts'
import type { Evidence } from './evidence.ts'
import * as gcp from './gcp-steps.ts'
import { isElsewhere, isForbidden, isHealthy, isInside, triedAddresses } from './reading.ts'
import { redeploy } from './redeploy.ts'
import { shell } from './shell.ts'

/** Whether a client goes to addresses of which not one is the endpoint's. */
function goesElsewhere(evidence: Evidence): boolean {
  const used = clientAddresses(evidence)
  return used.length > 0 && used.every(({ address }) => isElsewhere(evidence, address))
}

const works = (evidence: Evidence) => clientAddresses(evidence).some(address => isHealthy(address, evidence.at))

const fixRecord: Remedy = {
  aws: ids => [redeploy('the record', ids), describeEndpoint(ids), listRecords(ids), ...pointRecord(ids)],
  gcp: ids => [redeploy('the record', ids), gcp.describeEndpoint(ids), gcp.listRecords(ids), ...gcp.pointRecord(ids)]
}

const waitForCaches: Step = {
  do: 'if the record is good, wait until the TTL in the evidence ends, or flush the caches'
}

/** The host resolves, but not to the endpoint. A client may well get an answer. */
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
      'The host resolves to an address that no endpoint can have: loopback, link-local, multicast or unspecified. A filter gives this answer, or the record is wrong. The probe does not connect to it.',
    remedy: fixRecord
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
      'The host resolves to public addresses. Traffic goes over the internet, even if Zilliz Cloud answers there. The private zone does not answer for the host at this resolver.',
    remedy: {
      aws: ids => [redeploy('zone and association', ids), ...associateZone(ids)],
      gcp: ids => [redeploy('zone and visibility', ids), ...gcp.attachZone(ids)]
    }
  },
  {
    id: 'resolves-partly-public',
    layer: 'dns',
    severity: 'critical',
    matches: evidence => triedAddresses(evidence).some(({ address }) => !isInside(evidence, address)),
    meaning:
      'The host resolves to private and to public addresses, in one answer or at different resolvers. Some of the traffic goes over the internet.',
    remedy: {
      aws: ids => [listRecords(ids), redeploy('zone and record', ids), ...associateZone(ids)],
      gcp: ids => [gcp.listRecords(ids), redeploy('zone and record', ids), ...gcp.attachZone(ids)]
    }
  },
  {
    id: 'wrong-endpoint',
    layer: 'dns',
    severity: 'critical',
    matches: evidence => goesElsewhere(evidence) && works(evidence),
    meaning:
      "The host resolves to private addresses that are not the endpoint's, and Zilliz Cloud answers there. Traffic does not use the endpoint that was deployed.",
    remedy: fixRecord
  },
  // Before stale-record: the record is good, and what comes before DNS is not.
  {
    id: 'libc-misdirects',
    layer: 'dns',
    severity: 'critical',
    matches: evidence =>
      goesElsewhere(evidence) &&
      clientAddresses(evidence).every(({ byResolvers }) => !byResolvers) &&
      triedAddresses(evidence).some(({ byResolvers }) => byResolvers),
    meaning:
      'The C library gives applications an address that no resolver gives and that is not the endpoint. A hosts file, a search list or a local cache overrides DNS.',
    remedy: anywhere(({ host }) => [
      { do: 'resolve the host as an application does', run: shell`getent ahosts ${host}` },
      {
        do: 'remove the host from the hosts file, and check resolv.conf and nsswitch.conf',
        run: shell`grep --fixed-strings ${host} /etc/hosts; cat /etc/resolv.conf /etc/nsswitch.conf`
      },
      { do: 'restart or flush a local cache such as nscd or systemd-resolved' }
    ])
  },
  {
    id: 'stale-record',
    layer: 'dns',
    severity: 'critical',
    matches: goesElsewhere,
    meaning:
      "The host resolves to addresses that are not the endpoint's, and Zilliz Cloud does not answer there. The usual reason: the record, or a cache, still has the addresses of an earlier endpoint.",
    remedy: {
      aws: ids => [...fixRecord.aws(ids), waitForCaches],
      gcp: ids => [...fixRecord.gcp(ids), waitForCaches]
    }
  }
] as const satisfies readonly Case[]
