import { blocks, flag, optionalNumber, text, texts } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import { canonicalName } from '../private-dns.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, isAttributes, isList, type Value } from '../value.ts'
import { requireLength } from './argument.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { route53Error } from './aws-error.ts'
import { type Caller, callerOf } from './caller.ts'
import { endpointHostedZoneId } from './endpoint-names.ts'
import { type HostedZone, requireOwnZone } from './hosted-zone.ts'

/** A record set of a hosted zone; its name is whole and without the dot at its end. */
export interface RecordSet {
  readonly name: string
  readonly type: string
  readonly ttl: number | undefined
  values: readonly string[]
  /** What an alias record points at, instead of holding values. */
  readonly alias?: AliasTarget
}

/** The target of an alias record. */
export interface AliasTarget {
  readonly name: string
  readonly zoneId: string
  readonly evaluateTargetHealth: boolean
}

/** Plays aws_route53_record with the simple routing policy. */
export function route53Record(cloud: AwsCloud): Resource {
  return {
    type: 'aws_route53_record',
    forcesReplacement: ['name', 'zone_id'],
    changesWith: { id: ['type'] },
    idOf,
    // The provider keeps names in small letters and without the dot that the configuration may end them with.
    legacyTypeSystem: true,

    validate: config => {
      for (const alias of blocks(config, 'alias')) {
        for (const name of ['name', 'zone_id']) {
          if (alias[name] !== null) continue
          const detail = `The argument "${name}" is required, but no definition was found.`
          throw new CloudError('Missing required argument', detail)
        }
        requireLength(alias, 'name', 1, 1024)
        requireLength(alias, 'zone_id', 1, 32)
      }
    },

    plan: ({ config, planned }) => {
      if (typeof planned.name === 'string') planned.name = canonicalName(planned.name)
      planned.alias = canonicalAlias(planned.alias ?? null)
      if (config.set_identifier !== null) throw new Error('the stand-in plays no routing policy but the simple one')
      const holdsAlias = !isList(config.alias) || config.alias.length > 0
      if (holdsAlias === (config.records !== null)) {
        throw new CloudError(
          'Invalid combination of arguments',
          holdsAlias
            ? '"alias": only one of `alias,records` can be specified, but `alias,records` were specified.'
            : '"alias": one of `alias,records` must be specified'
        )
      }
    },

    create: (planned, settings) => {
      const doing = 'creating Route53 Record'
      const zone = requireZone(cloud, callerOf(cloud, settings), text(planned, 'zone_id'))
      const record = recordOf(planned, zone)
      const others = zone.records.filter(({ name, type }) => name !== record.name || type !== record.type)
      requireAcceptable(cloud, doing, zone, flag(planned, 'allow_overwrite') ? others : zone.records, record)
      zone.records = [...others, record]
      cloud.note('ChangeResourceRecordSets', zone.id)
      return idOf(planned)
    },

    read: (state, settings) => {
      const { zoneId, name, type } = partsOf(state)
      if (!cloud.hostedZones.has(zoneId)) return undefined
      const zone = requireZone(cloud, callerOf(cloud, settings), zoneId)
      const record = findRecord(zone, wholeName(name, zone), type)
      if (record === undefined) return undefined
      const { alias } = record
      return {
        alias:
          alias === undefined
            ? []
            : [{ evaluate_target_health: alias.evaluateTargetHealth, name: alias.name, zone_id: alias.zoneId }],
        fqdn: record.name,
        multivalue_answer_routing_policy: false,
        name,
        records: alias === undefined ? [...record.values] : [],
        ttl: record.ttl ?? 0,
        type,
        zone_id: zoneId
      }
    },

    update: (planned, prior, settings) => {
      const zone = requireZone(cloud, callerOf(cloud, settings), text(prior, 'zone_id'))
      const before = partsOf(prior)
      const standing = findRecord(zone, wholeName(before.name, zone), before.type)
      const others = zone.records.filter(record => record !== standing)
      const record = recordOf(planned, zone)
      requireAcceptable(cloud, `updating Route53 Record (${text(prior, 'id')})`, zone, others, record)
      zone.records = [...others, record]
      cloud.note('ChangeResourceRecordSets', zone.id)
    },

    delete: (state, settings) => {
      const { zoneId, name, type } = partsOf(state)
      if (!cloud.hostedZones.has(zoneId)) return
      const zone = requireZone(cloud, callerOf(cloud, settings), zoneId)
      const record = findRecord(zone, wholeName(name, zone), type)
      if (record === undefined) return
      zone.records = zone.records.filter(other => other !== record)
      cloud.note('ChangeResourceRecordSets', zone.id)
    }
  }
}

