import { notAsked } from '../causes/asked.ts'
import { type Calls, createCalls } from '../causes/calls.ts'
import { type JudgedCause, judgeCauses } from '../causes/inquiry.ts'
import type { CloudQuestion } from '../causes/question.ts'
import { cloudOf } from '../clouds.ts'
import type { Target } from '../target.ts'
import { type ApiVariables, readAccess } from '../zilliz/access.ts'
import { isGone, isRunning, privateLinkOf } from '../zilliz/answers.ts'
import { ApiError, type ApiFault } from '../zilliz/api-error.ts'
import type { RetryPolicy } from '../zilliz/call.ts'
import { createZillizApi, type ZillizApi } from '../zilliz/client.ts'
import { clusterIdOf, readHostName, readSite } from '../zilliz/host.ts'
import { zillizCauses } from './zilliz-causes.ts'
import type { ZillizFacts } from './zilliz-facts.ts'

/** Asks Zilliz Cloud, which alone knows what it has of a link. Answers are shared between targets. */
export interface ZillizInquirer {
  /** The causes that can produce the case, and any other that is confirmed. Without a key, none of them is known. */
  readonly ask: (question: CloudQuestion<Target>) => Promise<readonly JudgedCause[]>
  /** How many calls were made so far. */
  readonly calls: () => number
}

/** A call that takes longer has no answer. */
const deadlineMs = 3000

/** A target that stays as it is is asked about once a minute, and those of one cluster share the answers. */
const keptMs = 55_000

/** The inquiry comes again. */
const onlyTry: RetryPolicy = { tryMs: deadlineMs, tries: 1, firstPauseMs: 0, longestPauseMs: 0 }

const describeCluster = 'GET /v2/clusters/{clusterId}'
const listOnDemand = 'GET /v2/clusters/onDemandClusters'
const listEndpoints = 'GET /v2/projects/{projectId}/privateEndpoints'

/**
 * Asks nothing yet.
 *
 * @param variables that have the key, by the names that Zilliz Cloud's Terraform provider reads
 * @param signal ends all calls
 */
export function createZillizInquirer(variables: ApiVariables, signal: AbortSignal): ZillizInquirer {
  const calls = createCalls({ deadlineMs, keptMs, explain, signal })
  return {
    ask: async question => judgeCauses(zillizCauses, await readZilliz(variables, calls, question.target), question),
    calls: calls.made
  }
}

async function readZilliz(variables: ApiVariables, calls: Calls, target: Target): Promise<ZillizFacts> {
  const asking = (signal: AbortSignal): ZillizApi =>
    createZillizApi({ access: readAccess(variables), patience: onlyTry, signal })
  const endpointId = cloudOf(target.cloud).registeredAs(target)
  const read = readHostName(target.host)
  const id = clusterIdOf(read?.label ?? '')
  const isOfProject = read?.form.names === 'project'
  if (read === undefined || readSite(read.site) === undefined || !(isOfProject || /^in0[1-6]-/.test(id))) {
    const why = 'the host does not name a dedicated cluster or a project of Zilliz Cloud'
    return { cluster: notAsked(describeCluster, why), endpoints: notAsked(listEndpoints, why), endpointId }
  }
  const regionId = read.site
  const cluster = isOfProject
    ? await calls.ask(listOnDemand, { projectId: id, regionId }, async signal => {
        const clusters = await asking(signal).onDemandClusters(id, regionId)
        const shown = clusters.filter(each => !isGone(each))
        // They share the host. One that has it, and runs, says the most.
        return (
          shown.find(each => isRunning(each) && privateLinkOf(each)?.host === target.host) ??
          shown.find(each => privateLinkOf(each) !== undefined) ??
          shown[0]
        )
      })
    : await calls.ask(describeCluster, { clusterId: id }, signal =>
        asking(signal)
          .cluster(id)
          .catch((error: unknown) => {
            if (error instanceof ApiError && error.fault === 'no-such-cluster') return undefined
            throw error
          })
      )
  if (cluster.kind === 'unanswered') return { cluster, endpoints: cluster, endpointId }
  const projectId = isOfProject ? id : (cluster.answer?.projectId ?? '')
  if (projectId === '') {
    return { cluster, endpoints: notAsked(listEndpoints, 'the project of the cluster is not known'), endpointId }
  }
  const endpoints = await calls.ask(listEndpoints, { projectId }, async signal =>
    (await asking(signal).privateEndpoints(projectId)).filter(
      ({ regionId }) => regionId === `${target.cloud}-${target.region}`
    )
  )
  return { cluster, endpoints, endpointId }
}

/** What a fault of the API is to an inquiry. */
const reasons: Readonly<
  Record<ApiFault, 'denied' | 'throttled' | 'too-slow' | 'unreachable' | 'no-credentials' | 'failed'>
> = {
  'no-key': 'no-credentials',
  'key-refused': 'no-credentials',
  'wrong-address': 'failed',
  'no-permission': 'denied',
  'no-such-cluster': 'failed',
  'no-such-project': 'failed',
  'no-such-region': 'failed',
  plan: 'failed',
  'rate-limited': 'throttled',
  'server-fault': 'failed',
  unreachable: 'unreachable',
  'too-slow': 'too-slow',
  'not-understood': 'failed',
  refused: 'failed'
}

function explain(error: unknown) {
  return error instanceof ApiError ? { because: reasons[error.fault], detail: error.happened } : undefined
}
