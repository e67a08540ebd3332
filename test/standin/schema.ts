import type { Attributes, Value } from './value.ts'

/** A Terraform type in the notation of Terraform's own JSON, such as `"string"` or `["set", "string"]`. */
export type Type =
  | 'string'
  | 'number'
  | 'bool'
  | readonly ['list' | 'set' | 'map', Type]
  | readonly ['object', Readonly<Record<string, Type>>]

/** One attribute of a block. */
export interface Attribute {
  readonly type: Type
  readonly required: boolean
  readonly optional: boolean
  readonly computed: boolean
}

/** A block inside a block; `single` is one object, `list` and `set` are repeated. */
export interface NestedBlock {
  readonly nesting: 'single' | 'list' | 'set'
  readonly minItems: number
  /** 0 is without limit. */
  readonly maxItems: number
  readonly block: Block
}

/** What may stand in a resource, a data source, a provider's configuration or a nested block. */
export interface Block {
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly blocks: Readonly<Record<string, NestedBlock>>
}

/** The attributes and blocks of a block in which nothing is set. */
export function emptyBlock({ attributes, blocks }: Block): Attributes {
  const unset = Object.keys(attributes).map((name): [string, Value] => [name, null])
  const none = Object.entries(blocks).map(([name, { nesting }]): [string, Value] => [
    name,
    nesting === 'single' ? null : []
  ])
  return Object.fromEntries([...unset, ...none])
}

/** A block with null for each attribute that it does not have, also in the blocks inside it: another version may have had fewer. */
export function completed(block: Block, has: Attributes): Attributes {
  const nested = Object.entries(block.blocks).map(([name, { block: inner }]): [string, Value] => [
    name,
    completedIn(inner, has[name])
  ])
  return { ...emptyBlock(block), ...has, ...Object.fromEntries(nested.filter(([name]) => name in has)) }
}

function completedIn(block: Block, value: Value | undefined): Value {
  if (Array.isArray(value)) return value.map(each => completedIn(block, each))
  return typeof value === 'object' && value !== null ? completed(block, value as Attributes) : (value ?? null)
}
