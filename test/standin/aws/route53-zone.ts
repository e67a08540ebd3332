import { blocks, flag, optionalText, text, textMap } from '../attributes.ts'
import { canonicalName, type ZoneRecord } from '../private-dns.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, sameValue } from '../value.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { route53Error } from './aws-error.ts'
import type { RecordSet } from './route53-record.ts'

/** A hosted zone; it is private when it is associated with a VPC. */
export interface HostedZone {
  readonly id: string
  readonly name: string
  comment: string
  vpcs: readonly AssociatedVpc[]
  /** The record sets, the zone's own SOA and NS among them. */
  records: RecordSet[]
  tags: Record<string, string>
}

/** A VPC that sees a private zone. */
export interface AssociatedVpc {
  readonly id: string
  readonly region: string
}

/** Plays aws_route53_zone. */
export function route53Zone(cloud: AwsCloud): Resource {
  return {
    type: 'aws_route53_zone',
    forcesReplacement: ['delegation_set_id', 'name'],
    defaults: { comment: 'Managed by Terraform', force_destroy: false },
    // The provider keeps the name without the dot that the configuration may end it with.
    legacyTypeSystem: true,

    plan: ({ planned }) => {
      if (typeof planned.name === 'string') planned.name = canonicalName(planned.name)
    },

    create: planned => {
      const name = text(planned, 'name')
      const vpcs = vpcsOf(cloud, planned)
      const id = `Z0${cloud.identifiers.capitals(19, 'hosted zone', name, ...vpcs.map(vpc => vpc.id))}`
      const comment = text(planned, 'comment')
      const zone: HostedZone = {
        id,
        name,
        comment,
        vpcs: [],
        records: zoneRecords(name),
        tags: textMap(planned, 'tags_all')
      }
      // The first VPC comes with the zone and the rest are associated one by one, as the provider does it.
      const [first, ...others] = vpcs
      if (first !== undefined) associate(cloud, 'creating Route53 Hosted Zone', 'CreateHostedZone', zone, first)
      cloud.hostedZones.set(id, zone)
      cloud.note('CreateHostedZone', id)
      for (const vpc of others) associateLater(cloud, zone, vpc)
      return id
    },

    read: ({ id }) => {
      const zone = cloud.hostedZones.get(String(id))
      if (zone === undefined) return undefined
      const nameServers = zone.records.filter(({ type }) => type === 'NS').flatMap(({ values }) => values)
      return {
        arn: `arn:aws:route53:::hostedzone/${zone.id}`,
        comment: zone.comment,
        name: zone.name,
        name_servers: nameServers.map(canonicalName).toSorted(),
        primary_name_server: canonicalName(nameServers[0] ?? ''),
        tags_all: zone.tags,
        vpc: zone.vpcs.map(vpc => ({ vpc_id: vpc.id, vpc_region: vpc.region })),
        zone_id: zone.id
      }
    },

    update: (planned, prior) => {
      const zone = cloud.hostedZones.get(text(prior, 'id'))
      if (zone === undefined) return
      if (!sameValue(planned.comment, prior.comment)) {
        zone.comment = text(planned, 'comment')
        cloud.note('UpdateHostedZoneComment', zone.id)
      }
      const wanted = vpcsOf(cloud, planned)
      const isIn = (vpcs: readonly AssociatedVpc[], { id }: AssociatedVpc) => vpcs.some(vpc => vpc.id === id)
      // A private zone is never without a VPC, so the new ones come before the old ones go.
      for (const vpc of wanted.filter(each => !isIn(zone.vpcs, each))) associateLater(cloud, zone, vpc)
      for (const vpc of zone.vpcs.filter(each => !isIn(wanted, each))) {
        zone.vpcs = zone.vpcs.filter(({ id }) => id !== vpc.id)
        cloud.note('DisassociateVPCFromHostedZone', zone.id)
      }
      if (!sameValue(planned.tags_all, prior.tags_all)) {
        zone.tags = textMap(planned, 'tags_all')
        cloud.note('ChangeTagsForResource', zone.id)
      }
    },

    delete: state => {
      const zone = cloud.hostedZones.get(text(state, 'id'))
      if (zone === undefined) return
      const isOwn = ({ name, type }: ZoneRecord) =>
        canonicalName(name) === zone.name && (type === 'SOA' || type === 'NS')
      if (flag(state, 'force_destroy') && !zone.records.every(isOwn)) {
        zone.records = zone.records.filter(isOwn)
        cloud.note('ChangeResourceRecordSets', zone.id)
      }
      if (!zone.records.every(isOwn)) {
        throw route53Error(`deleting Route53 Hosted Zone (${zone.id})`, {
          call: 'DeleteHostedZone',
          code: 'HostedZoneNotEmpty',
          message: 'The specified hosted zone contains non-required resource record sets and so cannot be deleted.'
        })
      }
      cloud.hostedZones.delete(zone.id)
      cloud.note('DeleteHostedZone', zone.id)
    }
  }
}

function vpcsOf({ region }: AwsCloud, attributes: Attributes): AssociatedVpc[] {
  return blocks(attributes, 'vpc').map(block => ({
    id: text(block, 'vpc_id'),
    region: optionalText(block, 'vpc_region') ?? region
  }))
}

function associateLater(cloud: AwsCloud, zone: HostedZone, vpc: AssociatedVpc): void {
  const doing = `associating Route53 Hosted Zone (${zone.id}) to EC2 VPC (${vpc.id})`
  associate(cloud, doing, 'AssociateVPCWithHostedZone', zone, vpc)
  cloud.note('AssociateVPCWithHostedZone', zone.id)
}

function associate(cloud: AwsCloud, doing: string, call: string, zone: HostedZone, vpc: AssociatedVpc): void {
  if (cloud.vpcs.get(vpc.id)?.region !== vpc.region) {
    const message = `The VPC: ${vpc.id} in region ${vpc.region} that you provided is not authorized to make the association.`
    throw route53Error(doing, { call, code: 'InvalidVPCId', message })
  }
  const rival = [...cloud.hostedZones.values()].find(
    other => other.id !== zone.id && other.name === zone.name && other.vpcs.some(({ id }) => id === vpc.id)
  )
  if (rival !== undefined) {
    throw route53Error(doing, {
      call,
      code: 'ConflictingDomainExists',
      message: `The VPC ${vpc.id} in region ${vpc.region} has already been associated with the hosted zone ${rival.id} with the same domain name.`
    })
  }
  zone.vpcs = [...zone.vpcs, vpc]
}

function zoneRecords(name: string): RecordSet[] {
  const servers = ['ns-0.awsdns-00.com.', 'ns-512.awsdns-00.net.', 'ns-1024.awsdns-00.org.', 'ns-1536.awsdns-00.co.uk.']
  return [
    { name, type: 'NS', ttl: 172_800, values: servers },
    {
      name,
      type: 'SOA',
      ttl: 900,
      values: ['ns-0.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400']
    }
  ]
}