function idOf(attributes: Attributes): string {
  return [text(attributes, 'zone_id'), text(attributes, 'name'), text(attributes, 'type')].join('_')
}

// An import knows the id alone, and says with it where the record is.
function partsOf(state: Attributes): { zoneId: string; name: string; type: string } {
  const [, zoneId = '', name = '', type = ''] = /^([^_]+)_(.+)_([A-Z]+)$/.exec(text(state, 'id')) ?? []
  return { zoneId, name: canonicalName(name), type }
}

function canonicalAlias(alias: Value): Value {
  if (!isList(alias)) return alias
  return alias.map(block =>
    isAttributes(block) && typeof block.name === 'string' ? { ...block, name: canonicalName(block.name) } : block
  )
}

function wholeName(name: string, zone: HostedZone): string {
  const asked = canonicalName(name)
  if (asked === '' || asked === '@') return zone.name
  return asked === zone.name || asked.endsWith(`.${zone.name}`) ? asked : `${asked}.${zone.name}`
}

function recordOf(planned: Attributes, zone: HostedZone): RecordSet {
  const name = wholeName(text(planned, 'name'), zone)
  const type = text(planned, 'type')
  const [block] = blocks(planned, 'alias')
  if (block === undefined) return { name, type, ttl: optionalNumber(planned, 'ttl'), values: texts(planned, 'records') }
  const alias = {
    name: text(block, 'name'),
    zoneId: text(block, 'zone_id'),
    evaluateTargetHealth: flag(block, 'evaluate_target_health')
  }
  return { name, type, ttl: undefined, values: [], alias }
}

function findRecord({ records }: { records: readonly RecordSet[] }, name: string, type: string): RecordSet | undefined {
  return records.find(record => record.name === name && record.type === type)
}

function requireAcceptable(
  cloud: AwsCloud,
  doing: string,
  zone: HostedZone,
  others: readonly RecordSet[],
  record: RecordSet
): void {
  const problem = problemOf(cloud, { ...zone, records: [...others] }, record)
  if (problem === undefined) return
  throw route53Error(doing, { call: 'ChangeResourceRecordSets', code: 'InvalidChangeBatch', message: `[${problem}]` })
}

function problemOf(cloud: AwsCloud, zone: HostedZone, { name, type, alias }: RecordSet): string | undefined {
  if (type === 'CNAME' && name === zone.name) {
    return `RRSet of type CNAME with DNS name ${name}. is not permitted at apex in zone ${zone.name}.`
  }
  if (findRecord(zone, name, type) !== undefined) {
    return `Tried to create resource record set [name='${name}.', type='${type}'] but it already exists`
  }
  const rival = zone.records.find(
    other => other.name === name && other.type !== type && [other.type, type].includes('CNAME')
  )
  if (rival !== undefined) {
    return `RRSet of type ${type} with DNS name ${name}. is not permitted because a conflicting RRSet of type ${rival.type} with the same DNS name already exists in zone ${zone.name}.`
  }
  return alias && problemOfAlias(cloud, zone, alias, type)
}

function problemOfAlias(cloud: AwsCloud, zone: HostedZone, alias: AliasTarget, type: string): string | undefined {
  const endpoint = [...cloud.vpcEndpoints.values()].find(({ names }) => names.some(({ name }) => name === alias.name))
  const hostedIn = endpoint === undefined ? zone.id : endpointHostedZoneId(endpoint.region)
  const tried = `Tried to create an alias that targets ${alias.name}., type ${type} in zone ${alias.zoneId}`
  if (alias.zoneId !== hostedIn) return `${tried}, but the alias target name does not lie within the target zone`
  const isThere = endpoint !== undefined || findRecord(zone, alias.name, type) !== undefined
  return isThere ? undefined : `${tried}, but that target was not found`
}

function requireZone(cloud: AwsCloud, caller: Caller, id: string): HostedZone {
  return requireOwnZone(cloud, caller, `reading Route 53 Hosted Zone (${id})`, 'GetHostedZone', id)
}
