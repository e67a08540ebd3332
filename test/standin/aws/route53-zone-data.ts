import { flag, optionalText, textMap } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import { canonicalName } from '../private-dns.ts'
import type { DataSource } from '../provider.ts'
import type { Attributes } from '../value.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { type Caller, callerOf } from './caller.ts'
import { type HostedZone, nameServersOf, requireOwnZone } from './hosted-zone.ts'

/** Plays the data source aws_route53_zone, which finds by id, or by name, VPC and tags among the zones of the account. */
export function route53ZoneData(cloud: AwsCloud): DataSource {
  return {
    type: 'aws_route53_zone',
    read: (config, settings) => {
      const zone = findZone(cloud, callerOf(cloud, settings), config)
      const servers = nameServersOf(zone)
      return {
        arn: `arn:aws:route53:::hostedzone/${zone.id}`,
        caller_reference: `terraform-${zone.id}`,
        comment: zone.comment,
        enable_accelerated_recovery: false,
        id: zone.id,
        linked_service_description: null,
        linked_service_principal: null,
        name: zone.name,
        name_servers: servers.toSorted(),
        primary_name_server: servers[0] ?? '',
        private_zone: zone.vpcs.length > 0,
        resource_record_set_count: zone.records.length,
        tags: zone.tags,
        zone_id: zone.id
      }
    }
  }
}

function findZone(cloud: AwsCloud, caller: Caller, config: Attributes): HostedZone {
  const id = optionalText(config, 'zone_id')
  const name = optionalText(config, 'name')
  if (id !== undefined && name !== undefined)
    throw new Error('the stand-in finds a zone by zone_id or by name, not both')
  if (id !== undefined) {
    if (!cloud.hostedZones.has(id)) throw new CloudError("couldn't find resource")
    return requireOwnZone(cloud, caller, `reading Route53 Hosted Zone (${id})`, 'GetHostedZone', id)
  }
  const vpcId = optionalText(config, 'vpc_id')
  const isPrivate = config.private_zone === null ? vpcId !== undefined : flag(config, 'private_zone')
  const [zone, another] = [...cloud.hostedZones.values()].filter(
    each =>
      each.accountId === caller.accountId &&
      (name === undefined || each.name === canonicalName(name)) &&
      each.vpcs.length > 0 === isPrivate &&
      (vpcId === undefined || each.vpcs.some(vpc => vpc.id === vpcId)) &&
      Object.entries(textMap(config, 'tags')).every(([key, value]) => each.tags[key] === value)
  )
  if (zone === undefined) throw new CloudError('no matching Route 53 Hosted Zone found')
  if (another === undefined) return zone
  throw new CloudError(
    'multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches to a single Route 53 Hosted Zone'
  )
}
