import { decode, ExtensionCodec, encode } from '@msgpack/msgpack'

/** A value that Terraform will learn only when it applies. */
export const unknown: unique symbol = Symbol('known after apply')

/** A Terraform value as it travels between Terraform and a provider; lists, sets and tuples are all arrays. */
export type Value = null | boolean | number | string | typeof unknown | readonly Value[] | Attributes

/** The attributes and blocks of a resource, a data source, a block or a provider's configuration. */
export interface Attributes {
  readonly [name: string]: Value
}

// Terraform marks an unknown with extension 0, and since 1.6 one of which it knows something (not null, a prefix) with 12.
const plainUnknown = 0
const refinedUnknown = 12

const extensionCodec = new ExtensionCodec()
extensionCodec.register({
  type: plainUnknown,
  encode: value => (value === unknown ? Uint8Array.of(0) : null),
  decode: () => unknown
})
extensionCodec.register({ type: refinedUnknown, encode: () => null, decode: () => unknown })

/** Writes a value as the MessagePack that Terraform reads. */
export function encodeValue(value: Value): Uint8Array {
  return encode(value, { extensionCodec })
}

/** Reads a value from the MessagePack that Terraform writes. */
export function decodeValue(bytes: Uint8Array): Value {
  return decode(bytes, { extensionCodec }) as Value
}

/** Whether two values are the same; sets are compared in the order Terraform has put them in. */
export function sameValue(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right) return true
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((element, index) => sameValue(element, right[index]))
  }
  if (isAttributes(left) && isAttributes(right)) {
    const names = Object.keys(left)
    return names.length === Object.keys(right).length && names.every(name => sameValue(left[name], right[name]))
  }
  return false
}

/** Whether no part of a value is unknown. */
export function isWhollyKnown(value: Value): boolean {
  if (isList(value)) return value.every(isWhollyKnown)
  if (isAttributes(value)) return Object.values(value).every(isWhollyKnown)
  return value !== unknown
}

/** Whether a value is a list, a set or a tuple. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

/** Whether a value is an object or a map. */
export function isAttributes(value: Value | undefined): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
