import { type Cause, confirmed, judgedBy, notKnown, ruledOut } from '../causes/cause.ts'
import { escapeProse } from '../facts/escape.ts'
import type { Target } from '../target.ts'
import { isGone, isReady, isRunning, lacksPrivateLink, privateLinkOf } from '../zilliz/answers.ts'
import { clusterIdOf, readHostName } from '../zilliz/host.ts'
import type { ZillizFacts } from './zilliz-facts.ts'

type ZillizCause = Cause<string, ZillizFacts, Target>

const shown = (text: string) => escapeProse(text, 200)

/** A status, as the API returns it. The API documents no list of statuses. */
const statusOf = (text: string) => (text === '' ? 'no status' : `status ${shown(text)}`)

const noCluster = ruledOut('Zilliz Cloud has no such cluster')

/** Cases of a link whose endpoint Zilliz Cloud does not serve. */
const unserved = ['no-answer-to-syn', 'connection-refused', 'tls-reset', 'tls-silent'] as const

/** Every cause that only the API of Zilliz Cloud can confirm, the most likely first. */
export const zillizCauses: readonly ZillizCause[] = [
  {
    id: 'zilliz-endpoint-not-registered',
    title: 'the endpoint is not registered with the project of the cluster',
    explains: unserved,
    readBy: ['GET /v2/clusters/{clusterId}', 'GET /v2/projects/{projectId}/privateEndpoints'],
    judge: ({ endpoints, endpointId }, { target: { cloud, region } }) =>
      judgedBy({ endpoints }, ({ endpoints }) => {
        if (endpoints.length === 0) {
          return confirmed(
            `the project of the cluster has no registered endpoint in ${cloud}-${region}`,
            endpointId ?? '<endpoint>'
          )
        }
        if (endpointId === undefined) return notKnown('the id of the endpoint is not known')
        return endpoints.some(each => each.endpointId === endpointId)
          ? ruledOut(`endpoint ${endpointId} is registered in ${cloud}-${region}`)
          : confirmed(
              `endpoint ${endpointId} is not registered in ${cloud}-${region}, where the project of the cluster has ${endpoints.map(each => shown(each.endpointId)).join(', ')}`,
              endpointId
            )
      })
  },
  {
    id: 'zilliz-endpoint-not-ready',
    title: 'Zilliz Cloud does not serve the endpoint',
    explains: unserved,
    readBy: ['GET /v2/clusters/{clusterId}', 'GET /v2/projects/{projectId}/privateEndpoints'],
    judge: ({ endpoints, endpointId }) =>
      judgedBy({ endpoints }, ({ endpoints }) => {
        if (endpointId === undefined) return notKnown('the id of the endpoint is not known')
        const own = endpoints.find(each => each.endpointId === endpointId)
        if (own === undefined) return ruledOut(`endpoint ${endpointId} is not registered, so it has no status`)
        const clause = `endpoint ${endpointId} has ${statusOf(own.endpointStatus)}, and its service ${statusOf(own.endpointServiceStatus)}`
        return isReady(own) ? ruledOut(clause) : confirmed(clause, endpointId)
      })
  },
  {
    id: 'zilliz-other-port',
    title: 'Zilliz Cloud allocated another port to the host',
    explains: [...unserved, 'not-tls', 'not-http', 'certificate-for-other-name', 'name-not-served'],
    readBy: ['GET /v2/clusters/{clusterId}'],
    judge: ({ cluster }, { target: { host, port } }) =>
      judgedBy({ cluster }, ({ cluster }) => {
        const link = cluster === undefined ? undefined : privateLinkOf(cluster)
        if (cluster === undefined) return noCluster
        if (link === undefined || link.host !== host) {
          return ruledOut(`cluster ${shown(cluster.clusterId)} does not have this host`)
        }
        if (link.port === undefined) return notKnown(`the private link of ${shown(cluster.clusterId)} has no port`)
        const clause = `the private link of cluster ${shown(cluster.clusterId)} has port ${link.port}`
        return link.port === port
          ? ruledOut(clause)
          : confirmed(`${clause}, but the config has ${port}`, cluster.clusterId)
      })
  },
  {
    id: 'zilliz-no-private-link',
    title: 'the cluster has no private link with this host',
    explains: [
      'zone-not-visible',
      'record-missing',
      'resolves-public',
      ...unserved,
      'name-not-served',
      'certificate-for-other-name',
      'misdirected'
    ],
    readBy: ['GET /v2/clusters/{clusterId}'],
    judge: ({ cluster }, { target: { host } }) =>
      judgedBy({ cluster }, ({ cluster }) => {
        if (cluster === undefined) return noCluster
        const id = shown(cluster.clusterId)
        if (lacksPrivateLink(cluster)) {
          return confirmed(
            `cluster ${id} has the plan ${shown(cluster.plan)}, which has no private link`,
            cluster.clusterId
          )
        }
        const link = privateLinkOf(cluster)
        if (link === undefined)
          return confirmed(`Zilliz Cloud has allocated no private link to cluster ${id}`, cluster.clusterId)
        return link.host === host
          ? ruledOut(`cluster ${id} has this host`)
          : confirmed(`the private link of cluster ${id} is ${shown(link.host)}`, cluster.clusterId)
      })
  },
  {
    id: 'zilliz-no-cluster',
    title: 'the cluster does not exist',
    explains: [...unserved, 'zone-not-visible', 'name-not-served', 'misdirected', 'service-error'],
    readBy: ['GET /v2/clusters/{clusterId}'],
    judge: ({ cluster }, { target: { host } }) =>
      judgedBy({ cluster }, ({ cluster }) => {
        const read = readHostName(host)
        const id = clusterIdOf(read?.label ?? host)
        if (cluster === undefined) {
          return confirmed(
            read?.form.names === 'project'
              ? `project ${id} has no on-demand cluster in ${read.site}`
              : `Zilliz Cloud has no cluster ${id}`,
            id
          )
        }
        const clause = `cluster ${shown(cluster.clusterId)} has ${statusOf(cluster.status)}`
        return isGone(cluster) ? confirmed(clause, cluster.clusterId) : ruledOut(clause)
      })
  },
  {
    id: 'zilliz-cluster-not-running',
    title: 'the cluster is not running',
    explains: [
      ...unserved,
      'service-error',
      'request-refused',
      'application-reset',
      'application-silent',
      'name-not-served',
      'misdirected'
    ],
    readBy: ['GET /v2/clusters/{clusterId}'],
    judge: ({ cluster }) =>
      judgedBy({ cluster }, ({ cluster }) => {
        if (cluster === undefined || isGone(cluster)) return noCluster
        const clause = `cluster ${shown(cluster.clusterId)} has ${statusOf(cluster.status)}`
        return isRunning(cluster) ? ruledOut(clause) : confirmed(clause, cluster.clusterId)
      })
  }
]
