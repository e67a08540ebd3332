import { createHash } from 'node:crypto'
import { blocks, flag, optionalNumber, optionalText, text, textMap } from '../attributes.ts'
import type { Change, Resource } from '../provider.ts'
import { type Attributes, isAttributes, isList, sameValue } from '../value.ts'
import { requireUnused } from './argument.ts'
import { regionalArn } from './arn.ts'
import type { AwsCloud } from './aws-cloud.ts'
import { modelledError } from './aws-error.ts'
import { deregisterInstance, writeRecord } from './cloud-map-instance.ts'
import { changeTags } from './tags.ts'

/** A service of Cloud Map: a name in a namespace, with the addresses of those who registered. */
export interface DiscoveryService {
  readonly id: string
  readonly arn: string
  readonly region: string
  readonly name: string
  readonly namespaceId: string
  readonly routingPolicy: string
  /** In seconds. */
  ttl: number
  description: string
  /** Whether the health that is answered is what the registrant says; Cloud Map makes every threshold 1. */
  readonly hasCustomHealthCheck: boolean
  /** Addresses by the id of an instance. */
  readonly instances: Map<string, string>
  tags: Record<string, string>
}

/** Plays aws_service_discovery_service with one A record in a private namespace. */
export function discoveryService(cloud: AwsCloud): Resource {
  return {
    type: 'aws_service_discovery_service',
    forcesReplacement: ['health_check_custom_config', 'name', 'namespace_id', 'type'],
    defaults: { force_destroy: false },
    // The provider fills in the routing policy, and a threshold of 1 in place of any other.
    legacyTypeSystem: true,

    plan: change => {
      requireUnused('aws_service_discovery_service', change.config, ['health_check_config'])
      const [dns] = blocks(change.config, 'dns_config')
      const types = dns === undefined ? [] : blocks(dns, 'dns_records').map(({ type = null }) => type)
      if (!sameValue(types, ['A'])) throw new Error('the stand-in plays Cloud Map services with one A record only')
      fillRoutingPolicy(change)
      const before = change.prior && blocks(change.prior, 'dns_config').map(withoutTtl)
      const after = blocks(change.planned, 'dns_config').map(withoutTtl)
      if (before !== undefined && !sameValue(before, after)) change.replace.add('dns_config')
    },

    create: planned => {
      const region = text(planned, 'region')
      const name = text(planned, 'name')
      const refuse = (code: string, message: string) =>
        modelledError(`creating Service Discovery Service (${name})`, 'ServiceDiscovery', {
          call: 'CreateService',
          code,
          message
        })
      const { namespaceId, routingPolicy, ttl } = dnsConfigOf(planned)
      if (cloud.dnsNamespaces.get(namespaceId)?.region !== region) {
        throw refuse('NamespaceNotFound', `Namespace not found: ${namespaceId}`)
      }
      const standing = [...cloud.discoveryServices.values()]
      if (standing.some(service => service.namespaceId === namespaceId && service.name === name)) {
        throw refuse('ServiceAlreadyExists', 'Service already exists.')
      }
      const id = idOf(namespaceId, name)
      cloud.discoveryServices.set(id, {
        id,
        arn: regionalArn(cloud, 'servicediscovery', region, `service/${id}`),
        region,
        name,
        namespaceId,
        routingPolicy,
        ttl,
        description: optionalText(planned, 'description') ?? '',
        hasCustomHealthCheck: thresholdOf(planned) !== undefined,
        instances: new Map(),
        tags: textMap(planned, 'tags_all')
      })
      cloud.note('servicediscovery:CreateService', id)
      return id
    },

    read: ({ id }) => {
      const service = cloud.discoveryServices.get(String(id))
      return service && attributesOf(service)
    },

    update: (planned, prior) => {
      const service = cloud.discoveryServices.get(text(prior, 'id'))
      if (service === undefined) return
      const actions = { set: 'servicediscovery:TagResource', remove: 'servicediscovery:UntagResource' }
      changeTags(cloud, actions, service, service.id, planned)
      const changing = Object.keys(planned).filter(name => !name.startsWith('tags'))
      if (changing.every(name => sameValue(planned[name], prior[name]))) return
      service.description = optionalText(planned, 'description') ?? ''
      service.ttl = dnsConfigOf(planned).ttl
      writeRecord(cloud, service)
      cloud.note('servicediscovery:UpdateService', service.id)
    },

    delete: state => {
      const service = cloud.discoveryServices.get(text(state, 'id'))
      if (service === undefined) return
      if (flag(state, 'force_destroy')) {
        for (const instance of [...service.instances.keys()]) {
          deregisterInstance(cloud, service, instance)
          cloud.note('servicediscovery:DeregisterInstance', instance)
        }
      }
      if (service.instances.size > 0) {
        throw modelledError(`deleting Service Discovery Service (${service.id})`, 'ServiceDiscovery', {
          call: 'DeleteService',
          code: 'ResourceInUse',
          message: 'Service contains registered instances; delete the instances before deleting the service'
        })
      }
      cloud.discoveryServices.delete(service.id)
      cloud.note('servicediscovery:DeleteService', service.id)
    }
  }
}

// A service that is made again under its name gets the id that it had, so that nobody notices who has to register anew.
function idOf(namespaceId: string, name: string): string {
  return `srv-${createHash('sha256').update(`${namespaceId} ${name}`).digest('hex').slice(0, 16)}`
}

function attributesOf(service: DiscoveryService): Attributes {
  const { arn, description, name, namespaceId, region, routingPolicy, tags, ttl } = service
  return {
    arn,
    description,
    dns_config: [{ dns_records: [{ ttl, type: 'A' }], namespace_id: namespaceId, routing_policy: routingPolicy }],
    health_check_config: [],
    health_check_custom_config: service.hasCustomHealthCheck ? [{ failure_threshold: 1 }] : [],
    name,
    namespace_id: namespaceId,
    region,
    tags_all: tags,
    type: 'DNS_HTTP'
  }
}

function fillRoutingPolicy({ planned }: Change): void {
  const config = planned.dns_config
  if (!isList(config)) return
  planned.dns_config = config.map(block =>
    isAttributes(block) && block.routing_policy === null ? { ...block, routing_policy: 'MULTIVALUE' } : block
  )
}

function withoutTtl(dns: Attributes): Attributes {
  return { ...dns, dns_records: blocks(dns, 'dns_records').map(({ type = null }) => ({ type })) }
}

function dnsConfigOf(planned: Attributes): { namespaceId: string; routingPolicy: string; ttl: number } {
  const [dns = {}] = blocks(planned, 'dns_config')
  const [record = {}] = blocks(dns, 'dns_records')
  return {
    namespaceId: text(dns, 'namespace_id'),
    routingPolicy: text(dns, 'routing_policy'),
    ttl: optionalNumber(record, 'ttl') ?? 0
  }
}

// The provider does not send a block without a threshold.
function thresholdOf(planned: Attributes): number | undefined {
  const [custom] = blocks(planned, 'health_check_custom_config')
  return custom && (optionalNumber(custom, 'failure_threshold') || undefined)
}
