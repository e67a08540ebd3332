import type { FastifyServerOptions } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'

type SchemaController = NonNullable<FastifyServerOptions['schemaController']>

/**
 * Makes Fastify read and write by Zod's schemas. Named from the start, they keep it from loading the compilers that it would
 * use without them, which are 4 MB of memory; its types know no others, though its documentation does ("Schema Controller").
 */
export const zodCompilers = {
  compilersFactory: { buildValidator: () => validatorCompiler, buildSerializer: () => serializerCompiler }
} as unknown as SchemaController
