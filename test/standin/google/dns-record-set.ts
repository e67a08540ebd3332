import { optionalNumber, text, texts } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import { canonicalName } from '../private-dns.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, isList, sameValue, type Value } from '../value.ts'
import type { ManagedZone } from './dns-managed-zone.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { googleError, invalidEntity, notFound } from './google-error.ts'
import { isSameLink, nameOf } from './link.ts'

/** A record set of a managed zone; its name ends with a dot. */
export interface RecordSet {
  readonly name: string
  readonly type: string
  readonly ttl: number
  readonly values: readonly string[]
}

/** Plays google_dns_record_set without routing policies. */
export function dnsRecordSet(cloud: GoogleCloud): Resource {
  return {
    type: 'google_dns_record_set',
    forcesReplacement: ['managed_zone', 'name', 'project'],
    changesWith: { id: ['type'] },
    idOf,
    sameMeaning: { managed_zone: isSameLink, rrdatas: isSameData },

    plan: ({ config }) => {
      if (typeof config.name === 'string' && !config.name.endsWith('.')) {
        throw new CloudError(
          `"name" ("${config.name}") doesn't end with a trailing dot, all DNS record names must end with one`
        )
      }
      if (isList(config.routing_policy) && config.routing_policy.length > 0) {
        throw new Error('the stand-in plays no routing policies')
      }
    },

    create: planned => {
      const doing = 'Error creating DNS RecordSet'
      const zone = requireZone(cloud, planned)
      if (zone.peer !== undefined) throw new Error('the stand-in plays no record sets of a peering zone')
      const record = recordOf(doing, planned, zone)
      // The provider deletes what stands under the same name and type: Google's side has nothing like allow_overwrite.
      zone.records = [...zone.records.filter(other => !isSameSet(other, record)), record]
      cloud.note('changes.create', idOf(planned))
      return idOf(planned)
    },

    read: state => {
      const { zone, name, type } = partsOf(cloud, state)
      const record = zone?.records.find(each => each.name === name && each.type === type)
      if (zone === undefined || record === undefined) return undefined
      return {
        managed_zone: zone.zoneName,
        name,
        project: zone.project,
        rrdatas: [...record.values],
        ttl: record.ttl,
        type
      }
    },

    update: (planned, prior) => {
      const { zone, name, type } = partsOf(cloud, prior)
      if (zone === undefined) return
      const record = recordOf(`Error changing DNS RecordSet`, planned, zone)
      zone.records = [
        ...zone.records.filter(other => !isSameSet(other, { name, type }) && !isSameSet(other, record)),
        record
      ]
      cloud.note('changes.create', idOf(planned))
    },

    delete: state => {
      const { zone, name, type } = partsOf(cloud, state)
      const record = zone?.records.find(each => each.name === name && each.type === type)
      if (zone === undefined || record === undefined) return
      zone.records = zone.records.filter(other => other !== record)
      cloud.note('changes.create', text(state, 'id'))
    }
  }
}

function idOf(planned: Attributes): string {
  const [project, zone] = [text(planned, 'project'), nameOf(text(planned, 'managed_zone'))]
  return `projects/${project}/managedZones/${zone}/rrsets/${text(planned, 'name')}/${text(planned, 'type')}`
}

// An import knows the id alone, and says with it where the record is.
function partsOf(cloud: GoogleCloud, state: Attributes): { zone: ManagedZone | undefined; name: string; type: string } {
  const [, path = '', name = '', type = ''] = /^(.+)\/rrsets\/([^/]+)\/([A-Z]+)$/.exec(text(state, 'id')) ?? []
  return { zone: cloud.managedZones.get(path), name, type }
}

function recordOf(doing: string, planned: Attributes, zone: ManagedZone): RecordSet {
  const record = {
    name: text(planned, 'name'),
    type: text(planned, 'type'),
    ttl: optionalNumber(planned, 'ttl') ?? 0,
    values: texts(planned, 'rrdatas')
  }
  const { name, type } = record
  const isInside = canonicalName(`.${name}`).endsWith(canonicalName(`.${zone.name}`))
  if (!isInside) throw invalidEntity(doing, `change.additions[${name}][${type}].name`, name)
  if (type === 'CNAME' && name === zone.name) {
    const message = `The resource record set 'entity.change.additions[${name}][CNAME]' is invalid because a zone's apex cannot hold a CNAME`
    throw googleError(doing, 400, message, 'invalidZoneApex')
  }
  const rival = zone.records.find(
    other => other.name === name && other.type !== type && [other.type, type].includes('CNAME')
  )
  if (rival !== undefined) {
    const message = `The resource record set 'entity.change.additions[${name}][${type}]' is invalid because a CNAME resource record set cannot share its name with others`
    throw googleError(doing, 400, message, 'cnameResourceRecordSetConflict')
  }
  return record
}

function isSameSet(left: Pick<RecordSet, 'name' | 'type'>, right: Pick<RecordSet, 'name' | 'type'>): boolean {
  return left.name === right.name && left.type === right.type
}

function isSameData(before: Value, after: Value): boolean {
  return isList(before) && isList(after) && sameValue(before.toSorted(), after.toSorted())
}

function requireZone(cloud: GoogleCloud, planned: Attributes): ManagedZone {
  const path = `projects/${text(planned, 'project')}/managedZones/${nameOf(text(planned, 'managed_zone'))}`
  const zone = cloud.managedZones.get(path)
  if (zone === undefined)
    throw notFound(`Error retrieving record sets for "${nameOf(path)}"`, `managedZones/${nameOf(path)}`)
  return zone
}
