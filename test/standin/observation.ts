import type { Block } from './schema.ts'
import { type Attributes, isAttributes, isList, unknown, type Value } from './value.ts'

/** Lays what the cloud says over what Terraform knows. */
export function observe(block: Block, state: Attributes, seen: Attributes): Attributes {
  const observed: Record<string, Value> = {}
  for (const [name, before] of Object.entries(state)) {
    const after = seen[name]
    if (after === undefined) observed[name] = before === unknown ? null : before
    // A provider does not turn what the configuration leaves out into an empty string, false or nothing.
    else if (block.attributes[name]?.computed === false && before === null && isEmpty(after)) observed[name] = null
    else observed[name] = after
  }
  return observed
}

function isEmpty(value: Value): boolean {
  if (isList(value)) return value.length === 0
  if (isAttributes(value)) return Object.keys(value).length === 0
  return value === '' || value === false || value === 0
}
