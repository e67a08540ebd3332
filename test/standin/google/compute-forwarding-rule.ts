import { flag, optionalText, text, textMap } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { DataSource, Resource } from '../provider.ts'
import { type Attributes, sameValue, unknown, type Value } from '../value.ts'
import { type Address, fingerprint, usersOf } from './compute-address.ts'
import type { ConnectionStatus, GoogleCloud } from './google-cloud.ts'
import { alreadyExists, invalidField, notFound } from './google-error.ts'
import { planLabels } from './labels.ts'
import { fullPath, isSameLink, linkOf, pathOf } from './link.ts'
import { type Place, placeOf } from './place.ts'
import { requireResourceName } from './resource-name.ts'

/** A forwarding rule that is a Private Service Connect endpoint. */
export interface ForwardingRule {
  readonly path: string
  readonly project: string
  readonly region: string
  readonly name: string
  readonly description: string
  /** The path of its network. */
  readonly network: string
  readonly address: string
  /** The path of the service attachment it connects to. */
  readonly attachment: string
  readonly numericId: number
  readonly connectionId: string
  readonly automatesDns: boolean
  allowsGlobalAccess: boolean
  /** What the attachment's owner decided about this endpoint. @default - what it decided about the attachment's endpoints */
  status?: ConnectionStatus
  labels: Record<string, string>
}

/** Plays google_compute_forwarding_rule for endpoints to service attachments. */
export function computeForwardingRule(cloud: GoogleCloud): Resource {
  return {
    type: 'google_compute_forwarding_rule',
    forcesReplacement: [
      'all_ports',
      'backend_service',
      'description',
      'ip_address',
      'ip_collection',
      'ip_protocol',
      'ip_version',
      'is_mirroring_collector',
      'load_balancing_scheme',
      'name',
      'network',
      'network_tier',
      'no_automate_dns_zone',
      'port_range',
      'ports',
      'project',
      'region',
      'service_directory_registrations',
      'service_label',
      'source_ip_ranges',
      'subnetwork'
    ],
    defaults: { load_balancing_scheme: 'EXTERNAL', recreate_closed_psc: false },
    computedBlocks: ['service_directory_registrations'],
    sameMeaning: {
      backend_service: isSameLink,
      ip_address: isSameAddress,
      network: isSameLink,
      region: isSameLink,
      subnetwork: isSameLink,
      target: isSameTarget
    },
    // The provider keeps full links and the address itself where the configuration may have names and references.
    legacyTypeSystem: true,

    plan: (change, settings) => {
      planLabels(change, settings, 'unattributed')
      const { prior, planned, replace } = change
      const isEndpoint = typeof planned.target === 'string' && planned.target.includes('/serviceAttachments/')
      if (isEndpoint && planned.recreate_closed_psc === true && prior?.psc_connection_status === 'CLOSED') {
        planned.psc_connection_status = unknown
        replace.add('psc_connection_status')
      }
    },

    create: (planned, settings) => {
      const doing = 'Error creating ForwardingRule'
      const place = placeOf(planned, settings)
      const { project, region } = place
      const name = text(planned, 'name')
      const path = `projects/${project}/regions/${region}/forwardingRules/${name}`
      requireResourceName(doing, name)
      if (cloud.forwardingRules.has(path)) throw alreadyExists(doing, path)
      const attachment = requireAttachment(cloud, doing, planned, region)
      const network = fullPath(optionalText(planned, 'network') ?? 'default', project, 'global/networks')
      if (!cloud.networks.has(network)) throw notFound(doing, network)
      const { address } = requireAddress(cloud, doing, place, network, optionalText(planned, 'ip_address') ?? '')
      const labels = textMap(planned, 'effective_labels')
      cloud.forwardingRules.set(path, {
        path,
        project,
        region,
        name,
        description: optionalText(planned, 'description') ?? '',
        network,
        address,
        attachment,
        numericId: cloud.identifiers.number('forwarding rule', path),
        connectionId: String(cloud.identifiers.number('connection', path, attachment)),
        automatesDns: !flag(planned, 'no_automate_dns_zone'),
        allowsGlobalAccess: flag(planned, 'allow_psc_global_access'),
        labels
      })
      cloud.note('forwardingRules.insert', path)
      if (Object.keys(labels).length > 0) cloud.note('forwardingRules.setLabels', path)
      return path
    },

    read: ({ id, recreate_closed_psc }) => {
      const rule = cloud.forwardingRules.get(String(id))
      return rule && { ...attributesOf(cloud, rule), recreate_closed_psc: recreate_closed_psc ?? false }
    },

    update: (planned, prior) => {
      const rule = cloud.forwardingRules.get(text(prior, 'id'))
      if (rule === undefined) return
      const hasChanged = (name: string) => !sameValue(planned[name], prior[name])
      if (hasChanged('target')) {
        const doing = `Error updating ForwardingRule "${rule.path}"`
        const why = 'The target of a forwarding rule for Private Service Connect cannot be changed.'
        throw invalidField(doing, 'target', text(planned, 'target'), why)
      }
      if (hasChanged('allow_psc_global_access')) {
        rule.allowsGlobalAccess = flag(planned, 'allow_psc_global_access')
        cloud.note('forwardingRules.patch', rule.path)
      }
      if (hasChanged('effective_labels')) {
        rule.labels = textMap(planned, 'effective_labels')
        cloud.note('forwardingRules.setLabels', rule.path)
      }
    },

    delete: ({ id }) => {
      if (cloud.forwardingRules.delete(String(id))) cloud.note('forwardingRules.delete', String(id))
    }
  }
}

