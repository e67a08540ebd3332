import type { FastifySchema, FastifyServerOptions } from 'fastify'
import { z } from 'zod'
import { toAscii } from '../words/ascii-json.ts'

type SchemaController = NonNullable<FastifyServerOptions['schemaController']>

/** A schema of a route, as Fastify hands it to a compiler. */
interface Route {
  readonly schema: FastifySchema | z.ZodType
}

/**
 * Makes Fastify read and write by Zod's schemas. Named from the start, they keep it from loading the compilers that it would
 * use without them, which are 4 MB of memory; its types know no others, though its documentation does ("Schema Controller").
 * Those of fastify-type-provider-zod do the same, but an install of them brings along what describes an API, 1.5 MB in 7 packages.
 */
export const zodCompilers = {
  compilersFactory: { buildValidator: () => compileValidator, buildSerializer: () => compileSerializer }
} as unknown as SchemaController

/** Reads what a client gives. Fastify makes an answer 400 of what is wrong, in the form in which its own compiler has that. */
function compileValidator({ schema }: Route) {
  const zod = zodOf(schema)
  return (given: unknown) => {
    const { data, error } = zod.safeParse(given)
    if (error === undefined) return { value: data }
    return {
      error: error.issues.map(({ path, code, message }) => {
        const instancePath = `/${path.join('/')}`
        return { keyword: code, instancePath, schemaPath: `#${instancePath}/${code}`, params: {}, message }
      })
    }
  }
}

/** Writes replies, which are read on terminals, too. */
function compileSerializer({ schema }: Route) {
  const zod = zodOf(schema)
  return (reply: unknown) => toAscii(JSON.stringify(z.encode(zod, reply)))
}

function zodOf(schema: Route['schema']): z.ZodType {
  if (schema instanceof z.ZodType) return schema
  throw new TypeError('a route has a schema that is not one of Zod')
}
