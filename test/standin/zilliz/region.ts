import type { ZillizCloud } from './zilliz-cloud.ts'
import { type Refuse, zillizAnswer } from './zilliz-error.ts'

/** A region of Zilliz Cloud. */
export interface Region {
  /** `aws-us-west-2`, `gcp-us-west1` */
  readonly id: string
  /** The endpoint service's name on AWS, the service attachment on Google Cloud; none where there are no private links. */
  endpointService: string | undefined
  /** Whether only the endpoints of whitelisted accounts may be registered. */
  whitelistRequired: boolean
}

/** The cloud of a region, in Zilliz Cloud's own spelling. */
export function cloudOf(regionId: string): string {
  const [prefix = ''] = regionId.split('-')
  return prefix === 'az' ? 'azure' : prefix
}

/** Answers a region that is there. */
export function requireRegion(cloud: ZillizCloud, id: string, refuse: Refuse): Region {
  const region = cloud.regions.get(id)
  if (region === undefined) throw refuse(zillizAnswer(96001))
  return region
}
