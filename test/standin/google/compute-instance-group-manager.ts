import { pickAddress } from '../address-range.ts'
import { blocks, optionalNumber, optionalText, text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, isList, sameValue, type Value } from '../value.ts'
import { fingerprint } from './compute-address.ts'
import type { AttachedAccount, InstanceTemplate } from './compute-instance-template.ts'
import { reservedAddresses, takenAddresses } from './compute-subnetwork.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { alreadyExists, invalidField, notFound } from './google-error.ts'
import { fullPath, linkOf, nameOf, pathOf } from './link.ts'
import { isSameBlocks, nestedBlock } from './nested-block.ts'
import { regionOf, zoneOf } from './place.ts'
import { requireResourceName } from './resource-name.ts'
import { hasServiceAccount } from './service-account.ts'

/** A managed instance group of one zone, with the instances that run. */
export interface InstanceGroupManager {
  readonly path: string
  readonly project: string
  readonly zone: string
  readonly name: string
  readonly baseInstanceName: string
  readonly numericId: number
  description: string
  versionName: string
  /** The path of the template from which instances are made from now on. */
  template: string
  /** Whether the template was named together with its number, so that no other of its name will do. */
  pinsTemplate: boolean
  targetSize: number
  updatePolicy: UpdatePolicy
  namedPorts: readonly NamedPort[]
  instances: readonly Instance[]
}

/** An instance that runs, as its template was when it was made or last updated. */
export interface Instance {
  readonly name: string
  readonly numericId: number
  /** The path of its template. */
  readonly template: string
  readonly machineType: string
  readonly labels: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  readonly serviceAccount: AttachedAccount | undefined
  /** The path of the boot disk's image, or of its family. */
  readonly image: string
  /** The path of its subnetwork. */
  readonly subnetwork: string
  readonly address: string
  /** How often it has booted: once, and again whenever an update restarts it. */
  readonly boots: number
}

/** How instances are brought to a new template. */
export interface UpdatePolicy {
  readonly type: string
  readonly minimalAction: string
  readonly mostDisruptiveAction: string
  readonly replacementMethod: string
  readonly maxSurge: Share
  readonly maxUnavailable: Share
}

/** A number of instances, or a share of the group. */
export interface Share {
  readonly fixed: number
  readonly percent: number
}

/** A name for a port of every instance. */
export interface NamedPort {
  readonly name: string
  readonly port: number
}

const type = 'google_compute_instance_group_manager'

const unplayed = [
  'all_instances_config',
  'auto_healing_policies',
  'instance_lifecycle_policy',
  'resource_policies',
  'standby_policy',
  'stateful_disk',
  'stateful_external_ip',
  'stateful_internal_ip',
  'target_pools',
  'target_stopped_size',
  'target_suspended_size'
]

/** What Google does where a group has no update policy. */
const defaultPolicy: UpdatePolicy = {
  type: 'OPPORTUNISTIC',
  minimalAction: 'REPLACE',
  mostDisruptiveAction: '',
  replacementMethod: 'SUBSTITUTE',
  maxSurge: { fixed: 1, percent: 0 },
  maxUnavailable: { fixed: 1, percent: 0 }
}

