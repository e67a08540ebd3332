import { shell } from '../../probe/clouds/shell.ts'
import type { PackageCommand } from '../../probe/command/how-started.ts'
import { escapeProse } from '../../probe/facts/escape.ts'
import { type Cluster, lacksPrivateLink, type PrivateLinkAddress } from '../../probe/zilliz/answers.ts'
import { readHostName } from '../../probe/zilliz/host.ts'
import { clouds } from '../clouds.ts'
import type { EndpointIdentity } from '../endpoint-identity.ts'
import type { RegisteredEndpoint } from './at-zilliz.ts'
import type { DeployedHost, DeployedLink } from './deployed-link.ts'

/** How many private endpoints a project may have: https://docs.zilliz.com/docs/setup-a-private-link-aws */
export const mostEndpoints = 10

/** A link whose project is known. */
export interface LinkInProject extends DeployedLink {
  readonly projectId: string
}

/** What each kind of difference is about. */
interface Abouts {
  readonly 'link-not-deployed': { readonly link: LinkInProject }
  readonly 'endpoint-not-registered': { readonly link: LinkInProject }
  readonly 'endpoint-registered-elsewhere': { readonly link: LinkInProject; readonly at: readonly RegisteredEndpoint[] }
  readonly 'endpoint-registered-twice': { readonly link: LinkInProject; readonly at: readonly RegisteredEndpoint[] }
  readonly 'endpoint-not-ready': { readonly link: LinkInProject; readonly endpoint: RegisteredEndpoint }
  readonly 'cluster-without-record': {
    readonly link: LinkInProject
    readonly cluster: Cluster
    readonly address: PrivateLinkAddress
  }
  readonly 'record-without-cluster': {
    readonly link: LinkInProject
    readonly host: DeployedHost
    readonly cluster: Cluster | undefined
  }
  readonly 'cluster-not-found': { readonly link: LinkInProject; readonly clusterId: string }
  readonly 'cluster-in-another-project': { readonly link: LinkInProject; readonly cluster: Cluster }
  readonly 'cluster-in-another-region': { readonly link: LinkInProject; readonly cluster: Cluster }
  readonly 'plan-without-private-link': { readonly link: LinkInProject; readonly cluster: Cluster }
  readonly 'private-link-not-allocated': {
    readonly link: LinkInProject
    readonly cluster: Cluster
    readonly waitsFor: 'registration' | 'cluster' | 'time'
  }
  readonly 'host-differs': {
    readonly link: LinkInProject
    readonly cluster: Cluster
    readonly address: PrivateLinkAddress
    readonly host: DeployedHost
  }
  readonly 'endpoint-of-others': {
    readonly environment: string
    readonly endpoint: RegisteredEndpoint
    readonly owner: DeployedLink | undefined
  }
  readonly 'endpoint-limit-near': { readonly projectId: string; readonly count: number }
}

export type DifferenceKind = keyof Abouts

interface DifferenceWords<About> {
  /** Whether an operator must act on it. */
  readonly needsDoing: boolean
  readonly what: (about: About) => string
  readonly remedy: (about: About) => DifferenceRemedy
}

/** What to do, and the command that does it. */
export interface DifferenceRemedy {
  readonly do: string
  readonly run?: PackageCommand
}

/** A difference between what an environment deploys and what Zilliz Cloud has. */
export interface Difference {
  readonly kind: DifferenceKind
  readonly needsDoing: boolean
  readonly what: string
  readonly remedy: DifferenceRemedy
  /** The link of the environment that it is about. */
  readonly link: string | undefined
  readonly cluster: string | undefined
  readonly endpoint: string | undefined
  readonly project: string | undefined
}

/** What a difference is about, for tables and programs. */
export type DifferenceSubject = Partial<Pick<Difference, 'link' | 'cluster' | 'endpoint' | 'project'>>

const privateLinkPage = 'the Private Link page of the Zilliz Cloud console'

