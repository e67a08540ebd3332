import { blocks, flag, optionalNumber, optionalText, text, textMap, texts } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import { type Attributes, isList, sameValue, type Value } from '../value.ts'
import { fingerprint } from './compute-address.ts'
import type { Subnetwork } from './compute-subnetwork.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { alreadyExists, googleError, invalidField, notFound, tooLarge } from './google-error.ts'
import { planLabels } from './labels.ts'
import { fullPath, isSameLink, linkOf, pathOf } from './link.ts'
import { isSameBlocks, nestedBlock } from './nested-block.ts'
import { requireResourceName } from './resource-name.ts'

/** What the instances of a group are made from; nothing of it ever changes. */
export interface InstanceTemplate {
  readonly path: string
  readonly project: string
  readonly name: string
  readonly numericId: number
  readonly description: string
  readonly instanceDescription: string
  readonly machineType: string
  readonly canForwardIp: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  readonly disks: readonly Disk[]
  /** The paths of the subnetworks, one an interface. */
  readonly subnetworks: readonly string[]
  readonly serviceAccount: AttachedAccount | undefined
  readonly scheduling: Scheduling
  readonly shielding: Shielding | undefined
}

/** A disk that an instance gets. */
export interface Disk {
  /** The path of an image or of a family of images. */
  readonly image: string
  readonly isBoot: boolean
  readonly sizeGb: number
  readonly type: string
  readonly deviceName: string
  readonly isAutoDeleted: boolean
  readonly labels: Readonly<Record<string, string>>
}

/** The service account that the programs of an instance act as. */
export interface AttachedAccount {
  readonly email: string
  readonly scopes: readonly string[]
}

/** What becomes of an instance when its host fails or is serviced. */
export interface Scheduling {
  readonly restartsAutomatically: boolean
  readonly onHostMaintenance: string
  readonly isPreemptible: boolean
  readonly provisioningModel: string
  readonly terminationAction: string
}

/** How an instance proves that it booted what it should. */
export interface Shielding {
  readonly bootsSecurely: boolean
  readonly hasVtpm: boolean
  readonly monitorsIntegrity: boolean
}

const type = 'google_compute_instance_template'
const doing = 'Error creating instance template'

const unplayed = [
  'advanced_machine_features',
  'confidential_instance_config',
  'guest_accelerator',
  'key_revocation_action_type',
  'metadata_startup_script',
  'min_cpu_platform',
  'network_performance_config',
  'reservation_affinity',
  'resource_manager_tags',
  'resource_policies'
]

