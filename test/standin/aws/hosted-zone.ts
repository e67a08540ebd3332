import type { AwsCloud } from './aws-cloud.ts'
import { accessDenied, route53Error } from './aws-error.ts'
import type { Caller } from './caller.ts'
import type { RecordSet } from './route53-record.ts'
import type { AssociatedVpc } from './vpc-association.ts'

/** A hosted zone; it is private when it is associated with a VPC. */
export interface HostedZone {
  readonly id: string
  /** The account that owns it. */
  readonly accountId: string
  readonly name: string
  comment: string
  vpcs: readonly AssociatedVpc[]
  /** The VPCs of other accounts that may be associated. */
  authorizedVpcs: readonly AssociatedVpc[]
  /** The record sets, the zone's own SOA and NS among them. */
  records: RecordSet[]
  tags: Record<string, string>
}

/** A hosted zone in which nothing has been done yet. */
export function newHostedZone(zone: Pick<HostedZone, 'id' | 'accountId' | 'name' | 'comment' | 'tags'>): HostedZone {
  const { name } = zone
  const servers = ['ns-0.awsdns-00.com.', 'ns-512.awsdns-00.net.', 'ns-1024.awsdns-00.org.', 'ns-1536.awsdns-00.co.uk.']
  const authority = 'ns-0.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400'
  return {
    ...zone,
    vpcs: [],
    authorizedVpcs: [],
    records: [
      { name, type: 'NS', ttl: 172_800, values: servers },
      { name, type: 'SOA', ttl: 900, values: [authority] }
    ]
  }
}

/** The name servers of a zone, the first of them first. */
export function nameServersOf({ records }: HostedZone): readonly string[] {
  return records
    .filter(({ type }) => type === 'NS')
    .flatMap(({ values }) => values)
    .map(server => server.replace(/\.$/, ''))
}

/** Finds a zone for a call that only the account of the zone may make. */
export function requireOwnZone(cloud: AwsCloud, caller: Caller, doing: string, call: string, id: string): HostedZone {
  const zone = requireZone(cloud, doing, call, id)
  if (zone.accountId !== caller.accountId) throw accessDenied(doing, call, caller)
  return zone
}

/** Finds a zone, whoever owns it. */
export function requireZone(cloud: AwsCloud, doing: string, call: string, id: string): HostedZone {
  const zone = cloud.hostedZones.get(id)
  if (zone !== undefined) return zone
  const message = `No hosted zone found with ID: ${id}`
  throw route53Error(doing, { call, status: 404, code: 'NoSuchHostedZone', message })
}
