import type { CloudError } from './cloud-error.ts'
import type { Block } from './schema.ts'
import { type Attributes, decodeValue, encodeValue, isAttributes, type Value } from './value.ts'

/** A Terraform value as the protocol carries it. */
export interface DynamicValue {
  readonly msgpack: Uint8Array
}

/** Packs a value for the protocol. */
export function pack(value: Value): DynamicValue {
  return { msgpack: encodeValue(value) }
}

/** Unpacks the attributes of something, or nothing where it does not exist. */
export function unpackIfAny({ msgpack }: DynamicValue): Attributes | undefined {
  const value = decodeValue(msgpack)
  return isAttributes(value) ? value : undefined
}

/** Unpacks the attributes of something that must exist. */
export function unpack(message: DynamicValue): Attributes {
  const attributes = unpackIfAny(message)
  if (attributes === undefined) throw new Error('Terraform sent no attributes where the protocol has them')
  return attributes
}

/** Puts a schema into the protocol's words. */
export function schemaMessage(block: Block): object {
  return { version: 0, block: blockMessage(block) }
}

/** Puts what a cloud refuses into the protocol's words. */
export function diagnosticMessage({ message, detail }: CloudError): object {
  return { severity: 'ERROR', summary: message, detail }
}

function blockMessage(block: Block): object {
  return {
    attributes: Object.entries(block.attributes).map(([name, { type, ...flags }]) => ({
      name,
      type: Buffer.from(JSON.stringify(type)),
      ...flags
    })),
    block_types: Object.entries(block.blocks).map(([name, nested]) => ({
      type_name: name,
      nesting: nested.nesting.toUpperCase(),
      min_items: nested.minItems,
      max_items: nested.maxItems,
      block: blockMessage(nested.block)
    }))
  }
}
