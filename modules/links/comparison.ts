import { exitStatus } from '../../probe/command/exit-status.ts'
import type { ZillizApi } from '../../probe/zilliz/client.ts'
import { type AtZilliz, askZilliz } from './at-zilliz.ts'
import { differences } from './differences.ts'
import type { Difference } from './kinds.ts'
import type { Side } from './side.ts'

/** Both sides, and where they differ. */
export interface Comparison {
  readonly side: Side
  /** The environment's projects at Zilliz Cloud. */
  readonly projects: readonly string[]
  readonly zilliz: AtZilliz
  readonly differences: readonly Difference[]
}

/**
 * Compares what an environment deploys with what Zilliz Cloud has.
 *
 * @throws ApiError if Zilliz Cloud does not say
 */
export async function compare(side: Side, api: ZillizApi): Promise<Comparison> {
  const projects = new Set(side.links.map(({ projectId }) => projectId))
  const zilliz = await askZilliz(api, {
    projects,
    alsoIn: side.others.flatMap(({ projectId }) => projectId ?? []),
    regionIds: new Set(side.links.map(({ regionId }) => regionId))
  })
  const { environment, links, others } = side
  return { side, projects: [...projects], zilliz, differences: differences({ environment, links, others, zilliz }) }
}

/** The code that a program ends with: 0 if nothing needs doing, 1 if something does. */
export function exitCodeOf({ differences }: Comparison): number {
  return differences.some(({ needsDoing }) => needsDoing) ? exitStatus.failure : exitStatus.success
}
