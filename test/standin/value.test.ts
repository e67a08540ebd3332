import { encode } from '@msgpack/msgpack'
import { describe, expect, test } from 'vitest'
import { decodeValue, encodeValue, isWhollyKnown, sameValue, unknown, type Value } from './value.ts'

test('a value comes back as it was sent', () => {
  const value: Value = {
    id: unknown,
    name: 'a',
    ports: [443, 0.5],
    tags: {},
    none: null,
    on: true,
    entries: [{ id: unknown }]
  }
  expect(decodeValue(encodeValue(value))).toEqual(value)
})

test('an unknown travels as extension 0 with one zero byte', () => {
  expect([...encodeValue(unknown)]).toEqual([0xd4, 0x00, 0x00])
})

test('an unknown of which Terraform knows something is still unknown', () => {
  const [extension, refinedUnknown] = [0xc7, 12]
  const refinements = encode({ 1: false })
  expect(decodeValue(Uint8Array.of(extension, refinements.length, refinedUnknown, ...refinements))).toBe(unknown)
})

describe('two values are', () => {
  for (const { are, left, right, same } of [
    { are: 'the same with the same parts', left: { a: [1, null] }, right: { a: [1, null] }, same: true },
    { are: 'the same when both are unknown', left: [unknown], right: [unknown], same: true },
    { are: 'different with another order', left: ['a', 'b'], right: ['b', 'a'], same: false },
    { are: 'different with another name', left: { a: 1 }, right: { b: 1 }, same: false },
    { are: 'different when one is absent', left: null, right: '', same: false }
  ] satisfies readonly { are: string; left: Value; right: Value; same: boolean }[]) {
    test(are, () => expect(sameValue(left, right)).toBe(same))
  }
})

test('a value with an unknown deep inside is not wholly known', () => {
  const values: readonly Value[] = [{ a: [{ b: unknown }] }, { a: [{ b: null }] }]
  expect(values.map(isWhollyKnown)).toEqual([false, true])
})