/** Plays google_compute_instance_template for instances that boot an image and have no external address. */
export function computeInstanceTemplate(cloud: GoogleCloud): Resource {
  return {
    type,
    forcesReplacement: [
      'can_ip_forward',
      'description',
      'disk',
      'effective_labels',
      'instance_description',
      'machine_type',
      'metadata',
      'name',
      'name_prefix',
      'network_interface',
      'project',
      'region',
      'scheduling',
      'service_account',
      'shielded_instance_config',
      'tags',
      ...unplayed
    ],
    defaults: { can_ip_forward: false },
    computedBlocks: ['confidential_instance_config', 'scheduling', 'shielded_instance_config'],
    sameMeaning: {
      disk: isSameBlocks({ defaults: { auto_delete: true }, sameMeaning: { source_image: isSameImage } }),
      network_interface: isSameBlocks({ sameMeaning: { network: isSameLink, subnetwork: isSameLink } }),
      scheduling: isSameBlocks({ defaults: { automatic_restart: true } }),
      service_account: isSameBlocks({ sameMeaning: { scopes: isSameScopes } }),
      shielded_instance_config: isSameBlocks({ defaults: { enable_integrity_monitoring: true, enable_vtpm: true } })
    },
    // The provider keeps full links and defaults in blocks where the configuration may have names and nothing.
    legacyTypeSystem: true,

    validate: config => {
      if ((optionalText(config, 'name_prefix') ?? '').length > 54) {
        throw new CloudError('"name_prefix" cannot be longer than 54 characters, name is limited to 63')
      }
      if (config.name !== null && config.name_prefix !== null) {
        throw new CloudError('Conflicting configuration arguments', '"name": conflicts with name_prefix')
      }
    },

    plan: (change, settings) => {
      const { config } = change
      const isGiven = (name: string) => (isList(config[name]) ? config[name].length > 0 : config[name] !== null)
      const name = unplayed.find(isGiven)
      if (name !== undefined) throw new Error(`the stand-in plays no ${name} of an instance template`)
      if (blocks(config, 'network_interface').some(each => blocks(each, 'access_config').length > 0)) {
        throw new Error('the stand-in plays no access_config of an instance template')
      }
      const otherBoot = blocks(config, 'disk').findIndex((disk, index) => index > 0 && flag(disk, 'boot'))
      if (otherBoot !== -1) {
        const which = `disk.${otherBoot}.boot was true`
        throw new CloudError(`Only the first disk specified in instance_template can be the boot disk. ${which}`)
      }
      planLabels(change, settings, 'attributed')
    },

    create: (planned, settings) => {
      const project = text(planned, 'project')
      const name = optionalText(planned, 'name') ?? uniqueName(cloud, optionalText(planned, 'name_prefix'))
      const path = `projects/${project}/global/instanceTemplates/${name}`
      requireResourceName(doing, name)
      if (cloud.instanceTemplates.has(path)) throw alreadyExists(doing, path)
      const region = optionalText(planned, 'region') ?? optionalText(settings, 'region') ?? cloud.region
      const metadata = textMap(planned, 'metadata')
      requireMetadata(metadata)
      const tags = texts(planned, 'tags')
      requireTags(tags)
      const subnetworks = blocks(planned, 'network_interface').map(
        (each, index) => requireSubnetwork(cloud, project, region, each, index).path
      )
      cloud.instanceTemplates.set(path, {
        path,
        project,
        name,
        numericId: cloud.identifiers.number('instance template', path),
        description: optionalText(planned, 'description') ?? '',
        instanceDescription: optionalText(planned, 'instance_description') ?? '',
        machineType: text(planned, 'machine_type'),
        canForwardIp: flag(planned, 'can_ip_forward'),
        labels: textMap(planned, 'effective_labels'),
        metadata,
        tags,
        disks: blocks(planned, 'disk').map(diskOf),
        subnetworks,
        serviceAccount: blocks(planned, 'service_account').map(accountOf)[0],
        scheduling: schedulingOf(blocks(planned, 'scheduling')[0]),
        shielding: blocks(planned, 'shielded_instance_config').map(shieldingOf)[0]
      })
      cloud.note('instanceTemplates.insert', path)
      return path
    },

    read: ({ id }) => {
      const template = cloud.instanceTemplates.get(String(id))
      if (template === undefined) return undefined
      const subnetworks = template.subnetworks.flatMap(path => cloud.subnetworks.get(path) ?? [])
      return {
        can_ip_forward: template.canForwardIp,
        confidential_instance_config: [],
        creation_timestamp: cloud.now,
        description: template.description,
        disk: template.disks.map(diskBlock),
        effective_labels: template.labels,
        instance_description: template.instanceDescription,
        machine_type: template.machineType,
        metadata: template.metadata,
        metadata_fingerprint: fingerprint(template.metadata),
        name: template.name,
        network_interface: subnetworks.map(interfaceBlock),
        numeric_id: String(template.numericId),
        project: template.project,
        // The provider takes the region from the subnetwork, whatever the configuration says.
        region: subnetworks.at(-1)?.region ?? null,
        scheduling: [schedulingBlock(template.scheduling)],
        self_link: linkOf(template.path),
        self_link_unique: `${linkOf(template.path)}?uniqueId=${template.numericId}`,
        service_account: template.serviceAccount === undefined ? [] : [accountBlock(template.serviceAccount)],
        shielded_instance_config: template.shielding === undefined ? [] : [shieldingBlock(template.shielding)],
        tags: [...template.tags],
        tags_fingerprint: ''
      }
    },

    delete: ({ id }) => {
      const path = String(id)
      const user = [...cloud.instanceGroupManagers.values()].find(({ template }) => template === path)
      if (user !== undefined) {
        const message = `The instance_template resource '${path}' is already being used by '${user.path}'`
        throw googleError('Error deleting instance template', 400, message, 'resourceInUseByAnotherResource')
      }
      if (cloud.instanceTemplates.delete(path)) cloud.note('instanceTemplates.delete', path)
    }
  }
}

