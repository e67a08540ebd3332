import { blocks, textMap } from '../attributes.ts'
import type { Change } from '../provider.ts'
import { type Attributes, isWhollyKnown, sameValue, unknown } from '../value.ts'
import type { AwsCloud } from './aws-cloud.ts'

/** Plans `tags_all`: the provider's default tags under the resource's own. */
export function planTags({ config, planned }: Change, settings: Attributes): void {
  if (!('tags_all' in planned)) return
  const tags = config.tags ?? null
  planned.tags_all = isWhollyKnown(tags) ? { ...defaultTags(settings), ...textMap(config, 'tags') } : unknown
}

/** Derives `tags` from all tags of an object: those that are not merely the provider's defaults. */
export function readTags(seen: Attributes, state: Attributes, settings: Attributes): Attributes {
  if (!('tags_all' in seen)) return seen
  const defaults = defaultTags(settings)
  const own = textMap(state, 'tags')
  const tags = Object.entries(textMap(seen, 'tags_all')).filter(([key, value]) => key in own || defaults[key] !== value)
  return { ...seen, tags: Object.fromEntries(tags) }
}

/** The actions with which an API sets tags and takes them away. */
export interface TagActions {
  readonly set: string
  readonly remove: string
}

/** Changes the tags of an object, taking away before setting as the provider does. */
export function changeTags(
  cloud: AwsCloud,
  { set, remove }: TagActions,
  object: { tags: Record<string, string> },
  id: string,
  planned: Attributes
): void {
  const [before, after] = [object.tags, textMap(planned, 'tags_all')]
  if (sameValue(before, after)) return
  object.tags = after
  if (Object.keys(before).some(key => !(key in after))) cloud.note(remove, id)
  if (Object.entries(after).some(([key, value]) => before[key] !== value)) cloud.note(set, id)
}

function defaultTags(settings: Attributes): Record<string, string> {
  return Object.assign({}, ...blocks(settings, 'default_tags').map(block => textMap(block, 'tags')))
}
