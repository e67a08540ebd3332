import { optionalText, text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import type { Attributes } from '../value.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { callerOf } from './caller.ts'
import { requireOwnZone } from './hosted-zone.ts'
import { requireVpc } from './vpc-association.ts'

/** Plays aws_route53_vpc_association_authorization: the owner of a zone lets another account associate a VPC. */
export function route53VpcAssociationAuthorization(cloud: AwsCloud): Resource {
  return {
    type: 'aws_route53_vpc_association_authorization',
    forcesReplacement: ['vpc_id', 'vpc_region', 'zone_id'],

    create: (planned, settings) => {
      const caller = callerOf(cloud, settings)
      const doing = 'creating Route53 VPC Association Authorization'
      const call = 'CreateVPCAssociationAuthorization'
      const zone = requireOwnZone(cloud, caller, doing, call, text(planned, 'zone_id'))
      const vpc = { id: text(planned, 'vpc_id'), region: optionalText(planned, 'vpc_region') ?? caller.region }
      requireVpc(cloud, doing, call, vpc)
      zone.authorizedVpcs = [...zone.authorizedVpcs.filter(({ id }) => id !== vpc.id), vpc]
      cloud.note(call, zone.id)
      return `${zone.id}:${vpc.id}`
    },

    read: (state, settings) => {
      const { zoneId, vpcId } = partsOf(state)
      if (!cloud.hostedZones.has(zoneId)) return undefined
      const doing = `reading Route53 VPC Association Authorization (${text(state, 'id')})`
      const zone = requireOwnZone(cloud, callerOf(cloud, settings), doing, 'ListVPCAssociationAuthorizations', zoneId)
      const vpc = zone.authorizedVpcs.find(({ id }) => id === vpcId)
      return vpc && { vpc_id: vpc.id, vpc_region: vpc.region, zone_id: zone.id }
    },

    delete: (state, settings) => {
      const { zoneId, vpcId } = partsOf(state)
      if (!cloud.hostedZones.has(zoneId)) return
      const doing = `deleting Route53 VPC Association Authorization (${text(state, 'id')})`
      const call = 'DeleteVPCAssociationAuthorization'
      const zone = requireOwnZone(cloud, callerOf(cloud, settings), doing, call, zoneId)
      if (!zone.authorizedVpcs.some(({ id }) => id === vpcId)) return
      // What is associated already stays associated.
      zone.authorizedVpcs = zone.authorizedVpcs.filter(({ id }) => id !== vpcId)
      cloud.note(call, zone.id)
    }
  }
}

function partsOf(state: Attributes): { zoneId: string; vpcId: string } {
  const id = text(state, 'id')
  const [zoneId, vpcId] = id.split(':')
  if (zoneId && vpcId) return { zoneId, vpcId }
  throw new CloudError(`unexpected format for ID (${id}), expected ZONEID:VPCID`)
}