/** Plays google_compute_instance_group_manager with one version and without health checks and state. */
export function computeInstanceGroupManager(cloud: GoogleCloud): Resource {
  return {
    type,
    forcesReplacement: ['base_instance_name', 'name', 'project', 'zone'],
    defaults: {
      list_managed_instances_results: 'PAGELESS',
      wait_for_instances: false,
      wait_for_instances_status: 'STABLE'
    },
    computedBlocks: ['instance_lifecycle_policy', 'standby_policy', 'update_policy'],
    sameMeaning: {
      update_policy: isSameBlocks({ defaults: { replacement_method: 'SUBSTITUTE' } }),
      version: isSameBlocks({ sameMeaning: { instance_template: isSameTemplate } })
    },
    // The provider keeps full links and defaults in blocks where the configuration may have paths and nothing.
    legacyTypeSystem: true,

    validate: config => {
      const [policy = {}] = blocks(config, 'update_policy')
      for (const name of ['max_surge', 'max_unavailable']) {
        const [fixed, percent] = [`${name}_fixed`, `${name}_percent`]
        if ((policy[fixed] ?? null) !== null && (policy[percent] ?? null) !== null) {
          const clash = `"update_policy.0.${fixed}": conflicts with update_policy.0.${percent}`
          throw new CloudError('Conflicting configuration arguments', clash)
        }
      }
    },

    plan: ({ prior, config, planned }, settings) => {
      const isGiven = (name: string) => (isList(config[name]) ? config[name].length > 0 : config[name] !== null)
      const name = unplayed.find(isGiven)
      if (name !== undefined) throw new Error(`the stand-in plays no ${name} of an instance group`)
      const versions = blocks(config, 'version')
      if (versions.length !== 1 || versions.some(each => blocks(each, 'target_size').length > 0)) {
        throw new Error('the stand-in plays one version of an instance group, for all of its instances')
      }
      const zone = optionalText(settings, 'zone')
      if (prior === undefined && config.zone === null && zone !== undefined) planned.zone = zone
    },

    create: (planned, settings) => {
      const doing = 'Error creating InstanceGroupManager'
      const project = text(planned, 'project')
      const zone = zoneOf(planned, settings)
      const name = text(planned, 'name')
      const path = `projects/${project}/zones/${zone}/instanceGroupManagers/${name}`
      requireResourceName(doing, name)
      if (cloud.instanceGroupManagers.has(path)) throw alreadyExists(doing, path)
      const content = contentOf(cloud, doing, planned, project, zone)
      const group: InstanceGroupManager = {
        path,
        project,
        zone,
        name,
        baseInstanceName: text(planned, 'base_instance_name'),
        numericId: cloud.identifiers.number('instance group manager', path),
        ...content,
        targetSize: optionalNumber(planned, 'target_size') ?? 0,
        namedPorts: namedPortsOf(planned),
        instances: []
      }
      cloud.instanceGroupManagers.set(path, group)
      resize(cloud, group)
      cloud.note('instanceGroupManagers.insert', path)
      return path
    },

    read: ({ id, list_managed_instances_results, wait_for_instances, wait_for_instances_status }) => {
      const group = cloud.instanceGroupManagers.get(String(id))
      if (group === undefined) return undefined
      const template = cloud.instanceTemplates.get(group.template)
      const pin = group.pinsTemplate ? `?uniqueId=${template?.numericId}` : ''
      const version = { name: group.versionName, instance_template: `${linkOf(group.template)}${pin}`, target_size: [] }
      return {
        base_instance_name: group.baseInstanceName,
        creation_timestamp: cloud.now,
        description: group.description,
        fingerprint: fingerprint({ [nameOf(group.template).slice(-8)]: '' }),
        instance_group: linkOf(group.path.replace('/instanceGroupManagers/', '/instanceGroups/')),
        instance_group_manager_id: group.numericId,
        instance_lifecycle_policy: [{ default_action_on_failure: 'REPAIR', force_update_on_repair: 'NO' }],
        list_managed_instances_results: list_managed_instances_results ?? 'PAGELESS',
        name: group.name,
        named_port: group.namedPorts.map(({ name, port }) => ({ name, port })),
        operation: '',
        project: group.project,
        self_link: linkOf(group.path),
        standby_policy: [{ initial_delay_sec: 0, mode: 'MANUAL' }],
        status: [statusOf(group)],
        target_size: group.targetSize,
        target_stopped_size: 0,
        target_suspended_size: 0,
        update_policy: [policyBlock(group.updatePolicy)],
        version: [version],
        wait_for_instances: wait_for_instances ?? false,
        wait_for_instances_status: wait_for_instances_status ?? 'STABLE',
        zone: group.zone
      }
    },

    update: (planned, prior) => {
      const group = cloud.instanceGroupManagers.get(text(prior, 'id'))
      if (group === undefined) return
      const hasChanged = (name: string) => !sameValue(planned[name], prior[name])
      if (['description', 'list_managed_instances_results', 'update_policy', 'version'].some(hasChanged)) {
        const doing = 'Error updating managed group instances'
        Object.assign(group, contentOf(cloud, doing, planned, group.project, group.zone))
        if (group.updatePolicy.type === 'PROACTIVE') roll(cloud, group)
        cloud.note('instanceGroupManagers.patch', group.path)
      }
      if (hasChanged('named_port')) {
        group.namedPorts = namedPortsOf(planned)
        cloud.note('instanceGroups.setNamedPorts', group.path)
      }
      if (hasChanged('target_size')) {
        group.targetSize = optionalNumber(planned, 'target_size') ?? 0
        resize(cloud, group)
        cloud.note('instanceGroupManagers.resize', group.path)
      }
    },

    delete: ({ id }) => {
      if (cloud.instanceGroupManagers.delete(String(id))) cloud.note('instanceGroupManagers.delete', String(id))
    }
  }
}

