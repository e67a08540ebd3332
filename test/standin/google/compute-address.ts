import { isInRange, pickAddress } from '../address-range.ts'
import { optionalText, text, textMap } from '../attributes.ts'
import type { Resource } from '../provider.ts'
import { sameValue } from '../value.ts'
import { reservedAddresses, type Subnetwork, takenAddresses } from './compute-subnetwork.ts'
import type { GoogleCloud } from './google-cloud.ts'
import { alreadyExists, googleError, invalidField, notFound } from './google-error.ts'
import { planLabels } from './labels.ts'
import { fullPath, isSameLink, linkOf } from './link.ts'
import { type Place, placeOf } from './place.ts'
import { requireResourceName } from './resource-name.ts'

/** A reserved internal address of a subnetwork. */
export interface Address {
  readonly path: string
  readonly project: string
  readonly region: string
  readonly name: string
  readonly description: string
  readonly purpose: string
  /** The path of its subnetwork. */
  readonly subnetwork: string
  readonly address: string
  labels: Record<string, string>
}

/** Plays google_compute_address for internal addresses. */
export function computeAddress(cloud: GoogleCloud): Resource {
  return {
    type: 'google_compute_address',
    forcesReplacement: [
      'address',
      'address_type',
      'description',
      'ip_version',
      'ipv6_endpoint_type',
      'name',
      'network',
      'network_tier',
      'prefix_length',
      'project',
      'purpose',
      'region',
      'subnetwork'
    ],
    defaults: { address_type: 'EXTERNAL' },
    sameMeaning: { network: isSameLink, region: isSameLink, subnetwork: isSameLink },
    // The provider keeps full links where the configuration may have names and paths.
    legacyTypeSystem: true,

    plan: (change, settings) => planLabels(change, settings, 'attributed'),

    create: (planned, settings) => {
      const doing = 'Error creating Address'
      const place = placeOf(planned, settings)
      const { project, region } = place
      const name = text(planned, 'name')
      const path = `projects/${project}/regions/${region}/addresses/${name}`
      requireResourceName(doing, name)
      if (cloud.addresses.has(path)) throw alreadyExists(doing, path)
      if (planned.address_type !== 'INTERNAL') {
        const why = 'Subnetwork can only be specified for internal addresses.'
        throw invalidField(doing, 'subnetwork', optionalText(planned, 'subnetwork') ?? '', why)
      }
      const purpose = optionalText(planned, 'purpose') ?? 'GCE_ENDPOINT'
      if (purpose === 'PRIVATE_SERVICE_CONNECT') {
        const why = 'Purpose PRIVATE_SERVICE_CONNECT is only supported for global addresses.'
        throw invalidField(doing, 'purpose', purpose, why)
      }
      const subnetwork = requireSubnetwork(cloud, doing, place, optionalText(planned, 'subnetwork') ?? 'default')
      const address = reserve(cloud, doing, subnetwork, path, optionalText(planned, 'address'))
      const labels = textMap(planned, 'effective_labels')
      const description = optionalText(planned, 'description') ?? ''
      cloud.addresses.set(path, {
        path,
        project,
        region,
        name,
        description,
        purpose,
        subnetwork: subnetwork.path,
        address,
        labels
      })
      cloud.note('addresses.insert', path)
      if (Object.keys(labels).length > 0) cloud.note('addresses.setLabels', path)
      return path
    },

    read: ({ id }) => {
      const address = cloud.addresses.get(String(id))
      if (address === undefined) return undefined
      return {
        address: address.address,
        address_type: 'INTERNAL',
        creation_timestamp: cloud.now,
        description: address.description,
        effective_labels: address.labels,
        label_fingerprint: fingerprint(address.labels),
        name: address.name,
        network_tier: 'PREMIUM',
        prefix_length: 0,
        project: address.project,
        purpose: address.purpose,
        region: address.region,
        self_link: linkOf(address.path),
        subnetwork: linkOf(address.subnetwork),
        users: usersOf(cloud, address).map(linkOf)
      }
    },

    update: (planned, prior) => {
      const address = cloud.addresses.get(text(prior, 'id'))
      if (address !== undefined && !sameValue(planned.effective_labels, prior.effective_labels)) {
        address.labels = textMap(planned, 'effective_labels')
        cloud.note('addresses.setLabels', address.path)
      }
    },

    delete: ({ id }) => {
      const address = cloud.addresses.get(String(id))
      if (address === undefined) return
      const [user] = usersOf(cloud, address)
      if (user !== undefined) {
        throw googleError(
          'Error when reading or editing Address',
          400,
          `The address resource '${address.path}' is already being used by '${user}'`,
          'resourceInUseByAnotherResource'
        )
      }
      cloud.addresses.delete(address.path)
      cloud.note('addresses.delete', address.path)
    }
  }
}

/** What the API gives beside labels, so that nobody changes those of another version. */
export function fingerprint(labels: Readonly<Record<string, string>>): string {
  return Buffer.from(Object.entries(labels).flat().join()).toString('base64').slice(0, 11).padEnd(12, '=')
}

/** The paths of the forwarding rules that stand at an address. */
export function usersOf(cloud: GoogleCloud, { address, subnetwork }: Address): string[] {
  const network = cloud.subnetworks.get(subnetwork)?.network
  return [...cloud.forwardingRules.values()]
    .filter(rule => rule.network === network && rule.address === address)
    .map(({ path }) => path)
}

function requireSubnetwork(
  cloud: GoogleCloud,
  doing: string,
  { project, region }: Place,
  reference: string
): Subnetwork {
  const path = fullPath(reference, project, `regions/${region}/subnetworks`)
  const subnetwork = cloud.subnetworks.get(path)
  if (subnetwork === undefined) throw notFound(doing, path)
  const refuse = (why: string) => invalidField(doing, 'subnetwork', linkOf(path), why)
  if (subnetwork.region !== region) {
    throw refuse(`Subnetwork must be in the same region as the address, ${region}.`)
  }
  if (subnetwork.purpose !== 'PRIVATE') {
    throw refuse(`Subnetwork purpose ${subnetwork.purpose} is not valid for an internal address.`)
  }
  return subnetwork
}

function reserve(
  cloud: GoogleCloud,
  doing: string,
  { path, range }: Subnetwork,
  owner: string,
  wanted: string | undefined
): string {
  const taken = takenAddresses(cloud, path)
  if (wanted !== undefined && !isInRange(wanted, range)) {
    throw invalidField(doing, 'address', wanted, `The IP address is not within the range ${range} of the subnetwork.`)
  }
  if (wanted !== undefined && taken.has(wanted)) {
    throw googleError(doing, 400, `IP '${wanted}' is already being used by another resource.`, 'badRequest')
  }
  const address = wanted ?? pickAddress(range, owner, taken, reservedAddresses)
  if (address === undefined) throw googleError(doing, 400, `IP space of '${path}' is exhausted.`, 'badRequest')
  return address
}
