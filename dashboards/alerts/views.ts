import { linkInTargetName } from '../../probe/target-name.ts'
import { labelsBut } from './series-labels.ts'

const description = 'environment, cloud, region, host, port'

/** The labels that identify a target for all probes. */
export const identity = `target, ${description}`

/**
 * A query for each probe's view of a target, with the labels of the target. The join is by view, because two probes may differ
 * during a deploy.
 */
export const withIdentity = (query: string) =>
  `${query} * ignoring (${labelsBut('target')}) group_left (${description}) privatelink_target_info`

/** Targets with their private link, the middle part of their names, as a label. */
export const withLink = (targets: string) => `label_replace(${targets}, "link", "$1", "target", "${linkInTargetName}")`
