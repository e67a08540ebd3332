import type { Change, Resource } from './provider.ts'
import type { Block, NestedBlock } from './schema.ts'
import { type Attributes, isAttributes, isList, sameValue, unknown, type Value } from './value.ts'

/**
 * Starts a plan: what Terraform proposes, with defaults, with the provider's own wording where it means the same, and
 * with everything unknown that only the cloud can tell.
 */
export function draftPlan(
  block: Block,
  resource: Resource,
  prior: Attributes | undefined,
  proposed: Attributes,
  config: Attributes
): Change {
  const planned: Record<string, Value> = { ...proposed }
  for (const [name, { computed }] of Object.entries(block.attributes)) {
    if (config[name] !== null) continue
    const fallback = resource.defaults?.[name]
    if (fallback !== undefined) planned[name] = fallback
    else if (computed && prior === undefined) planned[name] = unknown
  }
  for (const [name, nested] of Object.entries(block.blocks)) {
    planned[name] = planBlocks(nested, planned[name] ?? null, prior?.[name] ?? null)
  }
  for (const name of resource.computedBlocks ?? []) {
    if (isList(config[name]) && config[name].length === 0) planned[name] = prior?.[name] ?? unknown
  }
  for (const [name, isSame] of Object.entries(resource.sameMeaning ?? {})) {
    const before = prior?.[name] ?? null
    const after = planned[name] ?? null
    if (before !== null && after !== null && isSame(before, after)) planned[name] = before
  }
  return { prior, config, planned, replace: new Set() }
}

/** Ends a plan: what forces a new object, and what an update in place makes unknown. */
export function settlePlan(resource: Resource, { prior, planned, replace }: Change): void {
  if (prior === undefined) return
  keepTimeouts(prior, planned)
  const hasChanged = (name: string) => !sameValue(prior[name], planned[name])
  for (const name of resource.forcesReplacement) {
    if (hasChanged(name)) replace.add(name)
  }
  for (const [name, causes] of Object.entries(resource.changesWith ?? {})) {
    if (causes.some(hasChanged)) planned[name] = unknown
  }
}

// The old SDK does not see a change of timeouts alone, and the state keeps the ones of the last real change.
function keepTimeouts(prior: Attributes, planned: Record<string, Value>): void {
  const others = Object.keys(planned).filter(name => name !== 'timeouts')
  if (others.every(name => sameValue(planned[name], prior[name])) && 'timeouts' in planned) {
    planned.timeouts = prior.timeouts ?? null
  }
}

function planBlocks({ block }: NestedBlock, planned: Value, prior: Value): Value {
  if (isList(planned)) {
    const before = isList(prior) ? prior : []
    return planned.map(element => (before.some(known => sameValue(known, element)) ? element : planNew(block, element)))
  }
  return sameValue(planned, prior) ? planned : planNew(block, planned)
}

function planNew(block: Block, planned: Value): Value {
  if (!isAttributes(planned)) return planned
  return Object.fromEntries(
    Object.entries(planned).map(([name, value]) => {
      const nested = block.blocks[name]
      if (nested !== undefined) return [name, planBlocks(nested, value, null)]
      return [name, value === null && block.attributes[name]?.computed ? unknown : value]
    })
  )
}
