import type { AwsCloud } from './aws/aws-cloud.ts'
import type { GoogleCloud } from './google/google-cloud.ts'
import { Identifiers } from './identifier.ts'
import type { ZillizCloud } from './zilliz/zilliz-cloud.ts'

type Cloud = AwsCloud | GoogleCloud | ZillizCloud

/** What a stand-in cloud holds, as JSON has it. What it was asked, and how it names the next thing, is not kept. */
export type Memory = Readonly<Record<string, unknown>>

/** Writes down what a cloud holds. */
export function memoryOf(cloud: Cloud): Memory {
  const kept = Object.entries(cloud).filter(
    ([name, value]) => name !== 'calls' && typeof value !== 'function' && !(value instanceof Identifiers)
  )
  return Object.fromEntries(kept.map(([name, value]) => [name, written(value)]))
}

/** Lets a cloud hold what another held. What it makes from now on has other ids. */
export function remember<Held extends Cloud>(cloud: Held, memory: Memory): Held {
  const held = Object.entries(memory).map(([name, value]) => [name, read(value)])
  return Object.assign(cloud, Object.fromEntries(held), { identifiers: new Identifiers('remembered') })
}

// JSON has neither maps nor sets.
function written(value: unknown): unknown {
  if (value instanceof Map) return { $map: [...value].map(written) }
  if (value instanceof Set) return { $set: [...value].map(written) }
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, written(field)]))
}

function read(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(read)
  if (typeof value !== 'object' || value === null) return value
  if ('$map' in value && Array.isArray(value.$map)) return new Map(value.$map.map(([key, of]) => [key, read(of)]))
  if ('$set' in value && Array.isArray(value.$set)) return new Set(value.$set.map(read))
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, read(field)]))
}
