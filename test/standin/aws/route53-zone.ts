import { blocks, flag, optionalText, text, textMap } from '../attributes.ts'
import { canonicalName } from '../private-dns.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, sameValue } from '../value.ts'
import { requireLength } from './argument.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { route53Error } from './aws-error.ts'
import { type Caller, callerOf } from './caller.ts'
import { type HostedZone, nameServersOf, newHostedZone, requireOwnZone } from './hosted-zone.ts'
import type { RecordSet } from './route53-record.ts'
import { type AssociatedVpc, associateVpc, disassociateVpc } from './vpc-association.ts'

/** Plays aws_route53_zone. */
export function route53Zone(cloud: AwsCloud): Resource {
  return {
    type: 'aws_route53_zone',
    forcesReplacement: ['delegation_set_id', 'name'],
    defaults: { comment: 'Managed by Terraform', force_destroy: false },
    // The provider keeps the name without the dot that the configuration may end it with.
    legacyTypeSystem: true,

    validate: config => requireLength(config, 'name', 1, 1024),

    plan: ({ planned }) => {
      if (typeof planned.name === 'string') planned.name = canonicalName(planned.name)
    },

    create: (planned, settings) => {
      const caller = callerOf(cloud, settings)
      const name = text(planned, 'name')
      const vpcs = vpcsOf(caller, planned)
      const id = `Z0${cloud.identifiers.capitals(19, 'hosted zone', name, ...vpcs.map(vpc => vpc.id))}`
      const { accountId } = caller
      const tags = textMap(planned, 'tags_all')
      const zone = newHostedZone({ id, accountId, name, comment: text(planned, 'comment'), tags })
      // The first VPC comes with the zone and the rest are associated one by one, as the provider does it.
      const [first, ...others] = vpcs
      const doing = { doing: 'creating Route53 Hosted Zone', call: 'CreateHostedZone' }
      if (first !== undefined) associateVpc(cloud, caller, doing, zone, first)
      cloud.hostedZones.set(id, zone)
      cloud.note('CreateHostedZone', id)
      for (const vpc of others) associate(cloud, caller, zone, vpc)
      return id
    },

    read: (state, settings) => {
      const id = text(state, 'id')
      if (!cloud.hostedZones.has(id)) return undefined
      const doing = `reading Route53 Hosted Zone (${id})`
      const zone = requireOwnZone(cloud, callerOf(cloud, settings), doing, 'GetHostedZone', id)
      const servers = nameServersOf(zone)
      return {
        arn: `arn:aws:route53:::hostedzone/${zone.id}`,
        comment: zone.comment,
        name: zone.name,
        name_servers: servers.toSorted(),
        primary_name_server: servers[0] ?? '',
        tags_all: zone.tags,
        vpc: zone.vpcs.map(vpc => ({ vpc_id: vpc.id, vpc_region: vpc.region })),
        zone_id: zone.id
      }
    },

    update: (planned, prior, settings) => {
      const caller = callerOf(cloud, settings)
      const id = text(prior, 'id')
      const doing = `updating Route53 Hosted Zone (${id})`
      const zone = requireOwnZone(cloud, caller, doing, 'UpdateHostedZoneComment', id)
      if (!sameValue(planned.comment, prior.comment)) {
        zone.comment = text(planned, 'comment')
        cloud.note('UpdateHostedZoneComment', zone.id)
      }
      const [before, after] = [vpcsOf(caller, prior), vpcsOf(caller, planned)]
      const without = (vpcs: readonly AssociatedVpc[], others: readonly AssociatedVpc[]) =>
        vpcs.filter(vpc => !others.some(other => other.id === vpc.id))
      // A private zone is never without a VPC, so the new ones come before the old ones go.
      for (const vpc of without(after, before)) associate(cloud, caller, zone, vpc)
      for (const vpc of without(before, after)) {
        const leaving = `disassociating Route53 Hosted Zone (${zone.id}) from VPC (${vpc.id})`
        disassociateVpc(cloud, caller, leaving, zone, vpc)
      }
      if (!sameValue(planned.tags_all, prior.tags_all)) {
        zone.tags = textMap(planned, 'tags_all')
        cloud.note('ChangeTagsForResource', zone.id)
      }
    },

    delete: (state, settings) => {
      const id = text(state, 'id')
      if (!cloud.hostedZones.has(id)) return
      const doing = `deleting Route53 Hosted Zone (${id})`
      const zone = requireOwnZone(cloud, callerOf(cloud, settings), doing, 'DeleteHostedZone', id)
      const isOwn = ({ name, type }: RecordSet) =>
        canonicalName(name) === zone.name && (type === 'SOA' || type === 'NS')
      if (flag(state, 'force_destroy') && !zone.records.every(isOwn)) {
        zone.records = zone.records.filter(isOwn)
        cloud.note('ChangeResourceRecordSets', zone.id)
      }
      if (!zone.records.every(isOwn)) {
        throw route53Error(doing, {
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

function vpcsOf({ region }: Caller, attributes: Attributes): AssociatedVpc[] {
  return blocks(attributes, 'vpc').map(block => ({
    id: text(block, 'vpc_id'),
    region: optionalText(block, 'vpc_region') ?? region
  }))
}

function associate(cloud: AwsCloud, caller: Caller, zone: HostedZone, vpc: AssociatedVpc): void {
  const doing = `associating Route53 Hosted Zone (${zone.id}) with VPC (${vpc.id})`
  const call = 'AssociateVPCWithHostedZone'
  associateVpc(cloud, caller, { doing, call }, zone, vpc)
  cloud.note(call, zone.id)
}