type Content = Pick<InstanceGroupManager, 'description' | 'versionName' | 'template' | 'pinsTemplate' | 'updatePolicy'>

function contentOf(cloud: GoogleCloud, doing: string, planned: Attributes, project: string, zone: string): Content {
  const [version = {}] = blocks(planned, 'version')
  const reference = text(version, 'instance_template')
  const template = requireTemplate(cloud, doing, reference, project, zone)
  return {
    description: optionalText(planned, 'description') ?? '',
    versionName: optionalText(version, 'name') ?? '',
    template: template.path,
    pinsTemplate: reference.includes('?uniqueId='),
    updatePolicy: requirePolicy(doing, blocks(planned, 'update_policy')[0])
  }
}

function requireTemplate(
  cloud: GoogleCloud,
  doing: string,
  reference: string,
  project: string,
  zone: string
): InstanceTemplate {
  const [named = '', number] = reference.split('?uniqueId=')
  const field = 'versions[0].instanceTemplate'
  if (!named.includes('/')) throw invalidField(doing, field, named, 'The URL is malformed.')
  const path = fullPath(named, project, 'global/instanceTemplates')
  const template = cloud.instanceTemplates.get(path)
  if (template === undefined || (number !== undefined && number !== String(template.numericId))) {
    throw notFound(doing, number === undefined ? path : path.replace(/[^/]+$/, number))
  }
  for (const subnetwork of template.subnetworks) {
    const region = cloud.subnetworks.get(subnetwork)?.region
    if (region === regionOf(zone)) continue
    const why = `Its subnetwork is in the region ${region}, and the zone of the group is ${zone}.`
    throw invalidField(doing, field, linkOf(path), why)
  }
  const email = template.serviceAccount?.email
  if (email !== undefined && !hasServiceAccount(cloud, email)) {
    // Google takes a template of any account, and looks for it when there are instances to make.
    throw new CloudError(`The resource 'One of [${email}]' of type 'serviceAccount' was not found.`)
  }
  return template
}

function requirePolicy(doing: string, block: Attributes | undefined): UpdatePolicy {
  if (block === undefined) return defaultPolicy
  // Of what the configuration leaves out the provider makes zero, not the one instance of its documentation.
  const share = (name: string): Share => ({
    fixed: optionalNumber(block, `${name}_fixed`) ?? 0,
    percent: optionalNumber(block, `${name}_percent`) ?? 0
  })
  const [maxSurge, maxUnavailable] = [share('max_surge'), share('max_unavailable')]
  const method = optionalText(block, 'replacement_method') ?? ''
  const isNone = ({ fixed, percent }: Share) => fixed === 0 && percent === 0
  const refuse = (field: string, given: Share, why: string) => {
    const value = given.percent > 0 ? `"percent": ${given.percent}` : `"fixed": ${given.fixed}`
    return invalidField(doing, `updatePolicy.${field}`, `{  ${value}}`, why)
  }
  if (method === 'RECREATE' && !isNone(maxSurge)) {
    throw refuse('maxSurge', maxSurge, 'maxSurge must be equal to 0 when replacement method is set to RECREATE')
  }
  if (isNone(maxSurge) && isNone(maxUnavailable)) {
    throw refuse('maxUnavailable', maxUnavailable, 'maxSurge and maxUnavailable cannot both be 0.')
  }
  return {
    type: text(block, 'type'),
    minimalAction: text(block, 'minimal_action'),
    mostDisruptiveAction: optionalText(block, 'most_disruptive_allowed_action') ?? '',
    replacementMethod: method === '' ? 'SUBSTITUTE' : method,
    maxSurge,
    maxUnavailable
  }
}

function policyBlock(policy: UpdatePolicy): Attributes {
  return nestedBlock(type, 'update_policy', {
    max_surge_fixed: policy.maxSurge.fixed,
    max_surge_percent: policy.maxSurge.percent,
    max_unavailable_fixed: policy.maxUnavailable.fixed,
    max_unavailable_percent: policy.maxUnavailable.percent,
    minimal_action: policy.minimalAction,
    most_disruptive_allowed_action: policy.mostDisruptiveAction,
    replacement_method: policy.replacementMethod,
    type: policy.type
  })
}

function namedPortsOf(planned: Attributes): NamedPort[] {
  return blocks(planned, 'named_port').map(block => ({
    name: text(block, 'name'),
    port: optionalNumber(block, 'port') ?? 0
  }))
}

