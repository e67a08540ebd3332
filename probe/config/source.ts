import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import { parse as parseYaml, YAMLParseError } from 'yaml'
import { z } from 'zod'
import type { Resolver } from '../cases/observation.ts'
import { Config } from '../config.ts'
import { ConfigError, readInput } from './mistakes.ts'
import { systemResolvers, systemResolversFile } from './system-resolvers.ts'

/** Where a config comes from. With both files, the outputs' targets are added to the config's. */
export interface ConfigSource {
  /** A file in JSON or YAML, written by hand or by a program. */
  readonly file?: string | undefined
  /** What `cdktf deploy --outputs-file` wrote, and the environment of which the targets are wanted. */
  readonly outputs?: { readonly file: string; readonly environment: string } | undefined
  /** A config in JSON, for a place without files; counts if there is no `file`. */
  readonly json?: string | undefined
}

/** A config, and what it refers to. */
export interface Loaded {
  readonly config: Config
  readonly resolvers: readonly Resolver[]
  readonly trust: SecureContext
  /** The authorities trusted beside the system's, in PEM. */
  readonly authorities: string | undefined
  /** Files that a change of changes the config. */
  readonly files: readonly string[]
}

/**
 * Reads a config and everything that it refers to.
 *
 * @throws ConfigError with one line for each mistake
 */
export async function loadConfig({ file, outputs, json }: ConfigSource): Promise<Loaded> {
  if (file === undefined && outputs === undefined && json === undefined) {
    throw new ConfigError(['no config is given; set --config, --outputs with --environment, or PROBE_CONFIG'])
  }
  const written =
    file !== undefined ? parse(await text(file), file) : json !== undefined ? parseJson(json, 'PROBE_CONFIG') : {}
  const where = file ?? (json === undefined ? (outputs?.file ?? '') : 'PROBE_CONFIG')
  refuseOutputs(written, where)
  const config = readInput(
    Config,
    outputs === undefined ? written : withTargets(written, await targetsOf(outputs)),
    outputs === undefined || file === undefined ? where : `${where} with ${outputs.file}`
  )
  const resolvers = config.resolvers ?? systemResolvers(await text(systemResolversFile))
  const authorities = config.caFile === undefined ? undefined : await readAuthorities(config.caFile)
  return {
    config,
    resolvers,
    trust: createSecureContext({
      ca: [...getCACertificates('default'), ...(authorities === undefined ? [] : [authorities])]
    }),
    authorities,
    files: [
      file,
      outputs?.file,
      config.caFile,
      config.resolvers === undefined ? systemResolversFile : undefined
    ].filter(each => each !== undefined)
  }
}

const Outputs = z.record(z.string(), z.looseObject({ probe_config: z.string().optional() }))

/** A deploy's outputs have an object for each environment, and in it the probe's config as JSON. */
async function targetsOf({
  file,
  environment
}: NonNullable<ConfigSource['outputs']>): Promise<Readonly<Record<string, unknown>>> {
  const outputs = readInput(Outputs, parse(await text(file), file), file)
  const written = outputs[environment]?.probe_config
  if (written === undefined) {
    const known = Object.keys(outputs).filter(name => outputs[name]?.probe_config !== undefined)
    const choice =
      known.length === 0 ? 'it has none; write it with cdktf deploy --outputs-file' : `choose ${known.join(' or ')}`
    throw new ConfigError([`${file}: has no probe_config of environment ${JSON.stringify(environment)}; ${choice}`])
  }
  const where = `${file}: ${environment}.probe_config`
  return readInput(z.looseObject({}), parseJson(written, where), where)
}

/** The settings of the one and the targets of both; whatever is not a list is left for the schema to refuse. */
function withTargets(settings: unknown, deployed: Readonly<Record<string, unknown>>): unknown {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return settings
  const { targets: own = [] } = { targets: undefined, ...settings }
  const { targets } = deployed
  return {
    ...settings,
    ...deployed,
    targets: Array.isArray(own) && Array.isArray(targets) ? [...own, ...targets] : targets
  }
}

/** An outputs file taken for a config would be refused key by key, which says nothing. */
function refuseOutputs(written: unknown, where: string): void {
  const outputs = Outputs.safeParse(written)
  const environments = Object.entries(outputs.data ?? {}).filter(([, { probe_config }]) => probe_config !== undefined)
  if (environments.length === 0) return
  const names = environments.map(([name]) => name).join(' or ')
  throw new ConfigError([
    `${where}: is what a deploy put out, not a config; give it as --outputs, with --environment ${names}`
  ])
}

async function readAuthorities(file: string): Promise<string> {
  const given = await text(file)
  try {
    new X509Certificate(given)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new ConfigError([`caFile: must hold certificates in PEM, got ${file}; see whether it is in DER`])
  }
  return given
}

async function text(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new ConfigError([`${file}: cannot be read (${error.code}); see whether it is there and who may read it`])
  }
}

function parse(written: string, where: string): unknown {
  if (where.endsWith('.json')) return parseJson(written, where)
  try {
    return parseYaml(written)
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error
    throw new ConfigError([`${where}: is not YAML: ${firstLine(error.message)}`])
  }
}

function parseJson(written: string, where: string): unknown {
  try {
    return JSON.parse(written)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new ConfigError([`${where}: is not JSON: ${firstLine(error.message)}`])
  }
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.replace(/:$/, '') ?? ''
}