/** The most bytes that the values of an instance's metadata have, each and all together. */
const metadataLimits = { value: 262_144, all: 524_288 }

function requireMetadata(metadata: Readonly<Record<string, string>>): void {
  // The provider sends the keys in order.
  const entries = Object.entries(metadata).toSorted(([left], [right]) => (left < right ? -1 : 1))
  for (const [index, [, value]] of entries.entries()) {
    const size = Buffer.byteLength(value)
    const field = `resource.properties.metadata.items[${index}].value`
    if (size > metadataLimits.value) throw tooLarge(doing, field, metadataLimits.value, size)
  }
  const size = Buffer.byteLength(entries.flat().join(''))
  if (size > metadataLimits.all) throw tooLarge(doing, 'resource.properties.metadata', metadataLimits.all, size)
}

function requireTags(tags: readonly string[]): void {
  for (const [index, tag] of tags.entries()) {
    if (/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(tag)) continue
    const why = "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'"
    throw invalidField(doing, `properties.tags.items[${index}]`, tag, why)
  }
}

function requireSubnetwork(
  cloud: GoogleCloud,
  project: string,
  region: string,
  each: Attributes,
  index: number
): Subnetwork {
  const network = optionalText(each, 'network') ?? ''
  const reference = optionalText(each, 'subnetwork') ?? ''
  if (network === '' && reference === '') {
    throw new CloudError('exactly one of network, subnetwork, or network_attachment must be provided')
  }
  const refuse = (value: string, why: string) =>
    invalidField(doing, `properties.networkInterfaces[${index}].subnetwork`, value, why)
  if (reference === '') {
    throw refuse('', 'Network interface must specify a subnet if the network resource is in custom subnet mode.')
  }
  const owner = optionalText(each, 'subnetwork_project') ?? project
  const path = fullPath(reference, owner, `regions/${region}/subnetworks`)
  const subnetwork = cloud.subnetworks.get(path)
  if (subnetwork === undefined) throw notFound(doing, path)
  if (network !== '' && fullPath(network, owner, 'global/networks') !== subnetwork.network) {
    throw refuse(linkOf(path), `The subnetwork must be in the network of the interface, ${network}.`)
  }
  if (subnetwork.purpose !== 'PRIVATE') {
    throw refuse(linkOf(path), `Subnetwork purpose ${subnetwork.purpose} is not valid for an instance.`)
  }
  return subnetwork
}

// The SDK's own counter, which begins with the time; a long prefix leaves room for nine characters.
function uniqueName({ identifiers }: GoogleCloud, prefix = 'terraform-'): string {
  return prefix.length > 37
    ? `${prefix}${identifiers.hex(9, 'instance template', prefix)}`
    : `${prefix}20260101080000000${identifiers.hex(9, 'instance template', prefix)}`
}

function diskOf(disk: Attributes, index: number): Disk {
  return {
    image: imageOf(text(disk, 'source_image')),
    isBoot: index === 0,
    sizeGb: optionalNumber(disk, 'disk_size_gb') ?? 0,
    type: optionalText(disk, 'disk_type') ?? 'pd-standard',
    deviceName: optionalText(disk, 'device_name') ?? `persistent-disk-${index}`,
    isAutoDeleted: disk.auto_delete !== false,
    labels: textMap(disk, 'labels')
  }
}

