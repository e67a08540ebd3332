import type { FastifyServerOptions } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { toAscii } from '../words/ascii-json.ts'

type SchemaController = NonNullable<FastifyServerOptions['schemaController']>

/**
 * Makes Fastify read and write by Zod's schemas. Named from the start, they keep it from loading the compilers that it would
 * use without them, which are 4 MB of memory; its types know no others, though its documentation does ("Schema Controller").
 */
export const zodCompilers = {
  compilersFactory: { buildValidator: () => validatorCompiler, buildSerializer: () => compileSerializer }
} as unknown as SchemaController

/** Replies are read on terminals, too. */
const compileSerializer: typeof serializerCompiler = route => {
  const serialize = serializerCompiler(route)
  return data => toAscii(serialize(data))
}
