import type { Asked } from '../causes/asked.ts'
import type { Cluster, PrivateEndpoint } from '../zilliz/answers.ts'

/** What Zilliz Cloud's API says of a target. Plain data; `undefined` is what does not exist. */
export interface ZillizFacts {
  readonly cluster: Asked<Cluster | undefined>
  /** Those of the cluster's project in the region of the target. */
  readonly endpoints: Asked<readonly PrivateEndpoint[]>
  /** The id by which the endpoint of the target is registered, if the config has it. */
  readonly endpointId: string | undefined
}
