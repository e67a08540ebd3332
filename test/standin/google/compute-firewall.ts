import { blocks, flag, optionalNumber, optionalText, text, texts } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, isList, sameValue, unknown } from '../value.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { alreadyExists, googleError, invalidField, notFound } from './google-error.ts'
import { fullPath, isSameLink, linkOf } from './link.ts'
import { requireResourceName } from './resource-name.ts'

/** A firewall rule of a network. */
export interface Firewall {
  readonly path: string
  readonly project: string
  readonly name: string
  /** The path of its network. */
  readonly network: string
  readonly direction: 'INGRESS' | 'EGRESS'
  description: string
  priority: number
  disabled: boolean
  allow: readonly Traffic[]
  deny: readonly Traffic[]
  destinationRanges: readonly string[]
  sourceRanges: readonly string[]
  sourceTags: readonly string[]
  sourceServiceAccounts: readonly string[]
  targetTags: readonly string[]
  targetServiceAccounts: readonly string[]
  /** Which metadata is logged, where anything is. */
  logMetadata: string | undefined
}

/** A protocol and its ports, as a rule allows or denies them; no ports are all ports. */
export interface Traffic {
  readonly protocol: string
  readonly ports: readonly string[]
}

const conflicts = {
  target_service_accounts: ['source_tags', 'target_tags'],
  source_service_accounts: ['source_tags', 'target_tags']
}

/** Plays google_compute_firewall. */
export function computeFirewall(cloud: GoogleCloud): Resource {
  return {
    type: 'google_compute_firewall',
    forcesReplacement: ['direction', 'name', 'params', 'project'],
    defaults: { priority: 1000 },
    sameMeaning: { network: isSameLink },
    // The provider keeps full links where the configuration may have names and paths.
    legacyTypeSystem: true,

    validate: config => {
      for (const [name, rivals] of Object.entries(conflicts)) {
        const rival = rivals.find(each => isGiven(config, name) && isGiven(config, each))
        if (rival !== undefined) {
          throw new CloudError('Conflicting configuration arguments', `"${name}": conflicts with ${rival}`)
        }
      }
    },

    plan: ({ config }) => {
      if (config.direction === 'EGRESS') return
      const sources = ['source_tags', 'source_ranges', 'source_service_accounts']
      if (sources.every(name => config[name] === null)) {
        throw new CloudError('one of source_tags, source_ranges, or source_service_accounts must be defined')
      }
    },

    create: planned => {
      const doing = 'Error creating Firewall'
      const project = text(planned, 'project')
      const name = text(planned, 'name')
      const path = `projects/${project}/global/firewalls/${name}`
      requireResourceName(doing, name)
      if (cloud.firewalls.has(path)) throw alreadyExists(doing, path)
      const network = fullPath(text(planned, 'network'), project, 'global/networks')
      if (!network.startsWith(`projects/${project}/`)) {
        const why = 'Cross project referencing is not allowed for this resource.'
        throw invalidField(doing, 'network', linkOf(network), why)
      }
      if (!cloud.networks.has(network)) throw notFound(doing, network)
      const direction = planned.direction === 'EGRESS' ? 'EGRESS' : 'INGRESS'
      cloud.firewalls.set(path, { path, project, name, network, direction, ...contentOf(doing, planned, direction) })
      cloud.note('firewalls.insert', path)
      return path
    },

    read: ({ id }) => {
      const firewall = cloud.firewalls.get(String(id))
      if (firewall === undefined) return undefined
      const traffic = (each: Traffic) => ({ protocol: each.protocol, ports: [...each.ports] })
      return {
        allow: firewall.allow.map(traffic),
        creation_timestamp: cloud.now,
        deny: firewall.deny.map(traffic),
        description: firewall.description,
        destination_ranges: [...firewall.destinationRanges],
        direction: firewall.direction,
        disabled: firewall.disabled,
        log_config: firewall.logMetadata === undefined ? [] : [{ metadata: firewall.logMetadata }],
        name: firewall.name,
        network: linkOf(firewall.network),
        priority: firewall.priority,
        project: firewall.project,
        self_link: linkOf(firewall.path),
        source_ranges: [...firewall.sourceRanges],
        source_service_accounts: [...firewall.sourceServiceAccounts],
        source_tags: [...firewall.sourceTags],
        target_service_accounts: [...firewall.targetServiceAccounts],
        target_tags: [...firewall.targetTags]
      }
    },

    update: (planned, prior) => {
      const firewall = cloud.firewalls.get(text(prior, 'id'))
      if (firewall === undefined || sameValue(planned, prior)) return
      const doing = `Error updating Firewall "${firewall.path}"`
      cloud.firewalls.set(firewall.path, { ...firewall, ...contentOf(doing, planned, firewall.direction) })
      cloud.note('firewalls.patch', firewall.path)
    },

    delete: ({ id }) => {
      if (cloud.firewalls.delete(String(id))) cloud.note('firewalls.delete', String(id))
    }
  }
}

type FirewallContent = Omit<Firewall, 'path' | 'project' | 'name' | 'network' | 'direction'>

function contentOf(doing: string, planned: Attributes, direction: Firewall['direction']): FirewallContent {
  const allow = blocks(planned, 'allow').map(trafficOf)
  const deny = blocks(planned, 'deny').map(trafficOf)
  const targetTags = texts(planned, 'target_tags')
  const targetServiceAccounts = texts(planned, 'target_service_accounts')
  const refuse = (message: string) => googleError(doing, 400, message, 'invalid')
  if (allow.length > 0 === deny.length > 0) {
    throw refuse('Firewall must have exactly one of allowed and denied.')
  }
  const destinations = isList(planned.destination_ranges) ? texts(planned, 'destination_ranges') : []
  const [log] = blocks(planned, 'log_config')
  return {
    allow,
    deny,
    targetTags,
    targetServiceAccounts,
    description: optionalText(planned, 'description') ?? '',
    priority: optionalNumber(planned, 'priority') ?? 1000,
    disabled: flag(planned, 'disabled'),
    destinationRanges: destinations.length === 0 && direction === 'EGRESS' ? ['0.0.0.0/0'] : destinations,
    sourceRanges: texts(planned, 'source_ranges'),
    sourceTags: texts(planned, 'source_tags'),
    sourceServiceAccounts: texts(planned, 'source_service_accounts'),
    logMetadata: log && text(log, 'metadata')
  }
}

function isGiven(config: Attributes, name: string): boolean {
  return config[name] !== null && config[name] !== unknown
}

function trafficOf(block: Attributes): Traffic {
  return { protocol: text(block, 'protocol'), ports: texts(block, 'ports') }
}
