import { optionalText, text } from '../attributes.ts'
import { CloudError } from '../cloud-error.ts'
import type { Resource } from '../provider.ts'
import { unknown } from '../value.ts'
import { hasPrivateLink, requireProject } from './project.ts'
import { cloudOf, requireRegion } from './region.ts'
import type { ZillizCloud } from './zilliz-cloud.ts'
import { type Refuse, unpublishedAnswer, zillizAnswer } from './zilliz-error.ts'
import { privateEndpointSchema } from './zilliz-schemas.ts'

/** How far Zilliz Cloud is with a connection or a private link, for which it takes minutes. */
export type Allocation = 'pending' | 'done'

/** An endpoint that is registered with a project. */
export interface RegisteredEndpoint {
  readonly projectId: string
  readonly regionId: string
  /** The VPC endpoint's id, or the forwarding rule's name. */
  readonly endpointId: string
  readonly gcpProjectId: string | undefined
  /** How far its connection is. @default - the cloud's `allocation` */
  allocation?: Allocation | undefined
  /** Whether it is listed only once the cloud's `listing` is back to `at-once`. @default false */
  readonly isLate?: boolean
}

const mostEndpoints = 10

const inputs = ['endpoint_id', 'gcp_project_id', 'project_id', 'region_id']

/** Plays zillizcloud_private_endpoint. */
export function privateEndpoint(cloud: ZillizCloud): Resource {
  return {
    type: 'zillizcloud_private_endpoint',
    schema: privateEndpointSchema,
    forcesReplacement: inputs,
    isImportable: false,

    create: planned => {
      const projectId = text(planned, 'project_id')
      const regionId = text(planned, 'region_id')
      const endpointId = text(planned, 'endpoint_id')
      const gcpProjectId = optionalText(planned, 'gcp_project_id')
      const refuse: Refuse = answer =>
        new CloudError('Failed to create endpoint', `projectId=${projectId} endpointId=${endpointId} error=${answer}`)
      register(cloud, { projectId, regionId, endpointId, gcpProjectId }, refuse)
      if (find(cloud, projectId, endpointId) === undefined) {
        const detail = `endpoint_id=${endpointId} was not visible in ListEndpoints immediately after creation`
        throw new CloudError('Endpoint not found after create', detail)
      }
      return endpointId
    },

    read: state => {
      const refuse: Refuse = answer => new CloudError('Failed to list endpoints', answer)
      const { id: projectId } = requireProject(cloud, text(state, 'project_id'), refuse)
      const endpoint = find(cloud, projectId, text(state, 'endpoint_id'))
      if (endpoint === undefined) return undefined
      const { regionId, gcpProjectId = null, allocation = cloud.allocation } = endpoint
      return {
        cloud_id: cloudOf(regionId),
        endpoint_service: cloud.regions.get(regionId)?.endpointService ?? '',
        endpoint_service_status: 'AVAILABLE',
        endpoint_status: cloud.endpointStatuses[allocation],
        gcp_project_id: gcpProjectId,
        // The provider does not look at the region of what it has just registered.
        region_id: state.endpoint_status === unknown ? text(state, 'region_id') : regionId
      }
    },

    delete: state => {
      const projectId = text(state, 'project_id')
      const endpointId = text(state, 'endpoint_id')
      const refuse: Refuse = answer =>
        new CloudError('Failed to delete endpoint', `projectId=${projectId} endpointId=${endpointId} error=${answer}`)
      requireProject(cloud, projectId, refuse)
      const gcpProjectId = optionalText(state, 'gcp_project_id')
      const index = cloud.endpoints.findIndex(
        isSame({ projectId, regionId: text(state, 'region_id'), endpointId, gcpProjectId })
      )
      if (index === -1) throw refuse(unpublishedAnswer('Private endpoint not found.'))
      cloud.endpoints.splice(index, 1)
      cloud.note('DeletePrivateEndpoint', endpointId)
    }
  }
}

// The provider looks for nothing but the id, in whatever region and Google Cloud project.
function find(cloud: ZillizCloud, projectId: string, endpointId: string): RegisteredEndpoint | undefined {
  const isListed = ({ isLate = false }: RegisteredEndpoint) => cloud.listing === 'at-once' || !isLate
  return cloud.endpoints.find(each => each.projectId === projectId && each.endpointId === endpointId && isListed(each))
}

function register(cloud: ZillizCloud, endpoint: RegisteredEndpoint, refuse: Refuse): void {
  const { projectId, regionId, endpointId, gcpProjectId } = endpoint
  const project = requireProject(cloud, projectId, refuse)
  const region = requireRegion(cloud, regionId, refuse)
  if (region.endpointService === undefined) {
    throw refuse(unpublishedAnswer('This region does not support private endpoints.'))
  }
  if (!hasPrivateLink(project.plan)) throw refuse(zillizAnswer(96028))
  if (cloudOf(regionId) === 'gcp' && gcpProjectId === undefined) {
    throw refuse(unpublishedAnswer('Empty gcpProjectId. Please specify a gcpProjectId.'))
  }
  const isWhitelisted = cloud.whitelist.some(each => each.projectId === projectId && each.regionId === regionId)
  if (region.whitelistRequired && !isWhitelisted) {
    throw refuse(unpublishedAnswer('The account of this endpoint is not in the whitelist of the project.'))
  }
  if (cloud.endpoints.some(isSame(endpoint))) {
    if (cloud.reRegistration === 'accepted') return
    throw refuse(unpublishedAnswer('The specified private endpoint already exists under project.'))
  }
  if (cloud.endpoints.filter(each => each.projectId === projectId).length >= mostEndpoints) {
    throw refuse(unpublishedAnswer(`You can create up to ${mostEndpoints} private endpoints per project.`))
  }
  const ownProject = cloudOf(regionId) === 'gcp' ? gcpProjectId : undefined
  cloud.endpoints.push({ ...endpoint, gcpProjectId: ownProject, isLate: cloud.listing === 'late' })
  cloud.note('CreatePrivateEndpoint', endpointId)
}

function isSame(one: RegisteredEndpoint): (other: RegisteredEndpoint) => boolean {
  return other =>
    other.projectId === one.projectId &&
    other.regionId === one.regionId &&
    other.endpointId === one.endpointId &&
    (cloudOf(one.regionId) !== 'gcp' || other.gcpProjectId === one.gcpProjectId)
}
