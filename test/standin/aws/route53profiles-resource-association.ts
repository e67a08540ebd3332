import { text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import type { AwsCloud } from './aws-cloud.ts'

/** A Route 53 Profile, which gives its zones to its VPCs. */
export interface Profile {
  readonly id: string
  readonly region: string
  readonly vpcs: readonly string[]
  /** The ids of the zones, by the ids of their associations. */
  readonly zones: Map<string, { readonly zoneId: string; readonly name: string }>
}

/** Plays aws_route53profiles_resource_association for private hosted zones. */
export function profileResourceAssociation(cloud: AwsCloud): Resource {
  const profileOf = (id: string) => [...cloud.profiles.values()].find(({ zones }) => zones.has(id))
  return {
    type: 'aws_route53profiles_resource_association',
    forcesReplacement: ['name', 'profile_id', 'region', 'resource_arn', 'resource_properties'],

    create: planned => {
      const doing = 'creating Route53Profiles Profile Resource Association'
      const profile = cloud.profiles.get(text(planned, 'profile_id'))
      if (profile === undefined || profile.region !== text(planned, 'region')) {
        throw new CloudError(
          `${doing}: ResourceNotFoundException: profile ${text(planned, 'profile_id')} does not exist`
        )
      }
      const name = text(planned, 'name')
      if (!/^[a-zA-Z0-9\-_' ]{1,64}$/.test(name)) throw new CloudError(`${doing}: ValidationException: name ${name}`)
      const zone = cloud.hostedZones.get(text(planned, 'resource_arn').split('/')[1] ?? '')
      if (zone === undefined || zone.vpcs.length === 0) {
        throw new CloudError(`${doing}: InvalidParameterException: ${text(planned, 'resource_arn')} is no private zone`)
      }
      const rival = [...profile.zones.values()].find(({ zoneId }) => cloud.hostedZones.get(zoneId)?.name === zone.name)
      if (rival !== undefined) throw new CloudError(`${doing}: ResourceExistsException: ${zone.name} in ${profile.id}`)
      const id = `rpr-${cloud.identifiers.hex(17, 'profile resource association', `${profile.id} ${zone.id}`)}`
      profile.zones.set(id, { zoneId: zone.id, name })
      cloud.note('route53profiles:AssociateResourceToProfile', id)
      return id
    },

    read: state => {
      const id = text(state, 'id')
      const profile = profileOf(id)
      const zone = profile?.zones.get(id)
      if (profile === undefined || zone === undefined) return undefined
      return {
        name: zone.name,
        owner_id: cloud.accountId,
        profile_id: profile.id,
        region: profile.region,
        resource_arn: `arn:aws:route53:::hostedzone/${zone.zoneId}`,
        resource_type: 'PRIVATE_HOSTED_ZONE',
        status: 'COMPLETE',
        status_message: 'Created Profile Resource Association'
      }
    },

    delete: state => {
      const id = text(state, 'id')
      if (profileOf(id)?.zones.delete(id) === true) cloud.note('route53profiles:DisassociateResourceFromProfile', id)
    }
  }
}
