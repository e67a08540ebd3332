import { Listr } from 'listr2'
import { shell } from '../../probe/clouds/shell.ts'
import { exitStatus } from '../../probe/command/exit-status.ts'
import { commandLine } from '../../probe/command/how-started.ts'
import type { ZillizApi } from '../../probe/zilliz/client.ts'
import { notAllocatedYet } from '../zilliz/not-allocated.ts'
import type { AwaitedCluster } from './awaited-cluster.ts'
import type { CdktnEnd } from './cdktn.ts'
import { exitCodeAfter, type Interruption } from './interruption.ts'
import { pendingClusters, waitForLink } from './wait-for-links.ts'

interface Deploying {
  /** Deploys once. */
  readonly deploy: () => Promise<CdktnEnd>
  /** Deploys once more: of what the first plans showed, no person is asked again. */
  readonly goOn: (approved: CdktnEnd['approved']) => Promise<CdktnEnd>
  readonly clusters: readonly AwaitedCluster[]
  readonly api: Pick<ZillizApi, 'cluster' | 'privateEndpoints'>
  /** How long Zilliz Cloud is waited for, all in all. */
  readonly waitMs: number
  /** Between two looks at a cluster. */
  readonly pauseMs: number
  readonly say: (line: string) => void
  readonly interruption: Interruption
}

/**
 * Deploys; where Zilliz Cloud has not allocated a private link yet, waits for it and deploys once more.
 *
 * @returns the exit code of the last deploy; 1 when the time was over; 128 and the signal's number when a signal ended the waiting
 * @throws ApiError when Zilliz Cloud does not say
 */
export async function deployAndWait({
  deploy,
  goOn,
  clusters,
  api,
  waitMs,
  pauseMs,
  say,
  interruption
}: Deploying): Promise<number> {
  const first = await deploy()
  if (!isOnlyPending(first, clusters)) return first.exitCode
  const { pending, isHopeless } = await pendingClusters(clusters, api)
  // What is in the way stands in what the deploy has printed.
  if (isHopeless) return first.exitCode

  const timeout = AbortSignal.timeout(waitMs)
  const signal = AbortSignal.any([timeout, interruption.signal])
  const left = new Set(pending)
  say(
    `waiting for Zilliz Cloud to allocate private links, which takes about 5 minutes, for ${inMinutes(waitMs)} at most`
  )
  const tasks = new Listr(
    pending.map(cluster => ({
      title: cluster.clusterId,
      task: async (_, task) => {
        const start = Date.now()
        const tell = (state: string) => {
          task.output = `${state} after ${Math.round((Date.now() - start) / 1000)} s`
        }
        task.title = `${cluster.clusterId}: ${await waitForLink(cluster, { api, pauseMs, signal, tell })}`
        left.delete(cluster)
      }
    })),
    { concurrent: true, registerSignalListeners: false }
  )
  try {
    await tasks.run()
  } catch (error) {
    const by = interruption.by()
    if (by !== undefined) {
      say(`${by}: stopped waiting. All that was made stays. Deploy again to go on.`)
      return exitCodeAfter(by)
    }
    if (!timeout.aborted) throw error
    const names = [...left].map(({ clusterId }) => clusterId).join(', ')
    say(
      `after ${inMinutes(waitMs)} Zilliz Cloud has not allocated the private link of ${names}. All that was made stays. Deploy again later. For the reason, run: ${commandLine({ command: 'links', words: shell`${'<environment>'}` })}`
    )
    return exitStatus.failure
  }
  return (await goOn(first.approved)).exitCode
}

/** Whether all that failed in a deploy is that private links of these clusters are not allocated yet. */
function isOnlyPending({ exitCode, failures }: CdktnEnd, clusters: readonly AwaitedCluster[]): boolean {
  const isPending = (detail: string) => clusters.some(({ clusterId }) => detail.includes(notAllocatedYet(clusterId)))
  return (
    exitCode === 1 &&
    failures.length > 0 &&
    failures.every(({ errors }) => errors.length > 0 && errors.every(({ detail }) => isPending(detail)))
  )
}

function inMinutes(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  return minutes === 1 ? 'a minute' : `${minutes} minutes`
}