/** Every kind of difference, its words and what to do. */
export const kinds: { readonly [K in DifferenceKind]: DifferenceWords<Abouts[K]> } = {
  'link-not-deployed': {
    needsDoing: true,
    what: () => 'the outputs do not have this link',
    remedy: ({ link }) => ({ do: 'Deploy it, and write the outputs again.', run: deployWithOutputs(link.environment) })
  },
  'endpoint-not-registered': {
    needsDoing: true,
    what: ({ link }) =>
      link.endpoint === undefined
        ? `no endpoint in ${link.regionId} is registered with ${link.projectId}`
        : `${endpointWords(link.endpoint)} is not registered with ${link.projectId}`,
    remedy: ({ link }) =>
      link.isRegisteredByDeploy
        ? { do: 'Deploy again. The deploy registers it.', run: deploy(link.environment) }
        : {
            do: `Enter the values of ${link.name} in the output "register" in the Add Private Link dialog of ${link.projectId}.`
          }
  },
  'endpoint-registered-elsewhere': {
    needsDoing: true,
    what: ({ link, at }) => `${ownEndpoint(link)} is registered ${placeWords(at)}, not ${whereItBelongs(link)}`,
    remedy: ({ link }) => ({
      do: `Register it ${whereItBelongs(link)}, and remove the other registration on ${privateLinkPage}. Or correct the project or region of the link.`
    })
  },
  'endpoint-registered-twice': {
    needsDoing: true,
    what: ({ link, at }) => `${ownEndpoint(link)} is registered ${at.length} times: ${placeWords(at)}`,
    remedy: ({ link }) => ({
      do: `Keep the one ${whereItBelongs(link)}, and remove the others on ${privateLinkPage}.`
    })
  },
  'endpoint-not-ready': {
    needsDoing: true,
    what: ({ link, endpoint: { endpointStatus, endpointServiceStatus } }) =>
      `${ownEndpoint(link)} is registered but not ready: its status is ${valueWords(endpointStatus)}, that of its service ${valueWords(endpointServiceStatus)}`,
    remedy: ({ link }) => ({
      do: `Wait about five minutes. If it is still not ready, check the endpoint on ${privateLinkPage} and in ${clouds[link.cloud].console}.`
    })
  },
  'cluster-without-record': {
    needsDoing: true,
    what: ({ link, cluster, address }) =>
      `${clusterWords(cluster)} has the private link ${addressWords(address)}, and ${link.environment} has no record of it`,
    remedy: ({ link, cluster, address }) => {
      if (readHostName(address.host) === undefined) return noForm
      return {
        do:
          link.clusters.includes(cluster.clusterId) || link.written.some(({ name }) => name === address.host)
            ? 'Deploy again.'
            : `Add 'https://${addressWords(address)}' to the hosts of ${link.name}, and deploy.`,
        run: deploy(link.environment)
      }
    }
  },
  'record-without-cluster': {
    needsDoing: true,
    what: ({ link, host, cluster }) =>
      `${link.environment} answers ${host.name}, but ${cluster === undefined ? `there is no ${readHostName(host.name)?.form.names === 'project' ? `on-demand cluster of ${host.cluster}` : `cluster ${host.cluster}`} that the API key may see` : `the status of ${clusterWords(cluster)} is ${valueWords(cluster.status)}`}`,
    remedy: ({ link, cluster }) => ({
      do: `Remove it from ${link.name}, and deploy.${cluster === undefined ? ' Or, if the cluster exists, use a key that may see it.' : ''}`,
      run: deploy(link.environment)
    })
  },
  'cluster-not-found': {
    needsDoing: true,
    what: ({ clusterId }) => `there is no cluster ${valueWords(clusterId)} that the API key may see`,
    remedy: ({ link }) => ({ do: `Correct the id in ${link.name}, or use a key that may see the cluster.` })
  },
  'cluster-in-another-project': {
    needsDoing: true,
    what: ({ link, cluster }) =>
      `${clusterWords(cluster)} is of ${valueWords(cluster.projectId)}, but the link is of ${link.projectId}`,
    remedy: ({ cluster }) => ({
      do: `Correct the project of the link, or give the cluster a link of ${valueWords(cluster.projectId)}. An endpoint serves only clusters of the project that it is registered with.`
    })
  },
  'cluster-in-another-region': {
    needsDoing: true,
    what: ({ link, cluster }) =>
      `${clusterWords(cluster)} is in ${valueWords(cluster.regionId)}, but the link is to ${link.regionId}`,
    remedy: ({ cluster }) => ({ do: `Give the cluster a link to ${valueWords(cluster.regionId)}.` })
  },
  'plan-without-private-link': {
    needsDoing: true,
    what: ({ cluster }) => `${clusterWords(cluster)} is of the plan ${planWords(cluster)}, which has no private link`,
    remedy: ({ link }) => ({
      do: `Upgrade its plan to Enterprise or above. Or remove it from ${link.name}, and deploy.`,
      run: deploy(link.environment)
    })
  },
  'private-link-not-allocated': {
    needsDoing: true,
    what: ({ cluster }) =>
      `${clusterWords(cluster)} has no private link yet. Its status is ${valueWords(cluster.status)}`,
    remedy: ({ waitsFor }) => ({
      do: {
        registration: 'Register the endpoint. Zilliz Cloud allocates the private link about five minutes later.',
        cluster: 'Wait until the status of the cluster is RUNNING. Then Zilliz Cloud allocates the private link.',
        time: 'Wait about five minutes after the endpoint is registered, and check again.'
      }[waitsFor]
    })
  },
  'host-differs': {
    needsDoing: true,
    what: ({ link, cluster, address, host }) =>
      `${clusterWords(cluster)} is at ${addressWords(address)}, but ${link.environment} has ${host.name}:${host.port}`,
    remedy: ({ link, cluster, address }) => {
      const isRead = link.clusters.includes(cluster.clusterId)
      if (!isRead && readHostName(address.host) === undefined) return noForm
      return {
        do: isRead
          ? 'Deploy again.'
          : `Replace it with 'https://${addressWords(address)}' in the hosts of ${link.name}, and deploy.`,
        run: deploy(link.environment)
      }
    }
  },
  'endpoint-of-others': {
    needsDoing: false,
    what: ({ environment, endpoint, owner }) =>
      `${registeredWords(endpoint)} is registered ${placeWords([endpoint])}, and ${environment} does not deploy it; ${owner === undefined ? 'no other environment is known to' : `${owner.environment}/${owner.name} does`}`,
    remedy: ({ owner }) => ({
      do:
        owner === undefined
          ? `If it is unused, remove it on ${privateLinkPage}. Its clients lose their connections at once.`
          : 'Nothing to do.'
    })
  },
  'endpoint-limit-near': {
    needsDoing: false,
    what: ({ projectId, count }) =>
      `${count} private endpoints are registered with ${projectId}, which may have ${mostEndpoints}`,
    remedy: () => ({ do: `Remove unused ones on ${privateLinkPage} before you need another.` })
  }
}

