import {
  type Cluster,
  isGone,
  isOnDemand,
  isReady,
  isRunning,
  lacksPrivateLink,
  privateLinkOf
} from '../../probe/zilliz/answers.ts'
import type { AtZilliz, RegisteredEndpoint } from './at-zilliz.ts'
import type { DeployedHost, DeployedLink } from './deployed-link.ts'
import { type Difference, difference, type LinkInProject } from './kinds.ts'

/** What the environment deploys, and what Zilliz Cloud has in addition. */
export interface Facts {
  readonly environment: string
  readonly links: readonly LinkInProject[]
  /** Links of other environments. */
  readonly others: readonly DeployedLink[]
  readonly zilliz: AtZilliz
}

const limitIsNear = 8

/** Where an environment and Zilliz Cloud differ: what needs doing first. */
export function differences(facts: Facts): readonly Difference[] {
  const found = [
    ...facts.links.flatMap(link => ofLink(link, facts)),
    ...withoutRecord(facts),
    ...ofOthers(facts),
    ...nearLimit(facts)
  ]
  return [...found.filter(({ needsDoing }) => needsDoing), ...found.filter(({ needsDoing }) => !needsDoing)]
}

/** The link that deploys a registered endpoint, of this environment or of another. */
export function ownerOf<Link extends DeployedLink>(
  endpoint: RegisteredEndpoint,
  links: readonly Link[]
): Link | undefined {
  return usersOf(endpoint, links)[0]
}

/** The links that use a registered endpoint. Several do if others made it. */
function usersOf<Link extends DeployedLink>(endpoint: RegisteredEndpoint, links: readonly Link[]): readonly Link[] {
  const candidates = links.filter(link => hasId(link, endpoint))
  // A name is unique in a region only.
  const near = candidates.filter(({ regionId }) => regionId === endpoint.regionId)
  return near.length === 0 ? candidates.slice(0, 1) : near
}

/** The cluster of a host. */
export function clusterOf(host: DeployedHost, clusters: readonly Cluster[]): Cluster | undefined {
  return (
    clusters.find(cluster => privateLinkOf(cluster)?.host === host.name) ??
    clusters.find(({ clusterId }) => clusterId === host.cluster) ??
    // On-demand clusters share the host of their project.
    clusters.find(cluster => isOnDemand(cluster) && cluster.projectId === host.cluster && !isGone(cluster))
  )
}

function hasId({ endpoint }: DeployedLink, { endpointId, gcpProjectId }: RegisteredEndpoint): boolean {
  if (endpoint === undefined || endpoint.id !== endpointId) return false
  return endpoint.project === undefined || gcpProjectId === '' || endpoint.project === gcpProjectId
}

const belongsTo = ({ projectId, regionId }: LinkInProject) => {
  return (endpoint: RegisteredEndpoint) => endpoint.projectId === projectId && endpoint.regionId === regionId
}

function ofLink(link: LinkInProject, facts: Facts): readonly Difference[] {
  if (link.isDeployed === false) return [difference('link-not-deployed', { link }, { link: link.name })]
  const at = registrationsOf(link, facts)
  return [...ofEndpoint(link, at), ...ofClusters(link, at.some(belongsTo(link)), facts.zilliz.clusters)]
}

/** The registration of a link's endpoint. If the endpoint is not known, all registrations that may be its own. */
function registrationsOf(link: LinkInProject, { links, others, zilliz }: Facts): readonly RegisteredEndpoint[] {
  const all = [...links, ...others]
  return link.endpoint === undefined
    ? zilliz.endpoints.filter(belongsTo(link)).filter(endpoint => ownerOf(endpoint, all) === undefined)
    : zilliz.endpoints.filter(endpoint => usersOf(endpoint, all).includes(link))
}

function ofEndpoint(link: LinkInProject, at: readonly RegisteredEndpoint[]): readonly Difference[] {
  const subject = { link: link.name, endpoint: link.endpoint?.id, project: link.projectId }
  if (at.length === 0) return [difference('endpoint-not-registered', { link }, subject)]
  if (link.endpoint === undefined) return []
  const right = at.filter(belongsTo(link))
  return [
    ...(right.length === 0 ? [difference('endpoint-registered-elsewhere', { link, at }, subject)] : []),
    ...(right.length > 0 && at.length > 1 ? [difference('endpoint-registered-twice', { link, at }, subject)] : []),
    ...right
      .filter(endpoint => !isReady(endpoint))
      .map(endpoint => difference('endpoint-not-ready', { link, endpoint }, subject))
  ]
}