/** Plays the data source google_compute_forwarding_rule. */
export function forwardingRuleData(cloud: GoogleCloud): DataSource {
  return {
    type: 'google_compute_forwarding_rule',
    read: (config, settings) => {
      const { project, region } = placeOf(config, settings)
      const path = `projects/${project}/regions/${region}/forwardingRules/${text(config, 'name')}`
      const rule = cloud.forwardingRules.get(path)
      if (rule === undefined) throw new CloudError(`${path} not found`)
      return { ...attributesOf(cloud, rule), id: path, labels: rule.labels, terraform_labels: rule.labels }
    }
  }
}

/** What Google answers of a rule. It does not answer no_automate_dns_zone (`ignore_read`), so an import does not know it. */
function attributesOf(cloud: GoogleCloud, rule: ForwardingRule): Attributes {
  return {
    allow_psc_global_access: rule.allowsGlobalAccess,
    creation_timestamp: cloud.now,
    description: rule.description,
    effective_labels: rule.labels,
    forwarding_rule_id: rule.numericId,
    ip_address: rule.address,
    label_fingerprint: fingerprint(rule.labels),
    load_balancing_scheme: '',
    name: rule.name,
    network: linkOf(rule.network),
    network_tier: 'PREMIUM',
    project: rule.project,
    psc_connection_id: rule.connectionId,
    psc_connection_status: statusOf(cloud, rule),
    region: rule.region,
    self_link: linkOf(rule.path),
    service_directory_registrations: [{ namespace: 'goog-psc-default', service: null }],
    target: linkOf(rule.attachment)
  }
}

function statusOf(cloud: GoogleCloud, { status, attachment }: ForwardingRule): ConnectionStatus {
  return status ?? cloud.attachments?.get(attachment)?.acceptance ?? cloud.acceptance
}

const addressPattern = /^\d+\.\d+\.\d+\.\d+$/

// The API answers with the address alone, so the provider takes any reference to be to the same address, even one it
// does not know yet: a new address resource goes unnoticed (terraform-provider-google#16870).
function isSameAddress(before: Value, after: Value): boolean {
  return before === after || typeof after !== 'string' || !addressPattern.test(after)
}

// The provider compares without the project, as the API may answer with its number.
function isSameTarget(before: Value, after: Value): boolean {
  if (typeof before !== 'string' || typeof after !== 'string') return false
  const target = (link: string) => pathOf(link).replace(/^projects\/[^/]+\//, '')
  return target(before) === target(after)
}

function requireAttachment(cloud: GoogleCloud, doing: string, planned: Attributes, region: string): string {
  const target = optionalText(planned, 'target') ?? ''
  const path = pathOf(target)
  const inRegion = /^projects\/[^/]+\/regions\/([^/]+)\/serviceAttachments\/[a-z][-a-z0-9]*$/.exec(path)?.[1]
  if (inRegion === undefined) throw invalidField(doing, 'target', target, 'The URL is malformed.')
  if (cloud.attachments?.has(path) === false) throw notFound(doing, path)
  if (inRegion !== region) {
    throw invalidField(doing, 'target', target, `The service attachment must be in the region of the rule, ${region}.`)
  }
  const scheme = optionalText(planned, 'load_balancing_scheme') ?? ''
  if (scheme !== '') {
    const why = 'A forwarding rule whose target is a service attachment must have no load balancing scheme.'
    throw invalidField(doing, 'loadBalancingScheme', scheme, why)
  }
  return path
}

function requireAddress(
  cloud: GoogleCloud,
  doing: string,
  { project, region }: Place,
  network: string,
  reference: string
): Address {
  const isNumber = addressPattern.test(reference)
  const path = fullPath(reference, project, `regions/${region}/addresses`)
  if (reference !== '' && !isNumber && !cloud.addresses.has(path)) throw notFound(doing, path)
  const refuse = (value: string, why: string) => invalidField(doing, 'IPAddress', value, why)
  const address = [...cloud.addresses.values()]
    .filter(({ subnetwork }) => cloud.subnetworks.get(subnetwork)?.network === network)
    .find(each => (isNumber ? each.address === reference : each.path === path))
  if (address === undefined) {
    throw refuse(reference, 'Must be a reserved internal address of a subnetwork of the network.')
  }
  if (usersOf(cloud, address).length > 0) {
    throw refuse(address.address, 'Specified IP address is in-use and would result in a conflict.')
  }
  return address
}