function diskBlock(disk: Disk): Attributes {
  return nestedBlock(type, 'disk', {
    auto_delete: disk.isAutoDeleted,
    boot: disk.isBoot,
    device_name: disk.deviceName,
    disk_size_gb: disk.sizeGb,
    disk_type: disk.type,
    interface: 'SCSI',
    labels: disk.labels,
    mode: 'READ_WRITE',
    source_image: disk.image,
    type: 'PERSISTENT'
  })
}

function interfaceBlock({ path, project, network }: Subnetwork): Attributes {
  return nestedBlock(type, 'network_interface', {
    name: 'nic0',
    network: linkOf(network),
    subnetwork: linkOf(path),
    subnetwork_project: project
  })
}

function accountOf(account: Attributes): AttachedAccount {
  const email = optionalText(account, 'email') ?? ''
  return { email: email === '' ? 'default' : email, scopes: texts(account, 'scopes').map(scopeOf).toSorted() }
}

function accountBlock({ email, scopes }: AttachedAccount): Attributes {
  return { email, scopes: [...scopes] }
}

function schedulingOf(block: Attributes = {}): Scheduling {
  const isPreemptible = flag(block, 'preemptible')
  return {
    restartsAutomatically: block.automatic_restart !== false,
    onHostMaintenance: optionalText(block, 'on_host_maintenance') ?? (isPreemptible ? 'TERMINATE' : 'MIGRATE'),
    isPreemptible,
    provisioningModel: optionalText(block, 'provisioning_model') ?? 'STANDARD',
    terminationAction: optionalText(block, 'instance_termination_action') ?? ''
  }
}

function schedulingBlock(scheduling: Scheduling): Attributes {
  return nestedBlock(type, 'scheduling', {
    automatic_restart: scheduling.restartsAutomatically,
    instance_termination_action: scheduling.terminationAction,
    on_host_maintenance: scheduling.onHostMaintenance,
    preemptible: scheduling.isPreemptible,
    provisioning_model: scheduling.provisioningModel
  })
}

function shieldingOf(block: Attributes): Shielding {
  return {
    bootsSecurely: flag(block, 'enable_secure_boot'),
    hasVtpm: block.enable_vtpm !== false,
    monitorsIntegrity: block.enable_integrity_monitoring !== false
  }
}

function shieldingBlock({ bootsSecurely, hasVtpm, monitorsIntegrity }: Shielding): Attributes {
  return { enable_integrity_monitoring: monitorsIntegrity, enable_secure_boot: bootsSecurely, enable_vtpm: hasVtpm }
}

function imageOf(reference: string): string {
  const path = pathOf(reference)
  if (/^projects\/[^/]+\/global\/images\/(family\/)?[^/]+$/.test(path)) return path
  throw new Error(`the stand-in knows an image by its path or link, got ${reference}`)
}

function isSameImage(before: Value, after: Value): boolean {
  return typeof before === 'string' && typeof after === 'string' && imageOf(before) === imageOf(after)
}

const scopeAliases: Readonly<Record<string, string>> = {
  'cloud-platform': 'cloud-platform',
  'compute-ro': 'compute.readonly',
  'compute-rw': 'compute',
  'logging-write': 'logging.write',
  monitoring: 'monitoring',
  'monitoring-read': 'monitoring.read',
  'monitoring-write': 'monitoring.write',
  'storage-ro': 'devstorage.read_only',
  'storage-rw': 'devstorage.read_write',
  'userinfo-email': 'userinfo.email'
}

function scopeOf(scope: string): string {
  const alias = scopeAliases[scope]
  return alias === undefined ? scope : `https://www.googleapis.com/auth/${alias}`
}

function isSameScopes(before: Value, after: Value): boolean {
  const scopes = (value: Value) => texts({ value }, 'value').map(scopeOf).toSorted()
  return sameValue(scopes(before), scopes(after))
}