function statusOf({ template, instances }: InstanceGroupManager): Attributes {
  return {
    all_instances_config: [],
    is_stable: true,
    stateful: [{ has_stateful_config: false, per_instance_configs: [{ all_effective: true }] }],
    version_target: [{ is_reached: instances.every(instance => instance.template === template) }]
  }
}

function resize(cloud: GoogleCloud, group: InstanceGroupManager): void {
  group.instances = group.instances.slice(0, group.targetSize)
  while (group.instances.length < group.targetSize) {
    group.instances = [...group.instances, newInstance(cloud, group)]
  }
}

/** From the least to the most that happens to an instance. */
const actions = ['NONE', 'REFRESH', 'RESTART', 'REPLACE']

function roll(cloud: GoogleCloud, group: InstanceGroupManager): void {
  const template = templateOf(cloud, group)
  const { minimalAction, mostDisruptiveAction, replacementMethod, maxSurge } = group.updatePolicy
  for (const old of group.instances.filter(instance => instance.template !== group.template)) {
    const action = Math.max(actions.indexOf(minimalAction), actions.indexOf(neededAction(old, template)))
    if (mostDisruptiveAction !== '' && action > actions.indexOf(mostDisruptiveAction)) continue
    const others = group.instances.filter(instance => instance !== old)
    if (actions[action] !== 'REPLACE') {
      const boots = old.boots + (actions[action] === 'RESTART' ? 1 : 0)
      group.instances = [...others, { ...old, ...contentOfInstance(template), boots }]
      continue
    }
    const comesFirst = maxSurge.fixed > 0 || maxSurge.percent > 0
    // Whatever goes first gives its address back before the next is made.
    if (!comesFirst) group.instances = others
    const name = replacementMethod === 'RECREATE' ? old.name : undefined
    group.instances = [...others, newInstance(cloud, group, name)]
  }
}

// Labels, tags and metadata change while an instance runs; another machine or account takes a restart.
function neededAction(instance: Instance, template: InstanceTemplate): string {
  const [content, subnetwork] = [contentOfInstance(template), template.subnetworks[0]]
  if (content.image !== instance.image || subnetwork !== instance.subnetwork) return 'REPLACE'
  const restarts = ['machineType', 'serviceAccount'] as const
  const isSame = restarts.every(name => JSON.stringify(content[name]) === JSON.stringify(instance[name]))
  return isSame ? 'REFRESH' : 'RESTART'
}

function newInstance(cloud: GoogleCloud, group: InstanceGroupManager, name = nameInstance(cloud, group)): Instance {
  const template = templateOf(cloud, group)
  const subnetwork = cloud.subnetworks.get(template.subnetworks[0] ?? '')
  if (subnetwork === undefined) throw new Error(`${template.path} has no subnetwork`)
  const owner = `projects/${group.project}/zones/${group.zone}/instances/${name}`
  const address = pickAddress(subnetwork.range, owner, takenAddresses(cloud, subnetwork.path), reservedAddresses)
  if (address === undefined) throw new CloudError(`IP space of '${subnetwork.path}' is exhausted.`)
  const numericId = cloud.identifiers.number('instance', owner)
  return { name, numericId, ...contentOfInstance(template), subnetwork: subnetwork.path, address, boots: 1 }
}

function nameInstance({ identifiers }: GoogleCloud, { path, baseInstanceName }: InstanceGroupManager): string {
  return `${baseInstanceName}-${identifiers.smalls(4, 'instance', path)}`
}

function templateOf(cloud: GoogleCloud, { path, template }: InstanceGroupManager): InstanceTemplate {
  const found = cloud.instanceTemplates.get(template)
  if (found === undefined) throw new Error(`${path} has no template`)
  return found
}

function contentOfInstance(template: InstanceTemplate) {
  const { path, machineType, labels, metadata, tags, serviceAccount, disks } = template
  return { template: path, machineType, labels, metadata, tags, serviceAccount, image: disks[0]?.image ?? '' }
}

// The provider compares the number of a template only where both name one.
function isSameTemplate(before: Value, after: Value): boolean {
  if (typeof before !== 'string' || typeof after !== 'string') return false
  const [was = '', wasNumber] = before.split('?uniqueId=')
  const [is = '', isNumber] = after.split('?uniqueId=')
  if (wasNumber !== undefined && isNumber !== undefined && wasNumber !== isNumber) return false
  return pathOf(was) === pathOf(is)
}
