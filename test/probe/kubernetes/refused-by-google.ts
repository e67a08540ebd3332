import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { parse } from 'yaml'
import { z } from 'zod'
import { managedPrometheusSchemas } from '../../support/tools.ts'
import type { Manifest } from './manifest.ts'

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0]

const Definition = z.looseObject({
  spec: z.looseObject({
    versions: z.array(
      z.looseObject({ name: z.string(), schema: z.looseObject({ openAPIV3Schema: z.record(z.string(), z.unknown()) }) })
    )
  })
})

/** What the schemas of Google Cloud Managed Service for Prometheus refuse in an object, a line each. A field that they do not have is refused. */
export async function refusedByGoogle(manifest: Manifest): Promise<readonly string[]> {
  const { stdout: modules } = await execa('go', ['env', 'GOMODCACHE'])
  const file = `monitoring.googleapis.com_${manifest.kind.toLowerCase().replace(/s?$/, 's')}.yaml`
  const { versions } = Definition.parse(
    parse(await readFile(join(modules, managedPrometheusSchemas, file), 'utf8'))
  ).spec
  const schema = versions.find(({ name }) => manifest.apiVersion.endsWith(`/${name}`))?.schema.openAPIV3Schema
  const { properties } = z.looseObject({ properties: z.looseObject({ spec: z.unknown() }) }).parse(schema)
  const { error } = z.fromJSONSchema(closed(properties.spec) as JsonSchema).safeParse(manifest.spec)
  return (error?.issues ?? []).map(({ path, message }) => `${manifest.kind} ${path.join('/')}: ${message}`)
}

/** The same schema, in which an object has no other fields than those that it names. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  // That of Go: 10s. In JSON Schema, the format is that of ISO 8601.
  if ('format' in schema && schema.format === 'duration') return { type: 'string', pattern: '^(\\d+(ms|s|m|h))+$' }
  const within = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return 'properties' in within && !('additionalProperties' in within)
    ? { ...within, additionalProperties: false }
    : within
}
