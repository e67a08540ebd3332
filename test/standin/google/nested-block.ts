import { readResourceSchema } from '../binding-schema.ts'
import type { Type } from '../schema.ts'
import { type Attributes, isAttributes, isList, sameValue, type Value } from '../value.ts'

/** How the provider words the attributes of a nested block otherwise than a configuration does. */
export interface Wording {
  /** What the provider takes an attribute to be where the configuration leaves it out. */
  readonly defaults?: Attributes
  readonly sameMeaning?: Readonly<Record<string, (before: Value, after: Value) => boolean>>
}

/** A nested block as the old SDK keeps it: what nobody set is empty, where elsewhere it would be absent. */
export function nestedBlock(type: string, name: string, given: Attributes): Attributes {
  const nested = readResourceSchema(type).blocks[name]
  if (nested === undefined) throw new Error(`${type} has no block ${name}`)
  const attributes = Object.entries(nested.block.attributes).map(([each, { type }]) => [each, emptyOf(type)])
  const blocks = Object.keys(nested.block.blocks).map(each => [each, []])
  return { ...Object.fromEntries([...attributes, ...blocks]), ...given }
}

/** A rule by which nested blocks mean what the cloud has, though a configuration leaves out or words otherwise. */
export function isSameBlocks(wording: Wording = {}): (before: Value, after: Value) => boolean {
  return (before, after) =>
    isList(before) &&
    isList(after) &&
    before.length === after.length &&
    before.every((block, index) => isSameBlock(block, after[index], wording))
}

function isSameBlock(before: Value, after: Value | undefined, { defaults = {}, sameMeaning = {} }: Wording): boolean {
  if (!isAttributes(before) || !isAttributes(after)) return false
  return Object.entries(before).every(([name, was]) => {
    const is = after[name] ?? defaults[name] ?? null
    return sameValue(was, is) || (isEmpty(was) && isEmpty(is)) || sameMeaning[name]?.(was, is) === true
  })
}

function emptyOf(type: Type): Value {
  if (type === 'string') return ''
  if (type === 'number') return 0
  if (type === 'bool') return false
  return type[0] === 'list' || type[0] === 'set' ? [] : {}
}

function isEmpty(value: Value): boolean {
  if (isList(value)) return value.length === 0
  if (isAttributes(value)) return Object.keys(value).length === 0
  return value === null || value === '' || value === false || value === 0
}