/** The clusters that a link has a host of, or names. */
function ofClusters(link: LinkInProject, isRegistered: boolean, clusters: readonly Cluster[]): readonly Difference[] {
  const answered = link.hosts.map(host => ({ host, cluster: clusterOf(host, clusters) }))
  const named = [...new Set([...link.clusters, ...link.written.map(({ cluster }) => cluster)])]
    .filter(id => !answered.some(({ host, cluster }) => host.cluster === id || cluster?.clusterId === id))
    .map(id => ({ id, cluster: clusters.find(({ clusterId }) => clusterId === id) }))
  return [
    ...answered.flatMap(({ host, cluster }) =>
      cluster === undefined || isGone(cluster)
        ? [difference('record-without-cluster', { link, host, cluster }, { link: link.name, cluster: host.cluster })]
        : ofCluster(link, cluster, host, isRegistered)
    ),
    ...named.flatMap(({ id, cluster }) =>
      cluster === undefined || isGone(cluster)
        ? [difference('cluster-not-found', { link, clusterId: id }, { link: link.name, cluster: id })]
        : ofCluster(link, cluster, undefined, isRegistered)
    )
  ]
}

function ofCluster(
  link: LinkInProject,
  cluster: Cluster,
  host: DeployedHost | undefined,
  isRegistered: boolean
): readonly Difference[] {
  const subject = { link: link.name, cluster: cluster.clusterId }
  const about = { link, cluster }
  if (cluster.projectId !== '' && cluster.projectId !== link.projectId) {
    return [difference('cluster-in-another-project', about, subject)]
  }
  if (cluster.regionId !== '' && cluster.regionId !== link.regionId) {
    return [difference('cluster-in-another-region', about, subject)]
  }
  const address = privateLinkOf(cluster)
  if (address === undefined) {
    if (lacksPrivateLink(cluster)) return [difference('plan-without-private-link', about, subject)]
    const waitsFor = !isRegistered ? 'registration' : isRunning(cluster) ? 'time' : 'cluster'
    return [difference('private-link-not-allocated', { ...about, waitsFor }, subject)]
  }
  if (host === undefined) return [difference('cluster-without-record', { ...about, address }, subject)]
  const isSame = address.host === host.name && (address.port === undefined || address.port === host.port)
  return isSame ? [] : [difference('host-differs', { ...about, address, host }, subject)]
}

/** Clusters that no link has a host of, though they are in the project and region of one that does not name its own. */
function withoutRecord({ links, others, zilliz }: Facts): readonly Difference[] {
  const all = [...links, ...others]
  const hosts = all.flatMap(({ hosts }) => hosts)
  const known = new Set([
    ...all.flatMap(({ clusters, written }) => [...clusters, ...written.map(({ cluster }) => cluster)]),
    ...hosts.flatMap(host => [host.cluster, clusterOf(host, zilliz.clusters)?.clusterId ?? ''])
  ])
  // On-demand clusters of a project share their host, which is said once.
  const firstOf = (host: string, cluster: Cluster) =>
    zilliz.clusters.find(each => !isGone(each) && privateLinkOf(each)?.host === host) === cluster
  return zilliz.clusters.flatMap(cluster => {
    const link = links.find(
      ({ clusters, isDeployed, projectId, regionId }) =>
        clusters.length === 0 &&
        isDeployed !== false &&
        projectId === cluster.projectId &&
        regionId === cluster.regionId
    )
    const address = privateLinkOf(cluster)
    if (link === undefined || address === undefined || isGone(cluster) || known.has(cluster.clusterId)) return []
    if (hosts.some(({ name }) => name === address.host) || !firstOf(address.host, cluster)) return []
    const subject = { link: link.name, cluster: cluster.clusterId }
    return [difference('cluster-without-record', { link, cluster, address }, subject)]
  })
}

/** Endpoints that the environment's projects have and the environment does not. */
function ofOthers({ environment, links, others, zilliz }: Facts): readonly Difference[] {
  return zilliz.endpoints.flatMap(endpoint => {
    if (!links.some(({ projectId }) => projectId === endpoint.projectId)) return []
    if (ownerOf(endpoint, links) !== undefined) return []
    const owner = ownerOf(endpoint, others)
    const mayBeOwn = links.some(link => link.endpoint === undefined && belongsTo(link)(endpoint))
    if (owner === undefined && mayBeOwn) return []
    const subject = { endpoint: endpoint.endpointId, project: endpoint.projectId }
    return [difference('endpoint-of-others', { environment, endpoint, owner }, subject)]
  })
}

function nearLimit({ links, zilliz }: Facts): readonly Difference[] {
  return [...new Set(links.map(({ projectId }) => projectId))].flatMap(projectId => {
    const count = zilliz.endpoints.filter(endpoint => endpoint.projectId === projectId).length
    if (count < limitIsNear) return []
    return [difference('endpoint-limit-near', { projectId, count }, { project: projectId })]
  })
}
