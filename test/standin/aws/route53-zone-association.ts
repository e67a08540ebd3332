import { optionalText, text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import type { Attributes } from '../value.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { type Caller, callerOf } from './caller.ts'
import { requireZone } from './hosted-zone.ts'
import { type AssociatedVpc, associateVpc, disassociateVpc, sees } from './vpc-association.ts'

/** Plays aws_route53_zone_association: the owner of a VPC lets it see a zone, its own or one of another account. */
export function route53ZoneAssociation(cloud: AwsCloud): Resource {
  return {
    type: 'aws_route53_zone_association',
    forcesReplacement: ['vpc_id', 'vpc_region', 'zone_id'],

    create: (planned, settings) => {
      const caller = callerOf(cloud, settings)
      const zoneId = text(planned, 'zone_id')
      const vpc = { id: text(planned, 'vpc_id'), region: optionalText(planned, 'vpc_region') ?? caller.region }
      const id = `${zoneId}:${vpc.id}:${vpc.region}`
      const doing = `creating Route 53 Zone Association (${id})`
      const call = 'AssociateVPCWithHostedZone'
      const zone = requireZone(cloud, doing, call, zoneId)
      associateVpc(cloud, caller, { doing, call }, zone, vpc)
      cloud.note(call, zone.id, caller.accountId)
      return id
    },

    read: (state, settings) => {
      const caller = callerOf(cloud, settings)
      const { zoneId, vpc } = partsOf(state, caller)
      const zone = cloud.hostedZones.get(zoneId)
      // Only the owner of a VPC may ask which zones it sees.
      const isOwn = cloud.vpcs.get(vpc.id)?.accountId === caller.accountId
      if (zone === undefined || !isOwn || !sees(zone, vpc)) return undefined
      return { owning_account: zone.accountId, vpc_id: vpc.id, vpc_region: vpc.region, zone_id: zone.id }
    },

    delete: (state, settings) => {
      const caller = callerOf(cloud, settings)
      const { zoneId, vpc } = partsOf(state, caller)
      const zone = cloud.hostedZones.get(zoneId)
      if (zone === undefined || !sees(zone, vpc)) return
      disassociateVpc(cloud, caller, `deleting Route 53 Zone Association (${text(state, 'id')})`, zone, vpc)
    }
  }
}

function partsOf(state: Attributes, caller: Caller): { zoneId: string; vpc: AssociatedVpc } {
  const id = text(state, 'id')
  const [zoneId, vpcId, region = caller.region, ...more] = id.split(':')
  if (!zoneId || !vpcId || more.length > 0) {
    const expected = 'ZONEID:VPCID or ZONEID:VPCID:VPCREGION'
    throw new CloudError(`unexpected format for ID (${id}), expected ${expected}`)
  }
  return { zoneId, vpc: { id: vpcId, region } }
}