/** A difference in its kind's words. */
export function difference<K extends DifferenceKind>(
  kind: K,
  about: Abouts[K],
  subject: DifferenceSubject
): Difference {
  const { needsDoing, what, remedy } = kinds[kind]
  return {
    kind,
    needsDoing,
    what: what(about),
    remedy: remedy(about),
    link: subject.link,
    cluster: subject.cluster,
    endpoint: subject.endpoint,
    project: subject.project
  }
}

/** What writes the outputs of an environment to a file. */
export function deployWithOutputs(environment: string, file = 'outputs.json'): PackageCommand {
  return { command: 'deploy', words: shell`${environment} --outputs-file ${file}` }
}

/** An endpoint as both clouds tell it apart from others. */
export function endpointWords({ id, project }: EndpointIdentity): string {
  return project === undefined || project === '' ? valueWords(id) : `${valueWords(id)} of ${valueWords(project)}`
}

/** The same of a registered one. */
export function registeredWords({ endpointId, gcpProjectId }: RegisteredEndpoint): string {
  return endpointWords({ id: endpointId, project: gcpProjectId })
}

/** An address as in `hosts`, without its scheme. */
export function addressWords({ host, port }: PrivateLinkAddress): string {
  return port === undefined ? valueWords(host) : `${valueWords(host)}:${port}`
}

/** Text from the API that is safe to print. `—` if the API has no value. */
export function valueWords(text: string): string {
  return text.trim() === '' ? '—' : escapeProse(text, 200)
}

/** The plan of a cluster, if it is known. */
export function planWords(cluster: Cluster): string {
  if (cluster.plan !== '' || !lacksPrivateLink(cluster)) return valueWords(cluster.plan)
  return cluster.clusterId.startsWith('in03-') ? 'Free' : 'Serverless'
}

const deploy = (environment: string): PackageCommand => ({ command: 'deploy', words: shell`${environment}` })

/** What to do about an address that no program may write down. */
const noForm: DifferenceRemedy = {
  do: 'Compare it with the page of the cluster in the console, because no private link of Zilliz Cloud has that form. Until they agree, do not add it.'
}

const ownEndpoint = ({ endpoint, name }: LinkInProject) => (endpoint === undefined ? name : endpointWords(endpoint))

const whereItBelongs = ({ projectId, regionId }: LinkInProject) => `with ${projectId} in ${regionId}`

const placeWords = (at: readonly RegisteredEndpoint[]) =>
  at.map(({ projectId, regionId }) => `with ${valueWords(projectId)} in ${valueWords(regionId)}`).join(' and ')

function clusterWords({ clusterId, clusterName }: Cluster): string {
  return clusterName === ''
    ? `cluster ${valueWords(clusterId)}`
    : `cluster ${valueWords(clusterId)} "${valueWords(clusterName)}"`
}
