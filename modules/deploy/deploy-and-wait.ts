import { Listr } from 'listr2'
import type { ZillizApi } from '../zilliz-api/client.ts'
import type { AwaitedCluster } from './awaited-cluster.ts'
import { pendingClusters, waitForLink } from './wait-for-links.ts'

interface Deploying {
  /** Deploys once, and gives the exit code. */
  readonly deploy: () => Promise<number>
  /** Deploys once more, without asking a person again. */
  readonly goOn: () => Promise<number>
  readonly clusters: readonly AwaitedCluster[]
  readonly api: Pick<ZillizApi, 'cluster' | 'privateEndpoints'>
  /** How long Zilliz Cloud is waited for, all in all. */
  readonly waitMs: number
  /** Between two looks at a cluster. */
  readonly pauseMs: number
  readonly say: (line: string) => void
}

/**
 * Deploys; where Zilliz Cloud has not allocated a private link yet, waits for it and deploys once more.
 *
 * @returns the exit code of the deploy, or 1 when the time was over
 * @throws ApiError when Zilliz Cloud does not say
 */
export async function deployAndWait({ deploy, goOn, clusters, api, waitMs, pauseMs, say }: Deploying): Promise<number> {
  const code = await deploy()
  if (code === 0) return code
  const pending = await pendingClusters(clusters, api)
  // The deploy ended for another reason, which it has told.
  if (pending.length === 0) return code

  const signal = AbortSignal.timeout(waitMs)
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
    if (!signal.aborted) throw error
    const names = [...left].map(({ clusterId }) => clusterId).join(', ')
    say(
      `after ${inMinutes(waitMs)} Zilliz Cloud has not allocated the private link of ${names}; all that was made stays: deploy again later, and see npm run links for what is in the way`
    )
    return 1
  }
  return goOn()
}

function inMinutes(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  return minutes === 1 ? 'a minute' : `${minutes} minutes`
}
