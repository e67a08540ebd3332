import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import type { Resolver } from '../cases/observation.ts'
import { Config } from '../config.ts'
import { certificatesIn, type Trust, trustIn } from '../observers/trust.ts'
import { allRead, ConfigError, readInput } from './mistakes.ts'
import { readText } from './read-text.ts'
import { systemResolversFile, withSystemResolvers } from './system-resolvers.ts'

/** Where a config comes from. With both files, the outputs' targets are added to the config's. */
export interface ConfigSource {
  /** A file in JSON or YAML, written by hand or by a program. */
  readonly file?: string | undefined
  /** What `cdktf deploy --outputs-file` wrote, and the environment of which the targets are wanted. */
  readonly outputs?: { readonly file: string; readonly environment: string } | undefined
  /** A config in JSON, for a place without files; counts if there is no `file`. */
  readonly json?: string | undefined
}

/** A config as it is written. */
export interface Written {
  readonly config: Config
  /** Files that a change of changes the config, or what it refers to. */
  readonly files: readonly string[]
}

/** A config, and what it refers to. */
export interface Loaded extends Written {
  readonly resolvers: readonly Resolver[]
  readonly trust: Trust
  /** The authorities trusted beside the system's, in PEM. */
  readonly authorities: string | undefined
}

/**
 * Reads a config, and nothing that it refers to.
 *
 * @throws ConfigError with one line for each mistake
 */
export async function readConfig({ file, outputs, json }: ConfigSource): Promise<Written> {
  if (file === undefined && outputs === undefined && json === undefined) {
    throw new ConfigError(['no config is given; set --config, --outputs with --environment, or PROBE_CONFIG'])
  }
  const where = file ?? (json === undefined ? (outputs?.file ?? '') : 'PROBE_CONFIG')
  const [written, deployed] = await allRead([
    writtenIn(file, json, where),
    outputs === undefined ? Promise.resolve(undefined) : targetsOf(outputs)
  ])
  const config = readInput(
    Config,
    deployed === undefined ? written : withTargets(written, deployed),
    outputs === undefined || file === undefined ? where : `${where} with ${outputs.file}`
  )
  const { tls, basicAuth } = config.listen
  return {
    config,
    files: [
      file,
      outputs?.file,
      config.caFile,
      asksSystem(config) ? systemResolversFile : undefined,
      tls?.certFile,
      tls?.keyFile,
      basicAuth?.passwordFile
    ].filter(each => each !== undefined)
  }
}

/**
 * Reads what a config refers to, so that hosts can be watched.
 *
 * @throws ConfigError with one line for each mistake
 */
export async function loadReferred({ config, files }: Written): Promise<Loaded> {
  const [resolvers, authorities] = await allRead([
    readResolvers(config),
    config.caFile === undefined ? Promise.resolve(undefined) : readAuthorities(config.caFile)
  ])
  return {
    config,
    files,
    resolvers,
    trust: trustIn(authorities),
    authorities
  }
}

/**
 * Reads a config and everything that it refers to.
 *
 * @throws ConfigError with one line for each mistake
 */
export async function loadConfig(source: ConfigSource): Promise<Loaded> {
  return loadReferred(await readConfig(source))
}

async function writtenIn(file: string | undefined, json: string | undefined, where: string): Promise<unknown> {
  const written =
    file !== undefined ? await parse(await readText(file), file) : json !== undefined ? parseJson(json, where) : {}
  refuseOutputs(written, where)
  return written
}

const system: Resolver = { name: 'system', address: 'system', port: 53 }

function asksSystem({ resolvers = [system] }: Config): boolean {
  return resolvers.some(({ address }) => address === 'system')
}

async function readResolvers(config: Config): Promise<readonly Resolver[]> {
  const { resolvers = [system] } = config
  return asksSystem(config) ? withSystemResolvers(resolvers, await readText(systemResolversFile)) : resolvers
}

const Outputs = z.record(z.string(), z.looseObject({ probe_config: z.string().optional() }))

/** A deploy's outputs have an object for each environment, and in it the probe's config as JSON. */
async function targetsOf({
  file,
  environment
}: NonNullable<ConfigSource['outputs']>): Promise<Readonly<Record<string, unknown>>> {
  const outputs = readInput(Outputs, await parse(await readText(file), file), file)
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
  const given = await readText(file)
  try {
    const certificates = certificatesIn(given)
    // What is no certificate at all is refused in OpenSSL's words, too.
    for (const pem of certificates.length === 0 ? [given] : certificates) new X509Certificate(pem)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new ConfigError([`caFile: must hold certificates in PEM, got ${file}; see whether it is in DER`])
  }
  return given
}

async function parse(written: string, where: string): Promise<unknown> {
  if (where.endsWith('.json')) return parseJson(written, where)
  // Loaded when needed: it takes 6 MB of memory, and a deploy's outputs are JSON.
  const { parse: parseYaml, YAMLParseError } = await import('yaml')
  try {
    return parseYaml(written)
  } catch (error) {
    // What is wrong with an alias is a ReferenceError of the parser's.
    if (!(error instanceof YAMLParseError || error instanceof ReferenceError)) throw error
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
